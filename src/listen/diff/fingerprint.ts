import { canonical, isComposite, parseJson } from './json-value.ts';
import type { RecordedEvent } from './received.ts';

/**
 * What an event is compared by, as numbers of 53 bits: two million events in a run make it one in 4,000 that any two of
 * them are taken for one another. `NaN` equals nothing: the event has nothing of that kind.
 */
export interface Fingerprint {
  /** Name, id and value of the data. */
  content: number;
  /** The id, where it has one. */
  identity: number;
  /** Name and value of the data, where the id is apart from them. */
  value: number;
  /** Name and kind of the data, where it has no id: an event that may be the same with other figures. */
  shape: number;
}

export function fingerprintOf({ event, id, data }: RecordedEvent): Fingerprint {
  const parsed = parseComposite(data);
  const written = parsed === undefined ? undefined : canonical(parsed);
  const value = hash(`${event}\n${written ?? data}`);
  if (id === undefined || id === '') {
    const kind = typeof parsed === 'object' ? shapeOf(parsed) : 'text';
    return { content: value, identity: Number.NaN, value: Number.NaN, shape: hash(`${event}\n${kind}`) };
  }
  // No id and no name has a line end: what is put together so is told apart.
  return {
    content: hash(`${event}\n${id}\n${written ?? data}`),
    identity: hash(id),
    value,
    shape: Number.NaN,
  };
}

/** Whether two events have the same name, id and data; JSON data by its value. */
export function sameContent(a: RecordedEvent, b: RecordedEvent): boolean {
  if (a.event !== b.event || (a.id ?? '') !== (b.id ?? '')) return false;
  return a.data === b.data || sameValue(a.data, b.data);
}

/** Whether both are JSON objects or lists, of one value. */
export function sameValue(a: string, b: string): boolean {
  const [parsedA, parsedB] = [parseComposite(a), parseComposite(b)];
  if (parsedA === undefined || parsedB === undefined) return false;
  const written = canonical(parsedA);
  return written !== undefined && written === canonical(parsedB);
}

/** Objects and lists; a bare number or word is compared as it is written. */
function parseComposite(text: string): object | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  const value = parseJson(text);
  return isComposite(value) ? value : undefined;
}

function shapeOf(value: object): string {
  return Array.isArray(value) ? 'list' : JSON.stringify(Object.keys(value).sort());
}

/** cyrb53, by its author bryc in the public domain: quick, and spread well enough for what nobody attacks. */
function hash(text: string): number {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    high = Math.imul(high ^ code, 2654435761);
    low = Math.imul(low ^ code, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return 4294967296 * (2097151 & low) + (high >>> 0);
}
