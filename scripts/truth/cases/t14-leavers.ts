import { against } from '../against-server.ts';
import { about, type Check, exactly, trusted, within } from '../check.ts';
import { event, HEAD, type ServedAttempt, type Step } from '../script.ts';
import { byStream, mean, quantile } from '../stamps.ts';
import type { TruthCase } from '../truth-case.ts';

/** An event at once, and one each so often. */
const SERVER = [
  [
    { name: 'headers', afterMs: 0, write: HEAD + event(1) },
    ...new Array<Step>(10).fill({ name: 'event', afterMs: 300, write: event(2) }),
  ],
];

interface Load {
  slots: number;
  /** The rest of them stay. */
  leaving: number;
}

const LEAVE_AFTER_MS = 1_000;
/** All come in less than a life, and the run ends in the middle of the last life of each. */
const RAMP_UP_MS = 600;
const RUN_MS = 3_800;
const LIVES = 3;

export const t14b: TruthCase = {
  id: 'T14b',
  title: 'clients that leave after 1 s: when the server sees them go, and who takes their place',
  run: () => leavers({ slots: 200, leaving: 0.4 }),
};

export async function leavers({ slots, leaving }: Load): Promise<Check[]> {
  const { result, served } = await against(SERVER, {
    streams: slots,
    load: [
      ...['-c', `${slots}`, '--ramp-up', `${RAMP_UP_MS}ms`, '--for', `${RUN_MS}ms`],
      ...['--cancel', `${100 * leaving}%@${LEAVE_AFTER_MS}ms`, '--seed', '14'],
    ],
  });
  const { counts, endings, metrics, verdict } = result;
  const chains = byStream(served).filter((attempts) => attempts.length > 1);
  // Another one came in place of each.
  const left = chains.flatMap((attempts) => attempts.slice(0, -1));
  const lives = left.map((attempt) => leftAt(attempt) - attempt.acceptedAt);
  const pauses = chains.flatMap((attempts) =>
    attempts.slice(1).map((next, index) => next.acceptedAt - leftAt(attempts[index])),
  );
  return [
    about('slots whose streams leave', slots / 8, leaving * slots, chains.length),
    exactly('streams that left', LIVES * chains.length, left.length),
    exactly('streams started', slots + left.length, counts.started),
    exactly('succeeded', left.length, counts.succeeded),
    exactly('open at the end', slots, counts.open),
    exactly('endings: client', left.length, endings.client),
    exactly('outages', 0, counts.outages),
    exactly('asked to resume', 0, served.filter(({ lastEventId }) => lastEventId !== '').length),
    exactly('lifetime of those that left: values', left.length, metrics.lifetime.client?.count),
    within('lifetime of those that left, mean', 5, {
      kind: 'time',
      expected: mean(lives),
      measured: metrics.lifetime.client?.mean,
    }),
    within('seen to leave after their time, p50', 5, {
      kind: 'time',
      expected: LEAVE_AFTER_MS,
      measured: quantile(lives, 0.5),
    }),
    within('until another came, p50', 5, { kind: 'time', expected: 0, measured: quantile(pauses, 0.5) }),
    exactly('gaps that they cut short, and the end', slots + left.length, result.censored.event_gap?.count),
    exactly('of them lost', 0, result.censored.event_gap?.lost),
    trusted(verdict),
  ];
}

function leftAt(attempt: ServedAttempt | undefined): number {
  return attempt?.leftAt ?? Number.NaN;
}
