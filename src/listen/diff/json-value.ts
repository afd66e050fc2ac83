/** A number of many digits, as it is written: JavaScript may not be able to tell it from its neighbours. */
export class LongNumber {
  /** Private, so that no path leads into it. */
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  get text(): string {
    return this.#text;
  }
}

/** So many digits before the exponent make a number a long one. */
const LONG = 16;

/** What no long number is without; most data hasn't got it. */
const PERHAPS_LONG = /[\d.]{16}/;

/** Text between these is all that stands inside of JSON's strings, and none of them is split by it. */
const TOKEN = /\\.|"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/gs;

/** Deeper values have no one way to be written. */
const DEEPEST = 500;

/** The value of JSON, its long numbers as {@link LongNumber}; `undefined` for what is no JSON. */
export function parseJson(text: string): unknown {
  try {
    const marked = PERHAPS_LONG.test(text) ? withMarks(text) : text;
    return marked === text ? JSON.parse(text) : JSON.parse(marked, withoutMarks);
  } catch {
    // Text then, and compared as such.
    return undefined;
  }
}

/** An object or a list. */
export function isComposite(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !(value instanceof LongNumber);
}

/** One way to write a value: keys in order, nothing between. `undefined` where it is nested too deeply. */
export function canonical(value: unknown): string | undefined {
  let tooDeep = false;
  const write = (part: unknown, depth: number): string => {
    if (!isComposite(part)) return scalarText(part);
    if (depth === DEEPEST) {
      tooDeep = true;
      return '';
    }
    if (Array.isArray(part)) return `[${part.map((each) => write(each, depth + 1)).join()}]`;
    const entries = Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, each]) => `${JSON.stringify(key)}:${write(each, depth + 1)}`).join()}}`;
  };
  const text = write(value, 0);
  return tooDeep ? undefined : text;
}

/** What is neither an object nor a list, as JSON. */
export function scalarText(value: unknown): string {
  return value instanceof LongNumber ? value.text : JSON.stringify(value);
}

/**
 * Makes strings of the long numbers, and marks these and all other strings so that they are told apart: the parser
 * would round them. What is no JSON stays none. The text itself where it has no long number.
 */
function withMarks(text: string): string {
  let inString = false;
  let found = false;
  const marked = text.replace(TOKEN, (token) => {
    if (token === '"') {
      inString = !inString;
      return inString ? '"s' : '"';
    }
    if (inString || !isLong(token)) return token;
    found = true;
    return `"n${token}"`;
  });
  return found ? marked : text;
}

function isLong(token: string): boolean {
  return token.replace(/[eE].*/, '').replace(/\D/g, '').length >= LONG;
}

/** The parser's reviver: parts come before what holds them. */
function withoutMarks(_key: string, value: unknown): unknown {
  if (typeof value === 'string') {
    return value.startsWith('n') ? new LongNumber(value.slice(1)) : value.slice(1);
  }
  if (!isComposite(value) || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key.slice(1), each]));
}
