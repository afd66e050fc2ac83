import { setTimeout as delay } from 'node:timers/promises';

/** So long, or until the signal aborts: who comes behind it looks at the signal. */
export async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => {});
}
