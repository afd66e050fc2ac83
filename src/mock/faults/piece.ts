import { Frame } from '../wire/frame.ts';
import type { Op } from '../wire/op.ts';

/** A stretch of the body, or something that happens at this place of it, on its way through the faults. */
export type Piece = { kind: 'bytes'; bytes: Buffer } | Exclude<Op, { kind: 'write' }>;

/** One write carries at most so much, so that an event of many megabytes never lies in user space as a whole. */
const WRITE_BYTES = 64 * 1024;

/** After its last byte has left, a reset waits so long: bytes that wait behind a RST are thrown away unread. */
const RESET_AFTER_MS = 20;

export function bytesPiece(bytes: Buffer): Piece {
  return { kind: 'bytes', bytes };
}

/** Nothing of the body comes after it. */
export function endsBody(piece: Piece): boolean {
  return piece.kind === 'end' || piece.kind === 'cut' || piece.kind === 'reset' || piece.kind === 'stall';
}

/** What is done on the wire for a piece. */
export function opsOf(piece: Piece): Op[] {
  switch (piece.kind) {
    case 'bytes':
      return writes(piece.bytes);
    case 'reset':
      return [{ kind: 'drain' }, { kind: 'wait', ms: RESET_AFTER_MS }, piece];
    case 'freeze':
      // What was sent before it has left when everything stands still.
      return [{ kind: 'drain' }, piece];
    default:
      return [piece];
  }
}

function writes(bytes: Buffer): Op[] {
  if (bytes.length === 0) return [];
  const ops: Op[] = [];
  for (let start = 0; start < bytes.length; start += WRITE_BYTES) {
    if (start > 0) ops.push({ kind: 'drain' });
    ops.push({ kind: 'write', frame: new Frame(bytes.subarray(start, start + WRITE_BYTES)) });
  }
  return ops;
}
