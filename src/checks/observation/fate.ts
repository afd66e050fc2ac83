import type { Observation } from './observation.ts';

/** What became of a request for a stream that had no event: `waits`, `status 503`, `eof`, `connect_error`, … */
export function fateOf({ end, head }: Observation): string {
  if (end === undefined || end.info.reason === 'client') return 'waits';
  return head !== undefined && head.status !== 200 ? `status ${head.status}` : end.info.reason;
}

/** `39 HTTP 503, 2 closed without an answer` */
export function fatesText(fates: Readonly<Record<string, number>>): string {
  return Object.entries(fates)
    .map(([fate, times]) => `${times} ${fateText(fate)}`)
    .join(', ');
}

/** `HTTP 503`, `closed without an answer` */
export function fateText(fate: string): string {
  return WORDS[fate] ?? fate.replace(/^status /, 'HTTP ');
}

/** The commonest of them, and how often. */
export function usualFate(
  fates: Readonly<Record<string, number>>,
): [fate: string, times: number] | undefined {
  return Object.entries(fates).sort(([, a], [, b]) => b - a)[0];
}

const WORDS: Readonly<Record<string, string>> = {
  waits: 'waited',
  eof: 'ended with no event',
  truncated: 'ended in the middle of an event',
  copy: 'answered with a copy',
  connect_error: 'could not connect',
  protocol: 'closed without an answer',
};
