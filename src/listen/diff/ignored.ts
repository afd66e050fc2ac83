import { usageError } from '../../client/errors.ts';
import { pathSteps } from '../json-path.ts';
import type { RecordedEvent } from './recorded-run.ts';

type Steps = readonly (string | number)[];

/** What of events is not compared. */
export interface Ignored {
  id: boolean;
  /** Paths into JSON data. */
  data: readonly Steps[];
}

export const NOTHING_IGNORED: Ignored = { id: false, data: [] };

/**
 * Reads what a comparison prints of a change: `id`, or a path such as `data.items[0].price`.
 *
 * @param name of the flag, for messages
 * @throws SseKitError exit 2
 */
export function parseIgnored(paths: readonly string[], name: string): Ignored {
  const data: Steps[] = [];
  for (const path of paths.filter((each) => each !== 'id')) {
    const [first, ...steps] = pathSteps(path, name);
    if (first !== 'data' || steps.length === 0) {
      throw usageError(
        `${name}: "${path}" is no part of an event that can be left out`,
        'Accepted: id, or a path into JSON data as a comparison prints it, such as data.timestamp.',
      );
    }
    data.push(steps);
  }
  return { id: paths.includes('id'), data };
}

/** The event as it is compared. */
export function withoutIgnored(event: RecordedEvent, ignored: Ignored): RecordedEvent {
  if (!ignored.id && ignored.data.length === 0) return event;
  const id = ignored.id ? undefined : event.id;
  return { ...event, id, data: withoutPaths(event.data, ignored.data) };
}

function withoutPaths(data: string, paths: readonly Steps[]): string {
  if (!/^\s*[[{]/.test(data)) return data;
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch {
    // Text has no paths.
    return data;
  }
  let left = false;
  for (const steps of paths) left = leaveOut(value, steps) || left;
  return left ? JSON.stringify(value) : data;
}

/** In place; what is left out of a list leaves its place empty, so that the others keep theirs. */
function leaveOut(value: unknown, steps: Steps): boolean {
  let holder = value;
  for (const step of steps.slice(0, -1)) holder = own(holder, step);
  const last = steps.at(-1);
  if (last === undefined || own(holder, last) === undefined) return false;
  if (Array.isArray(holder)) holder[Number(last)] = null;
  else delete (holder as Record<string | number, unknown>)[last];
  return true;
}

function own(value: unknown, step: string | number): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
  return (value as Record<string | number, unknown>)[step];
}
