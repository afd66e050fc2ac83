import type { Exchange } from './incoming.ts';

/** A client that goes on sending for so long is cut off. */
const LONGEST_MS = 2_000;

/** Meanwhile it is read at this pace: one that blocks while it sends comes to read its answer, for little of ours. */
const READ_BYTES = 256 * 1024;
const PAUSE_MS = 20;

/** A body that is no longer is read to its end, for the sake of the connection. */
const SHORT_BYTES = 1024 ** 2;

/**
 * For an answer that closes the connection while the request's body is still coming. A connection that is closed with
 * bytes unread ends with RST, which may take the answer with it: this ends our half, reads on for a while (RFC 9112,
 * section 9.6), and only then lets go.
 */
export function lingerAfterAnswer({ request, raw }: Exchange): void {
  const { socket } = request;
  let paused: NodeJS.Timeout | undefined;
  let readTo = raw.bytesRead;
  // Before the answer has left: a request that nobody reads by then is read to its end by the server.
  request.on('data', () => {
    if (raw.bytesRead - readTo < READ_BYTES) return;
    readTo = raw.bytesRead;
    request.pause();
    paused = setTimeout(() => request.resume(), PAUSE_MS);
  });
  // What the server calls when the answer has been handed over.
  socket.destroySoon = () => {
    const cut = setTimeout(() => socket.destroy(), LONGEST_MS);
    socket.once('close', () => {
      clearTimeout(cut);
      clearTimeout(paused);
    });
    request.once('end', () => socket.destroy());
    socket.end();
    request.resume();
  };
}

/** Whether so much of the request is still to come that nobody should read it for the sake of the connection. */
export function hasMuchUnread({ request }: Exchange): boolean {
  if (request.complete) return false;
  const { 'content-length': declared, 'transfer-encoding': coding } = request.headers;
  return coding !== undefined || Number(declared ?? 0) > SHORT_BYTES;
}
