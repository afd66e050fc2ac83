import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FromWorker } from '../../../src/bench/messages.ts';
import { BenchWorker } from '../../../src/bench/worker/bench-worker.ts';
import { monotonicMs } from '../../../src/client/clock.ts';
import { OPTIONS } from './made-up-server.ts';

test('a worker goes on to the end of its time, although a timer fires early', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const told: FromWorker[] = [];
  const load = { model: 'closed', connections: 0, rampUpMs: 0 } as const;
  const options = { ...OPTIONS, load, durationMs: 60_000 };
  const worker = new BenchWorker(options, { worker: 0, workers: 1 }, (message) => told.push(message));
  worker.go(monotonicMs());
  t.mock.timers.tick(60_000);
  assert.deepEqual(told, []);
  worker.stop();
  assert.deepEqual(
    told.map(({ type }) => type),
    ['window', 'done'],
  );
});
