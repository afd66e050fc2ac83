import type { Marks } from '../client/records.ts';
import type { Timing } from '../results/listen.ts';

const MARKS = ['dns', 'tcp', 'tls', 'sent', 'headers', 'firstByte', 'firstComment', 'firstEvent'] as const;

/** The marks reached so far, as milliseconds from the attempt's start. */
export function timingOf(marks: Readonly<Marks>): Timing {
  const timing: Timing = {};
  for (const name of MARKS) {
    const at = marks[name];
    if (at !== undefined) timing[name] = at - marks.start;
  }
  return timing;
}
