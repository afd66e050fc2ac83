import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { monotonicMs } from '../../src/client/clock.ts';
import { Alarms } from '../../src/listen/alarms.ts';
import { machineClock } from '../../src/listen/clock.ts';

describe("the machine's clock", () => {
  test('knows whole microseconds', () => {
    const now = monotonicMs() * 1000;
    assert.ok(Math.abs(now - Math.round(now)) < 0.1, `${now} is no whole number`);
  });

  test('calls what was due before a read, once, although no timer had its turn', async () => {
    const clock = machineClock();
    const called: string[] = [];
    const due = clock.now() + 20;
    const later = new Promise<void>((resolve) => {
      clock.alarm(due + 20, () => {
        called.push('later');
        resolve();
      });
    });
    clock.alarm(due, () => called.push('due'));
    const cancel = clock.alarm(due, () => called.push('cancelled'));
    cancel();
    clock.reached(due);
    assert.deepEqual(called, [], 'what was read at that very time still counts');
    clock.reached(due + 0.001);
    assert.deepEqual(called, ['due']);
    await later;
    assert.deepEqual(called, ['due', 'later']);
  });
});

describe("an alarm of the machine's clock", () => {
  test('never goes off before its time, although timers do', async () => {
    const clock = machineClock();
    const early: number[] = [];
    const rounds = Array.from({ length: 40 }, (_, index) => {
      const at = clock.now() + 5 + index / 7;
      return new Promise<void>((resolve) => {
        clock.alarm(at, () => {
          if (clock.now() < at) early.push(at - clock.now());
          resolve();
        });
      });
    });
    // A turn of the loop that is busy when timers are set lets them start from a time that is over.
    const busyUntil = clock.now() + 4;
    while (clock.now() < busyUntil);
    await Promise.all(rounds);
    assert.deepEqual(early, []);
  });
});

describe('alarms', () => {
  test('ring in the order of their times, those of one time in the order that they were set', () => {
    const alarms = new Alarms();
    const rung: string[] = [];
    alarms.add(3, () => rung.push('c'));
    alarms.add(1, () => {
      rung.push('a');
      alarms.add(2, () => rung.push('set meanwhile'));
    });
    alarms.add(3, () => rung.push('d'));
    assert.equal(alarms.next, 1);
    alarms.ring(2);
    assert.deepEqual(rung, ['a', 'set meanwhile']);
    alarms.ring(10);
    assert.deepEqual(rung, ['a', 'set meanwhile', 'c', 'd']);
    assert.equal(alarms.next, Number.POSITIVE_INFINITY);
  });

  test('are cancelled once', () => {
    const alarms = new Alarms();
    const cancel = alarms.add(1, () => assert.fail('cancelled'));
    assert.equal(cancel(), true);
    assert.equal(cancel(), false);
    alarms.ring(5);
  });
});
