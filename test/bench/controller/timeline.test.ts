import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Steal } from '../../../src/bench/controller/steal.ts';
import { Timeline, type TimelineWindow } from '../../../src/bench/controller/timeline.ts';
import type { Plan } from '../../../src/bench/plan/plan.ts';
import { WindowRecorder } from '../../../src/bench/worker/window-recorder.ts';
import type { GeneratorSample, MetricsSnapshot } from '../../../src/results/bench/snapshot.ts';

const PLAN: Plan = {
  model: 'closed',
  durationMs: 3_000_000,
  rampUpMs: 0,
  warmUpMs: 1_000,
  starts: 2,
  peak: 2,
  targetAt: () => 2,
  arrivals: () => [],
};

const SAMPLE: GeneratorSample = { cpu: 0.1, loopLatenessP99: 0.2, loopLatenessMax: 1, rss: 1e6 };

/** On a system that doesn't tell. */
const noSteal = () => new Steal(() => '');

function timeline(workers: number, steal = noSteal()) {
  const windows: TimelineWindow[] = [];
  const timeline = new Timeline(PLAN, workers, Number.POSITIVE_INFINITY, steal, (window) =>
    windows.push(window),
  );
  return { timeline, windows, ends: () => windows.map(({ window }) => [window.to, window.events]) };
}

/** A window in which so many events came, each after a gap of so many milliseconds. */
function window(fromMs: number, toMs: number, events: number, gapMs = 10): MetricsSnapshot {
  const recorder = new WindowRecorder();
  recorder.counts.events = events;
  for (let count = 0; count < events; count += 1) recorder.record('event_gap', gapMs);
  return recorder.take(fromMs, toMs, { connected: 1, connecting: 0, waiting: 0 });
}

describe('what workers tell', () => {
  test('is a window of the run once all have told of it', () => {
    const { timeline: run, windows, ends } = timeline(2);
    run.add(0, window(0, 1_000, 5), SAMPLE, 1_001);
    assert.deepEqual(ends(), []);
    run.add(1, window(0, 1_000, 7), SAMPLE, 1_002);
    assert.deepEqual(ends(), [[1_000, 12]]);
    assert.deepEqual([windows[0]?.window.connected, windows[0]?.generator.length], [2, 2]);
  });

  test('counts towards the run in any order, warm-up apart', () => {
    const { timeline: run } = timeline(2);
    run.add(0, window(0, 1_000, 5, 900), SAMPLE, 1_001);
    run.add(0, window(1_000, 2_000, 6), SAMPLE, 2_001);
    run.add(1, window(0, 1_000, 7, 900), SAMPLE, 2_002);
    assert.deepEqual(
      [run.total.counts.events, run.measured.counts.events, run.warmUp.counts.events],
      [18, 6, 12],
    );
    assert.equal(run.measured.histogram('event_gap').max, 10);
  });

  test('is not waited for longer than is bearable, and then goes into the next window', () => {
    const { timeline: run, ends } = timeline(2);
    run.add(0, window(0, 1_000, 5), SAMPLE, 1_001);
    run.handOn(3_499);
    assert.deepEqual(ends(), []);
    run.handOn(3_500);
    assert.deepEqual(ends(), [[1_000, 5]]);
    run.add(0, window(1_000, 2_000, 1), SAMPLE, 3_501);
    run.add(1, window(0, 1_000, 7), SAMPLE, 3_502);
    run.add(1, window(1_000, 2_000, 1), SAMPLE, 3_503);
    assert.deepEqual(ends(), [
      [1_000, 5],
      [2_000, 9],
    ]);
    assert.equal(run.total.counts.events, 14);
  });

  test('of a worker that was held up spans several windows', () => {
    const { timeline: run, ends } = timeline(2);
    run.add(0, window(0, 1_000, 1), SAMPLE, 1_001);
    run.add(0, window(1_000, 2_000, 1), SAMPLE, 2_001);
    run.add(1, window(0, 2_000, 8), SAMPLE, 2_002);
    assert.deepEqual(ends(), [
      [1_000, 1],
      [2_000, 9],
    ]);
  });

  test('of a run that was ended early ends where the last of them did', () => {
    const { timeline: run, windows } = timeline(2);
    run.add(0, window(0, 1_000, 1), SAMPLE, 1_001);
    run.add(1, window(0, 1_000, 1), SAMPLE, 1_001);
    run.add(0, window(1_000, 1_400.3, 1), SAMPLE, 1_401);
    run.leave(0, 1_401);
    run.add(1, window(1_000, 1_400.7, 1), SAMPLE, 1_402);
    run.leave(1, 1_402);
    assert.deepEqual(
      windows.map(({ window: { from, to, events } }) => [from, to, events]),
      [
        [0, 1_000, 2],
        [1_000, 1_400.7, 2],
      ],
    );
  });

  test('goes on without one that left', () => {
    const { timeline: run, ends } = timeline(2);
    run.add(0, window(0, 1_000, 1), SAMPLE, 1_001);
    run.leave(1, 1_100);
    assert.deepEqual(ends(), [[1_000, 1]]);
  });
});

