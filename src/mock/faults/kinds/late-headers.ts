import { parseDuration } from '../../../notation/duration.ts';
import type { FaultKind } from '../kind.ts';

export const lateHeaders: FaultKind<number> = {
  name: 'late-headers',
  meaning: 'the head of the answer leaves D after the request came',
  scope: 'head',
  value: { label: 'D', example: '2s', parse: (text) => parseDuration(text, { minMs: 1 }) },
  change(head, ms) {
    head.delayMs += ms;
  },
};
