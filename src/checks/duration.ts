/** As a summary has it: `3 ms`, `1.51 s`, `60.0 s`. */
export function durationText(ms: number): string {
  if (ms < 1_000) return `${Math.ceil(ms)} ms`;
  return `${(ms / 1_000).toFixed(ms < 10_000 ? 2 : 1)} s`;
}

/** Milliseconds as results have them: with one decimal. */
export function tenthsOf(ms: number): number;
export function tenthsOf(ms: number | null): number | null;
export function tenthsOf(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms * 10) / 10;
}
