import type { ConnectionPool } from '../../client/pool.ts';
import type { Population } from '../../results/bench/snapshot.ts';
import { seededRandom } from '../../stats/random.ts';
import type { Delivery } from '../delivery/delivery.ts';
import { quietMs } from '../delivery/publish/quiet.ts';
import type { BenchOptions } from '../options.ts';
import type { Arrival } from '../plan/plan.ts';
import { shareOf } from '../plan/share.ts';
import { sourceAddressOf } from '../preflight/source-addresses.ts';
import type { StreamRequests } from '../recipe.ts';
import { callAt } from './call-at.ts';
import type { GoodputWatch } from './goodput-watch.ts';
import type { Slot, Traits } from './slot.ts';
import { StartQueue } from './start-queue.ts';
import type { StreamContext } from './stream-context.ts';
import { type Outcome, type State, VirtualStream } from './virtual-stream.ts';
import type { WindowRecorder } from './window-recorder.ts';

/** A slot opens its next stream at once only after one that lived so long: a server that closes each is not hammered. */
const SHORTEST_LIFE_MS = 50;
/** After a stream that failed the wait is that of a reconnect, and at least this. */
const SHORTEST_WAIT_MS = 100;
/** Streams that a storm cuts in a millisecond; a start takes about 0.2 ms. */
const CUTS_PER_MS = 2;

/** A worker's part in a run. */
export interface FleetPart {
  /** From 0. */
  worker: number;
  workers: number;
}

export interface FleetParts {
  options: BenchOptions;
  part: FleetPart;
  recorder: WindowRecorder;
  pool: ConnectionPool;
  requests: StreamRequests;
  now(): number;
  goodput?: GoodputWatch | undefined;
  delivery?: Delivery | undefined;
}

/** All streams of a worker: they come as the plan has it, and in the closed model one follows another. */
export class Fleet implements StreamContext {
  readonly recorder: WindowRecorder;
  readonly pool: ConnectionPool;
  readonly life: BenchOptions['life'];
  readonly reconnect: BenchOptions['reconnect'];
  readonly goodput: GoodputWatch | undefined;
  readonly delivery: Delivery | undefined;
  readonly requests: StreamRequests;
  readonly now: () => number;
  readonly random: () => number;
  readonly #options: BenchOptions;
  readonly #queue = new StartQueue();
  readonly #streams = new Map<Slot, VirtualStream>();
  readonly #population: Population = { connected: 0, connecting: 0, waiting: 0 };
  /** Open streams at most, of this worker's share. */
  readonly #maxOpen: number;
  readonly #reopens: boolean;
  /** When the run began, on the monotonic clock. */
  #beganAt = 0;
  #over = false;

  constructor(parts: FleetParts) {
    const { options, part } = parts;
    this.#options = options;
    this.recorder = parts.recorder;
    this.pool = parts.pool;
    this.requests = parts.requests;
    this.now = parts.now;
    this.goodput = parts.goodput;
    this.delivery = parts.delivery;
    this.life = options.life;
    this.reconnect = options.reconnect;
    this.random = seededRandom(options.seed, 'worker', part.worker);
    this.#reopens = options.load.model === 'closed' || options.load.model === 'closed-stages';
    this.#maxOpen =
      'maxOpen' in options.load ? evenShare(options.load.maxOpen, part) : Number.POSITIVE_INFINITY;
  }

  get population(): Readonly<Population> {
    return this.#population;
  }

