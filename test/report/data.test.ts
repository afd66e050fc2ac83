import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createPrinter } from '../../src/report/create-printer.ts';
import { anEnding, anEvent, eventAt, pipe, somewhere, success, terminal } from './samples.ts';

const at = eventAt(52, 12);

describe('data', () => {
  it('prints the data and nothing else, a line an event', async () => {
    const printer = await createPrinter('data', pipe());
    assert.deepEqual(printer.event(anEvent({ data: '{"a":1}', id: '7' }), at), { data: '{"a":1}\n' });
    assert.deepEqual(printer.event(anEvent({ data: '' }), at), { data: '\n' });
    assert.deepEqual(printer.comment('ping', somewhere), {});
  });

  it('joins JSON of several lines without changing its value', async () => {
    const printer = await createPrinter('data', pipe());
    const data = '{\n  "id": 12345678901234567890,\n  "text": "a\\nb"\n}';
    const line = printer.event(anEvent({ data }), at).data;
    assert.equal(line, '{   "id": 12345678901234567890,   "text": "a\\nb" }\n');
  });

  it('writes the newlines of other text as \\n', async () => {
    const printer = await createPrinter('data', pipe());
    assert.equal(printer.event(anEvent({ data: 'one\ntwo' }), at).data, 'one\\ntwo\n');
  });

  it('lets bytes through on a pipe and escapes them on a terminal', async () => {
    const [toPipe, toTerminal] = [
      await createPrinter('data', pipe()),
      await createPrinter('data', terminal(80)),
    ];
    const event = anEvent({ data: '\x1b[2J' });
    assert.equal(toPipe.event(event, at).data, '\x1b[2J\n');
    assert.equal(toTerminal.event(event, at).data, '␛[2J\n');
  });
});

describe('raw', () => {
  it('leaves standard output to the bytes of the body, and logs how the stream ended', async () => {
    const printer = await createPrinter('raw', pipe());
    assert.deepEqual(printer.event(anEvent(), at), {});
    assert.deepEqual(printer.comment('ping', somewhere), {});
    assert.deepEqual(printer.close(anEnding(), somewhere, success), {
      log: '✓ ended cleanly after 12 events\n',
    });
  });
});
