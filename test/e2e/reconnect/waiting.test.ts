import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Outcome, startCli } from '../harness/cli.ts';
import { tail } from '../harness/command.ts';
import { type RawServer, rawServer } from '../harness/raw-server.ts';
import { outages, recordsOfType } from '../harness/records.ts';
import { event, inTurn, noContent, status, stream, streamThenReset, streamThenSilence } from './turns.ts';

/** Timers have a grain of 1 ms, and may be early by that much; a busy machine is late. */
const EARLY_MS = 2;
const LATE_MS = 400;

const NDJSON = ['--format', 'ndjson'];

interface Wait {
  delayMs: number;
  cause: string;
  /** Until the next attempt's request was answered. */
  tookMs: number;
}

/** The announced waits, each with what it came to. */
function waits(outcome: Outcome): Wait[] {
  const opens = recordsOfType(outcome, 'open');
  return recordsOfType(outcome, 'reconnect').map(({ delayMs, cause, t, conn }) => {
    const next = opens.find((open) => open.conn === conn);
    return { delayMs: Number(delayMs), cause: String(cause), tookMs: Number(next?.t) - Number(t) };
  });
}

function assertKept({ delayMs, tookMs }: Wait): void {
  assert.ok(tookMs >= delayMs - EARLY_MS && tookMs <= delayMs + LATE_MS, `${delayMs} ms took ${tookMs} ms`);
}

describe('the wait before a reconnect', { concurrency: 2 }, () => {
  test('is what retry: says, exactly, for all attempts after it', async (t) => {
    const turns = [stream(`retry: 50\n${event(1)}`), streamThenReset(event(2)), stream(event(3)), noContent];
    const server = await rawServer(t, inTurn(...turns));
    const all = waits(await tail(server.url, '--follow', '--retry-delay', '10s', ...NDJSON));
    assert.deepEqual(
      all.map(({ delayMs, cause }) => [delayMs, cause]),
      [
        [50, 'base'],
        [50, 'base'],
        [50, 'base'],
      ],
    );
    all.forEach(assertKept);
  });

  test('is the last that retry: said', async (t) => {
    const server = await rawServer(t, inTurn(stream(`retry: 9999\nretry: 60\n${event(1)}`), noContent));
    const [wait] = waits(await tail(server.url, '--follow', ...NDJSON));
    assert.equal(wait?.delayMs, 60);
  });

  test('is --retry-delay where the server says nothing, 3 s without it', async (t) => {
    const server = await rawServer(t, inTurn(stream(event(1)), noContent));
    const [wait] = waits(await tail(server.url, '--follow', '--retry-delay', '70ms', ...NDJSON));
    assert.equal(wait?.delayMs, 70);
    const other = await rawServer(t, inTurn(stream(event(1)), noContent));
    const cli = startCli(['listen', other.url, '--follow', ...NDJSON]);
    await cli.printed(/"type":"reconnect"/);
    cli.signal('SIGINT');
    assert.equal(recordsOfType(await cli.ended, 'reconnect')[0]?.delayMs, 3_000);
  });

  test('is not shortened by a --retry-max below it, which is told', async () => {
    const noteOf = async (...words: string[]) => {
      const { stderr } = await tail('http://127.0.0.1:9/', '--for', '100ms', ...words);
      return /^note: .*/m.exec(stderr)?.[0];
    };
    assert.equal(
      await noteOf('--retry', '3', '--retry-max', '1s'),
      'note: --retry-max 1s is less than the first wait (--retry-delay, 3s): the longest is 3s',
    );
    assert.equal(await noteOf('--retry', '3', '--retry-max', '1s', '--retry-delay', '1s'), undefined);
    assert.equal(await noteOf('--retry', '3', '--retry-max', '1s', '-s'), undefined);
    assert.equal(await noteOf('--retry-max', '1s'), undefined);
  });

  test('grows with each failure in a row, at random, up to --retry-max', async (t) => {
    const bounds = [
      [100, 200],
      [200, 400],
      [200, 400],
      [200, 400],
    ] as const;
    const run = async () => {
      const server = await rawServer(
        t,
        inTurn((client) => client.reset()),
      );
      const words = ['--retry', '4', '--retry-delay', '100ms', '--retry-max', '400ms', ...NDJSON];
      const outcome = await tail(server.url, ...words);
      assert.equal(outcome.code, 56);
      assert.equal(server.connections, 5);
      return recordsOfType(outcome, 'reconnect').map(({ delayMs }) => Number(delayMs));
    };
    const runs = await Promise.all([run(), run()]);
    for (const delays of runs) {
      assert.equal(delays.length, bounds.length);
      delays.forEach((delayMs, k) => {
        const [least, most] = bounds[k] ?? assert.fail();
        assert.ok(delayMs >= least && delayMs <= most, `wait ${k + 1} is ${delayMs} ms`);
      });
    }
    assert.equal(new Set(runs.flat()).size, 8);
  });

  test('starts afresh when a stream has opened', async (t) => {
    const gone = status('503 Busy');
    const server = await rawServer(
      t,
      inTurn(gone, gone, stream(event(1)), gone, stream(event(2)), noContent),
    );
    const words = ['--follow', '--retry-delay', '100ms', '--retry-max', '10s', ...NDJSON];
    const all = waits(await tail(server.url, ...words));
    assert.deepEqual(
      all.map(({ cause }) => cause),
      ['backoff', 'backoff', 'base', 'backoff', 'base'],
    );
    const [, second, third, fourth] = all.map(({ delayMs }) => delayMs);
    assert.ok(Number(second) >= 200 && Number(second) <= 400, `${second}`);
    assert.equal(third, 100);
    assert.ok(Number(fourth) >= 100 && Number(fourth) <= 200, `${fourth}`);
  });

  for (const line of ['503 Service Unavailable', '429 Too Many Requests']) {
    test(`is what Retry-After of a ${line} says`, async (t) => {
      const server = await rawServer(
        t,
        inTurn(status(line, { 'Retry-After': '1' }), stream(event(1)), noContent),
      );
      const outcome = await tail(server.url, '--follow', '--retry-delay', '10ms', ...NDJSON);
      const [wait] = waits(outcome);
      assert.deepEqual([wait?.delayMs, wait?.cause], [1_000, 'retry-after']);
      assertKept(wait as Wait);
      assert.deepEqual(recordsOfType(outcome, 'summary')[0]?.browserWouldStop, [Number(line.slice(0, 3))]);
    });
  }

  test('is cut short by --for and -m', async (t) => {
    const server = await rawServer(t, inTurn(stream(event(1))));
    const words = ['--follow', '--retry-delay', '60s'];
    assert.equal((await tail(server.url, ...words, '--for', '600ms')).code, 0);
    assert.equal((await tail(server.url, ...words, '-m', '600ms')).code, 28);
  });
});

