const LONGEST = 1000 * 3_600_000;

/**
 * A duration for people: `0.4 ms`, `12 ms`, `1.25 s`, `30 s`, `2m 05s`, `1h 02m`. Three digits at most say
 * anything; trailing zeros are left out, and figures beyond 1000 h, which no stream lives to see.
 */
export function formatDuration(ms: number): string {
  if (!Number.isFinite(ms)) return ms > 0 ? 'for ever' : '–';
  if (ms < 0) return `-${formatDuration(-ms)}`;
  if (ms < 9.95) return `${trimmed(ms, 1)} ms`;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms > LONGEST) return 'more than 1000 h';
  const seconds = ms / 1000;
  if (seconds < 9.995) return `${trimmed(seconds, 2)} s`;
  if (seconds < 59.95) return `${trimmed(seconds, 1)} s`;
  const whole = Math.round(seconds);
  const pad = (value: number) => String(value).padStart(2, '0');
  if (whole < 3600) return `${Math.floor(whole / 60)}m ${pad(whole % 60)}s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)}h ${pad(minutes % 60)}m`;
}

/** A gap in a column, without inner space: `+0`, `+12ms`, `+1.25s`, `+2m05s`, at most `+1000h00m`. At most seven wide under 100 h. */
export function formatDelta(ms: number): string {
  if (ms < 0.05) return '+0';
  return `+${formatDuration(Math.min(ms, LONGEST)).replaceAll(' ', '')}`;
}

/** Time since the start in a column: seconds with three decimals, `0.052s`, so that lines sort and subtract. */
export function formatElapsed(ms: number): string {
  return `${(ms / 1000).toFixed(3)}s`;
}

function trimmed(value: number, decimals: number): string {
  return String(Number(value.toFixed(decimals)));
}
