import type { Arrivals } from '../lateness/arrivals.ts';
import { burstsOf, quantile } from '../lateness/bursts.ts';
import { gapsOf } from '../lateness/gaps.ts';
import { type Lateness, latenessOf } from '../lateness/lateness.ts';
import type { Observation, ObservedEvent } from '../observation/observation.ts';
import { steadyLag, wayOf } from './steady-lag.ts';
import { endMs, sinceSent } from './stream-seen.ts';

/** The same events along two ways, or in two streams: how much later they came in one. */
export interface HeldBack {
  lateness: Lateness;
  /** As the reference has them, and as they came; those that had not come by the end are there as of the end. */
  reference: Arrivals;
  arrivals: Arrivals;
  /** So many of them had not come. */
  missing: number;
}

/** Fewer say nothing where not one of them comes … */
const FEWEST_EVENTS = 3;
/** … and nothing of the manner in which they come: streams of their own times may look alike for as long. */
export const FEWEST_PIECES = 5;
/** What is sent just before we leave may be on its way. */
const SETTLED_MS = 250;
/** Earlier than that is earlier than a busy machine makes it look. */
const EARLY_MS = 100;
/** Events that came closer to each other came together. */
const TOGETHER_MS = 5;
/** Held back, events come in so much fewer pieces than they were sent in. */
const FEWER = 0.75;
const SLOW_MS = 200;

/**
 * How late events come in one stream that come in another, too: broadcast ones, or those of a stream that every client gets
 * alike. A way that is long makes all of them late by the same, which is no holding back.
 *
 * @returns why it can't be told, where it can't: they have too little in common, or their events have times of their own
 */
export function heldBack(
  reference: Observation,
  other: Observation,
): HeldBack | 'too few' | 'another stream' {
  const common = inCommon(reference, other);
  if (common === undefined) return 'too few';
  const { sentMs, arrivalsMs, missing } = common;
  const fewest = missing === sentMs.length ? FEWEST_EVENTS : FEWEST_PIECES;
  if (piecesOf(sentMs) < fewest) return 'too few';
  if (isEarly(common, reference, other)) return 'another stream';
  const one = arrivalsOf(reference, sentMs, sentMs);
  const arrivals = arrivalsOf(other, sentMs, arrivalsMs);
  const lateness = latenessOf(one, arrivals);
  const isHeld = lateness.fault === 'buffer.one-behind' || cameTogether(sentMs, arrivalsMs);
  if (lateness.status !== 'pass' && !isHeld) return 'another stream';
  const steady = lateness.status === 'pass' ? steadyLag(arrivals, wayOf(other, reference)) : undefined;
  // Late by the same is also a stream of its own that begins later.
  const isBehind = steady?.how === 'one behind' && isSlow(sentMs);
  return { lateness: isBehind ? steady.lateness : lateness, reference: one, arrivals, missing };
}

/** Nobody begins later by so long, to so few milliseconds, by chance. */
function isSlow(sentMs: readonly number[]): boolean {
  return quantile(gapsOf(sentMs), 0.5) >= SLOW_MS;
}

/**
 * Nobody can pass an event on before it is sent: by the clock where all clients get the same event at once, and by the time
 * since it was asked for where each gets a stream of its own.
 */
function isEarly({ sentMs, arrivalsMs }: Common, reference: Observation, other: Observation): boolean {
  const apartMs = sinceSent(reference, other.sentAt ?? other.startedAt);
  const ahead = Math.max(...sentMs.map((at, index) => at - (arrivalsMs[index] ?? at)));
  return ahead > EARLY_MS && ahead - apartMs > EARLY_MS;
}

/** As a probe with an origin of ours has them. */
export function arrivalsOf(
  seen: Observation,
  sentMs: readonly number[],
  arrivalsMs: readonly number[],
): Arrivals {
  return {
    ...{ sentMs, arrivalsMs, expected: sentMs.length },
    bursts: burstsOf(seen.reads).length,
    framing: seen.head?.framing ?? 'none',
    encoding: seen.head?.encoding ?? 'none',
  };
}

/** In how many pieces they came: those that come right behind each other are one. */
export function piecesOf(times: readonly number[]): number {
  return times.filter((at, index) => index === 0 || at - (times[index - 1] ?? at) > TOGETHER_MS).length;
}

/** Another pace alone is another stream, or comes of uneven stamps. */
export function cameTogether(sentMs: readonly number[], arrivalsMs: readonly number[]): boolean {
  return piecesOf(arrivalsMs) <= FEWER * piecesOf(sentMs);
}

interface Common {
  sentMs: number[];
  arrivalsMs: number[];
  missing: number;
}

/** What tells one event from the others: all of it, or its id alone where the rest differs from stream to stream. */
const KEYS: readonly ((event: ObservedEvent) => string)[] = [
  ({ id, type, data }) => JSON.stringify([id, type, data]),
  ({ id }) => id,
];

function inCommon(reference: Observation, other: Observation): Common | undefined {
  const untilMs = endMs(other);
  const due = reference.events.filter(({ at }) => sinceSent(reference, at) <= untilMs - SETTLED_MS);
  if (due.length < FEWEST_EVENTS) return undefined;
  if (other.events.length === 0) {
    const sentMs = due.map(({ at }) => sinceSent(reference, at));
    return { sentMs, arrivalsMs: sentMs.map(() => untilMs), missing: due.length };
  }
  const [best] = KEYS.map((keyOf) => matched(due, other, keyOf)).sort(
    (a, b) => b.pairs.length - a.pairs.length,
  );
  if (best === undefined || best.pairs.length < FEWEST_EVENTS) return undefined;
  const lags = best.pairs.map(({ sent, came }) => sinceSent(other, came) - sinceSent(reference, sent));
  // Those behind the last that came are held, unless they are on their way for as long as each of the others; one that is missing
  // before it is another matter.
  const tail = due
    .slice(best.lastAt + 1)
    .map(({ at }) => sinceSent(reference, at))
    .filter((at) => untilMs - at >= Math.min(...lags) + SETTLED_MS);
  return {
    sentMs: [...best.pairs.map(({ sent }) => sinceSent(reference, sent)), ...tail],
    arrivalsMs: [...best.pairs.map(({ came }) => sinceSent(other, came)), ...tail.map(() => untilMs)],
    missing: tail.length,
  };
}

function matched(due: readonly ObservedEvent[], other: Observation, keyOf: (event: ObservedEvent) => string) {
  const there = onlyOnes(other.events, keyOf);
  const here = onlyOnes(due, keyOf);
  const pairs: { sent: number; came: number }[] = [];
  let lastAt = -1;
  for (const [index, event] of due.entries()) {
    const key = keyOf(event);
    const came = there.get(key);
    if (key === '' || came === undefined || !here.has(key)) continue;
    pairs.push({ sent: event.at, came: came.at });
    lastAt = index;
  }
  return { pairs, lastAt };
}

/** What comes several times can't be told apart. */
function onlyOnes(events: readonly ObservedEvent[], keyOf: (event: ObservedEvent) => string) {
  const byKey = new Map<string, ObservedEvent | undefined>();
  for (const event of events) byKey.set(keyOf(event), byKey.has(keyOf(event)) ? undefined : event);
  return new Map([...byKey].flatMap(([key, event]) => (event === undefined ? [] : [[key, event] as const])));
}
