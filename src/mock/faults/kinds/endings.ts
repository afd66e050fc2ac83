import type { FaultKind } from '../kind.ts';

const ENDING = () => 'ending';

export const eof: FaultKind = {
  name: 'eof',
  meaning: 'the stream ends in order, too early',
  scope: 'moment',
  group: ENDING,
  happen: () => [{ kind: 'end' }],
};

export const reset: FaultKind = {
  name: 'reset',
  meaning: 'the connection is reset (RST), 20 ms after the last byte has left',
  scope: 'moment',
  group: ENDING,
  happen: () => [{ kind: 'reset' }],
};

export const stall: FaultKind = {
  name: 'stall',
  meaning: 'nothing more is sent, keepalives neither; the connection stays open',
  scope: 'moment',
  group: ENDING,
  happen: () => [{ kind: 'stall' }],
};

export const noTerminator: FaultKind = {
  name: 'no-terminator',
  meaning: 'the connection ends in order, its last chunk is missing; without WHEN: where the stream ends',
  scope: 'moment',
  group: ENDING,
  withoutWhen: 'end',
  happen: () => [{ kind: 'cut' }],
};
