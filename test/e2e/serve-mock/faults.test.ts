import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FAULT_KINDS } from '../../../src/mock/faults/kinds.ts';
import type { Outcome } from '../harness/cli.ts';
import { tail } from '../harness/command.ts';
import { endings, ids, type NdjsonRecord, recordsOfType } from '../harness/records.ts';
import { serve } from './faults-serving.ts';

/** Four ticks, 20 ms apart, and the stream ends in order; their data is their number. */
const TICKS = ['--count', '4', '--interval', '20ms', '--data', '{{n}}'];
/** As they are: JSON with the number and the time of sending. */
const JSON_TICKS = ['--count', '4', '--interval', '20ms'];

interface Row {
  fault: string;
  serve?: readonly string[];
  listen?: readonly string[];
  exit: number;
  reason: string;
  /** Data of the events that come, in their order; absent: `check` looks at them. */
  events?: readonly string[];
  check?(outcome: Outcome): void;
}

const ALL = ['1', '2', '3', '4'];

/** What `ssekit listen` makes of each kind of fault. */
const ROWS: readonly Row[] = [
  { fault: 'status=503', exit: 5, reason: 'status', events: [] },
  { fault: 'status=302', exit: 3, reason: 'status', events: [] },
  { fault: 'status=204', exit: 52, reason: 'no_content', events: [] },
  { fault: 'status=200', exit: 11, reason: 'wrong_type', events: [] },
  { fault: 'wrong-type', exit: 11, reason: 'wrong_type', events: [] },
  {
    fault: 'late-headers=300ms',
    exit: 0,
    reason: 'eof',
    events: ALL,
    check(outcome) {
      const timing = opened(outcome).timing as { headers: number };
      assert.ok(timing.headers >= 300, `headers after ${timing.headers} ms`);
    },
  },
  {
    fault: 'gzip',
    exit: 0,
    reason: 'eof',
    events: ALL,
    check(outcome) {
      assert.equal((opened(outcome).headers as Record<string, string>)['content-encoding'], 'gzip');
      assert.equal(arrivals(outcome).size, 1);
    },
  },
  {
    fault: 'oversize=20KB@2',
    serve: JSON_TICKS,
    exit: 0,
    reason: 'eof',
    check(outcome) {
      const sizes = dataOf(outcome).map((data) => data.length);
      assert.deepEqual(
        sizes.map((size) => size === 20 * 1024),
        [false, true, false, false],
      );
      assert.deepEqual(
        jsonOf(outcome).map(({ n }) => n),
        [1, 2, 3, 4],
      );
    },
  },
  { fault: 'oversize=17MB@2', exit: 12, reason: 'client', events: ['1'] },
  { fault: 'bad-utf8@2', exit: 0, reason: 'eof', events: ['1', '\uFFFD\uFFFD2', '3', '4'] },
  {
    fault: 'null-id@2',
    exit: 0,
    reason: 'eof',
    events: ALL,
    check: (outcome) => assert.deepEqual(ids(outcome), ['1', undefined, '3', '4']),
  },
  {
    fault: 'retry=150ms@3',
    exit: 0,
    reason: 'eof',
    events: ALL,
    check: (outcome) =>
      assert.deepEqual(
        recordsOfType(outcome, 'retry').map(({ ms }) => ms),
        [150],
      ),
  },
  { fault: 'no-newline@2', exit: 0, reason: 'eof', events: ['1', '2\n3', '4'] },
  { fault: 'no-newline@4', exit: 18, reason: 'truncated', events: ['1', '2', '3'] },
  { fault: 'cr', exit: 0, reason: 'eof', events: ALL },
  { fault: 'crlf', exit: 0, reason: 'eof', events: ALL },
  { fault: 'bom', exit: 0, reason: 'eof', events: ALL },
  {
    // The mark spoils the field that it stands before: the id.
    fault: 'bom@2',
    exit: 0,
    reason: 'eof',
    events: ALL,
    check: (outcome) => assert.deepEqual(ids(outcome), ['1', undefined, '3', '4']),
  },
  {
    fault: 'split=utf8',
    serve: ['--count', '2', '--interval', '20ms', '--split-gap', '500ms', '--data', 'né 🚀 {{n}}'],
    exit: 0,
    reason: 'eof',
    events: ['né 🚀 1', 'né 🚀 2'],
    check: (outcome) =>
      assert.ok(
        readsOf(outcome).every((reads) => reads >= 2),
        String(readsOf(outcome)),
      ),
  },
  { fault: 'split=crlf', exit: 0, reason: 'eof', events: ALL },
  { fault: 'split=bytes:3', exit: 0, reason: 'eof', events: ALL },
  {
    fault: 'delay=300ms@2',
    serve: JSON_TICKS,
    exit: 0,
    reason: 'eof',
    check: (outcome) => assert.ok(sentApart(outcome, 2, 3) >= 290, String(sentApart(outcome, 2, 3))),
  },
  { fault: 'jitter=60ms', exit: 0, reason: 'eof', events: ALL },
  { fault: 'dup@2', exit: 0, reason: 'eof', events: ['1', '2', '2', '3', '4'] },
  { fault: 'swap@2', exit: 0, reason: 'eof', events: ['1', '3', '2', '4'] },
  { fault: 'drop@2', exit: 0, reason: 'eof', events: ['1', '3', '4'] },
  {
    fault: 'no-done',
    serve: ['--preset', 'openai', '--count', '3'],
    listen: ['--until-data', '[DONE]'],
    exit: 18,
    reason: 'eof',
    check: (outcome) => assert.match(dataOf(outcome).at(-1) ?? '', /"finish_reason":"stop"/),
  },
  {
    fault: 'heartbeat-loss',
    serve: ['--count', '1', '--interval', '400ms', '--heartbeat', '50ms', '--data', '{{n}}'],
    exit: 0,
    reason: 'eof',
    events: ['1'],
    check: (outcome) =>
      assert.deepEqual(
        recordsOfType(outcome, 'comment').map(({ text }) => text),
        ['stream opened'],
      ),
  },
  { fault: 'truncate@2', exit: 18, reason: 'truncated', events: ['1'] },
  { fault: 'eof@2', exit: 0, reason: 'eof', events: ['1', '2'] },
  { fault: 'eof@0b', exit: 52, reason: 'eof', events: [] },
  { fault: 'reset@2', exit: 56, reason: 'reset', events: ['1', '2'] },
  { fault: 'stall@2', listen: ['--idle-timeout', '500ms'], exit: 28, reason: 'idle', events: ['1', '2'] },
  { fault: 'no-terminator', exit: 18, reason: 'truncated', events: ALL },
  {
    fault: 'error-event@2',
    exit: 0,
    reason: 'eof',
    check(outcome) {
      const names = recordsOfType(outcome, 'event').map(({ event }) => event);
      assert.deepEqual(names, ['message', 'message', 'error']);
    },
  },
  {
    fault: 'freeze=300ms@2',
    serve: JSON_TICKS,
    exit: 0,
    reason: 'eof',
    check: (outcome) => assert.ok(sentApart(outcome, 2, 3) >= 290, String(sentApart(outcome, 2, 3))),
  },
  {
    fault: 'buffer=64KB',
    exit: 0,
    reason: 'eof',
    events: ALL,
    check: (outcome) => assert.equal(arrivals(outcome).size, 1),
  },
  {
    fault: 'slow=400B/s',
    serve: JSON_TICKS,
    exit: 0,
    reason: 'eof',
    // Three blocks of more than 40 bytes lie between the two.
    check: (outcome) => assert.ok(sentApart(outcome, 1, 4) >= 290, String(sentApart(outcome, 1, 4))),
  },

  // Every WHEN, through the flags.
  { fault: 'eof@34b', exit: 18, reason: 'truncated', events: ['1'] },
  {
    fault: 'stall@50ms',
    serve: ['--interval', '2s'],
    listen: ['--idle-timeout', '500ms'],
    exit: 28,
    reason: 'idle',
    events: [],
  },
  { fault: 'reset@100ms', serve: ['--interval', '2s'], exit: 56, reason: 'reset', events: [] },
  { fault: 'drop@every:2', exit: 0, reason: 'eof', events: ['1', '3'] },
  { fault: 'dup@100%', exit: 0, reason: 'eof', events: ['1', '1', '2', '2', '3', '3', '4', '4'] },
  { fault: 'status=500@0%', exit: 0, reason: 'eof', events: ALL },
  { fault: 'conn:2:status=500', exit: 0, reason: 'eof', events: ALL },
  { fault: 'status=429@100%', exit: 4, reason: 'status', events: [] },

  // Over every kind of connection.
  ...['eof', 'reset', 'truncate'].flatMap((kind) => [
    overConnection(kind, ['--tls'], ['-k']),
    overConnection(kind, ['--http2'], ['--http2-prior-knowledge']),
    overConnection(kind, ['--tls', '--http2'], ['-k', '--http2']),
    overConnection(kind, ['--compress', 'gzip'], ['--compressed']),
  ]),
];

