import type { FaultKind } from '../kind.ts';

export const truncate: FaultKind = {
  name: 'truncate',
  meaning: 'the connection ends inside a field of the event, or at exactly that byte',
  scope: 'event',
  group: () => 'ending',
  change(block) {
    block.truncated = true;
  },
  atByte: () => [{ kind: 'cut' }],
};
