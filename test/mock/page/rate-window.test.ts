import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { RateWindow } from '../../../src/mock/page/browser/rate-window.ts';

const START = 1_700_000_000_000;

describe('events per second', () => {
  test('are counted by whole second, without the running one', () => {
    const window = new RateWindow(4, START);
    for (const at of [0, 10, 999, 1_000, 2_500, 2_600, 3_100]) window.count(START + at);
    const { seconds, rates } = window.series(START + 3_200);
    assert.deepEqual(rates, [null, 3, 1, 2]);
    assert.equal(seconds.at(-1), START / 1_000 + 2);
  });

  test('are none in a second without any, and forgotten when they leave the window', () => {
    const window = new RateWindow(3, START);
    window.count(START);
    window.count(START + 2_000);
    assert.deepEqual(window.series(START + 3_000).rates, [1, 0, 1]);
    assert.deepEqual(window.series(START + 5_000).rates, [1, 0, 0]);
    assert.deepEqual(window.series(START + 60_000).rates, [0, 0, 0]);
  });

  test('after a silence of hours take no longer to bring up to date', () => {
    const window = new RateWindow(3, 0);
    window.count(START);
    window.count(START + 1e12);
    assert.deepEqual(window.series(START + 1e12 + 1_000).rates, [0, 0, 1]);
  });

  test('are averaged over what there is', () => {
    const window = new RateWindow(10, START);
    assert.equal(window.rate(START + 500, 5), 0);
    for (let at = 0; at < 2_000; at += 100) window.count(START + at);
    assert.equal(window.rate(START + 2_000, 5), 10);
    assert.equal(window.rate(START + 4_000, 5), 5);
  });

  test('fill the window as time goes by', () => {
    const window = new RateWindow(3, START);
    assert.deepEqual(
      [0, 1_999, 60_000].map((ms) => window.filled(START + ms)),
      [0, 1, 3],
    );
  });

  test('begin anew when cleared', () => {
    const window = new RateWindow(3, START);
    window.count(START);
    window.clear(START + 2_000);
    window.count(START + 2_100);
    assert.deepEqual(window.series(START + 3_000).rates, [null, null, 1]);
  });
});