describe('retries that are used up', { concurrency: 2 }, () => {
  const SOON = ['--retry', '2', '--retry-delay', '1ms', '--retry-max', '1ms'];
  const cases = [
    ['resets', (client) => client.reset(), 56],
    ['errors', status('502 Bad Gateway'), 5],
    ['too many requests', status('429 Too Many Requests'), 4],
    ['closed connections', (client) => client.finish(), 52],
    ['silence', (client) => client.left(), 28],
  ] satisfies [string, Parameters<typeof inTurn>[number], number][];
  for (const [what, turn, code] of cases) {
    test(`give the code of the last attempt: ${what}`, async (t) => {
      const server = await rawServer(t, inTurn(stream(event(1)), turn));
      const outcome = await tail(server.url, '--idle-timeout', '200ms', ...SOON);
      assert.equal(outcome.code, code, outcome.stderr);
      assert.equal(server.connections, 3);
    });
  }

  test('give 7 where nobody listens any more', async (t) => {
    const server: RawServer = await rawServer(t, async (client) => {
      await client.request();
      await stream(event(1))(client);
      await client.left();
      await server.close();
    });
    const outcome = await tail(server.url, ...SOON, ...NDJSON);
    assert.equal(outcome.code, 7, outcome.stderr);
    assert.equal(recordsOfType(outcome, 'reconnect').length, 2);
  });

  test('count only failures in a row', async (t) => {
    const gone = status('503 Busy');
    const turns = [gone, gone, stream(event(1)), gone, stream(event(2)), gone, noContent];
    const server = await rawServer(t, inTurn(...turns));
    assert.equal((await tail(server.url, ...SOON)).code, 0);
    assert.equal(server.connections, 7);
  });
});

describe('the outages of the summary', () => {
  test('add up: reconnectTime is backoff, failed attempts and headers', async (t) => {
    const gone = status('503 Busy');
    const turns = [
      stream(event(1)),
      gone,
      gone,
      streamThenReset(event(2)),
      streamThenSilence(event(3)),
      (client: Parameters<typeof gone>[0]) => client.reset(),
      stream(event(4)),
      noContent,
    ];
    const server = await rawServer(t, inTurn(...turns));
    const words = [
      '--follow',
      '--idle-timeout',
      '1s',
      '--retry-delay',
      '30ms',
      '--retry-max',
      '50ms',
      ...NDJSON,
    ];
    const outcome = await tail(server.url, ...words);
    assert.equal(outcome.code, 0, outcome.stderr);
    const all = outages(outcome);
    assert.deepEqual(
      all.map(({ reason, attempts }) => [reason, attempts]),
      [
        ['eof', 3],
        ['reset', 1],
        ['idle', 2],
        ['eof', 1],
      ],
    );
    const back = all.slice(0, 3);
    for (const outage of back) {
      const { reconnectTime = NaN, backoff, failedAttempts, reconnectHeaders = NaN } = outage;
      const sum = backoff + failedAttempts + reconnectHeaders;
      assert.ok(Math.abs(reconnectTime - sum) < 0.01, `${reconnectTime} is not ${sum}`);
      const { outage: whole = NaN, reconnectEvent = NaN } = outage;
      assert.ok(Math.abs(whole - (backoff + failedAttempts + reconnectEvent)) < 0.01, `${whole}`);
      assert.ok(backoff >= 30 * outage.attempts - EARLY_MS, `${backoff}`);
      assert.equal(failedAttempts > 0, outage.attempts > 1);
    }
    assert.ok((all[2]?.silenceBeforeEnd ?? 0) >= 245, `${all[2]?.silenceBeforeEnd}`);
    // The last one ended in a 204: the stream was not back.
    assert.equal(all[3]?.reconnectTime, undefined);
  });
});
