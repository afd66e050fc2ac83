import { type EncodableEvent, encodeEvent } from '../../../sse/encoder.ts';
import { Frame } from '../../wire/frame.ts';
import type { ChannelEvent, PublishedEvent } from '../hub.ts';
import { oneLine } from './entry.ts';

/**
 * An event that came by Pub/Sub: nobody keeps it, so that no stream could resume by its id. Streams that resume by
 * the ids of Redis get it without one, and keep the last that they had.
 */
export class RelayedEvent implements ChannelEvent {
  readonly event: EncodableEvent;
  readonly eventWithoutId: EncodableEvent;
  readonly frame: Frame;
  readonly frameWithoutId: Frame;

  constructor({ id, ...rest }: PublishedEvent) {
    this.event = rest;
    this.eventWithoutId = id === undefined ? rest : { ...rest, id };
    this.frame = new Frame(encodeEvent(this.event));
    this.frameWithoutId = id === undefined ? this.frame : new Frame(encodeEvent(this.eventWithoutId));
  }
}

const KEYS = ['event', 'data', 'id'];

/** JSON `{event, data, id}` of which `data` must be there; anything else is the data as it is. */
export function parseMessage(message: string): PublishedEvent {
  const body = parsedObject(message);
  if (body === undefined || body.data === undefined) return { data: message };
  const { event, data, id } = body;
  if (!Object.keys(body).every((key) => KEYS.includes(key)) || !isName(event) || !isName(id))
    return { data: message };
  const ownId = id === undefined || id === null ? '' : String(id);
  return {
    ...(typeof event === 'string' ? { event: oneLine(event) } : {}),
    data: typeof data === 'string' ? data : JSON.stringify(data),
    ...(ownId === '' || /[\r\n\0]/.test(ownId) ? {} : { id: ownId }),
  };
}

function isName(value: unknown): boolean {
  return value === undefined || value === null || typeof value === 'string' || typeof value === 'number';
}

function parsedObject(text: string): Record<string, unknown> | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    // Text that begins with a brace.
    return undefined;
  }
}
