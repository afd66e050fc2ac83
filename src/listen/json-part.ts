import { usageError } from '../client/errors.ts';
import { InvalidValue } from '../notation/invalid-value.ts';
import { descend, pathSteps } from '../notation/json-path.ts';
import { sourceAt } from './json-source.ts';

/** A part of a JSON text. */
interface JsonPart {
  value: unknown;
  /** A string's characters; of anything else what was written. */
  text: string;
}

/** Picks a part; `undefined` where the path names nothing. `source` is the text whose value is `json`. */
export type PartPicker = (json: unknown, source: string) => JsonPart | undefined;

/**
 * Compiles a path, as `--path` takes it, for whoever shows what it names.
 *
 * @param name what messages call it
 * @throws SseKitError `USAGE` with the position of what can't be read
 */
export function compilePart(expression: string, name: string): PartPicker {
  const steps = namedSteps(expression, name);
  return (json, source) => {
    const value = steps.reduce(descend, json);
    if (value === undefined) return undefined;
    if (typeof value === 'string') return { value, text: value };
    return { value, text: sourceAt(source, steps) ?? '' };
  };
}

/**
 * The steps of a path that was given under a name.
 *
 * @throws SseKitError exit 2
 */
export function namedSteps(expression: string, name: string): (string | number)[] {
  try {
    return pathSteps(expression);
  } catch (error) {
    if (error instanceof InvalidValue) throw usageError(`${name}: ${error.message}`, error.hint);
    throw error;
  }
}
