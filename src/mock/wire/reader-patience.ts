import type { Socket } from 'node:net';

/** How long a connection that we have ended may stay open on the other side. */
export const LINGER_MS = 1_000;

/** A reader who takes nothing for so long of what is left has gone, whatever its kernel says. */
const STALLED_MS = 30_000;

/**
 * Behind the end of a body: waits for as long as the reader takes some of what is left of it, then drops it.
 *
 * @returns to be cleared when the wire closes; undefined where nothing is left
 */
export function dropUnlessTaken(
  wire: { readonly heldBytes: number },
  drop: () => void,
  stalledMs = STALLED_MS,
): NodeJS.Timeout | undefined {
  let heldBytes = wire.heldBytes;
  if (heldBytes === 0) return undefined;
  const timer = setInterval(() => {
    if (wire.heldBytes >= heldBytes) drop();
    else heldBytes = wire.heldBytes;
  }, stalledMs);
  return timer.unref();
}

/** Ends our half of a connection behind what was written, and soon after the other, which its side may never end. */
export function endLingering(socket: Socket, raw: Socket): void {
  socket.end(() => {
    const linger = setTimeout(() => raw.destroy(), LINGER_MS);
    raw.once('close', () => clearTimeout(linger));
  });
}
