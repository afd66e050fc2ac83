import { against, type Observed } from '../against-server.ts';
import { type Check, exactly, has, says, trusted, within } from '../check.ts';
import {
  chunk,
  event,
  HEAD,
  LAST_CHUNK,
  refusal,
  type Script,
  type ServedAttempt,
  type Step,
  type Turn,
} from '../script.ts';
import { beginning, between, byStream, mean, quantile, stampOf, timesOf } from '../stamps.ts';
import type { TruthCase } from '../truth-case.ts';

interface Load {
  streams: number;
  rampUpMs: number;
  seconds: number;
}

const FULL: Load = { streams: 100, rampUpMs: 1_000, seconds: 5 };

/** Events of a connection come so far apart; it ends a while behind the last one. */
const BEAT_MS = 250;
const UNTIL_END_MS = 150;
/** Until a stream comes back. */
const RETRY_MS = 500;

export const t10: TruthCase = {
  id: 'T10',
  title:
    'a gap that spans a clean end is a gap; one that a reset cut is lost, and one without an end goes on',
  run: async (say) => {
    say('a server that ends in order, and goes on when the stream is back');
    const spanned = await spannedGaps(FULL);
    say('a server that resets, and goes on when the stream is back');
    const lost = await lostGaps(FULL);
    say('a server that ends in order, and refuses from then on');
    return [...spanned, ...lost, ...(await endlessGaps(FULL))];
  },
};

const ENDS: Step = { name: 'end', afterMs: UNTIL_END_MS, write: LAST_CHUNK, and: 'finish' };
const RESETS: Step = { name: 'end', afterMs: UNTIL_END_MS, and: 'reset' };
const REFUSES: Turn = [{ name: 'refusal', afterMs: 5, write: refusal('503'), and: 'finish' }];

/** Three events, and the end. */
function streamThat(ends: Step): Turn {
  return [
    { name: 'headers', afterMs: 10, write: HEAD },
    { name: 'retry', afterMs: 20, write: chunk(`retry: ${RETRY_MS}\n\n`) },
    ...[1, 2, 3].map((id): Step => ({ name: `event ${id}`, afterMs: BEAT_MS, write: event(id) })),
    ends,
  ];
}

/** Two more, an event in a read with a comment between them, and a life in silence. */
const STAYS: Turn = [
  { name: 'headers', afterMs: 10, write: HEAD },
  { name: 'event 4', afterMs: BEAT_MS, write: event(4) },
  { name: 'comment', afterMs: BEAT_MS, write: chunk(': still here\n\n') },
  { name: 'event 5', afterMs: BEAT_MS, write: event(5) },
];

export async function spannedGaps(load: Load): Promise<Check[]> {
  const observed = await runOn([streamThat(ENDS), STAYS], load);
  const { served, result } = observed;
  const { event_gap: gaps, silence } = result.metrics;
  const across = byStream(served).flatMap(gapsAcross);
  const inside = served.flatMap(gapsWithin);
  const did = [...inside, ...across];
  return named('ends in order', [
    exactly('gaps that span the end', load.streams, across.length),
    exactly('event_gap: values', did.length, gaps?.count),
    within('event_gap p50', 5, {
      kind: 'time',
      // The last one of each stream outlasts all others.
      expected: quantile([...did, ...new Array(load.streams).fill(Number.POSITIVE_INFINITY)], 0.5),
      measured: gaps?.p50,
    }),
    within('event_gap max: across the end', 5, {
      kind: 'time',
      expected: Math.max(...did),
      measured: gaps?.max,
    }),
    within('event_gap mean', 5, { kind: 'time', expected: mean(did), measured: gaps?.mean }),
    ...silences(observed),
    within('silence max: never across', 5, {
      kind: 'time',
      expected: Math.max(...served.flatMap(silencesOf)),
      measured: silence?.max,
    }),
    exactly('gaps cut short, by the end of the run alone', load.streams, result.censored.event_gap?.count),
    exactly('of them lost', 0, result.censored.event_gap?.lost),
    longestUntilTheEnd(observed, load),
    trusted(result.verdict),
  ]);
}

