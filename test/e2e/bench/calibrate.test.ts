import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { exitCodeOf } from '../../../src/bench/exit-code.ts';
import type { BenchResult, Floor } from '../../../src/results/bench/result.ts';
import { runCommand } from '../harness/command.ts';

describe('bench --calibrate', () => {
  test('says what this machine adds to a plan, and needs no URL for it', async () => {
    const { stdout, stderr, code } = await runCommand([
      ...['bench', '--calibrate', '-c', '40', '--ramp-up', '200ms', '--for', '1500ms', '--format', 'json'],
      ...['--min-samples', '1', '--threshold', 'first_event max < 1us'],
    ]);
    const result = JSON.parse(stdout) as BenchResult;
    const { startDelay, headers, firstEvent, delivery } = result.calibration ?? assert.fail(stderr);
    for (const floor of [startDelay, headers, firstEvent, delivery]) assertOrdered(floor);
    assert.deepEqual(
      result.thresholds.map(({ pass }) => pass),
      [false],
    );
    assert.equal(code, exitCodeOf(result));
    // The server sends the first event with the head.
    assert.ok((firstEvent.max ?? 0) >= (headers.p50 ?? Number.NaN));
    assert.equal(result.counts.started, 40);
    assert.ok(result.counts.events >= 40 && result.metrics.delivery_latency?.count === result.counts.events);
    // Written after it was asked for, and read after it was written.
    assert.ok((delivery.p50 ?? -1) > 0 && result.metrics.delivery_latency.clipped === 0);
  });
});

function assertOrdered({ p50, p99, max }: Floor): void {
  assert.ok(p50 !== null && p99 !== null && max !== null);
  assert.ok(p50 <= p99 && p99 <= max && p50 >= 0, `${p50} ${p99} ${max}`);
}
