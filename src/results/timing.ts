import type { Marks } from '../client/records.ts';
import type { Timing } from './listen.ts';

const MARKS = ['dns', 'tcp', 'tls', 'sent', 'headers', 'firstByte', 'firstComment', 'firstEvent'] as const;

/** The marks reached so far, as milliseconds from the attempt's start. */
export function timingOf(marks: Readonly<Marks>): Timing {
  return since(marks, MARKS);
}

/** The marks of an attempt that is over, its end included. */
export function wholeTimingOf(marks: Readonly<Marks>): Timing & { end?: number } {
  return since(marks, [...MARKS, 'end']);
}

function since<Name extends keyof Marks>(
  marks: Readonly<Marks>,
  names: readonly Name[],
): Partial<Record<Name, number>> {
  const timing: Partial<Record<Name, number>> = {};
  for (const name of names) {
    const at = marks[name];
    if (at !== undefined) timing[name] = at - marks.start;
  }
  return timing;
}
