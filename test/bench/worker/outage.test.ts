import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { Outage } from '../../../src/bench/worker/outage.ts';
import { Measured } from './measured.ts';

const ms = fc.integer({ min: 0, max: 1_000_000 }).map((us) => us / 1_000);

describe('an outage', () => {
  test('lasts from when it was noticed to the first event after it', () => {
    const measured = new Measured();
    const outage = new Outage(1_000);
    outage.attemptStarted(1_500);
    outage.restored(1_510, measured);
    outage.over(1_710, measured);
    assert.deepEqual(measured.recorded, [
      ['reconnect_time', 510],
      ['backoff', 500],
      ['failed_attempts', 0],
      ['reconnect_headers', 10],
      ['reconnect_event', 210],
      ['outage', 710],
    ]);
  });

  test('has a reconnect time that its waits, failed attempts and the last attempt make up exactly', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(ms, ms), { maxLength: 5 }), ms, ms, (failed, wait, headers) => {
        const measured = new Measured();
        const outage = new Outage(0);
        let now = 0;
        for (const [pause, attempt] of failed) {
          now += pause;
          outage.attemptStarted(now);
          now += attempt;
          outage.attemptFailed(now);
        }
        now += wait;
        outage.attemptStarted(now);
        outage.restored(now + headers, measured);
        const sum = ['backoff', 'failed_attempts', 'reconnect_headers'] as const;
        const parts = sum.reduce((total, metric) => total + (measured.of(metric)[0] ?? Number.NaN), 0);
        assert.ok(Math.abs(parts - (measured.of('reconnect_time')[0] ?? Number.NaN)) < 1e-6);
      }),
    );
  });

  test('that the end of the run cuts short was at least so long', () => {
    const measured = new Measured();
    new Outage(1_000).cutShort('censor', 9_000, measured);
    assert.deepEqual(measured.censored, [
      ['reconnect_time', 8_000],
      ['outage', 8_000],
    ]);
  });

  test('whose connection came back, but no event, has a reconnect time', () => {
    const measured = new Measured();
    const outage = new Outage(1_000);
    outage.attemptStarted(2_000);
    outage.restored(2_100, measured);
    outage.cutShort('lose', 5_000, measured);
    assert.deepEqual(measured.of('reconnect_time'), [1_100]);
    assert.deepEqual([measured.censored, measured.lost], [[], [['outage', 4_000]]]);
  });
});
