import { parseByteRate } from '../../../notation/byte-rate.ts';
import type { FaultKind } from '../kind.ts';
import { bytesPiece, type Piece } from '../piece.ts';

/** A part leaves about so often. */
const TICK_MS = 50;

/** What is very long for its rate goes in fewer, larger parts. */
const MAX_PARTS = 4096;

export const slow: FaultKind<number> = {
  name: 'slow',
  meaning: 'the body leaves at RATE, in small parts',
  scope: 'lasting',
  value: { label: 'RATE', example: '1KB/s', parse: parseByteRate },
  begin: (bytesPerSecond) => ({
    pass(piece) {
      if (piece.kind !== 'bytes') return [piece];
      const { bytes } = piece;
      const size = Math.ceil(Math.max(1, (bytesPerSecond * TICK_MS) / 1000, bytes.length / MAX_PARTS));
      const pieces: Piece[] = [];
      for (let start = 0; start < bytes.length; start += size) {
        const part = bytes.subarray(start, start + size);
        pieces.push(bytesPiece(part), { kind: 'wait', ms: (part.length / bytesPerSecond) * 1000 });
      }
      return pieces;
    },
  }),
};
