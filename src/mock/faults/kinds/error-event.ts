import { Block } from '../block.ts';
import type { FaultKind } from '../kind.ts';

export const errorEvent: FaultKind = {
  name: 'error-event',
  meaning: 'an event tells of a failure, as streams of its kind do; then the stream ends in order',
  scope: 'moment',
  group: () => 'ending',
  betweenEvents: true,
  happen(_, { errorEvent: event, lineEnd }) {
    const block = new Block({ kind: 'heartbeat', event }, 0, lineEnd);
    return [...block.pieces(0), { kind: 'end' }];
  },
};
