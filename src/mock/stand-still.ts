/** Longest that the fault `freeze` may hold a process up. */
const LONGEST_MS = 60_000;

/** Nothing of this process runs meanwhile: what a long garbage collection or a hung machine looks like. */
export function standStill(ms: number): void {
  if (ms > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Math.min(ms, LONGEST_MS));
}
