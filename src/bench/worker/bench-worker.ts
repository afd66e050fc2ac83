import { availableParallelism } from 'node:os';
import { monotonicMs } from '../../client/clock.ts';
import { createPool } from '../../client/pool.ts';
import type { GeneratorSample, Population } from '../../results/bench/snapshot.ts';
import { WrittenAt } from '../calibrate/written-at.ts';
import { createDelivery, type Delivery, type LatencySink } from '../delivery/delivery.ts';
import type { FromWorker } from '../messages.ts';
import type { BenchOptions } from '../options.ts';
import { makePlan } from '../plan/make-plan.ts';
import { share } from '../plan/share.ts';
import { StreamRequests } from '../recipe.ts';
import { windowEndAfter } from '../window-ends.ts';
import { callAt } from './call-at.ts';
import { Fleet, type FleetPart } from './fleet.ts';
import { GoodputWatch } from './goodput-watch.ts';
import { LoadSensor } from './load-sensor.ts';
import { Pacer } from './pacer.ts';
import { SampleFile } from './samples.ts';
import { WindowRecorder } from './window-recorder.ts';

/** A worker's part of a run, from the instant that all start at to the last window. */
export class BenchWorker {
  readonly #options: BenchOptions;
  readonly #fleet: Fleet;
  readonly #recorder: WindowRecorder;
  readonly #sensor: LoadSensor;
  readonly #pacer: Pacer;
  readonly #delivery: Delivery | undefined;
  readonly #samples: SampleFile | undefined;
  readonly #tell: (message: FromWorker) => void;
  #beganAt = 0;
  #toldUpTo = 0;
  #cancelWait = () => {};
  #over = false;

  constructor(options: BenchOptions, part: FleetPart, tell: (message: FromWorker) => void) {
    const { samplesFile } = options;
    this.#options = options;
    this.#tell = tell;
    const samples = samplesFile === undefined ? undefined : new SampleFile(`${samplesFile}.${part.worker}`);
    this.#samples = samples;
    this.#sensor = new LoadSensor(part.workers / availableParallelism());
    this.#recorder = new WindowRecorder(samples && ((metric, ms) => samples.add(metric, ms)));
    const recorder = this.#recorder;
    const latencies: LatencySink = {
      record: (ms) => recorder.record('delivery_latency', ms),
      censor: (ms) => recorder.censor('delivery_latency', ms),
    };
    this.#delivery =
      options.calibrate === true ? new WrittenAt(latencies) : createDelivery(options.delivery, latencies);
    this.#fleet = new Fleet({
      options,
      part,
      recorder,
      pool: createPool({ streamsPerConnection: options.streamsPerConnection }),
      requests: new StreamRequests(options.request, options.users),
      now: monotonicMs,
      delivery: this.#delivery,
      goodput: options.goodput && new GoodputWatch(options.goodput),
    });
    const arrivals = share(makePlan(options).arrivals(), part.worker, part.workers);
    this.#pacer = new Pacer(arrivals, (arrival) => this.#fleet.arrive(arrival), monotonicMs);
  }

  /** @param atMs the start of the run, on the monotonic clock */
  go(atMs: number): void {
    this.#beganAt = atMs;
    this.#sensor.take();
    this.#delivery?.begin(atMs, this.#options.durationMs);
    this.#fleet.begin(atMs);
    this.#pacer.begin(atMs);
    this.#awaitWindow();
  }

  /** Ends with what there is. */
  stop(): void {
    if (this.#over) return;
    this.#over = true;
    this.#cancelWait();
    // What should have started, and did not, is part of the plan all the same.
    this.#recorder.counts.planned += this.#pacer.stop();
    const now = monotonicMs();
    const population = { ...this.#fleet.population };
    // What it takes to let go of thousands of streams is no part of the run.
    const generator = this.#sensor.take();
    this.#fleet.finish(now);
    this.#delivery?.finish();
    const atMs = Math.min(now - this.#beganAt, this.#options.durationMs);
    // Told to end before all begin, it has nothing to tell.
    if (atMs >= 0) this.#tellWindow(Math.max(this.#toldUpTo, atMs), population, generator);
    this.#samples?.close();
    this.#tell({ type: 'done' });
  }

  #awaitWindow(): void {
    const end = windowEndAfter(this.#toldUpTo, this.#options);
    this.#cancelWait = callAt(this.#beganAt + end, monotonicMs, () => this.#windowEnded(end));
  }

  #windowEnded(end: number): void {
    if (end >= this.#options.durationMs) return this.stop();
    // Held up, it may have come past other ends of windows.
    const now = monotonicMs() - this.#beganAt;
    let passed = end;
    while (passed !== this.#options.warmUpMs && windowEndAfter(passed, this.#options) <= now)
      passed = windowEndAfter(passed, this.#options);
    this.#tellWindow(passed, this.#fleet.population, this.#sensor.take());
    this.#awaitWindow();
  }

  #tellWindow(toMs: number, population: Readonly<Population>, generator: GeneratorSample): void {
    const snapshot = this.#recorder.take(this.#toldUpTo, toMs, population, this.#delivery?.take());
    this.#toldUpTo = toMs;
    this.#tell({ type: 'window', snapshot, generator });
  }
}
