import { MAX_WAIT_MS } from '../../client/retry-after.ts';
import { formatDuration, parseDuration, parseSeconds } from '../../notation/duration.ts';
import { Flag } from './flag.ts';

/** The waits before reconnects. */
export function waitFlags(group: string): Flag[] {
  return [
    new Flag('--retry-delay <time>', 'wait before a reconnect, where the server names none (3s)', {
      group,
      parse: (text) => parseSeconds(text, { maxMs: MAX_WAIT_MS }),
    }),
    new Flag('--retry-max <time>', 'longest wait after repeated failures (30s)', {
      group,
      parse: (text) => parseDuration(text, { maxMs: MAX_WAIT_MS }),
    }),
  ];
}

/** The HTML standard leaves the first wait to the browser; 3 s is what most take. */
export const RETRY_DELAY_MS = 3_000;
export const RETRY_MAX_MS = 30_000;

/** What to tell whoever limits waits to less than the first one: it is the limit that gives way. */
export function waitNote(retryMaxMs: number | undefined, retryDelayMs: number): string | undefined {
  if (retryMaxMs === undefined || retryMaxMs >= retryDelayMs) return undefined;
  const wait = formatDuration(retryDelayMs);
  return `--retry-max ${formatDuration(retryMaxMs)} is less than the first wait (--retry-delay, ${wait}): the longest is ${wait}`;
}
