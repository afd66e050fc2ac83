import type { FaultKind } from '../kind.ts';

/** Kinds that say how lines end can't both be right of the same lines. */
export const LINE_ENDS_GROUP = 'line ends';

export const cr: FaultKind = {
  name: 'cr',
  meaning: 'lines end with CR alone',
  scope: 'event',
  withoutWhen: 'everything',
  group: () => LINE_ENDS_GROUP,
  lineEnd: () => 'cr',
  change: (block) => block.endLinesWith('cr'),
};

export const crlf: FaultKind = {
  name: 'crlf',
  meaning: 'lines end with CR and LF',
  scope: 'event',
  withoutWhen: 'everything',
  group: () => LINE_ENDS_GROUP,
  lineEnd: () => 'crlf',
  change: (block) => block.endLinesWith('crlf'),
};
