import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { SseKitError } from '../../src/client/errors.ts';
import type { CloseInfo, OpenInfo } from '../../src/client/records.ts';
import type { PrinterOptions } from '../../src/listen/printer.ts';
import { createPrinter } from '../../src/report/create-printer.ts';
import { displayWidth } from '../../src/report/display-width.ts';
import { anAnswer, anEnding, anEvent, eventAt, opened, pipe, somewhere, terminal } from './samples.ts';

async function openLog(changes: Partial<OpenInfo>, options: PrinterOptions = pipe()): Promise<string> {
  const printer = await createPrinter('pretty', options);
  const { log, data } = printer.open(anAnswer(changes), opened);
  assert.equal(data, undefined);
  return log ?? '';
}

/** What is said of an ending, after an answer (where there was one) and some shown events. */
async function verdict(ending: Partial<CloseInfo>, answer?: Partial<OpenInfo>, shown = 0): Promise<string> {
  const printer = await createPrinter('data', pipe());
  if (answer !== undefined) printer.open(anAnswer(answer), opened);
  for (let n = 1; n <= shown; n += 1) printer.event(anEvent(), eventAt(n, 1, n));
  return printer.close(anEnding(ending), somewhere).log ?? '';
}

describe('the connection in the log', () => {
  it('says what answered, how, from where and how long it took', async () => {
    assert.equal(
      await openLog({ encoding: 'gzip', tls: 'TLSv1.3', proxy: 'proxy.local:3128' }),
      [
        '● 200 OK · text/event-stream · HTTP/1.1 chunked · gzip · TLSv1.3 · 127.0.0.1:4000 · via proxy proxy.local:3128',
        '  dns 1 · tcp 2.3 · tls 9 · headers 40 ms',
        '',
      ].join('\n'),
    );
  });

  it('folds it to the terminal, with the time in front', async () => {
    assert.equal(
      await openLog({ contentType: 'text/event-stream; charset=utf-8', encoding: 'gzip' }, terminal(80)),
      [
        '  0.040s  ● 200 OK · text/event-stream; charset=utf-8 · HTTP/1.1 chunked · gzip',
        '            127.0.0.1:4000',
        '            dns 1 · tcp 2.3 · tls 9 · headers 40 ms',
        '',
      ].join('\n'),
    );
  });

  it('shows each redirect and what it left behind, without its secrets', async () => {
    const redirect = { status: 302, from: 'http://a.example/e?token=abc', to: 'https://b.example/e' };
    const log = await openLog({ redirects: [{ ...redirect, dropped: ['Authorization'] }] });
    assert.equal(
      log.split('\n')[0],
      '↪ 302 http://a.example/e?token=••• → https://b.example/e (another origin: without Authorization)',
    );
  });

  it('names what is missing or unusual', async () => {
    const log = await openLog({
      http: '2',
      framing: 'h2',
      statusText: '',
      contentType: '',
      remoteAddress: '::1',
    });
    assert.equal(log.split('\n')[0], '● 200 · no Content-Type · HTTP/2 · [::1]:4000');
  });

  it('shows response headers where asked, masked and escaped', async () => {
    const headers = [
      ['Content-Type', 'text/event-stream'],
      ['Set-Cookie', 'a=1'],
      ['X-Evil', '\x1b[2J'],
    ] as const;
    const log = await openLog({ headers }, pipe({ include: true }));
    assert.ok(
      log.endsWith(
        '< HTTP/1.1 200 OK\n< Content-Type: text/event-stream\n< Set-Cookie: •••\n< X-Evil: ␛[2J\n',
      ),
    );
  });

  it('never lets a server drive the terminal, even when only data goes to a pipe', async () => {
    const evil = '\x1b[2J\x9b1m\u202e';
    const log = await openLog({ statusText: evil, contentType: evil });
    assert.doesNotMatch(log, /[\x1b\x9b\u202e]/);
    for (const ending of [
      { reason: 'status', status: 404, body: evil },
      { reason: 'wrong_type', body: evil },
      { reason: 'connect_error', error: new SseKitError('X', 7, evil, { hint: evil }) },
    ] as const) {
      assert.doesNotMatch(await verdict(ending, { statusText: evil, contentType: evil }), /[\x1b\x9b\u202e]/);
    }
  });
});

