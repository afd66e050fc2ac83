import { endLingering } from '../wire/reader-patience.ts';
import type { Exchange } from './incoming.ts';

/** No answer: `cut` ends the connection in order, `reset` with RST, over HTTP/2 the stream alone with RST_STREAM. */
export function hangUp({ request, response, socket, raw }: Exchange, how: 'cut' | 'reset'): void {
  // What is unread when a connection is closed makes it end with RST.
  request.resume();
  if (how === 'cut') endLingering(socket, raw);
  else if ('stream' in response) response.stream.destroy(new Error('reset'));
  else raw.resetAndDestroy();
}
