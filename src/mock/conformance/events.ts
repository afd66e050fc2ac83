import { CLOSING_DATA } from './acts.ts';
import type { Observed, ReportedEvent } from './observed.ts';
import { fail, inSeconds, notMeasured, numbered, pass, shown, type Verdict } from './verdict.ts';

/** What a client must hand over: a text stands for a `message` with that data. */
export type ExpectedEvent = string | { event: string; data: string };

export const NEEDS_REPORTS = 'needs an adapter, which reports events';

/** Judges the events that a client handed over: these, in this order, and no other. */
export function judgeEvents(observed: Observed, expected: readonly ExpectedEvent[]): Verdict | undefined {
  const { events, requests, closed, over, patienceMs } = observed;
  if (events === undefined) return notMeasured(NEEDS_REPORTS);
  const complete = closed || over;
  const mismatch = firstMismatch(events, expected, complete);
  if (requests.length === 0) {
    return over ? notMeasured(`the client made no request in ${inSeconds(patienceMs)}`) : undefined;
  }
  if (mismatch !== undefined) return fail(mismatch);
  return complete ? pass(`handed over ${describe(events)}`) : undefined;
}

function firstMismatch(
  events: readonly ReportedEvent[],
  expected: readonly ExpectedEvent[],
  complete: boolean,
): string | undefined {
  for (const [index, wanted] of expected.entries()) {
    const got = events[index];
    if (got === undefined) return complete ? missing(events, expected) : undefined;
    const { event, data } = typeof wanted === 'string' ? { event: 'message', data: wanted } : wanted;
    const which = expected.length === 1 ? 'the event' : `event ${index + 1}`;
    if (got.data !== data) return `${which} had data ${shown(got.data)}, not ${shown(data)}`;
    if (got.event !== event) return `${which} was of type ${shown(got.event)}, not ${shown(event)}`;
  }
  const extra = events[expected.length];
  if (extra === undefined) return undefined;
  return `an event that nobody sent: type ${shown(extra.event)}, data ${shown(extra.data)}`;
}

function missing(events: readonly ReportedEvent[], expected: readonly ExpectedEvent[]): string {
  if (events.length === 0) return `${numbered(expected.length, 'event')} sent, none handed over`;
  return `${numbered(expected.length, 'event')} sent, ${events.length} handed over: ${describe(events)}`;
}

function describe(events: readonly ReportedEvent[]): string {
  if (events.length === 0) return 'nothing';
  return events
    .map(({ event, data }) => (event === 'message' ? shown(data) : `${event}: ${shown(data)}`))
    .join(', ');
}

/** Whether this is, or contains, the event that closes a case. */
export function closes({ data }: ReportedEvent): boolean {
  return data.includes(CLOSING_DATA);
}

/** Whether it came as it was sent, and is no part of what is judged. */
export function isClosingEvent({ event, data }: ReportedEvent): boolean {
  return event === 'message' && data === CLOSING_DATA;
}
