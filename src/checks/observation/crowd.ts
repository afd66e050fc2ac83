import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { ONE_EVENT, type OriginScript } from '../origin/script.ts';
import type { Visit } from '../origin/visit.ts';
import { watchVisits } from '../origin/watch-visits.ts';
import { scripted } from '../ways/scripted.ts';
import type { ProbeContext, Way } from '../ways/way.ts';
import type { Observation } from './observation.ts';
import { observe } from './observe.ts';

/** Streams along one way that are open at the same time, each with an event at its beginning, until all are left together. */
export class Crowd {
  /** Of the origin's log: one for all. */
  readonly key = randomUUID();
  readonly #way: Way;
  readonly #context: ProbeContext;
  readonly #lifeMs: number;
  readonly #over = new AbortController();
  readonly #all: Promise<Observation>[] = [];
  readonly #served = new Set<Observation>();
  #refused = 0;

  /** @param lifeMs what each lives at most: where nobody tells the origin that the client has left, it ends by itself */
  constructor(way: Way, context: ProbeContext, lifeMs: number) {
    this.#way = way;
    this.#context = context;
    this.#lifeMs = lifeMs;
    // Each stream listens for it.
    setMaxListeners(0, this.#over.signal);
  }

  /** So many have had their event, and none of them has ended. */
  get open(): number {
    return [...this.#served].filter(({ end }) => end === undefined).length;
  }

  /** So many ended without an event. */
  get refused(): number {
    return this.#refused;
  }

  /** So many have had no event, and have not ended. */
  get waiting(): number {
    return this.#all.length - this.#served.size - this.#refused;
  }

  /** What the origin saw of them all so far. */
  visits(): Promise<readonly Visit[]> {
    return this.#context.origin.visits(this.key);
  }

  /** So many have a place now: they are open, or the origin answers them and their events are held back. */
  async running(): Promise<number> {
    const visits = await this.visits();
    return Math.max(this.open, visits.filter(({ end }) => end === undefined).length);
  }

  /** Opens one more. @returns whether it has its event within so long; false at once where it ends without */
  join(patienceMs: number): Promise<boolean> {
    const { pool, signal } = this.#context;
    const { request } = scripted(this.#way, this.#script(), this.key);
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), patienceMs);
      const seen = observe(pool, request, {
        forMs: this.#lifeMs,
        until: (now) => {
          if (now.events.length === 0) return false;
          clearTimeout(timer);
          this.#served.add(now);
          resolve(true);
          return false;
        },
        signal: AbortSignal.any([signal, this.#over.signal]),
      });
      this.#all.push(seen);
      void seen.then((all) => {
        clearTimeout(timer);
        if (all.events.length > 0) this.#served.add(all);
        else this.#refused += 1;
        resolve(all.events.length > 0);
      });
    });
  }

  /** Leaves all. @returns what was seen of each, in the order in which they were opened */
  leave(): Promise<Observation[]> {
    this.#over.abort();
    return Promise.all(this.#all);
  }

  /** Until their places are free: where nobody tells the origin that the clients have left, they are taken up to their ends. */
  async gone(): Promise<void> {
    const { origin, signal } = this.#context;
    const areOver = (visits: readonly Visit[]) => visits.every(({ end }) => end !== undefined);
    await watchVisits(origin, this.key, { forMs: this.#lifeMs, until: areOver, signal });
  }

  /** Another URL for each: who takes them for one stream, and serves one of them alone, is found by the probe of sharing. */
  #script(): Omit<OriginScript, 'key'> {
    const ms = this.#lifeMs + this.#all.length;
    // Of those that a proxy has queued, and goes on to ask for when we have left, none takes a place for as long again.
    return { steps: [ONE_EVENT, { do: 'wait', ms, from: 'the first request' }] };
  }
}
