import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { SseKitError } from '../../src/client/errors.ts';
import type { CloseInfo, OpenInfo } from '../../src/client/records.ts';
import type { PrinterOptions } from '../../src/listen/printer.ts';
import { createPrinter } from '../../src/report/create-printer.ts';
import { displayWidth } from '../../src/report/display-width.ts';
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

async function openLog(changes: Partial<OpenInfo>, options: PrinterOptions = pipe()): Promise<string> {
  const printer = await createPrinter('pretty', options);
  const { log, data } = printer.open(anAnswer(changes), opened);
  assert.equal(data, undefined);
  return log ?? '';
}

/** What is said of an ending, after an answer (where there was one) and some shown events. */
async function verdict(
  ending: Partial<CloseInfo>,
  answer?: Partial<OpenInfo>,
  shown = 0,
  failure = ending.error,
): Promise<string> {
  const printer = await createPrinter('data', pipe());
  if (answer !== undefined) printer.open(anAnswer(answer), opened);
  for (let n = 1; n <= shown; n += 1) printer.event(anEvent(), eventAt(n, 1, n));
  return printer.close(anEnding(ending), somewhere, { final: true, failure }).log ?? '';
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

  it('says when the request left only where that was late', async () => {
    const printer = await createPrinter('pretty', pipe());
    const timing = { dns: 1, tcp: 2, sent: 13, headers: 15 };
    const { log = '' } = printer.open(anAnswer(), { ...opened, timing });
    assert.match(log, /\n {2}dns 1 · tcp 2 · sent 13 · headers 15 ms\n$/);
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
      { reason: 'status', status: 404, body: evil, error: new SseKitError('HTTP_STATUS', 4, evil) },
      { reason: 'wrong_type', body: evil, error: new SseKitError('WRONG_TYPE', 11, evil) },
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
    assert.equal(
      await verdict({ framing: 'close' }),
      "? ended with the connection after 12 events: no length or chunks, so completeness can't be proven\n",
    );
  });

  it('tells what an answer lacks, and that its end proves nothing, as the two facts that they are', async () => {
    const lacking = new SseKitError('ANSWER_UNFINISHED', 18, 'the answer has no finish reason');
    assert.equal(
      await verdict({ framing: 'close' }, {}, 12, lacking),
      '✗ ended with the connection after 12 events, but the answer has no finish reason; ' +
        "no length or chunks, so completeness can't be proven\n",
    );
    assert.equal(
      await verdict({}, {}, 12, lacking),
      '✗ ended cleanly after 12 events, but the answer has no finish reason\n',
    );
  });

  it('tells that a rule decides the exit code, whatever else went wrong', async () => {
    const failure = new SseKitError('EXPECTATION_FAILED', 10, 'the expectation failed: count>=9 (3 events)');
    const error = new SseKitError('ECONNREFUSED', 7, 'connection refused by localhost:9');
    for (const [ending, words] of [
      [{}, 'ended cleanly after 12 events, but an expectation failed'],
      [{ reason: 'connect_error', error }, 'connection refused by localhost:9, and an expectation failed'],
      [
        { reason: 'client', by: 'max' },
        'stopped after 0 events shown, 12 received on this connection (--max-events), but an expectation failed',
      ],
      [
        { reason: 'client', by: 'expect' },
        'stopped after 0 events shown, 12 received on this connection: an expectation failed',
      ],
    ] as const) {
      assert.equal(await verdict(ending, {}, 0, failure), `✗ ${words}\n`);
    }
  });

  it('has the mark and the hint of what the run failed with', async () => {
    const noEvent = new SseKitError('NO_EVENT', 52, 'the stream ended without an event', { hint: 'why?' });
    assert.equal(await verdict({ events: 0 }, {}, 0, noEvent), '✗ ended cleanly before any event\n  why?\n');
    assert.equal(
      await verdict({ events: 0, framing: 'close' }, {}, 0, noEvent),
      "✗ ended with the connection before any event: no length or chunks, so completeness can't be proven\n  why?\n",
    );
    assert.equal(await verdict({ events: 0 }), '? ended cleanly before any event\n');
    const unmatched = new SseKitError('UNTIL_UNMATCHED', 18, 'the stream ended before --until matched', {
      hint: 'look again',
    });
    assert.equal(
      await verdict({}, {}, 12, unmatched),
      '✗ ended cleanly after 12 events, before --until matched\n  look again\n',
    );
    assert.equal(
      await verdict({ reason: 'no_content' }, {}, 12, unmatched),
      '✗ 204: the server wants no reconnect, before --until matched\n  look again\n',
    );
    const never = new SseKitError('ECONNREFUSED', 7, 'no stream opened in the time of --for: refused');
    assert.equal(
      await verdict({ reason: 'client', by: 'for', events: 0 }, undefined, 0, never),
      '✗ no stream opened in the time of --for: refused\n',
    );
  });

  it('says what was cut off', async () => {
    const error = new SseKitError('TRUNCATED', 18, 'the compressed body ended without its end mark');
    assert.equal(
      await verdict({ reason: 'truncated', error }),
      '✗ the compressed body ended without its end mark, after 12 events\n',
    );
  });

  it('says when the connection was reset, went silent or never was', async () => {
    const reset = new SseKitError('ECONNRESET', 56, 'the connection was reset after 3 events');
    assert.equal(
      await verdict({ reason: 'reset', events: 3, error: reset }, {}),
      '✗ the connection was reset after 3 events\n',
    );
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
    const notFound = new SseKitError('HTTP_STATUS', 4, 'HTTP 404 Not Found', { hint: 'is the path right?' });
    assert.equal(
      await verdict(
        { reason: 'status', status: 404, body: '\n  {"error":"no such stream"}\nmore', error: notFound },
        { status: 404, statusText: 'Not Found' },
      ),
      '✗ HTTP 404 Not Found: {"error":"no such stream"}\n  is the path right?\n',
    );
    const error = new SseKitError('WRONG_TYPE', 11, 'not text/event-stream, but …');
    assert.equal(
      await verdict({ reason: 'wrong_type', error, body: '<!doctype html>' }, { contentType: 'text/html' }),
      '✗ not text/event-stream but text/html: <!doctype html>\n',
    );
    const page = '<html>\n<head><title>\n  502 Bad Gateway </title></head>';
    assert.equal(
      await verdict({ reason: 'wrong_type', error, body: page }, { contentType: 'text/html' }),
      '✗ not text/event-stream but text/html: 502 Bad Gateway\n',
    );
    assert.equal(
      await verdict({ reason: 'wrong_type', error }, { contentType: '' }),
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
    const tooLate = new SseKitError('MAX_TIME', 28, 'the time limit was reached', { hint: 'take more' });
    assert.equal(
      await verdict(left('max-time'), {}, 2, tooLate),
      '✗ stopped after 2 events: the time of --max-time is over\n  take more\n',
    );
    assert.equal(await verdict(left('signal'), {}, 2), '✓ interrupted after 2 events\n');
  });

  it('says that a recording ends there, and why its run was left', async () => {
    const left = (by: CloseInfo['by']): Partial<CloseInfo> => ({
      reason: 'client',
      ...(by === undefined ? {} : { by }),
      events: 2,
      recorded: true,
    });
    const ends = '✓ the recording ends after 2 events';
    assert.equal(await verdict(left('max'), {}, 2), `${ends}: it was made with --max-events\n`);
    assert.equal(await verdict(left('for'), {}, 2), `${ends}: it was made with --for\n`);
    assert.equal(await verdict(left('until'), {}, 2), `${ends}: what its --until waits for came\n`);
    assert.equal(await verdict(left('signal'), {}, 2), `${ends}: it was interrupted\n`);
    assert.equal(await verdict(left('error'), {}, 2), `${ends}\n`);
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

  it('stays within the terminal, however narrow', async () => {
    const gaps = noGaps({ count: 400, p50: 12, p99: 900, max: 900, censored: { count: 1, longest: 30_000 } });
    const summary = aSummary({ gaps, browserWouldStop: [503, 429], timing: { firstEvent: 52.1 } });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 10, max: 120 }),
        fc.lorem({ maxCount: 30 }),
        async (columns, message) => {
          const printer = await createPrinter('pretty', terminal(columns));
          const logs = [
            printer.open(anAnswer(), opened),
            printer.warn({ code: 'x', message }, somewhere),
            printer.close(anEnding({ framing: 'close' }), somewhere, success),
            printer.summary(summary),
          ];
          for (const line of logs.flatMap(({ log = '' }) => log.split('\n')))
            assert.ok(displayWidth(line) <= columns, line);
        },
      ),
    );
  });

  it('follows a terminal that is resized, and knows the width of its own', async () => {
    let columns = 120;
    const printer = await createPrinter('pretty', terminal(80, { logColumns: () => columns }));
    const widest = () => {
      const { log = '' } = printer.warn({ code: 'x', message: 'word '.repeat(60) }, somewhere);
      return Math.max(...log.split('\n').map(displayWidth));
    };
    assert.ok(widest() > 100);
    columns = 40;
    assert.ok(widest() <= 40);
  });
});
