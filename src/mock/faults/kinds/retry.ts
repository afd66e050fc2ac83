import { parseDuration } from '../../../notation/duration.ts';
import { Block } from '../block.ts';
import type { FaultKind, FaultSetting } from '../kind.ts';
import type { Piece } from '../piece.ts';

export const retry: FaultKind<number> = {
  name: 'retry',
  meaning: 'the server announces another reconnection time: first thing, in the event, or at that time',
  scope: 'event',
  withoutWhen: 'start',
  value: { label: 'D', example: '100ms', parse: (text) => Math.round(parseDuration(text)) },
  atStart: announced,
  atTime: announced,
  change: (block, ms) => block.prepend(`retry: ${ms}`),
};

function announced(ms: number, { lineEnd }: FaultSetting): Piece[] {
  return new Block({ kind: 'retry', ms }, 0, lineEnd).pieces(0);
}
