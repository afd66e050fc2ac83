import type { FaultKind } from '../kind.ts';

/** An event can't both be missing and come twice. */
const COPIES = () => 'copies';

export const dup: FaultKind = {
  name: 'dup',
  meaning: 'the event comes twice, with the same id',
  scope: 'event',
  withoutWhen: 'every event',
  group: COPIES,
  change(block) {
    block.copies += 1;
  },
};

export const drop: FaultKind = {
  name: 'drop',
  meaning: "the event isn't sent",
  scope: 'event',
  group: COPIES,
  change(block) {
    block.lines = [];
  },
};

export const swap: FaultKind = {
  name: 'swap',
  meaning: 'the event comes behind the one that follows it',
  scope: 'event',
  withoutWhen: 'every event',
  change(block) {
    block.swapped = true;
  },
};

export const noDone: FaultKind = {
  name: 'no-done',
  meaning: "what says that the answer is whole ([DONE], message_stop) isn't sent",
  scope: 'lasting',
  begin: () => ({
    change(block) {
      if (block.done) block.lines = [];
    },
  }),
};

export const heartbeatLoss: FaultKind = {
  name: 'heartbeat-loss',
  meaning: 'no keepalive is sent into silence',
  scope: 'lasting',
  begin: () => ({
    change(block) {
      if (block.kind === 'heartbeat') block.lines = [];
    },
  }),
};
