import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { exitCodeOf, type Outcome } from '../../src/bench/exit-code.ts';
import { ENDINGS, type Ending } from '../../src/results/bench/metric.ts';

const COUNTS = {
  planned: 1,
  started: 1,
  succeeded: 0,
  failed: 0,
  open: 1,
  attempts: 1,
  failedAttempts: 0,
  events: 0,
  comments: 0,
  bytes: 0,
  wireBytes: 0,
  reads: 0,
  coalescedEvents: 0,
  outages: 0,
  opened: 1,
  withheld: 0,
  neverOpened: 0,
  http2: 0,
};

interface Facts {
  events?: number;
  opened?: number;
  invalid?: boolean;
  early?: 'signal' | 'threshold' | 'invalid';
  passes?: readonly boolean[];
  errors?: readonly (readonly [exit: number, count: number])[];
  /** Of ten events. */
  published?: number;
  endings?: Partial<Record<Ending, number>>;
}

function outcome({
  events = 100,
  opened = 1,
  invalid = false,
  early,
  passes = [],
  errors = [],
  published,
  endings,
}: Facts): Outcome {
  const none = Object.fromEntries(ENDINGS.map((each) => [each, 0])) as Record<Ending, number>;
  return {
    ...(early === undefined ? {} : { ended: { early, atMs: 1000 } }),
    verdict: { status: invalid ? 'INVALID' : 'VALID', reasons: [] },
    counts: { ...COUNTS, events, opened },
    errors: errors.map(([exit, count]) => ({ code: `E${exit}`, count, sample: '', exit })),
    endings: { ...none, ...endings },
    ...(published === undefined ? {} : { publish: publishFigures(published) }),
    thresholds: passes.map((pass) => ({ rule: 'gap max < 1s', pass, seen: 1 })),
  };
}

function publishFigures(published: number): NonNullable<Outcome['publish']> {
  const failed = 10 - published;
  const errors = [
    { code: 'HTTP_STATUS', count: 1, sample: '', exit: 4 },
    { code: 'ECONNREFUSED', count: failed - 1, sample: '', exit: 7 },
  ];
  return { planned: 10, published, failed, late: 0, notStarted: 0, errors };
}

describe('the exit code of a run', () => {
  const table: readonly (readonly [what: string, facts: Facts, code: number])[] = [
    ['events came', {}, 0],
    ['every threshold holds', { passes: [true, true] }, 0],
    ['a threshold fails', { passes: [true, false] }, 10],
    ['a threshold ended it, and holds again', { early: 'threshold', passes: [true] }, 10],
    ['errors beside events', { errors: [[7, 900]] }, 0],
    ['its figures can not be trusted', { invalid: true }, 13],
    ['invalid, and a threshold fails', { invalid: true, passes: [false] }, 13],
    ['a worker was lost', { invalid: true, early: 'invalid' }, 13],
    ['interrupted', { early: 'signal' }, 130],
    ['interrupted, invalid, and a threshold fails', { early: 'signal', invalid: true, passes: [false] }, 130],
    ['no event, one error', { events: 0, errors: [[7, 3]] }, 7],
    [
      'no event: the most frequent error',
      {
        events: 0,
        errors: [
          [4, 3],
          [56, 9],
          [28, 2],
        ],
      },
      56,
    ],
    ['no event, and a threshold fails', { events: 0, errors: [[4, 3]], passes: [false] }, 4],
    ['no event, and invalid', { events: 0, errors: [[7, 3]], invalid: true }, 13],
    ['streams that ended without an event', { events: 0, endings: { eof: 3 } }, 52],
    ['streams that got 204', { events: 0, endings: { no_content: 1 } }, 52],
    ['streams that got no answer', { events: 0, opened: 0, endings: { open: 50 } }, 52],
    ['streams held in silence', { events: 0, endings: { open: 50 } }, 0],
    ['nothing could be published', { published: 0 }, 7],
    ['nothing could be published, and a threshold fails', { published: 0, passes: [false] }, 7],
    ['nothing could be published, and no event came', { published: 0, events: 0, errors: [[4, 3]] }, 4],
    ['some events could be published', { published: 1 }, 0],
    ['silence, where a threshold fails', { events: 0, endings: { open: 50 }, passes: [false] }, 10],
  ];
  for (const [what, facts, code] of table) {
    test(`is ${code}: ${what}`, () => assert.equal(exitCodeOf(outcome(facts)), code));
  }

  test('tells which signal it was', () => {
    assert.equal(exitCodeOf(outcome({ early: 'signal' }), 'SIGTERM'), 143);
  });
});
