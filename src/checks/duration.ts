/** From here on, minutes are told as such. */
const MINUTES_FROM_MS = 119_950;

/** As a summary has it: `3 ms`, `1.51 s`, `60.0 s`, `5m 00s`, `1h 00m`. */
export function durationText(ms: number): string {
  if (ms < 1_000) return `${Math.ceil(ms)} ms`;
  if (ms < MINUTES_FROM_MS) return `${(ms / 1_000).toFixed(ms < 10_000 ? 2 : 1)} s`;
  const seconds = Math.round(ms / 1_000);
  return seconds < 3_600
    ? `${Math.floor(seconds / 60)}m ${twoDigits(seconds % 60)}s`
    : `${Math.floor(seconds / 3_600)}h ${twoDigits(Math.floor(seconds / 60) % 60)}m`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}

/** Milliseconds as results have them: with one decimal. */
export function tenthsOf(ms: number): number;
export function tenthsOf(ms: number | null): number | null;
export function tenthsOf(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms * 10) / 10;
}
