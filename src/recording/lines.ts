import type { ClientReason } from '../client/records.ts';
import { toMicroseconds } from '../stats/microseconds.ts';

/**
 * Longest line that is read, and so written: an event of the size that `listen` takes unless it is told otherwise, each
 * of its bytes a control character, which JSON has six for.
 */
export const MAX_LINE_BYTES = 128 * 1024 * 1024;

/** The lines of a recording that are in no other output. */

interface Chunk {
  conn: number;
  t: number;
  /** Body bytes of one socket read as they came. */
  bytes: Uint8Array;
  /** The content coding that they are in, where there is one. */
  enc?: string | undefined;
  /** Offsets among them, from 1 to their number, after which an HTTP chunk had ended. */
  ends?: readonly number[] | undefined;
}

export function chunkLine({ conn, t, bytes, enc, ends }: Chunk): string {
  const base64 = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');
  const further =
    (enc === undefined ? '' : `,"enc":${JSON.stringify(enc)}`) +
    (ends === undefined ? '' : `,"ends":${JSON.stringify(ends)}`);
  return `{"type":"chunk","conn":${conn},"t":${toMicroseconds(t)},"b64":"${base64}"${further}}\n`;
}

/** The run was left before its next attempt, which `conn` would have numbered: no `close` tells of it. */
export function leftLine({ conn, t, by }: { conn: number; t: number; by: ClientReason }): string {
  return `${JSON.stringify({ type: 'left', conn, t: toMicroseconds(t), by })}\n`;
}

/** The run did not read from `paused` to `resumed`: what came meanwhile was kept waiting by whoever recorded it. */
export function pauseLine(type: 'paused' | 'resumed', { conn, t }: { conn: number; t: number }): string {
  return `${JSON.stringify({ type, conn, t: toMicroseconds(t) })}\n`;
}
