import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evidenceText, figureTexts } from '../../../src/report/check/figures.ts';

test('figures have names that need no explanation', () => {
  assert.equal(
    figureTexts({ events: 15, lagP50Ms: 0.4, lagP95Ms: 1_500, bursts: 1, arrivalsMs: [1, 2] }).join(' · '),
    'events 15 · median lag 0.4 ms · 95 % late by at most 1.5 s · pieces 1',
  );
  assert.equal(evidenceText({ k: 'originSawEarly', v: false }), 'origin saw it while it was sent: no');
  assert.equal(evidenceText({ k: 'headlessSeenAs', v: 'reset' }), 'before the headers, seen as reset');
});

test('a header that is not there has no value', () => {
  assert.equal(
    figureTexts({ cacheControl: 'no-cache', accelBuffering: null }).join(' · '),
    'Cache-Control: no-cache · no X-Accel-Buffering',
  );
});

test('where no limit was found, nothing was cut', () => {
  assert.equal(
    figureTexts({ limitMs: 5_000, withHeartbeatsLimitMs: null }).join(' · '),
    'in silence: cut after 5 s · with frequent comments: not cut',
  );
});

test('of encodings those are shown that differ in what is asked for', () => {
  assert.equal(
    figureTexts({ identity60LagMs: 0.3, identity60NoTransformLagMs: 0.8, gzip2048LagMs: 1_220 }).join(' · '),
    'uncompressed, 60-byte events, lag 0.3 ms · gzip, 2048-byte events, lag 1.22 s',
  );
});

test('where there are too many, those of both ways are shown that differ', () => {
  const direct = Object.fromEntries(
    [204, 301, 401, 404].flatMap((status) => [
      [`status${status}`, status],
      [`body${status}Bytes`, 32],
      [`after${status}Ms`, 1.2],
    ]),
  );
  const proxied = { ...direct, status404: 200, body404Bytes: 4, after204Ms: 1.4 };
  const shown = (one: typeof direct, other: typeof direct) => figureTexts(one, other).join(' · ');
  assert.match(shown(direct, proxied), /status404 404 · body404 32 B/);
  assert.match(shown(proxied, direct), /status404 200 · body404 4 B/);
  const names = (text: string) => text.split(' · ').map((each) => each.split(' ')[0]);
  assert.deepEqual(names(shown(direct, proxied)), names(shown(proxied, direct)));
  assert.equal(names(shown(direct, proxied)).length, 8);
});
