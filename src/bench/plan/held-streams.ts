import { type Curve, countBelow, crossing, isAbove } from './curve.ts';
import type { Arrival } from './plan.ts';

/**
 * The closed model: slot k is taken while the curve of open streams lies above k. Where it rises slot k opens the
 * moment the curve has come to k (with 1,000 streams over a ramp of 5 s, slot k at k · 5 ms, the first at 0); where it
 * falls, the stream of slot k leaves when the curve is down at k, so that the last to come is the first to leave.
 */
export function* heldStreams(curve: Curve): Generator<Arrival> {
  const endMs = curve.at(-1)?.toMs ?? 0;
  let index = 0;
  for (const [place, stretch] of curve.entries()) {
    // Where the curve falls or stays there is nothing between the bounds.
    for (let slot = countBelow(stretch.from); slot < countBelow(stretch.to); slot += 1) {
      const atMs = crossing(stretch, slot);
      const untilMs = leavesAt(curve, place + 1, slot);
      // One that would leave as the run ends stays to its end.
      yield untilMs < endMs ? { index, atMs, untilMs } : { index, atMs };
      index += 1;
    }
  }
}

/** How many {@link heldStreams} gives. */
export function countHeldStreams(curve: Curve): number {
  return curve.reduce((sum, { from, to }) => sum + Math.max(0, countBelow(to) - countBelow(from)), 0);
}

/** When the curve, above a slot at the start of a stretch, comes down to it; `Infinity`: never. */
function leavesAt(curve: Curve, first: number, slot: number): number {
  for (let place = first; place < curve.length; place += 1) {
    const stretch = curve[place];
    if (stretch !== undefined && !isAbove(stretch.to, slot)) return crossing(stretch, slot);
  }
  return Infinity;
}
