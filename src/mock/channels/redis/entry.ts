import type { PublishedEvent } from '../hub.ts';

/** The key of a channel: a stream, and with `--redis-pubsub` a Pub/Sub channel of that name. */
export function keyOf(channel: string): string {
  return `${PREFIX}${channel}`;
}

const PREFIX = 'sse:';

/** One entry of a stream. */
export interface Entry {
  id: string;
  event: PublishedEvent;
}

/** The fields that an event is stored as. */
export function fieldsOf({ event, data }: PublishedEvent): string[] {
  return event === undefined ? ['data', data] : ['event', event, 'data', data];
}

/** @param reply of XRANGE: an id and its fields, each */
export function parseEntries(reply: unknown): Entry[] {
  return Array.isArray(reply) ? reply.map(parseEntry) : [];
}

/**
 * Whoever wrote it may have added fields of his own, or left one out; line breaks in an event type, which no stream
 * can carry, become spaces.
 */
function parseEntry([id, fields]: [string, string[] | null]): Entry {
  const entry: Entry = { id, event: { data: '' } };
  for (let index = 0; fields !== null && index + 1 < fields.length; index += 2) {
    const value = fields[index + 1] ?? '';
    if (fields[index] === 'data') entry.event.data = value;
    else if (fields[index] === 'event') entry.event.event = oneLine(value);
  }
  return entry;
}

export function oneLine(text: string): string {
  return text.replace(/\r\n|\r|\n/g, ' ');
}
