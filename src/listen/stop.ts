import type { ClientReason } from '../client/records.ts';
import type { SseEvent } from '../sse/sink.ts';
import type { StopConditions } from './options.ts';

/** Tells after each event whether the run has what it was waiting for. */
export interface StopTest {
  (event: SseEvent, shownEvents: number): Extract<ClientReason, 'until' | 'max'> | undefined;
  /** Some `--until` is given: the end without it is a failure. */
  readonly awaits: boolean;
}

/** `--until` looks at every event, shown or not; `--max-events` counts the shown ones. */
export function stopTest(stop: StopConditions): StopTest {
  const texts = new Set(stop.untilData);
  const names = new Set(stop.untilEvent);
  const patterns = stop.untilRegex ?? [];
  const maxEvents = stop.maxEvents ?? Number.POSITIVE_INFINITY;
  const awaits = texts.size > 0 || names.size > 0 || patterns.length > 0;
  const matches = (event: SseEvent) =>
    texts.has(event.data) || names.has(event.event) || patterns.some((pattern) => pattern.test(event.data));
  const test = (event: SseEvent, shownEvents: number) => {
    if (awaits && matches(event)) return 'until' as const;
    return shownEvents >= maxEvents ? ('max' as const) : undefined;
  };
  return Object.assign(test, { awaits });
}
