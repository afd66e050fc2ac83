import type { Burst } from './bursts.ts';

/** What came when all was to be there. */
export interface Overtime {
  /** In so many pieces, over so long: none where it came all together, as by the end of an answer. */
  pieces: number;
  /** How long behind the time the last one came. */
  ms: number;
  /** How fast the answer came from its first byte to its last. */
  bytesPerSecond: number;
}

const GRACE_MS = 100;
/** Who lets go at the end lets go of everything. */
const FEWEST_PIECES = 4;
const SHORTEST_MS = 500;

/** @param dueAt when the last byte was to be written, on the scale of the bursts */
export function overtimeOf(bursts: readonly Burst[], dueAt: number): Overtime {
  const late = bursts.filter(({ at }) => at > dueAt + GRACE_MS);
  const [first, last] = [bursts[0], bursts.at(-1)];
  const forMs = (late.at(-1)?.at ?? 0) - (late[0]?.at ?? 0);
  if (first === undefined || last === undefined || late.length < FEWEST_PIECES || forMs < SHORTEST_MS) {
    return { pieces: 0, ms: 0, bytesPerSecond: 0 };
  }
  const bytes = bursts.slice(1).reduce((sum, burst) => sum + burst.bytes, 0);
  return {
    pieces: late.length,
    ms: last.at - dueAt,
    bytesPerSecond: Math.round((bytes / (last.at - first.at)) * 1_000),
  };
}
