import { readFileSync } from 'node:fs';
import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import type { GeneratorSample } from '../../results/bench/snapshot.ts';

/** Milliseconds between two looks at the event loop; the histogram records the interval, this included. */
const RESOLUTION_MS = 1;

/** How the process that makes the load is doing: whether its own times can be believed. */
export class LoadSensor {
  readonly #loop: IntervalHistogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  #cpu = process.cpuUsage();
  #waitedNs = runQueueWaitNs();
  #at = performance.now();

  constructor() {
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
      loopLatenessP99: lateness(this.#loop.percentile(99)),
      loopLatenessMax: lateness(this.#loop.max),
      rss: process.memoryUsage.rss(),
    };
    this.#cpu = process.cpuUsage();
    this.#waitedNs = waitedNs;
    this.#at = now;
    this.#loop.reset();
    return sample;
  }
}

/** An empty histogram has a maximum of 0. */
function lateness(intervalNs: number): number {
  return Math.max(0, intervalNs / 1e6 - RESOLUTION_MS);
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
