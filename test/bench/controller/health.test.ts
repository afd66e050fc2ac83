import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Health } from '../../../src/bench/controller/health.ts';
import type { GeneratorSample } from '../../../src/results/bench/snapshot.ts';

const SAMPLE: GeneratorSample = {
  cpu: 0.4,
  runQueueWait: 0.1,
  loopLatenessP99: 2,
  loopLatenessMax: 9,
  rss: 5e6,
};

describe('the health of a worker', () => {
  test('has no figures where all of the run was warm-up or ramp, but its memory and streams', () => {
    const health = new Health(0);
    health.add(SAMPLE, 0, 7);
    assert.deepEqual(health.figures(), {
      worker: 0,
      cpu: { mean: null, max: null },
      loopLateness: { p99Median: null, p99Max: null, max: null },
      saturatedSeconds: 0,
      judgedSeconds: 0,
      rssMax: 5e6,
      streamsMax: 7,
    });
  });

  test('is that of the seconds behind them', () => {
    const health = new Health(0);
    health.add({ ...SAMPLE, cpu: 1 }, 0, 7);
    health.add(SAMPLE, 1, 7);
    health.add({ ...SAMPLE, cpu: 0, loopLatenessMax: 0 }, 0.5, 7);
    const { cpu, loopLateness, judgedSeconds } = health.figures();
    assert.deepEqual(cpu, { mean: 0.2, max: 0.4 });
    assert.deepEqual([loopLateness.max, judgedSeconds], [9, 1.5]);
  });
});
