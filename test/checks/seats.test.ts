import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Probe, probe } from '../../src/checks/probe.ts';
import { MOST_QUIET, Seats } from '../../src/checks/seats.ts';
import type { CheckOptions } from '../../src/checks/ways/way.ts';

const OPTIONS: CheckOptions = {
  heartbeatMs: 15_000,
  silencesMs: [20_000],
  maxConnections: 20,
  long: false,
};

describe('seats', () => {
  test('are few for those that measure milliseconds, and free again when one has left', () => {
    const seats = new Seats(OPTIONS);
    const left = Array.from({ length: MOST_QUIET }, () => seats.take(of('quiet')));
    assert.equal(seats.hasRoomFor(of('quiet')), false);
    assert.equal(seats.hasRoomFor(of('waits')), true);
    left[0]?.();
    assert.equal(seats.hasRoomFor(of('quiet')), true);
  });

  test('are all taken by one that is heavy, but for those that wait', () => {
    const seats = new Seats(OPTIONS);
    const left = seats.take(of('heavy'));
    for (const load of ['quiet', 'heavy'] as const) assert.equal(seats.hasRoomFor(of(load)), false, load);
    assert.equal(seats.hasRoomFor(of('waits')), true);
    left();
    assert.equal(seats.hasRoomFor(of('heavy')), true);
  });

  test('are all taken by one in which the origin fails, and none for it while another is there', () => {
    const seats = new Seats(OPTIONS);
    const failing: Probe = { ...of('quiet'), originFails: 'in an answer' };
    for (const load of ['quiet', 'waits'] as const) {
      const left = seats.take(of(load));
      assert.equal(seats.hasRoomFor(failing), false, load);
      left();
    }
    const left = seats.take(failing);
    for (const load of ['quiet', 'heavy', 'waits'] as const)
      assert.equal(seats.hasRoomFor(of(load)), false, load);
    left();
    assert.equal(seats.hasRoomFor(of('waits')), true);
  });

  test('are none for a heavy one while a quiet one is there, and some beside one that waits', () => {
    const seats = new Seats(OPTIONS);
    const left = seats.take(of('quiet'));
    assert.equal(seats.hasRoomFor(of('heavy')), false);
    left();
    seats.take(of('waits'));
    for (const load of ['quiet', 'heavy'] as const) assert.equal(seats.hasRoomFor(of(load)), true, load);
  });

  test('are as many as there may be connections, along both ways at once but for a heavy one', () => {
    const seats = new Seats(OPTIONS);
    assert.equal(seats.canSeat(of('quiet', 10)), true);
    assert.equal(seats.canSeat(of('quiet', 11)), false);
    assert.equal(seats.canSeat(of('heavy', 20)), true);
    assert.equal(seats.canSeat(of('heavy', 21)), false);
    const left = seats.take(of('waits', 6));
    assert.equal(seats.hasRoomFor(of('quiet', 4)), true);
    assert.equal(seats.hasRoomFor(of('quiet', 5)), false);
    assert.equal(seats.hasRoomFor(of('waits', 5)), false);
    left();
    assert.equal(seats.hasRoomFor(of('quiet', 5)), true);
  });

  test('ask a probe how many connections it has with these options', () => {
    const seats = new Seats(OPTIONS);
    const all = of('heavy', ({ maxConnections }) => maxConnections);
    assert.equal(seats.canSeat(all), true);
    seats.take(of('waits'));
    assert.equal(seats.hasRoomFor(all), false);
  });
});

function of(load: Probe['load'], connections: NonNullable<Probe['connections']> = 1): Probe {
  const nothing = () => assert.fail('nobody is to measure');
  return probe({
    id: load,
    title: '',
    requirement: '',
    seconds: 1,
    load,
    connections,
    measure: nothing,
    judge: nothing,
  });
}
