import { InvalidValue } from '../../notation/invalid-value.ts';
import { type EncodableEvent, encodeEvent, UnencodableEventError } from '../../sse/encoder.ts';

/** What one line asks for: a comment, an event, or both, in this order. */
export interface LineEvent {
  comment?: string;
  event?: EncodableEvent;
}

const FIELDS = new Set(['event', 'data', 'id', 'retry', 'comment']);

/**
 * A line as an event: an object of JSON whose keys are all fields (`event`, `data`, `id`, `retry`, `comment`), with
 * `data` or `comment` among them, is those fields; any other text is the data as it is. Data that is no text is
 * written as JSON, a numeric id in digits.
 *
 * @returns nothing for a blank line
 * @throws InvalidValue for fields that no event can have
 */
export function lineEvent(line: string): LineEvent | undefined {
  if (line.trim() === '') return undefined;
  const fields = fieldsOf(line);
  if (fields === undefined) return { event: { data: line } };
  const { data, comment } = fields;
  const event = data === undefined ? undefined : eventOf(fields);
  if (event !== undefined) checkEncodable(event);
  return {
    ...(comment === undefined ? {} : { comment: textOf('comment', comment) }),
    ...(event === undefined ? {} : { event }),
  };
}

function fieldsOf(line: string): Record<string, unknown> | undefined {
  if (!line.trimStart().startsWith('{')) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    // Text that only begins like JSON.
    return undefined;
  }
  const names = Object.keys(value as object);
  const isFields = names.every((name) => FIELDS.has(name));
  return isFields && (names.includes('data') || names.includes('comment'))
    ? (value as Record<string, unknown>)
    : undefined;
}

function eventOf({ event, data, id, retry }: Record<string, unknown>): EncodableEvent {
  return {
    ...(event === undefined ? {} : { event: textOf('event', event) }),
    ...(id === undefined ? {} : { id: textOf('id', typeof id === 'number' ? String(id) : id) }),
    ...(retry === undefined ? {} : { retry: millisecondsOf(retry) }),
    data: typeof data === 'string' ? data : JSON.stringify(data),
  };
}

function textOf(name: string, value: unknown): string {
  if (typeof value === 'string') return value;
  throw new InvalidValue(`"${name}" is ${JSON.stringify(value)}`, 'A text is wanted.');
}

function millisecondsOf(value: unknown): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw new InvalidValue(`"retry" is ${JSON.stringify(value)}`, 'Whole milliseconds are wanted.');
}

function checkEncodable(event: EncodableEvent): void {
  try {
    encodeEvent({ ...event, data: '' });
  } catch (error) {
    if (!(error instanceof UnencodableEventError)) throw error;
    throw new InvalidValue(error.message, 'The format has no way to carry it.');
  }
}
