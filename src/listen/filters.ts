import type { SseEvent } from '../sse/sink.ts';
import { compilePart, type PartPicker } from './json-part.ts';
import type { EventFilters } from './options.ts';

/** What is shown of an event: the event itself, its projection, or `undefined` for nothing. */
export type EventView = (event: SseEvent) => SseEvent | undefined;

/** Compiles the filters once; without any, every event is shown as it is. */
export function eventView(filters: EventFilters): EventView {
  const wanted = new Set(filters.event);
  const excluded = new Set(filters.excludeEvent);
  const part = filters.path === undefined ? undefined : compilePart(filters.path, '--path');
  return (event) => {
    if (excluded.has(event.event)) return undefined;
    if (wanted.size > 0 && !wanted.has(event.event)) return undefined;
    if (!filters.grep.every((pattern) => pattern.test(event.data))) return undefined;
    return part === undefined ? event : project(event, part);
  };
}

function project(event: SseEvent, part: PartPicker): SseEvent | undefined {
  let json: unknown;
  try {
    json = JSON.parse(event.data);
  } catch {
    // Data that is no JSON has no such part: the path names nothing in it.
    return undefined;
  }
  const data = part(json, event.data)?.text;
  return data === undefined ? undefined : { ...event, data };
}
