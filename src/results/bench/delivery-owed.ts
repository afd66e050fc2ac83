import { NumberSpans, type SpanChanges, timesInSpans } from '../../stats/number-spans.ts';
import type { Evidence } from '../../stats/sequence-tally.ts';

/**
 * Streams that got nothing more of what was published in a span of time, up to their end. Whether there was something is
 * known to the publisher alone, when it is done.
 */
export interface Owed {
  /** Of how many streams this holds, and one of them, for an example. */
  streams: number;
  stream: number;
  /** The highest number that they had; `undefined`: they never had one. */
  after: number | undefined;
  /** They were owed what was sent later than `from`, and no later than `until`: milliseconds on the monotonic clock. */
  from: number;
  until: number;
}

/** What a publisher knows of what it sent. */
export interface SendLog {
  /** When the n-th was sent, on the monotonic clock, at n − 1; ascending. */
  sentMs: Float64Array;
  /** Those that nobody took, as far as is known: they are owed to nobody. */
  failedNumbers: readonly number[];
}

/** What streams were owed, once it is known what was sent. */
export interface Settled {
  /** Published events that did not come, over all streams that had had one. */
  missing: number;
  missingNumbers: SpanChanges;
  evidence: Evidence[];
  /** Streams that never had a published event, although some were sent while they were there. */
  unreached: number;
  /** One of them, and how many events it was owed. */
  anUnreached: { stream: number; events: number } | undefined;
}

/** So many examples of each are kept. */
const EXAMPLES = 3;

export function settle(owed: readonly Owed[], { sentMs, failedNumbers }: SendLog): Settled {
  const failed = new Set(failedNumbers);
  const numbers = [...sentMs.keys()].map((index) => index + 1).filter((n) => !failed.has(n));
  const times = numbers.map((n) => sentMs[n - 1] as number);
  const spans = new NumberSpans();
  const settled: Settled = {
    ...{ missing: 0, missingNumbers: new Float64Array(), evidence: [] },
    ...{ unreached: 0, anUnreached: undefined },
  };
  for (const { streams, stream, after, from, until } of owed) {
    const first = countUpTo(times, from);
    const events = countUpTo(times, until) - first;
    if (events <= 0) continue;
    if (after === undefined) {
      settled.unreached += streams;
      settled.anUnreached ??= { stream, events };
      continue;
    }
    const range = { from: numbers[first] as number, to: numbers[first + events - 1] as number };
    settled.missing += events * streams;
    if (settled.evidence.length < EXAMPLES)
      settled.evidence.push({ kind: 'missing', stream, ...range, after });
    spans.add(range.from, range.to, streams);
  }
  settled.missingNumbers = spans.take();
  return settled;
}

/** Numbers that some streams missed and others got. */
export interface PartlyDelivered {
  count: number;
  /** The first few ranges of them. */
  examples: readonly (readonly [from: number, to: number])[];
}

/** @param failedNumbers are left out: of them nothing was to be expected */
export function partialOf(
  missing: SpanChanges,
  got: SpanChanges,
  failedNumbers: readonly number[],
): PartlyDelivered {
  const ranges = inBoth(missing, got);
  const all = new NumberSpans();
  let count = 0;
  for (const [from, to] of ranges) {
    count += to - from + 1;
    all.add(from, to, 1);
  }
  const failed = [...failedNumbers].sort((a, b) => a - b);
  const examples: [number, number][] = [];
  for (const [from, to] of ranges) {
    examples.push(...rangesWithout(from, to, failed));
    if (examples.length >= EXAMPLES) break;
  }
  return { count: count - timesInSpans(all.take(), failed), examples: examples.slice(0, EXAMPLES) };
}

/** What is left of a range without some numbers, which ascend. */
export function rangesWithout(from: number, to: number, numbers: readonly number[]): [number, number][] {
  const within = numbers.filter((number) => number >= from && number <= to);
  const ends = [from - 1, ...within, to + 1];
  return ends
    .slice(1)
    .map((end, index): [number, number] => [(ends[index] as number) + 1, end - 1])
    .filter(([first, last]) => first <= last);
}

/** Ranges of the numbers that lie in spans of either, and meet no other such range. */
function inBoth(one: SpanChanges, other: SpanChanges): [from: number, to: number][] {
  const steps = new Map<number, [number, number]>();
  for (const [which, changes] of [one, other].entries()) {
    for (let at = 0; at + 1 < changes.length; at += 2) {
      const step = steps.get(changes[at] as number) ?? [0, 0];
      step[which as 0 | 1] += changes[at + 1] as number;
      steps.set(changes[at] as number, step);
    }
  }
  const ranges: [number, number][] = [];
  const levels = [0, 0] as [number, number];
  let since: number | undefined;
  for (const [number, step] of [...steps].sort(([a], [b]) => a - b)) {
    levels[0] += step[0];
    levels[1] += step[1];
    const both = levels[0] > 0 && levels[1] > 0;
    if (both) since ??= number;
    else if (since !== undefined) {
      ranges.push([since, number - 1]);
      since = undefined;
    }
  }
  return ranges;
}

/** How many of ascending values are no greater. */
function countUpTo(ascending: readonly number[], value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] as number) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
