import type { Setting } from './case.ts';

/** Until the first request: programs start, and browsers open a page. */
export const FIRST_REQUEST_MS = 15_000;

/** Clients that don't take over `retry:` come back after 1 to 5 s of their own. */
const RETURN_MS = 12_000;

/** Until an event that has been sent is reported. */
const REPORT_MS = 6_000;

const LEAST_SILENCE_MS = 2_000;
const LONGEST_SILENCE_MS = 15_000;

/**
 * How long to wait for a client that ought to come back, milliseconds. All these are generous: they cost time only
 * where the client does wrong, and a busy machine must not make it look so.
 *
 * @param usualWaitMs how long it took where it did come back
 */
export function returnPatienceMs(usualWaitMs = 0): number {
  return Math.max(RETURN_MS, 3 * usualWaitMs);
}

/** As {@link returnPatienceMs}, for a report that ought to come. */
export function reportPatienceMs(usualWaitMs: number | undefined, setting: Setting): number {
  return setting === 'wire' ? returnPatienceMs(usualWaitMs) : Math.max(REPORT_MS, 3 * (usualWaitMs ?? 0));
}

/** A silence that shows that the client does not come back: three times what it takes where it does, and more. */
export function silenceMs(usualWaitMs = 0): number {
  return Math.min(LONGEST_SILENCE_MS, LEAST_SILENCE_MS + 3 * usualWaitMs);
}
