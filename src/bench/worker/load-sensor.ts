import { readFileSync } from 'node:fs';
import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import type { GeneratorSample } from '../../results/bench/snapshot.ts';
import { type IntervalStep, latenessQuantile } from './loop-lateness.ts';

/** Looks are no further apart: lateness beyond 10 ms is what they are for. */
const COARSEST_MS = 10;

/** How the process that makes the load is doing: whether its own times can be believed. */
export class LoadSensor {
  /** Milliseconds between two looks at the event loop; the histogram records the interval, this included. */
  readonly #resolutionMs: number;
  readonly #loop: IntervalHistogram;
  #cpu = process.cpuUsage();
  #waitedNs = runQueueWaitNs();
  #at = performance.now();

  /**
   * @param workersPerCore each look wakes the process: where many share a core, a look a millisecond in each of them keeps
   *   the others waiting, and would be what is measured
   */
  constructor(workersPerCore: number) {
    this.#resolutionMs = Math.min(COARSEST_MS, Math.max(1, Math.ceil(workersPerCore)));
    this.#loop = monitorEventLoopDelay({ resolution: this.#resolutionMs });
    this.#loop.enable();
  }

  /** Since the last time. */
  take(): GeneratorSample {
    const now = performance.now();
    const elapsedMs = Math.max(1, now - this.#at);
    const { user, system } = process.cpuUsage(this.#cpu);
    const waitedNs = runQueueWaitNs();
    const sample: GeneratorSample = {
      cpu: (user + system) / 1000 / elapsedMs,
      ...(waitedNs === undefined || this.#waitedNs === undefined
        ? {}
        : { runQueueWait: (waitedNs - this.#waitedNs) / 1e6 / elapsedMs }),
      loopLatenessP99: Math.max(0, latenessQuantile(stepsOf(this.#loop), 0.99) - this.#resolutionMs),
      loopLatenessMax: Math.max(0, this.#loop.max / 1e6 - this.#resolutionMs),
      rss: process.memoryUsage.rss(),
    };
    this.#cpu = process.cpuUsage();
    this.#waitedNs = waitedNs;
    this.#at = now;
    this.#loop.reset();
    return sample;
  }
}

/**
 * Nanoseconds that the main thread was ready to run and had no core: the second field of `/proc/self/schedstat`. Shares
 * of processor time alone don't show it where there are more processes than cores.
 *
 * @returns nothing on systems that don't tell
 */
function runQueueWaitNs(): number | undefined {
  try {
    return Number(readFileSync('/proc/self/schedstat', 'latin1').split(' ')[1]);
  } catch {
    // Only Linux has it.
    return undefined;
  }
}

/** The intervals between two looks, longest last; the histogram tells them in steps of its percentiles. */
function stepsOf(loop: IntervalHistogram): IntervalStep[] {
  let before = 0;
  return [...loop.percentiles].map(([percentile, ns]) => {
    const count = (loop.count * (percentile - before)) / 100;
    before = percentile;
    return { ms: ns / 1e6, count };
  });
}
