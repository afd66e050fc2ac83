import { descend } from '../../notation/json-path.ts';
import { sameValue } from './fingerprint.ts';
import { canonical, isComposite, LongNumber, parseJson, scalarText } from './json-value.ts';
import { type Sides, sides } from './sides.ts';

/** A part of an event that differs: as JSON, or text as it is where the data is no JSON. */
export interface ValueChange extends Sides {
  /** `event`, `id`, `data`, or a path into JSON data as `--path` takes it, after `data`: `data.items[0].price`. */
  path: string;
}

interface Content {
  event: string;
  id?: string | undefined;
  data: string;
}

/** Beyond it, an event is another one. */
const MOST_CHANGES = 50;

const PLAIN_KEY = /^[\p{L}_$][\p{L}\p{N}_$-]*$/u;

/** What differs between two events that are taken for the same one. */
export function valueChanges(a: Content, b: Content): ValueChange[] {
  const changes: ValueChange[] = [];
  if (a.event !== b.event) changes.push({ path: 'event', a: a.event, b: b.event });
  if ((a.id ?? '') !== (b.id ?? '')) changes.push({ path: 'id', ...sides(a.id, b.id) });
  if (a.data === b.data || sameValue(a.data, b.data)) return changes;
  const inside = insideChanges(a.data, b.data);
  // None: one of them is no JSON, or they are nested so deeply that they are compared as they are written.
  return [...changes, ...(inside.length > 0 ? inside : [{ path: 'data', a: a.data, b: b.data }])];
}

function insideChanges(textA: string, textB: string): ValueChange[] {
  const [a, b] = [parseJson(textA), parseJson(textB)];
  if (!isComposite(a) || !isComposite(b) || Array.isArray(a) !== Array.isArray(b)) return [];
  const changes: ValueChange[] = [];
  // A list of what is to be compared, as values may be nested as deeply as an event is long.
  const pending: { path: string; a: unknown; b: unknown }[] = [{ path: 'data', a, b }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (changes.length === MOST_CHANGES) break;
    if (isComposite(next.a) && isComposite(next.b) && Array.isArray(next.a) === Array.isArray(next.b)) {
      const [inA, inB] = [next.a, next.b];
      const isList = Array.isArray(inA);
      const keys = [...new Set([...Object.keys(inA), ...Object.keys(inB)])].reverse();
      for (const key of keys) {
        const path = isList ? `${next.path}[${key}]` : next.path + step(key);
        const part = isList ? Number(key) : key;
        pending.push({ path, a: descend(inA, part), b: descend(inB, part) });
      }
    } else if (!isSame(next.a, next.b)) {
      changes.push({ path: next.path, ...sides(json(next.a), json(next.b)) });
    }
  }
  return changes;
}

function isSame(a: unknown, b: unknown): boolean {
  return a === b || (a instanceof LongNumber && b instanceof LongNumber && a.text === b.text);
}

function json(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  return isComposite(value) ? (canonical(value) ?? JSON.stringify(value)) : scalarText(value);
}

function step(key: string): string {
  return PLAIN_KEY.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}
