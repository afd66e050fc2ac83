import { parseSize } from '../../../notation/size.ts';
import type { FaultKind } from '../kind.ts';
import { bytesPiece, endsBody, type Piece } from '../piece.ts';

const LARGEST_BYTES = 64 * 1024 ** 2;

export const buffer: FaultKind<number> = {
  name: 'buffer',
  meaning: 'held back until SIZE bytes have gathered, as a proxy does; what is left comes at the end',
  scope: 'lasting',
  value: {
    label: 'SIZE',
    example: '4KB',
    parse: (text) => parseSize(text, { minBytes: 1, maxBytes: LARGEST_BYTES }),
  },
  begin(size) {
    let held: Buffer[] = [];
    let heldBytes = 0;
    const give = (length: number): Piece[] => {
      if (length === 0) return [];
      const all = Buffer.concat(held);
      held = [all.subarray(length)];
      heldBytes -= length;
      return [bytesPiece(all.subarray(0, length))];
    };
    return {
      pass(piece) {
        if (piece.kind === 'bytes') {
          held.push(piece.bytes);
          heldBytes += piece.bytes.length;
          return give(heldBytes - (heldBytes % size));
        }
        // A stream that stalls never gives up what its buffer holds.
        return endsBody(piece) && piece.kind !== 'stall' ? [...give(heldBytes), piece] : [piece];
      },
      release: () => give(heldBytes),
    };
  },
};
