import type { FaultKind } from '../kind.ts';
import { bytesPiece } from '../piece.ts';

const BOM = Buffer.from('\uFEFF');

export const bom: FaultKind = {
  name: 'bom',
  meaning: 'a byte order mark opens the body, or stands before the event, where it spoils the first field',
  scope: 'event',
  withoutWhen: 'start',
  atStart: () => [bytesPiece(BOM)],
  change(block) {
    const [first] = block.lines;
    if (first !== undefined) first.content = Buffer.concat([BOM, first.content]);
  },
};
