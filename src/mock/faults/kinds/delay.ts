import { parseDuration } from '../../../notation/duration.ts';
import type { FaultKind, ValueRule } from '../kind.ts';

const D: ValueRule<number> = {
  label: 'D',
  example: '200ms',
  parse: (text) => parseDuration(text, { minMs: 1 }),
};

export const delay: FaultKind<number> = {
  name: 'delay',
  meaning: 'the event leaves D after it was due, those behind it no earlier',
  scope: 'event',
  withoutWhen: 'every event',
  value: D,
  change(block, ms) {
    block.before.push({ kind: 'until', atMs: block.dueMs + ms });
  },
};

export const jitter: FaultKind<number> = {
  name: 'jitter',
  meaning: 'the event leaves up to D after it was due, drawn evenly, the order kept',
  scope: 'event',
  withoutWhen: 'every event',
  value: D,
  change(block, ms, random) {
    block.before.push({ kind: 'until', atMs: block.dueMs + random() * ms });
  },
};
