/** What an event stream can say in one block. */
export interface EncodableEvent {
  /** The event type; receivers take an absent or empty one for `message`. */
  event?: string | undefined;
  /** `''` resets the receiver's last event id. */
  id?: string | undefined;
  /** May contain line endings of any kind; receivers see each as LF. */
  data: string;
  /** The reconnection time, whole milliseconds. */
  retry?: number | undefined;
}

/** A value that the format has no way to carry. */
export class UnencodableEventError extends TypeError {
  override readonly name = 'UnencodableEventError';
  readonly code = 'UNENCODABLE_EVENT';
}

const LINE_END = /\r\n|\r|\n/;

/**
 * Writes one event as a block of an event stream, blank line included (HTML standard, section 9.2.5).
 *
 * @throws UnencodableEventError (`UNENCODABLE_EVENT`) for CR or LF in `event` or `id`, for NUL in `id`, and for a
 *   `retry` that isn't a whole number of milliseconds: receivers would misread or ignore them
 */
export function encodeEvent({ event, id, data, retry }: EncodableEvent): string {
  let block = '';
  if (id !== undefined) {
    if (id.includes('\0'))
      throw new UnencodableEventError("An id can't contain NUL: receivers ignore such an id");
    block += `id: ${oneLine('id', id)}\n`;
  }
  if (event !== undefined) block += `event: ${oneLine('event type', event)}\n`;
  if (retry !== undefined) {
    if (!Number.isSafeInteger(retry) || retry < 0) {
      throw new UnencodableEventError(`retry must be a whole number of milliseconds, not ${retry}`);
    }
    block += `retry: ${retry}\n`;
  }
  return `${block}${prefixLines('data: ', data)}\n`;
}

/** Writes a comment, a line for each line of `text`. It ends with its last line: receivers need no blank line. */
export function encodeComment(text: string): string {
  return prefixLines(': ', text);
}

/** The space of the prefix is the one that receivers remove, so a value's own leading space survives. */
function prefixLines(prefix: string, text: string): string {
  return text
    .split(LINE_END)
    .map((line) => `${prefix}${line}\n`)
    .join('');
}

function oneLine(what: string, value: string): string {
  if (LINE_END.test(value))
    throw new UnencodableEventError(`An ${what} can't contain a line ending: ${JSON.stringify(value)}`);
  return value;
}
