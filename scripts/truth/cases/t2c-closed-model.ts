import { setTimeout as sleep } from 'node:timers/promises';
import { against } from '../against-server.ts';
import { type Check, exactly, says, trusted, within } from '../check.ts';
import { freeze } from '../freeze.ts';
import { event, HEAD, type ServedAttempt } from '../script.ts';
import { byStream, stampOf } from '../stamps.ts';
import type { TruthCase } from '../truth-case.ts';

const SLOTS = 10;
const LIFE_MS = 100;
const SECONDS = 8;
const FREEZE_AFTER_MS = 3_000;
const FROZEN_MS = 2_000;

/** Longer than anything but the freeze. */
const LONG_MS = 1_000;

const CAVEAT = 'closed model: no schedule, coordinated omission is not corrected';

/** Answers at once, and stays. */
const SERVER = [[{ name: 'event', afterMs: 0, write: HEAD + event(1) }]];

export const t2c: TruthCase = {
  id: 'T2c',
  title: 'the server freezes for 2 s in the closed model: each slot waits once, and no more is claimed',
  run: closedModel,
};

async function closedModel(): Promise<Check[]> {
  const order = {
    streams: SLOTS,
    load: ['-c', `${SLOTS}`, '--stream-for', `${LIFE_MS}ms`, '--for', `${SECONDS}s`],
    samples: true as const,
  };
  const { result, served, samples, text } = await against(SERVER, order, async ({ server }) => {
    await server.asked;
    await sleep(FREEZE_AFTER_MS);
    await freeze([server.pid], FROZEN_MS);
  });
  const did = longest(byStream(served).flatMap(waits));
  const seen = longest(samples.get('time_to_first_event') ?? []);
  const corrected = longest(samples.get('time_to_first_event_from_planned') ?? []);
  const { time_to_first_event: figures } = result.metrics;
  return [
    exactly('slots that the freeze met', SLOTS, did.length),
    exactly('streams that waited', SLOTS, seen.length),
    within('the shortest wait', 5, {
      kind: 'time',
      expected: did.at(-1) ?? Number.NaN,
      measured: seen.at(-1),
    }),
    within('the longest wait', 5, { kind: 'time', expected: did[0] ?? Number.NaN, measured: seen[0] }),
    within('first event max', 5, { kind: 'time', expected: did[0] ?? Number.NaN, measured: figures?.max }),
    within('the two clocks apart, max', 5, {
      kind: 'time',
      expected: seen[0] ?? Number.NaN,
      measured: corrected[0],
    }),
    trusted(result.verdict),
    says('the text has the caveat of the closed model', 'yes', text.includes(CAVEAT) ? 'yes' : 'no'),
  ];
}

/**
 * How long each stream of a slot waited for its event: a stream comes the moment that the life of the one before it is
 * over, which begins with the headers.
 */
function waits(attempts: readonly ServedAttempt[]): number[] {
  const answered = attempts.map((attempt) => stampOf(attempt, 'event'));
  return answered.slice(1).map((at, index) => at - (answered[index] ?? at) - LIFE_MS);
}

function longest(values: readonly number[]): number[] {
  return values.filter((ms) => ms > LONG_MS).sort((one, other) => other - one);
}
