import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evidenceText, figuresText } from '../../../src/report/check/figures.ts';

test('figures have names that need no explanation', () => {
  assert.equal(
    figuresText({ events: 15, lagP50Ms: 0.4, lagP95Ms: 1_500, bursts: 1, arrivalsMs: [1, 2] }),
    'events 15 · median lag 0.4 ms · 95 % lag at most 1.5 s · bursts 1',
  );
  assert.equal(evidenceText({ k: 'originSawEarly', v: false }), 'origin saw it while it was sent: no');
});

test('where no limit was found, nothing was cut', () => {
  assert.equal(
    figuresText({ limitMs: 5_000, withHeartbeatsLimitMs: null }),
    'in silence: cut after 5 s · with heartbeats: not cut',
  );
});

test('of encodings those are shown that differ in what is asked for', () => {
  assert.equal(
    figuresText({ identity60LagMs: 0.3, identity60NoTransformLagMs: 0.8, gzip2048LagMs: 1_220 }),
    'uncompressed, 60-byte events, lag 0.3 ms · gzip, 2048-byte events, lag 1.22 s',
  );
});
