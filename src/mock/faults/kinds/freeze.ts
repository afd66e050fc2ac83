import { parseDuration } from '../../../notation/duration.ts';
import type { FaultKind } from '../kind.ts';

/** Nobody, a signal included, reaches a process that stands still: it comes back before long. */
const LONGEST_MS = 60_000;

export const freeze: FaultKind<number> = {
  name: 'freeze',
  meaning: 'the whole server stands still for D, every stream and new connections with it',
  scope: 'moment',
  value: {
    label: 'D',
    example: '2s',
    parse: (text) => parseDuration(text, { minMs: 1, maxMs: LONGEST_MS }),
  },
  happen: (ms) => [{ kind: 'freeze', ms }],
};
