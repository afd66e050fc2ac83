import { fileURLToPath } from 'node:url';

function inCheckout(path: string): string {
  return fileURLToPath(new URL(`../../${path}`, import.meta.url));
}

/** The built program. */
export const SSEKIT = inCheckout('bin/ssekit.js');
/** What was measured, for machines. */
export const RESULTS = inCheckout('perf.json');
/** What was measured, for people. */
export const PAGE = inCheckout('docs/performance.md');