async function lostGaps(load: Load): Promise<Check[]> {
  const observed = await runOn([streamThat(RESETS), STAYS], load);
  const { served, result } = observed;
  const { event_gap: gaps } = result.metrics;
  const did = served.flatMap(gapsWithin);
  const cut = served.filter(({ attempt }) => attempt === 0);
  const lost = cut.map((attempt) => stampOf(attempt, 'end') - stampOf(attempt, 'event 3'));
  return named('resets', [
    exactly('event_gap: values', did.length, gaps?.count),
    within('event_gap max: never across', 5, {
      kind: 'time',
      expected: Math.max(...did),
      measured: gaps?.max,
    }),
    ...silences(observed),
    exactly('gaps cut short, by resets and by the end', 2 * load.streams, result.censored.event_gap?.count),
    exactly('of them lost', lost.length, result.censored.event_gap?.lost),
    exactly('silences that were lost', lost.length, result.censored.silence?.lost),
    has('a lower bound, as so many never ended', 'p95', gaps?.atLeast ?? []),
    trusted(result.verdict),
  ]);
}

/** Nothing comes any more, and yet no stream has failed: its gap lasts. */
export async function endlessGaps(load: Load): Promise<Check[]> {
  const rule = 'gap max < 2s';
  const observed = await runOn([streamThat(ENDS), REFUSES], load, ['--threshold', rule]);
  const { served, result, text } = observed;
  const { event_gap: gaps } = result.metrics;
  const did = served.flatMap(gapsWithin);
  const [judged] = result.thresholds;
  return named('ends, and never returns', [
    exactly('event_gap: values', did.length, gaps?.count),
    exactly('gaps cut short', load.streams, result.censored.event_gap?.count),
    exactly('of them lost', 0, result.censored.event_gap?.lost),
    longestUntilTheEnd(observed, load),
    has('the text', 'cut short by an end, the longest at least', [text]),
    says(rule, 'fails', judged?.pass === false ? 'fails' : 'holds'),
    exactly('streams open at the end', load.streams, result.counts.open),
    trusted(result.verdict),
  ]);
}

async function runOn(script: Script, load: Load, flags: readonly string[] = []): Promise<Observed> {
  const { streams, rampUpMs, seconds } = load;
  return against(script, {
    streams,
    load: ['-c', `${streams}`, '--ramp-up', `${rampUpMs}ms`, '--for', `${seconds}s`, ...flags],
  });
}

/** The gap that the run's end cut has lasted since the last event, whatever became of the connection. */
function longestUntilTheEnd({ served, result }: Observed, { streams, rampUpMs, seconds }: Load): Check {
  const endsAt = beginning(served, (stream) => (stream * rampUpMs) / streams) + 1000 * seconds;
  const last = byStream(served).map((attempts) => Math.max(...attempts.flatMap(eventTimes)));
  return within('the longest of them', 5, {
    kind: 'time',
    expected: endsAt - Math.min(...last),
    measured: result.censored.event_gap?.longest,
  });
}

/** Of each connection that was one: from the headers on, and the last one is cut short. */
function silences({ served, result }: Observed): Check[] {
  const streams = served.filter(({ stamps }) => stamps.some(({ name }) => name === 'headers'));
  return [
    exactly('silence: values', streams.flatMap(silencesOf).length, result.metrics.silence?.count),
    exactly('silences cut short', streams.length, result.censored.silence?.count),
  ];
}

/** Between whatever was written; the first one from the headers. */
function silencesOf({ stamps }: ServedAttempt): number[] {
  const written = stamps.filter(({ name }) => name !== 'end').map(({ at }) => at);
  return between(written);
}

function eventTimes(attempt: ServedAttempt): number[] {
  return timesOf(attempt, 'event');
}

function gapsWithin(attempt: ServedAttempt): number[] {
  return between(eventTimes(attempt));
}

function gapsAcross(attempts: readonly ServedAttempt[]): number[] {
  const all = between(attempts.flatMap(eventTimes));
  const inside = attempts.map((attempt) => eventTimes(attempt).length);
  // Behind the last event of the first connection.
  return all.slice((inside[0] ?? 0) - 1, inside[0] ?? 0);
}

function named(words: string, checks: readonly Check[]): Check[] {
  return checks.map((check) => ({ ...check, what: `${words}: ${check.what}` }));
}
