import type { SseEvent } from '../sse/sink.ts';
import { compilePath, type JsonPath } from './json-path.ts';
import type { EventFilters } from './options.ts';

/** What is shown of an event: the event itself, its projection, or `undefined` for nothing. */
export type EventView = (event: SseEvent) => SseEvent | undefined;

/** Compiles the filters once; without any, every event is shown as it is. */
export function eventView(filters: EventFilters): EventView {
  const wanted = new Set(filters.event);
  const excluded = new Set(filters.excludeEvent);
  const path = filters.path === undefined ? undefined : compilePath(filters.path);
  return (event) => {
    if (excluded.has(event.event)) return undefined;
    if (wanted.size > 0 && !wanted.has(event.event)) return undefined;
    if (!filters.grep.every((pattern) => pattern.test(event.data))) return undefined;
    return path === undefined ? event : project(event, path);
  };
}

function project(event: SseEvent, path: JsonPath): SseEvent | undefined {
  let value: unknown;
  try {
    value = path(JSON.parse(event.data));
  } catch {
    // Data that is no JSON has no such part: the path names nothing in it.
    return undefined;
  }
  if (value === undefined) return undefined;
  return { ...event, data: typeof value === 'string' ? value : JSON.stringify(value) };
}
