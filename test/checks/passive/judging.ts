import assert from 'node:assert/strict';
import { NotMeasurable } from '../../../src/checks/not-measurable.ts';
import type { PassiveProbe, PassiveSeen } from '../../../src/checks/passive/passive-probe.ts';
import { every, stream } from './streams.ts';

/** As it is taken for granted without flags. */
export const HEARTBEAT = { heartbeatMs: 15_000, isHeartbeatAssumed: true };

export const judge = (probe: PassiveProbe, what: PassiveSeen) => probe.judge(what, HEARTBEAT);

export const verdict = (probe: PassiveProbe, what: PassiveSeen) => {
  const { status, fault } = judge(probe, what);
  return fault === undefined ? status : `${status} ${fault}`;
};

export const unsaid = (probe: PassiveProbe, what: PassiveSeen, why: RegExp) =>
  assert.throws(
    () => judge(probe, what),
    (error) => error instanceof NotMeasurable && why.test(error.why),
  );

/** 40 events, unevenly. */
export const SENT = every(100, 40).map((at, index) => at + (index % 3) * 20);
export const live = stream({ eventsMs: SENT, endMs: 5_000 });
/** The same, each held until the next of these times. */
export const until = (times: readonly number[]) =>
  SENT.map((at) => times.find((each) => each >= at) ?? 5_000);
