import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Alarms } from '../../src/listen/alarms.ts';
import { Pauses } from '../../src/listen/pauses.ts';

/** A clock that is set by hand, and what it was told of. */
function pausesAt() {
  const alarms = new Alarms();
  const told: string[] = [];
  let now = 0;
  const clock = {
    startedAt: 0,
    now: () => now,
    wallMs: (at: number) => at,
    alarm: (at: number, callback: () => void) => alarms.add(at, callback),
    reached: () => {},
  };
  const pauses = new Pauses(clock, {
    paused: (since) => told.push(`paused since ${since}`),
    resumed: (at) => told.push(`resumed at ${at}`),
  });
  const setTo = (at: number) => {
    now = at;
  };
  return { pauses, told, ring: () => alarms.ring(now), setTo };
}

test('a pause is told when it has lasted, and one that has not is no pause', () => {
  const { pauses, told, ring, setTo } = pausesAt();
  pauses.begin();
  setTo(0.4);
  pauses.end();
  setTo(8);
  ring();
  assert.deepEqual(told, []);
  pauses.begin();
  setTo(10);
  ring();
  assert.deepEqual(told.splice(0), ['paused since 8']);
  setTo(500);
  pauses.end();
  assert.deepEqual(told.splice(0), ['resumed at 500']);
  pauses.begin();
  setTo(600);
  // No timer had its turn.
  pauses.end();
  ring();
  assert.deepEqual(told.splice(0), ['paused since 500', 'resumed at 600']);
  pauses.begin();
  pauses.close();
  setTo(700);
  ring();
  pauses.end();
  assert.deepEqual(told, [], 'files may be closed by then');
});
