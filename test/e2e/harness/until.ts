import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 5;

/** Waits for a condition, however long the machine takes; past the deadline the test fails and says what was awaited. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what: string | (() => string) = () => String(condition),
  deadlineMs = 60_000,
): Promise<void> {
  const end = Date.now() + deadlineMs;
  while (!(await condition())) {
    if (Date.now() > end)
      throw new Error(`waited ${deadlineMs} ms for ${typeof what === 'string' ? what : what()}`);
    await sleep(POLL_MS);
  }
}
