import type { WorkerHealth } from '../../results/bench/result.ts';
import type { GeneratorSample } from '../../results/bench/snapshot.ts';

/** Above these a worker's own times are in doubt. */
export const SATURATED = {
  /** Of a core. */
  cpu: 0.9,
  /**
   * Of the time, waiting for a core, where that has made the loop late. A process that is woken often waits often, and
   * mostly until the server that has woken it ends its turn on the same core: on an idle machine 16 % of the time go by
   * so in steps of 0.1 ms, which harm no figure.
   */
  runQueueWait: 0.1,
  /** Milliseconds that the event loop is late for that, p99 of a second: half of what it may be by itself. */
  lateByWaiting: 5,
  /** Milliseconds that the event loop is late, p99 of a second. */
  loopLatenessP99: 10,
} as const;

export type SaturatedBy = 'cpu' | 'runQueueWait' | 'loopLatenessP99';

/** How one worker did, from a sample about each second. */
export class Health {
  readonly worker: number;
  readonly #cpu: number[] = [];
  readonly #runQueueWait: number[] = [];
  readonly #lateness: number[] = [];
  readonly #saturated: Record<SaturatedBy, number> = { cpu: 0, runQueueWait: 0, loopLatenessP99: 0 };
  #saturatedSeconds = 0;
  #seconds = 0;
  #latenessMax: number | null = null;
  #rssMax = 0;
  #streamsMax = 0;

  constructor(worker: number) {
    this.worker = worker;
  }

  /** Seconds that were looked at: neither warm-up nor ramp. */
  get seconds(): number {
    return this.#seconds;
  }

  get saturatedSeconds(): number {
    return this.#saturatedSeconds;
  }

  /** What it was short of most often. */
  get mostlyBy(): SaturatedBy {
    const [most] = (Object.entries(this.#saturated) as [SaturatedBy, number][]).sort((a, b) => b[1] - a[1]);
    return most?.[0] ?? 'cpu';
  }

  /** @param seconds how long the window was; 0 where it is warm-up or ramp, in which nothing is judged */
  add(sample: GeneratorSample, seconds: number, streams: number): void {
    this.#rssMax = Math.max(this.#rssMax, sample.rss);
    this.#streamsMax = Math.max(this.#streamsMax, streams);
    if (seconds === 0) return;
    this.#seconds += seconds;
    this.#cpu.push(sample.cpu);
    if (sample.runQueueWait !== undefined) this.#runQueueWait.push(sample.runQueueWait);
    this.#lateness.push(sample.loopLatenessP99);
    this.#latenessMax = Math.max(this.#latenessMax ?? 0, sample.loopLatenessMax);
    const by = saturatedBy(sample);
    for (const what of by) this.#saturated[what] += seconds;
    if (by.length > 0) this.#saturatedSeconds += seconds;
  }

  figures(): WorkerHealth {
    return {
      worker: this.worker,
      cpu: meanAndMax(this.#cpu),
      ...(this.#runQueueWait.length === 0 ? {} : { runQueueWait: meanAndMax(this.#runQueueWait) }),
      loopLateness: {
        p99Median: median(this.#lateness),
        p99Max: highest(this.#lateness),
        max: this.#latenessMax,
      },
      saturatedSeconds: this.#saturatedSeconds,
      judgedSeconds: this.#seconds,
      rssMax: this.#rssMax,
      streamsMax: this.#streamsMax,
    };
  }
}

function saturatedBy({ cpu, runQueueWait = 0, loopLatenessP99 }: GeneratorSample): SaturatedBy[] {
  const by: SaturatedBy[] = [];
  if (cpu > SATURATED.cpu) by.push('cpu');
  if (runQueueWait > SATURATED.runQueueWait && loopLatenessP99 > SATURATED.lateByWaiting)
    by.push('runQueueWait');
  if (loopLatenessP99 > SATURATED.loopLatenessP99) by.push('loopLatenessP99');
  return by;
}

/** `null` where there was nothing to look at: a zero would say that it was idle. */
function meanAndMax(values: readonly number[]): { mean: number | null; max: number | null } {
  const sum = values.reduce((total, value) => total + value, 0);
  return { mean: values.length === 0 ? null : sum / values.length, max: highest(values) };
}

function highest(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((most, value) => Math.max(most, value));
}

function median(values: readonly number[]): number | null {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? null;
}
