import type { Connection, ConnectionSink } from './connection.ts';

/** Names that events of the presets have. */
export const USUAL_NAMES = [
  'message',
  'tick',
  'connected',
  'notification',
  'activity',
  'progress',
  'ai:token',
  'error',
  'ping',
  'message_start',
  'content_block_start',
  'content_block_delta',
  'content_block_stop',
  'message_delta',
  'message_stop',
  'response.created',
  'response.in_progress',
  'response.output_item.added',
  'response.content_part.added',
  'response.output_text.delta',
  'response.output_text.done',
  'response.content_part.done',
  'response.output_item.done',
  'response.completed',
] as const;

/**
 * Reads a stream by the browser's own EventSource: what a web application sees, and no more. It hears only the
 * names that it asks for.
 */
export class EventSourceConnection implements Connection {
  readonly #source: EventSource;

  constructor(url: string, sink: ConnectionSink, names: readonly string[]) {
    const source = new EventSource(url);
    this.#source = source;
    sink.connecting();
    source.addEventListener('open', (event) => {
      if (!(event instanceof MessageEvent)) sink.open('EventSource');
    });
    source.addEventListener('error', (event) => {
      // An event of the stream may have that name, too.
      if (event instanceof MessageEvent) return;
      if (source.readyState === EventSource.CLOSED) {
        sink.closed('the browser gave up: not status 200, or not an event stream');
      } else sink.lost('ended or broken off; EventSource tells no more', undefined);
    });
    for (const name of new Set(names)) {
      source.addEventListener(name, (event) => {
        if (!(event instanceof MessageEvent)) return;
        const { lastEventId } = event;
        sink.event({ name, data: String(event.data), id: lastEventId || undefined }, lastEventId);
      });
    }
  }

  close(): void {
    this.#source.close();
  }
}