  /** @param at on the monotonic clock */
  begin(at: number): void {
    this.#beganAt = at;
    const { drop } = this.#options.behaviour;
    if (drop !== undefined) callAt(at + drop.atMs, this.now, () => this.#storm(at + drop.atMs));
  }

  /** The plan has a stream start. */
  arrive(arrival: Arrival): void {
    if (this.#over) return;
    const { counts } = this.recorder;
    if (this.#streams.size >= this.#maxOpen) {
      counts.planned += 1;
      counts.withheld += 1;
      return;
    }
    const slot: Slot = { arrival, traits: this.#traitsOf(arrival.index), failures: 0, over: false };
    const { untilMs } = arrival;
    this.#open(slot, this.#beganAt + arrival.atMs);
    if (untilMs !== undefined) callAt(this.#beganAt + untilMs, this.now, () => this.#leave(slot));
  }

  /** The time is over: counts what is under way as open. */
  finish(at: number): void {
    this.#over = true;
    const { durationMs, delivery } = this.#options;
    // Events of our own have come to an end before: the rest is a silence of our making.
    const publishedUntil = this.#beganAt + durationMs - quietMs(durationMs);
    const heardUntil = delivery.publish === undefined ? at : Math.min(at, publishedUntil);
    for (const stream of this.#streams.values()) stream.finish(at, heardUntil);
    this.#streams.clear();
  }

  localAddressFor(index: number): string | undefined {
    const { localAddresses, request } = this.#options;
    return localAddresses && sourceAddressOf(localAddresses, index, request.urls.length);
  }

  startAt(at: number, start: () => void): () => void {
    const inTurn = () => {
      if (!this.#over) start();
    };
    return callAt(at, this.now, () => this.#queue.add(inTurn));
  }

  moved(from: State, to: State): void {
    if (from in this.#population) this.#population[from as keyof Population] -= 1;
    if (to in this.#population) this.#population[to as keyof Population] += 1;
  }

  refusedInStorm(status: number): void {
    if (status === 429) this.recorder.storm.status429 += 1;
    if (status === 503) this.recorder.storm.status503 += 1;
  }

  ended(stream: VirtualStream, outcome: Outcome): void {
    const { slot } = stream;
    this.#streams.delete(slot);
    if (!this.#reopens || this.#over || slot.over) return;
    slot.failures = outcome === 'failed' || !stream.everOpened ? slot.failures + 1 : 0;
    const now = this.now();
    const waitMs = this.#waitAfter(slot, now - stream.startedAt);
    const plannedAt = now + waitMs;
    if (this.#beganAt + this.#options.durationMs <= plannedAt) return;
    this.startAt(plannedAt, () => slot.over || this.#open(slot, plannedAt));
  }

  #open(slot: Slot, plannedAt: number): void {
    this.recorder.counts.planned += 1;
    this.#streams.set(slot, new VirtualStream(this, slot, plannedAt));
  }

  /** Its time in the plan is over. */
  #leave(slot: Slot): void {
    slot.over = true;
    this.#streams.get(slot)?.leave();
  }

  #waitAfter({ failures }: Slot, livedMs: number): number {
    const { retryDelayMs, retryMaxMs } = this.reconnect;
    if (failures === 0) return Math.max(0, SHORTEST_LIFE_MS - livedMs);
    const base = Math.max(SHORTEST_WAIT_MS, retryDelayMs);
    return Math.min(Math.max(base, retryMaxMs), base * 2 ** (failures - 1)) * (1 - 0.5 * this.random());
  }

  #traitsOf(index: number): Traits {
    const { seed, behaviour } = this.#options;
    const { slow, cancel, drop } = behaviour;
    const has = (share: number | undefined, what: string) =>
      share !== undefined && (share >= 1 || shareOf(seed, index, what) < share);
    return {
      dropped: has(drop?.share, 'drop'),
      ...(slow !== undefined && has(slow.share, 'slow') ? { slowBytesPerSecond: slow.bytesPerSecond } : {}),
      ...(cancel !== undefined && has(cancel.share, 'cancel') ? { cancelAfterMs: cancel.afterMs } : {}),
    };
  }

  /**
   * Streams that come back all in one millisecond would wait for this process, and measure it: they are cut at a rate at
   * which it can start them again. Each waits from when it was cut itself; that it is back counts from the beginning.
   *
   * @param beganAt the same on all workers
   */
  #storm(beganAt: number): void {
    const streams = [...this.#streams.values()].filter(({ slot }) => slot.traits.dropped);
    const firstAt = this.now();
    let cut = 0;
    const goOn = () => {
      const due = Math.ceil((this.now() - firstAt + 1) * CUTS_PER_MS);
      for (const stream of streams.slice(cut, due)) stream.drop(beganAt);
      cut = due;
      if (cut < streams.length && !this.#over) setTimeout(goOn, 1);
    };
    goOn();
  }
}

/** A worker's part of a number: all parts together are the number. */
function evenShare(count: number | undefined, { worker, workers }: FleetPart): number {
  if (count === undefined) return Number.POSITIVE_INFINITY;
  return Math.floor(count / workers) + (worker < count % workers ? 1 : 0);
}
