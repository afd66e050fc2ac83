import type { Stage } from '../options.ts';

/** A straight stretch of a curve: from a level to a level, over a time that may be none (a jump). */
export interface Stretch {
  fromMs: number;
  toMs: number;
  from: number;
  to: number;
}

/**
 * How high the load is wanted at each time of a run: streams open, or starts per second. Each stretch begins where the
 * one before it ended, in time and in level; the first at level 0.
 */
export type Curve = readonly Stretch[];

/** Levels and counts are computed; two that lie nearer than this are one. */
const ROUNDING = 1e-6;

/** Goes through the stages, stays where the last one ended, and is cut off at the end of the run. */
export function curveThrough(stages: readonly Stage[], durationMs: number): Curve {
  const curve: Stretch[] = [];
  let fromMs = 0;
  let from = 0;
  for (const { durationMs: lengthMs, target: to } of stages) {
    const before = curve.at(-1);
    // Jumps at one time are one jump: what lies between them never was.
    if (lengthMs === 0 && before?.fromMs === fromMs) before.to = to;
    else curve.push({ fromMs, toMs: fromMs + lengthMs, from, to });
    fromMs += lengthMs;
    from = to;
  }
  curve.push({ fromMs, toMs: Math.max(fromMs, durationMs), from, to: from });
  return curve
    .filter((stretch) => stretch.fromMs < durationMs)
    .map((stretch) =>
      stretch.toMs > durationMs
        ? { ...stretch, toMs: durationMs, to: levelOn(stretch, durationMs) }
        : stretch,
    );
}

/** The level at a time: where the curve jumps then, behind the jump; past its end, that of the end. */
export function levelAt(curve: Curve, ms: number): number {
  const stretch = curve.findLast(({ fromMs }) => fromMs <= ms);
  return stretch === undefined ? 0 : levelOn(stretch, ms);
}

export function highest(curve: Curve): number {
  return Math.max(0, ...curve.map(({ to }) => to));
}

/** When a stretch that isn't level comes to a level, which lies between those of its ends. */
export function crossing({ fromMs, toMs, from, to }: Stretch, level: number): number {
  const ms = fromMs + ((level - from) * (toMs - fromMs)) / (to - from);
  return Math.min(toMs, Math.max(fromMs, ms));
}

/** By more than rounding. */
export function isAbove(level: number, other: number): boolean {
  return level - other > ROUNDING;
}

/** How many of 0, 1, 2, … lie below a level: the places that it holds open, the starts that it has had. */
export function countBelow(level: number): number {
  return Math.max(0, Math.ceil(level - ROUNDING));
}

function levelOn({ fromMs, toMs, from, to }: Stretch, ms: number): number {
  if (ms >= toMs) return to;
  return from + ((to - from) * (ms - fromMs)) / (toMs - fromMs);
}
