import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { describe, test } from 'node:test';
import type { StreamAnswer } from '../../../src/mock/answer.ts';
import { createMemoryHub } from '../../../src/mock/channels/memory-hub.ts';
import { LinePublisher } from '../../../src/mock/lines/publisher.ts';
import type { StreamInfo } from '../../../src/mock/observer.ts';
import { until } from '../../e2e/harness/until.ts';
import { PacedReader } from '../channels/paced-reader.ts';
import { requestOf } from '../presets/asked.ts';

async function publishing(maxLineBytes?: number) {
  const hub = createMemoryHub();
  const reader = new PacedReader();
  hub.follow(['global'], await hub.locate(['global'], ''), reader);
  const input = new PassThrough();
  const warnings: string[] = [];
  const options = { hub, warn: (message: string) => warnings.push(message) };
  const lines = new LinePublisher(input, maxLineBytes === undefined ? options : { ...options, maxLineBytes });
  const open = () => lines.observer.opened?.({} as StreamInfo);
  const ask = (lastEventId = '') => lines.handler(requestOf({ lastEventId }));
  return { lines, input, reader, warnings, open, ask };
}

describe('lines of standard input', () => {
  test('are published as they come, once there is a stream', async () => {
    const { lines, input, reader, open, warnings } = await publishing();
    input.write('one\n{"data":{"a":2},"event":"up","id":"x"}\r\n\nthr');
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(reader.events.length, 0);
    open();
    await until(() => reader.events.length === 2, 'two events');
    input.end('ee');
    assert.equal(await lines.ended, 3);
    assert.deepEqual(
      reader.events.map(({ eventWithoutId }) => eventWithoutId),
      [{ data: 'one' }, { data: '{"a":2}', event: 'up', id: 'x' }, { data: 'three' }],
    );
    assert.deepEqual(warnings, []);
  });

  test('end the streams with them; who has everything is told that there is no more', async () => {
    const { lines, input, open, ask } = await publishing();
    const { hold, ids } = (await ask()) as StreamAnswer;
    assert.equal(ids, 'channel');
    assert.ok(hold instanceof AbortSignal && !hold.aborted);
    open();
    input.end('one\ntwo\n');
    await lines.ended;
    assert.equal(hold.aborted, true);
    assert.deepEqual(await ask('2'), { kind: 'plain', status: 204 });
    assert.deepEqual(await ask(), { kind: 'plain', status: 204 });
    const behind = await ask('1');
    assert.equal(behind.kind === 'stream' && behind.hold instanceof AbortSignal && behind.hold.aborted, true);
  });

  test('that can not be published are left out, and told by their numbers', async () => {
    const { lines, input, reader, open, warnings } = await publishing(40);
    open();
    input.end(
      [
        '{"data":"x","event":5}',
        'x'.repeat(41),
        '{"comment":"c","data":"kept","retry":5}',
        '{"data":"x","id":" "}',
        'last',
      ].join('\n'),
    );
    assert.equal(await lines.ended, 2);
    assert.deepEqual(
      reader.events.map(({ event }) => event.data),
      ['kept', 'last'],
    );
    assert.deepEqual(
      warnings.map((warning) => warning.replace(/ clients .*/, '')),
      [
        'standard input, line 1: left out: "event" is 5',
        'standard input, line 2: left out: longer than 40 bytes',
        'standard input, line 3: only event, data and id of it are published',
        'standard input, line 4: left out: id: an empty one makes',
      ],
    );
  });

  test('that are wrong by the thousand are told of a few times', async () => {
    const { lines, input, open, warnings } = await publishing();
    open();
    input.end('{"comment":"c"}\n'.repeat(1_000));
    await lines.ended;
    assert.equal(warnings.length, 21);
    assert.equal(warnings.at(-1), 'standard input: the same of 980 more lines');
  });

  test('are read no further when they are stopped, before the first stream too', async () => {
    const first = await publishing();
    first.lines.stop();
    assert.equal(await first.lines.ended, 0);
    const second = await publishing();
    second.open();
    second.input.write('one\n');
    await until(() => second.reader.events.length === 1, 'an event');
    second.lines.stop();
    assert.equal(await second.lines.ended, 1);
    assert.deepEqual([...first.warnings, ...second.warnings], []);
  });

  test('that fail end the streams, and say why', async () => {
    const { lines, input, open, warnings } = await publishing();
    open();
    input.destroy(new Error('EIO: broken'));
    assert.equal(await lines.ended, 0);
    assert.deepEqual(warnings, ["standard input can't be read any more: EIO: broken"]);
  });
});
