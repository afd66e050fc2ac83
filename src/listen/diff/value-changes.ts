/** A part of an event that differs. A side where it isn't there is left out. */
export interface ValueChange {
  /** `event`, `id`, `data`, or a path into JSON data as `--path` takes it, after `data`: `data.items[0].price`. */
  path: string;
  /** As JSON, or text as it is where the data is no JSON. */
  a?: string;
  b?: string;
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
  if (a.data === b.data) return changes;
  const inside = insideChanges(a.data, b.data);
  // None: the difference is in how a number of many digits is written, which values don't show.
  return [...changes, ...(inside.length > 0 ? inside : [{ path: 'data', a: a.data, b: b.data }])];
}

function insideChanges(textA: string, textB: string): ValueChange[] {
  const [a, b] = [parsed(textA), parsed(textB)];
  if (!isComposite(a) || !isComposite(b) || Array.isArray(a) !== Array.isArray(b)) return [];
  const changes: ValueChange[] = [];
  // A list of what is to be compared, as values may be nested as deeply as an event is long.
  const pending: { path: string; a: unknown; b: unknown }[] = [{ path: 'data', a, b }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (changes.length === MOST_CHANGES) break;
    if (isComposite(next.a) && isComposite(next.b) && Array.isArray(next.a) === Array.isArray(next.b)) {
      const [inA, inB] = [next.a, next.b];
      const keys = [...new Set([...Object.keys(inA), ...Object.keys(inB)])].reverse();
      for (const key of keys) {
        const path = Array.isArray(inA) ? `${next.path}[${key}]` : next.path + step(key);
        pending.push({ path, a: own(inA, key), b: own(inB, key) });
      }
    } else if (next.a !== next.b) {
      changes.push({ path: next.path, ...sides(json(next.a), json(next.b)) });
    }
  }
  return changes;
}

function sides(a: string | undefined, b: string | undefined): { a?: string; b?: string } {
  return { ...(a === undefined ? {} : { a }), ...(b === undefined ? {} : { b }) };
}

function json(value: unknown): string | undefined {
  return value === undefined ? undefined : JSON.stringify(value);
}

function isComposite(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function own(value: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(value, key) ? value[key] : undefined;
}

function step(key: string): string {
  return PLAIN_KEY.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Text then, and compared as such.
    return undefined;
  }
}