describe('the peak of a storm', () => {
  test('is of attempts behind its beginning, not of those that came up to then', () => {
    const peakOf = (stormAtMs: number) => {
      const run = new Timeline(PLAN, 1, stormAtMs, noSteal(), () => {});
      for (const [second, attempts] of [900, 10, 300, 20].entries()) {
        const { counts, ...rest } = window(second * 1_000, (second + 1) * 1_000, 0);
        run.add(0, { ...rest, counts: { ...counts, attempts } }, SAMPLE, (second + 1) * 1_000 + 1);
      }
      return run.peakAttemptsPerSecond;
    };
    assert.deepEqual([999, 1_000, 2_000, 2_500, 3_000].map(peakOf), [900, 300, 300, 300, 20]);
  });
});

describe('the series of a run', () => {
  test('says of each window what the host took of the cores, and of two in one what it took in both', () => {
    let ticks = 0;
    const steal = new Steal(() => `cpu  0 0 0 0 0 0 0 ${ticks}\ncpu0 0 0 0 0 0 0 0 ${ticks}\n`);
    const { timeline: run, windows } = timeline(2, steal);
    steal.look(0);
    const measured = window(0, 1_000, 1);
    // Half of every other second of its only core.
    for (let second = 0; second < 601; second += 1) {
      ticks += second % 2 === 0 ? 50 : 0;
      for (const worker of [0, 1]) {
        const [fromMs, toMs] = [second * 1_000, (second + 1) * 1_000];
        run.add(worker, { ...measured, fromMs, toMs }, SAMPLE, toMs);
      }
    }
    assert.deepEqual(
      windows.slice(0, 4).map(({ window: { steal: share } }) => share),
      [0.5, 0, 0.5, 0],
    );
    const merged = run.series.windows.filter(({ from, to }) => to - from === 2_000);
    // Of 601 the first two, of which one is warm-up, and the last one stay apart.
    assert.equal(merged.length, 299);
    for (const { steal: share } of merged) assert.equal(share, 0.25);
    assert.equal(steal.figures?.max, 0.5);
  });

  test('says nothing of the host where the system does not tell', () => {
    const { timeline: run, windows } = timeline(1);
    run.add(0, window(0, 1_000, 1), SAMPLE, 1_001);
    assert.ok(!('steal' in (windows[0]?.window ?? assert.fail())));
  });

  test('has 600 windows at most: when there are more, two become one', () => {
    const { timeline: run } = timeline(1);
    for (let second = 0; second < 3_000; second += 1) {
      run.add(0, window(second * 1_000, (second + 1) * 1_000, 2), SAMPLE, second * 1_000 + 1_001);
    }
    const { windows } = run.series;
    assert.ok(windows.length > 300 && windows.length <= 600, `${windows.length}`);
    assert.equal(
      windows.reduce((sum, { events }) => sum + events, 0),
      6_000,
    );
    assert.deepEqual([windows[0]?.from, windows[0]?.warmUp, windows.at(-1)?.to], [0, true, 3_000_000]);
    for (const [index, { from }] of windows.entries()) assert.equal(from, windows[index - 1]?.to ?? 0);
    // Eight windows of two events: 3 of 16 would not support it.
    assert.equal(windows[100]?.eventGapP99, null);
  });
});
