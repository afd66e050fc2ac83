type JsonProblem = { kind: 'bad'; problem: string } | { kind: 'nested' };

/**
 * Data that nothing but JSON begins like: an object with a quoted key, or a list of objects, lists or strings. `[DONE]`,
 * `[info] …` and `{{template}}` are not meant.
 */
const BEGINS_AS_JSON = /^\s*(?:\{\s*["']|\{\s*\}|\[\s*(?:["{[]|\]))/;

/** Digits of an integer that need not be compared: so large ones are hardly ever exact, and some are infinite. */
const LONGEST_EXACT = 100;

/** A string, also one that is cut short: else each quote behind it would be tried to the end of the data. */
const TEXT = /"(?:[^"\\]|\\.)*(?:"|\\?$)/gs;
const TOKEN = new RegExp(`${TEXT.source}|-?\\d+(?:\\.\\d+)?(?:[eE][+-]?\\d+)?`, 'gs');

/** @returns what is wrong with data that is meant as JSON */
export function jsonProblem(data: string): JsonProblem | undefined {
  if (/^\s*"\s*[{[]/.test(data)) return isJsonText(data) ? { kind: 'nested' } : undefined;
  if (!BEGINS_AS_JSON.test(data) || parsed(data) !== undefined) return undefined;
  return { kind: 'bad', problem: reasonOf(data) };
}

/** An integer in JSON, outside its strings, that a double does not hold; only where the data is JSON. */
export function unsafeIntegerIn(data: string): string | undefined {
  if (!/\d{16}/.test(data) || !/^\s*[[{\d-]/.test(data)) return undefined;
  for (const [token] of data.matchAll(TOKEN)) {
    if (isRounded(token)) return parsed(data) === undefined ? undefined : token;
  }
  return undefined;
}

function isRounded(token: string): boolean {
  if (!/^-?\d{16,}$/.test(token)) return false;
  return token.length > LONGEST_EXACT || BigInt(token) !== BigInt(Number(token));
}

function isJsonText(data: string): boolean {
  const text = parsed(data);
  return typeof text === 'string' && typeof parsed(text) === 'object';
}

/** `undefined` for what is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Whether it is JSON is the question.
    return undefined;
  }
}

function reasonOf(data: string): string {
  const outside = data.replace(TEXT, (text) => (text.length > 1 && text.endsWith('"') ? '""' : '"'));
  const word = /\b(?:NaN|-?Infinity|undefined|None|True|False)\b/.exec(outside)?.[0];
  if (word !== undefined) return `${word} is no JSON`;
  if (/^\s*(?:\[\s*)?\{\s*'/.test(data)) return 'single quotes are no JSON';
  if (/,\s*[\]}]/.test(outside)) return 'a comma before the end of a list or object';
  const opened = outside.replace(/[^[{]/g, '').length;
  const closed = outside.replace(/[^\]}]/g, '').length;
  return opened > closed || outside.replaceAll('""', '').includes('"')
    ? 'it is cut short'
    : 'it does not parse';
}
