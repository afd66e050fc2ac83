import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { liveLine } from '../../../src/report/bench/live-line.ts';
import { displayWidth } from '../../../src/report/display-width.ts';
import type { LiveWindow } from '../../../src/results/bench/live.ts';
import { aLiveWindow } from './live.ts';
import { aWindow } from './results.ts';

const line = (live: LiveWindow, columns: number | undefined) => liveLine(() => columns).next(live);

describe('the live line', () => {
  it('tells how the run is doing, in place of what it told before', () => {
    assert.equal(
      line(aLiveWindow(), 200),
      '\r\u001b[K4 s of 10 s · 400 of 400 open · 0 failed · 800 events/s · first event p99 40.9 ms · 38.4 KB/s · 0 started/s',
    );
  });

  it('knows no target in the open model, and no quantile before there are samples', () => {
    const { target: _, ...window } = aWindow({ from: 3_000, to: 4_000, warmUp: true });
    const { soFar } = aLiveWindow();
    const text = line(
      aLiveWindow({ window, soFar: { ...soFar, firstEventP99: { value: null, atLeast: false } } }),
      200,
    );
    assert.match(text, /4 s of 10 s \(warm-up\) · 400 open ·/);
    assert.match(text, /first event p99 – ·/);
  });

  for (const columns of [10, 40, 80]) {
    it(`stays on one line of ${columns} columns`, () => {
      const shown = line(aLiveWindow(), columns).replace('\r\u001b[K', '');
      assert.ok(displayWidth(shown) < columns);
    });
  }

  it('leaves nothing behind', () => {
    const live = liveLine(() => 80);
    assert.equal(live.clear(), '');
    live.next(aLiveWindow());
    assert.equal(live.clear(), '\r\u001b[K');
    assert.equal(live.clear(), '');
  });
});
