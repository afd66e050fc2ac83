import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ClockEstimate } from '../../../src/checks/origin/clock-offset.ts';
import { seededRandom } from '../../../src/stats/random.ts';

/** A question that took so long on its way, to a clock that is so far ahead, and an answer that took so long on its way back. */
const asked = (sentAt: number, { there, back, ahead }: { there: number; back: number; ahead: number }) => ({
  sentAt,
  receivedAt: sentAt + there + back,
  theirs: sentAt + there + ahead,
});

describe('how far another clock is ahead', () => {
  test('is told by the shortest of all round trips, and half of it is not known', () => {
    const clock = new ClockEstimate();
    clock.add(asked(0, { there: 40, back: 2, ahead: 1000 }));
    clock.add(asked(50, { there: 1, back: 1, ahead: 1000 }));
    clock.add(asked(60, { there: 2, back: 30, ahead: 1000 }));
    const { aheadMs, uncertaintyMs } = clock.at(100);
    assert.equal(aheadMs, 1000);
    assert.ok(uncertaintyMs >= 1 && uncertaintyMs < 1.01, String(uncertaintyMs));
  });

  test('is never off by more than it says, however uneven the ways are', () => {
    const random = seededRandom(7, 1);
    for (let run = 0; run < 200; run += 1) {
      const clock = new ClockEstimate();
      const ahead = (random() - 0.5) * 1e7;
      let now = random() * 1e6;
      for (let turn = 0; turn < 20; turn += 1) {
        const trip = asked(now, { there: random() * 30, back: random() * 30, ahead });
        clock.add(trip);
        now = trip.receivedAt + random() * 5;
      }
      const { aheadMs, uncertaintyMs } = clock.at(now);
      assert.ok(
        Math.abs(aheadMs - ahead) <= uncertaintyMs + 1e-6,
        `${aheadMs} ±${uncertaintyMs}, not ${ahead}`,
      );
      assert.ok(uncertaintyMs < 30);
    }
  });

  test('becomes less certain with time, and a longer round trip then says more', () => {
    const clock = new ClockEstimate();
    // The other clock runs 80 ppm fast.
    const aheadAt = (ms: number) => 5 + ms * 80e-6;
    clock.add(asked(0, { there: 0.2, back: 0.2, ahead: aheadAt(0) }));
    clock.add(asked(1_000, { there: 5, back: 5, ahead: aheadAt(1_000) }));
    assert.equal(clock.at(1_010).aheadMs, 5);
    const later = 600_000;
    const aged = clock.at(later);
    assert.ok(Math.abs(aged.aheadMs - aheadAt(later)) <= aged.uncertaintyMs);
    clock.add(asked(later, { there: 5, back: 5, ahead: aheadAt(later) }));
    const renewed = clock.at(later + 10);
    assert.ok(Math.abs(renewed.aheadMs - aheadAt(later)) < 1e-6);
    assert.ok(renewed.uncertaintyMs < 5.1);
  });

  test('is not known before anything was asked, nor from a clock of ours that went backwards', () => {
    const clock = new ClockEstimate();
    assert.equal(clock.at(0).uncertaintyMs, Number.POSITIVE_INFINITY);
    clock.add({ sentAt: 10, receivedAt: 9, theirs: 100 });
    assert.equal(clock.at(20).uncertaintyMs, Number.POSITIVE_INFINITY);
  });
});
