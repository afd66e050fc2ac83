/**
 * The text of a part of a JSON text, exactly as it was written there: parsing and printing again would change numbers
 * above 2⁵³, `1.0` and `1e2`. Of members of one name the last counts, as for `JSON.parse`; a negative index counts from
 * the end.
 *
 * @param json a text that `JSON.parse` takes: nothing is checked again
 * @param steps keys and indices, from outside in
 * @returns `undefined` where they name nothing
 */
export function sourceAt(json: string, steps: readonly (string | number)[]): string | undefined {
  let at: number | undefined = afterSpace(json, 0);
  for (const step of steps) {
    at = typeof step === 'number' ? elementAt(json, at, step) : memberAt(json, at, step);
    if (at === undefined) return undefined;
  }
  return json.slice(at, afterValue(json, at));
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** Where the last member of that name has its value, in the object that begins at `start`. */
function memberAt(json: string, start: number, name: string): number | undefined {
  if (json.charCodeAt(start) !== OPEN_OBJECT) return undefined;
  let found: number | undefined;
  let at = afterSpace(json, start + 1);
  while (json.charCodeAt(at) !== CLOSE_OBJECT) {
    const keyEnd = afterString(json, at);
    const colon = afterSpace(json, keyEnd);
    const value = afterSpace(json, colon + 1);
    if (isNamed(json.slice(at, keyEnd), name)) found = value;
    at = nextItem(json, afterValue(json, value));
  }
  return found;
}

/** Where that element begins, in the list that begins at `start`. */
function elementAt(json: string, start: number, index: number): number | undefined {
  if (json.charCodeAt(start) !== OPEN_LIST) return undefined;
  const elements: number[] = [];
  let at = afterSpace(json, start + 1);
  while (json.charCodeAt(at) !== CLOSE_LIST) {
    elements.push(at);
    if (elements.length - 1 === index) return at;
    at = nextItem(json, afterValue(json, at));
  }
  return elements.at(index);
}

/** Behind an item and its comma; where there is none, at the bracket that closes. */
function nextItem(json: string, end: number): number {
  const at = afterSpace(json, end);
  return json.charCodeAt(at) === COMMA ? afterSpace(json, at + 1) : at;
}

function isNamed(quoted: string, name: string): boolean {
  return quoted.includes('\\') ? JSON.parse(quoted) === name : quoted.slice(1, -1) === name;
}

function afterValue(json: string, start: number): number {
  switch (json.charCodeAt(start)) {
    case QUOTE:
      return afterString(json, start);
    case OPEN_LIST:
    case OPEN_OBJECT:
      return afterBrackets(json, start);
    default:
      return afterBare(json, start);
  }
}

/** Counts, instead of calling itself, as values may be nested as deeply as an event is long. */
function afterBrackets(json: string, start: number): number {
  let depth = 0;
  let at = start;
  do {
    switch (json.charCodeAt(at)) {
      case QUOTE:
        at = afterString(json, at);
        continue;
      case OPEN_LIST:
      case OPEN_OBJECT:
        depth += 1;
        break;
      case CLOSE_LIST:
      case CLOSE_OBJECT:
        depth -= 1;
    }
    at += 1;
  } while (depth > 0);
  return at;
}

function afterString(json: string, start: number): number {
  let end = json.indexOf('"', start + 1);
  while (isEscaped(json, end)) end = json.indexOf('"', end + 1);
  return end + 1;
}

/** Whether the character has an odd number of backslashes before it. */
function isEscaped(json: string, at: number): boolean {
  let before = at - 1;
  while (json.charCodeAt(before) === BACKSLASH) before -= 1;
  return (at - before) % 2 === 0;
}

const BARE = /[^,\]}\s]*/y;

/** A number, true, false or null. */
function afterBare(json: string, start: number): number {
  BARE.lastIndex = start;
  BARE.test(json);
  return BARE.lastIndex;
}

function afterSpace(json: string, start: number): number {
  let at = start;
  for (let code = json.charCodeAt(at); code <= 0x20; code = json.charCodeAt(at)) at += 1;
  return at;
}
