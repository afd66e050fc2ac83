import type { Observation } from '../observation/observation.ts';
import { gapsOf } from './gaps.ts';

/** Bytes that came together, in one read or in several right behind each other. */
export interface Burst {
  /** Of its first read. */
  at: number;
  bytes: number;
}

/** Reads closer to each other than this came of one piece … */
const TOGETHER_MS = 3;
/** … and those closer than this share of the usual pause: a large piece takes a busy machine its time to read. */
const TOGETHER_SHARE = 1 / 8;

export function burstsOf(reads: Observation['reads']): Burst[] {
  const togetherMs = Math.max(TOGETHER_MS, TOGETHER_SHARE * usualPause(reads));
  const bursts: Burst[] = [];
  let lastAt = Number.NEGATIVE_INFINITY;
  for (const { at, bytes } of reads) {
    const burst = bursts.at(-1);
    if (burst !== undefined && at - lastAt < togetherMs) burst.bytes += bytes;
    else bursts.push({ at, bytes });
    lastAt = at;
  }
  return bursts;
}

/** Half of the time is spent in pauses as long as this, or longer: many short ones between reads of a piece weigh little. */
function usualPause(reads: Observation['reads']): number {
  const pauses = gapsOf(reads.map(({ at }) => at));
  pauses.sort((a, b) => b - a);
  const half = pauses.reduce((sum, pause) => sum + pause, 0) / 2;
  let spent = 0;
  for (const pause of pauses) {
    spent += pause;
    if (spent >= half) return pause;
  }
  return 0;
}

/** The size that most bursts have, and how many of how many have it. */
export interface ModalSize {
  bytes: number;
  n: number;
  of: number;
}

/** The last one is left out: it is what was left over. */
export function modalSize(bursts: readonly Burst[]): ModalSize | undefined {
  const counts = new Map<number, number>();
  for (const { bytes } of bursts.slice(0, -1)) counts.set(bytes, (counts.get(bytes) ?? 0) + 1);
  let modal: ModalSize | undefined;
  for (const [bytes, n] of counts)
    if (n > (modal?.n ?? 0)) modal = { bytes, n, of: Math.max(0, bursts.length - 1) };
  return modal;
}

/** In so great a share of bursts a size shows through. */
const MOST_IN_UNITS = 0.8;
const FEWEST_IN_UNITS = 4;
/** A few sizes are enough to find what they have in common. */
const MOST_SIZES = 40;

/**
 * The size of a buffer where a busy machine reads several of its pieces at once: nearly all bursts are multiples of it, and it is
 * none of the events that were sent. Nothing but a buffer cuts events into pieces of one size.
 */
export function unitSize(bursts: readonly Burst[], eventBytes: number): ModalSize | undefined {
  // The first one may lack what the head took, the last one is what was left over.
  const sizes = bursts.slice(1, -1).map(({ bytes }) => bytes);
  if (sizes.length < FEWEST_IN_UNITS) return undefined;
  const distinct = [...new Set(sizes)].slice(0, MOST_SIZES);
  const units = new Set(distinct.flatMap((a) => distinct.map((b) => commonDivisor(a, b))));
  return [...units]
    .filter((bytes) => bytes > 1.5 * eventBytes && bytes % eventBytes !== 0)
    .sort((a, b) => b - a)
    .map((bytes) => ({ bytes, n: sizes.filter((size) => size % bytes === 0).length, of: sizes.length }))
    .find(({ n, of }) => n >= MOST_IN_UNITS * of);
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}

/** Of how much of the time between two bursts a timer may be off. */
const OFF_BEAT = 0.15;
/** So many of the times between bursts have to fit. */
const MOST_ON_BEAT = 0.75;
const FEWEST_BEATS = 3;

/**
 * The period of a timer that lets bursts go: the usual time between two, where nearly all others are about so long, or twice
 * (nothing was there at a beat).
 */
export function beatOf(times: readonly number[]): number | undefined {
  const gaps = gapsOf(times);
  // What follows on the last beat is the end.
  if (gaps.length < FEWEST_BEATS) return undefined;
  const beat = quantile(gaps, 0.5);
  if (beat <= 0) return undefined;
  const onBeat = gaps.filter((gap) => {
    const beats = Math.round(gap / beat);
    return beats >= 1 && beats <= 3 && Math.abs(gap / beat - beats) <= OFF_BEAT;
  });
  return onBeat.length >= MOST_ON_BEAT * gaps.length ? beat : undefined;
}

/** Of a few pauses none differs by more than such a share, and sizes differ by more than such a one. */
const FEW_ALIKE = 0.15;
const FEW_UNLIKE = 0.25;

/**
 * How long a timer holds bursts of which there are only a few: they are as far apart as the first one is from the beginning, and not
 * of one size, since what is sent meanwhile is more at one time than at another.
 *
 * @param fromMs when the first byte was sent, on the same scale
 */
export function pauseOfFew(bursts: readonly Burst[], fromMs: number): number | undefined {
  // The end lets the last one go.
  const whole = bursts.slice(0, -1);
  if (whole.length < 2) return undefined;
  const pauses = whole.map(({ at }, index) => at - (whole[index - 1]?.at ?? fromMs));
  const isTimed =
    unlikeness(pauses) <= FEW_ALIKE && unlikeness(whole.map(({ bytes }) => bytes)) >= FEW_UNLIKE;
  return isTimed ? quantile(pauses, 0.5) : undefined;
}

/** How far the smallest and the largest are apart, beside the largest. */
export function unlikeness(values: readonly number[]): number {
  const most = Math.max(...values);
  return (most - Math.min(...values)) / most;
}

/** Pauses at half the rate are twice as long where a size lets go; no longer than so many times where a timer does. */
const AS_LONG = 1.4;

/**
 * How long a timer holds bursts whose beat a busy machine has blurred: the pause between two that stays the same, usually,
 * where the rate of what is sent falls to a half.
 *
 * @param slowerAt when it fell, on the same scale
 */
export function pauseAtAnyRate(times: readonly number[], slowerAt: number): number | undefined {
  const usual = (some: readonly number[]) => {
    const pauses = gapsOf(some);
    return pauses.length < FEWEST_BEATS ? undefined : quantile(pauses, 0.5);
  };
  const fast = usual(times.filter((at) => at < slowerAt));
  const slow = usual(times.filter((at) => at >= slowerAt));
  if (fast === undefined || slow === undefined || fast === 0) return undefined;
  return slow <= AS_LONG * fast && fast <= AS_LONG * slow ? usual(times) : undefined;
}

/** The smallest value that so great a share of all doesn't exceed; 0 of none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}
