import type { RawConnection } from '../harness/raw-connection.ts';
import type { Script } from '../harness/raw-server.ts';
import { head } from '../harness/wire.ts';

const stream = { 'Content-Type': 'text/event-stream' };

/** A body that ends with the connection: nothing but its bytes crosses the wire. */
export const openHead = head('200 OK', stream);
export const gzipHead = head('200 OK', { ...stream, 'Content-Encoding': 'gzip' });

/** Writes a piece so many times, each when the kernel has taken the one before; stops when the client leaves. */
export async function pour(
  client: RawConnection,
  piece: string | Uint8Array,
  times = Number.POSITIVE_INFINITY,
): Promise<void> {
  const bytes = Buffer.from(piece);
  for (let n = 0; n < times && !client.hasLeft; n += 1) await client.write(bytes);
}

/** Answers every request with a head and a piece repeated, between a beginning and an end. */
export function pours(body: {
  head?: string;
  first?: string | Uint8Array;
  piece: string | Uint8Array;
  times?: number;
  last?: string;
}): Script {
  return async (client) => {
    await client.request();
    await client.write(body.head ?? openHead);
    if (body.first !== undefined) await client.write(body.first);
    await pour(client, body.piece, body.times);
    if (client.hasLeft) return;
    if (body.last !== undefined) await client.write(body.last);
    client.finish();
  };
}