describe('a listener', { concurrency: 2 }, () => {
  for (const row of ROWS) {
    const { fault, serve: serving = TICKS, listen = [], exit, reason, events, check } = row;
    test(`of a stream with ${[fault, ...listen].join(' ')} sees ${reason}, and exits with ${exit}`, async (t) => {
      const url = await serve(t, '--seed', '1', ...serving, '--fault', fault);
      const outcome = await tail(url, '--format', 'ndjson', ...listen);
      assert.deepEqual(endings(outcome), [reason]);
      if (events !== undefined) assert.deepEqual(dataOf(outcome), events);
      check?.(outcome);
      assert.equal(outcome.code, exit, outcome.stderr);
    });
  }
});

test('every kind of fault has a row', () => {
  const kinds = new Set(ROWS.map(({ fault }) => fault.replace(/^conn:\d+:/, '').replace(/[=@].*/, '')));
  assert.deepEqual(
    FAULT_KINDS.map(({ name }) => name).filter((name) => !kinds.has(name)),
    [],
  );
});

/** An ending at event 2 is the same, whatever carries the stream. */
function overConnection(kind: string, serving: readonly string[], listen: readonly string[]): Row {
  const endings: Record<string, Pick<Row, 'exit' | 'reason' | 'events'>> = {
    eof: { exit: 0, reason: 'eof', events: ['1', '2'] },
    reset: { exit: 56, reason: 'reset', events: ['1', '2'] },
    truncate: { exit: 18, reason: 'truncated', events: ['1'] },
  };
  const ending = endings[kind];
  if (ending === undefined) throw new RangeError(kind);
  return { fault: `${kind}@2`, serve: [...TICKS, ...serving], listen, ...ending };
}

function opened(outcome: Outcome): NdjsonRecord {
  const [open] = recordsOfType(outcome, 'open');
  assert.ok(open);
  return open;
}

function dataOf(outcome: Outcome): string[] {
  return recordsOfType(outcome, 'event').map(({ data }) => String(data));
}

function jsonOf(outcome: Outcome): { n: number; sentAt: number }[] {
  return recordsOfType(outcome, 'event').map(({ json }) => json as { n: number; sentAt: number });
}

/** The reads that each event came in. */
function readsOf(outcome: Outcome): number[] {
  return recordsOfType(outcome, 'event').map(({ reads }) => Number(reads));
}

/** The times at which events came: one read has one time. */
function arrivals(outcome: Outcome): Set<unknown> {
  return new Set(recordsOfType(outcome, 'event').map(({ t }) => t));
}

/** Milliseconds between two events on the clock of the server. */
function sentApart(outcome: Outcome, first: number, second: number): number {
  const at = (n: number) => jsonOf(outcome).find((each) => each.n === n)?.sentAt ?? Number.NaN;
  return at(second) - at(first);
}
