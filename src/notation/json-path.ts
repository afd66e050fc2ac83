import { InvalidValue } from './invalid-value.ts';

/** Picks a part of a JSON value; `undefined` where the path names nothing. */
export type JsonPath = (value: unknown) => unknown;

/** A step: `.name`, `name` at the start, `[0]`, `["any name"]`. */
const STEP = /\.?([^.[\]"'\s]+)|\[(-?\d+)\]|\[("(?:[^"\\]|\\.)*"|'[^']*')\]/y;

/**
 * Compiles a path such as `choices[0].delta.content`; a leading `$` or `.` is accepted, and a negative index
 * counts from the end.
 *
 * @throws InvalidValue with the position of what can't be read
 */
export function compilePath(expression: string): JsonPath {
  const steps = pathSteps(expression);
  return (value) => steps.reduce(descend, value);
}

/**
 * The steps of such a path, keys and indices; none: the whole value.
 *
 * @throws InvalidValue with the position of what can't be read
 */
export function pathSteps(expression: string): (string | number)[] {
  const steps: (string | number)[] = [];
  const text = expression.trim();
  let at = text.startsWith('$') ? 1 : 0;
  if (text.length === at || text === '.') {
    if (text === '') throw invalid(expression, 0);
    return steps;
  }
  while (at < text.length) {
    STEP.lastIndex = at;
    const step = STEP.exec(text);
    if (step === null || (at > 0 && step[1] !== undefined && text[at] !== '.')) {
      throw invalid(expression, at);
    }
    const [, key, index, quoted] = step;
    if (key !== undefined) steps.push(key);
    else if (index !== undefined) steps.push(Number(index));
    else if (quoted !== undefined) steps.push(unquote(quoted) ?? fail(expression, at));
    at = STEP.lastIndex;
  }
  return steps;
}

/** One step into a value; a negative index counts from the end. */
export function descend(value: unknown, step: string | number): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  if (typeof step === 'number') return Array.isArray(value) ? value.at(step) : undefined;
  return !Array.isArray(value) && Object.hasOwn(value, step)
    ? (value as Record<string, unknown>)[step]
    : undefined;
}

/** `undefined` for what is no JSON string: it holds an escape that there is none of, or a line end. */
function unquote(quoted: string): string | undefined {
  if (quoted.startsWith("'")) return quoted.slice(1, -1);
  try {
    return JSON.parse(quoted) as string;
  } catch {
    // The caller says where it stands, which is worth more than JSON's own words.
    return undefined;
  }
}

function fail(expression: string, at: number): never {
  throw invalid(expression, at);
}

function invalid(expression: string, at: number): InvalidValue {
  return new InvalidValue(
    `"${expression}" can't be read at position ${at + 1}`,
    'Accepted: names and indices, such as choices[0].delta.content or user["first name"].',
  );
}
