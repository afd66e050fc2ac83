import type { Socket } from 'node:net';
import type { Wire } from './wire.ts';

/** How long a connection that we have ended may stay open on the other side. */
const LINGER_MS = 1_000;

/** A reader who takes nothing for so long of what is left has gone, whatever its kernel says. */
const STALLED_MS = 30_000;

/** Behind the end of a body: waits for as long as the reader takes some of what is left of it. */
export function whileTaken(wire: Wire, drop: () => void): void {
  let heldBytes = wire.heldBytes;
  if (heldBytes === 0) return;
  const timer = setInterval(() => {
    if (wire.closed) clearInterval(timer);
    else if (wire.heldBytes < heldBytes) heldBytes = wire.heldBytes;
    else {
      clearInterval(timer);
      drop();
    }
  }, STALLED_MS);
  timer.unref();
}

/** Ends our half of a connection behind what was written, and soon after the other, which its side may never end. */
export function endLingering(socket: Socket, raw: Socket): void {
  socket.end(() => {
    const linger = setTimeout(() => raw.destroy(), LINGER_MS);
    raw.once('close', () => clearTimeout(linger));
  });
}
