/** A timer above 2³¹−1 ms fires at once: whatever a server asks for, no wait is longer than this. */
export const MAX_WAIT_MS = 60 * 60 * 1000;

/** A wait that a server asked for. */
export interface RetryAfter {
  /** Milliseconds, at most 1 h. */
  ms: number;
  /** It asked for more than that. */
  clamped: boolean;
}

/**
 * What `Retry-After` (RFC 9110 §10.2.3) asks for, from seconds or a date, clamped to 1 h; `undefined` where it says
 * nothing that can be understood.
 *
 * @param nowMs wall clock, milliseconds since the epoch
 */
export function parseRetryAfter(header: string, nowMs: number): RetryAfter | undefined {
  const text = header.trim();
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : dateMs(text) - nowMs;
  if (Number.isNaN(ms)) return undefined;
  return { ms: Math.min(Math.max(ms, 0), MAX_WAIT_MS), clamped: ms > MAX_WAIT_MS };
}

/** Every form of date in HTTP begins with its weekday; `Date.parse` alone finds dates in `-5` and `1.5` too. */
function dateMs(text: string): number {
  return /^(?:mon|tue|wed|thu|fri|sat|sun)/i.test(text) ? Date.parse(text) : Number.NaN;
}