describe('the verdict', () => {
  it('tells a clean end from one that proves nothing', async () => {
    assert.equal(await verdict({}), '✓ ended cleanly after 12 events\n');
    assert.equal(await verdict({ events: 1 }), '✓ ended cleanly after 1 event\n');
    assert.equal(await verdict({ events: 0 }), '✗ ended cleanly before any event\n');
    assert.equal(
      await verdict({ framing: 'close' }),
      "? ended with the connection after 12 events: no length or chunks, so completeness can't be proven\n",
    );
  });

  it('says what was cut off', async () => {
    assert.equal(
      await verdict({ reason: 'truncated', pendingBytes: 17 }),
      '✗ cut inside an event after 12 events: 17 bytes were lost\n',
    );
    assert.equal(
      await verdict({ reason: 'truncated' }),
      '✗ the transfer was cut short after 12 events (chunked body without its terminator)\n',
    );
    assert.equal(
      await verdict({ reason: 'truncated', framing: 'length' }),
      '✗ the transfer was cut short after 12 events (fewer bytes than Content-Length said)\n',
    );
    const error = new SseKitError('TRUNCATED', 18, 'the compressed body ended without its end mark');
    assert.equal(
      await verdict({ reason: 'truncated', error }),
      '✗ the compressed body ended without its end mark, after 12 events\n',
    );
  });

  it('says when the connection was reset, went silent or never was', async () => {
    assert.equal(await verdict({ reason: 'reset', events: 3 }, {}), '✗ reset after 3 events\n');
    assert.equal(await verdict({ reason: 'reset', events: 0 }), '✗ reset before the headers came\n');
    const idle = new SseKitError('IDLE', 28, 'no byte for 30 s');
    assert.equal(await verdict({ reason: 'idle', error: idle }), '✗ no byte for 30 s, after 12 events\n');
    const refused = new SseKitError('ECONNREFUSED', 7, 'nothing listens on 127.0.0.1:4000', {
      hint: 'is the server running?',
    });
    assert.equal(
      await verdict({ reason: 'connect_error', error: refused }),
      '✗ nothing listens on 127.0.0.1:4000\n  is the server running?\n',
    );
  });

  it('quotes the beginning of an answer that was no stream', async () => {
    assert.equal(
      await verdict(
        { reason: 'status', status: 404, body: '\n  {"error":"no such stream"}\nmore' },
        { status: 404, statusText: 'Not Found' },
      ),
      '✗ HTTP 404 Not Found: {"error":"no such stream"}\n',
    );
    assert.equal(
      await verdict({ reason: 'wrong_type', body: '<!doctype html>' }, { contentType: 'text/html' }),
      '✗ not text/event-stream but text/html: <!doctype html>\n',
    );
    assert.equal(
      await verdict({ reason: 'wrong_type' }, { contentType: '' }),
      '✗ not text/event-stream but without any Content-Type\n',
    );
    assert.equal(await verdict({ reason: 'no_content' }), '✓ 204: the server wants no reconnect\n');
  });

  it('says why we left', async () => {
    const left = (by: CloseInfo['by'], events = 2) =>
      ({ reason: 'client', by, events }) as Partial<CloseInfo>;
    assert.equal(await verdict(left('max'), {}, 2), '✓ stopped after 2 events (--max-events)\n');
    assert.equal(
      await verdict(left('max', 50), {}, 2),
      '✓ stopped after 2 events shown, 50 received on this connection (--max-events)\n',
    );
    assert.equal(await verdict(left('for'), {}, 2), '✓ stopped after 2 events: the time of --for is over\n');
    assert.equal(
      await verdict(left('max-time'), {}, 2),
      '✗ stopped after 2 events: the time of --max-time is over\n',
    );
    assert.equal(await verdict(left('signal'), {}, 2), '✓ interrupted after 2 events\n');
  });

  it('says nothing to a reader who has left', async () => {
    assert.equal(await verdict({ reason: 'client', by: 'pipe' }), '');
  });
});

describe('reconnects and warnings in the log', () => {
  it('says how long it waits, and what it asks for', async () => {
    const printer = await createPrinter('pretty', pipe());
    const log = (record: Parameters<typeof printer.reconnect>[0]) => printer.reconnect(record, somewhere).log;
    assert.equal(
      log({ attempt: 1, delayMs: 3000, lastEventId: '7', cause: 'base' }),
      '↻ reconnecting in 3 s (Last-Event-ID 7)\n',
    );
    assert.equal(
      log({ attempt: 3, delayMs: 12_000, lastEventId: '', cause: 'retry-after' }),
      '↻ reconnecting in 12 s (try 2, as Retry-After asks, without Last-Event-ID)\n',
    );
  });

  it('tells of retry fields and warnings', async () => {
    const printer = await createPrinter('pretty', pipe());
    assert.equal(
      printer.retry(2500, somewhere).log,
      '· the server sets the wait before a reconnect to 2.5 s\n',
    );
    assert.equal(printer.warn({ code: 'x', message: 'odd \x1b[2J' }, somewhere).log, '! odd ␛[2J\n');
  });

  it('stays within the terminal', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 30, max: 120 }),
        fc.lorem({ maxCount: 30 }),
        async (columns, message) => {
          const printer = await createPrinter('pretty', terminal(columns));
          const { log = '' } = printer.warn({ code: 'x', message }, somewhere);
          for (const line of log.split('\n')) assert.ok(displayWidth(line) <= columns, line);
        },
      ),
    );
  });
});
