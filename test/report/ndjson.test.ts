import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { SseKitError } from '../../src/client/errors.ts';
import type { ListenPrinter, Printed } from '../../src/listen/printer.ts';
import { createPrinter } from '../../src/report/create-printer.ts';
import {
  anAnswer,
  anEnding,
  anEvent,
  aSummary,
  eventAt,
  noGaps,
  opened,
  pipe,
  somewhere,
  success,
  terminal,
} from './samples.ts';

function line(printed: Printed): string {
  assert.equal(printed.log, undefined);
  assert.match(printed.data ?? '', /^[^\n]*\n$/);
  return (printed.data ?? '').trimEnd();
}

const record = (printed: Printed) => JSON.parse(line(printed)) as Record<string, unknown>;
const ndjson = (changes = {}): Promise<ListenPrinter> => createPrinter('ndjson', pipe(changes));

describe('ndjson', () => {
  it('writes an event with its place, its times in microseconds, and its JSON', async () => {
    const printer = await ndjson();
    const event = anEvent({ data: '{"a":1}', id: '7', lastEventId: '7', bytes: 48, reads: 2 });
    assert.equal(
      line(printer.event(event, { conn: 1, n: 3, t: 52.10049, dt: 0.05 })),
      '{"type":"event","conn":1,"n":3,"t":52.1,"dt":0.05,"event":"message","id":"7","lastEventId":"7","data":"{\\"a\\":1}","json":{"a":1},"bytes":48,"reads":2}',
    );
  });

  it('leaves out an id that the block had not, and json where data is none', async () => {
    const printer = await ndjson();
    assert.equal(
      line(printer.event(anEvent({ lastEventId: '6', data: 'the end' }), eventAt(1, 1))),
      '{"type":"event","conn":1,"n":1,"t":1,"dt":1,"event":"message","lastEventId":"6","data":"the end","bytes":10,"reads":1}',
    );
    assert.equal(record(printer.event(anEvent({ id: '', lastEventId: '' }), eventAt(1, 1))).id, '');
  });

  it('keeps integers beyond 2^53 exact', async () => {
    const printer = await ndjson();
    const text = line(printer.event(anEvent({ data: '{"id":\n12345678901234567890}' }), eventAt(1, 1)));
    assert.ok(text.includes('"json":{"id": 12345678901234567890}'));
  });

  it('writes lines that parse to what was received, whatever was received', async () => {
    const printer = await ndjson();
    const guarded = await createPrinter('ndjson', terminal(80));
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json(),
      fc.constantFrom('null', '-', '1e', '"', ' 1 ', '{}\n'),
    );
    const times = fc.double({ min: 0, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(text, fc.string(), times, (data, name, t) => {
        const event = anEvent({ data, event: name, id: data, lastEventId: data });
        for (const each of [printer, guarded]) {
          const read = record(each.event(event, eventAt(t, t)));
          assert.deepEqual([read.data, read.event, read.id, read.lastEventId], [data, name, data, data]);
          assert.equal(read.t, Math.round(t * 1000) / 1000);
          assert.deepEqual(read.json, jsonValue(data));
        }
      }),
    );
  });

  it('escapes for a terminal what JSON leaves as it is', async () => {
    const printer = await createPrinter('ndjson', terminal(80));
    const text = line(printer.event(anEvent({ data: '"\x9b2J\u202e"' }), eventAt(1, 1)));
    assert.ok(text.includes('"json":"\\u009b2J\\u202e"'));
  });

  it('writes what was answered, with secrets masked', async () => {
    const printer = await ndjson();
    const answer = anAnswer({
      url: 'https://u:pw@example.com/e?access_token=abc&x=1',
      headers: [
        ['Content-Type', 'text/event-stream'],
        ['Vary', 'a'],
        ['vary', 'b'],
        ['Set-Cookie', 'session=1'],
        ['Set-Cookie', 'other=2'],
        ['X-Api-Key', 'abc'],
      ],
      requestHeaders: [
        ['Accept', 'text/event-stream'],
        ['Authorization', 'Bearer abc'],
      ],
    });
    assert.deepEqual(record(printer.open(answer, opened)), {
      type: 'open',
      v: 1,
      t: 40,
      ts: '2026-01-01T00:00:00.040Z',
      conn: 1,
      attempt: 1,
      url: 'https://u:•••@example.com/e?access_token=•••&x=1',
      status: 200,
      headers: {
        'content-type': 'text/event-stream',
        vary: 'a, b',
        'set-cookie': ['•••', '•••'],
        'x-api-key': '•••',
      },
      http: '1.1',
      framing: 'chunked',
      timing: { dns: 1, tcp: 2.26, tls: 9, sent: 9.5, headers: 40 },
      method: 'GET',
      encoding: 'identity',
      remoteAddress: '127.0.0.1',
      remotePort: 4000,
      statusText: 'OK',
      requestHeaders: { accept: 'text/event-stream', authorization: '•••' },
    });
  });

  it('shows secrets where asked', async () => {
    const printer = await ndjson({ showSecrets: true });
    const answer = anAnswer({ url: 'https://h/?token=abc', headers: [['Set-Cookie', 'a=1']] });
    const read = record(printer.open(answer, opened));
    assert.equal(read.url, 'https://h/?token=abc');
    assert.deepEqual(read.headers, { 'set-cookie': ['a=1'] });
  });

  it('writes the smaller records', async () => {
    const printer = await ndjson();
    const reset = anEnding({
      reason: 'reset',
      status: 200,
      error: new SseKitError('ECONNRESET', 56, 'reset'),
    });
    const reconnect = { attempt: 2, delayMs: 3000, lastEventId: '7', cause: 'base' } as const;
    assert.deepEqual(
      [
        printer.comment('ping', somewhere),
        printer.retry(3000, somewhere),
        printer.retry(Number.POSITIVE_INFINITY, somewhere),
        printer.warn({ code: 'unknown-field', message: 'what is "dta"?' }, somewhere),
        printer.close(reset, somewhere, { final: false, failure: reset.error }),
        printer.close(anEnding({ reason: 'client', by: 'max' }), somewhere, success),
        printer.reconnect(reconnect, { conn: 2, t: 1500 }),
      ].map(line),
      [
        '{"type":"comment","conn":1,"t":1500,"text":"ping"}',
        '{"type":"retry","conn":1,"t":1500,"ms":3000}',
        '{"type":"retry","conn":1,"t":1500,"ms":1.7976931348623157e+308}',
        '{"type":"warn","conn":1,"t":1500,"code":"unknown-field","message":"what is \\"dta\\"?"}',
        '{"type":"close","conn":1,"t":1500,"reason":"reset","code":"ECONNRESET","status":200,"events":12,"bytes":900,"pendingBytes":0,"wireBytes":900,"exit":56,"message":"reset","timing":{"dns":1,"tcp":2.26,"tls":9,"sent":9.5,"headers":40}}',
        '{"type":"close","conn":1,"t":1500,"reason":"client","by":"max","events":12,"bytes":900,"pendingBytes":0,"wireBytes":900,"timing":{"dns":1,"tcp":2.26,"tls":9,"sent":9.5,"headers":40}}',
        '{"type":"reconnect","conn":2,"t":1500,"attempt":2,"delayMs":3000,"lastEventId":"7","cause":"base"}',
      ],
    );
  });

  it('says on standard error too what the run failed with', async () => {
    const printer = await ndjson();
    const failure = new SseKitError('NO_EVENT', 52, 'the stream ended without an event');
    const { data = '', log = '' } = printer.close(anEnding({ events: 0 }), somewhere, {
      final: true,
      failure,
    });
    assert.deepEqual(record({ data }).code, 'NO_EVENT');
    const error = { type: 'error', code: 'NO_EVENT', exit: 52, message: failure.message };
    assert.deepEqual(JSON.parse(log), error);
  });

  it('writes the summary with quantiles that may not be shown as null', async () => {
    const printer = await ndjson();
    const gaps = noGaps({ count: 3, min: 1.00049, mean: 2, max: 3 });
    const read = record(printer.summary(aSummary({ gaps })));
    assert.equal(read.type, 'summary');
    assert.equal(read.exit, 0);
    assert.deepEqual(read.gaps, { ...gaps, min: 1 });
  });
});

function jsonValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Data that is no JSON has no `json`.
    return undefined;
  }
}
