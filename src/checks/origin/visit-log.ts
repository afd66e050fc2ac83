import type { SeenRequest, Visit } from './visit.ts';

/** A proxy that asks without an end fills no memory: later visits are served, and not remembered. */
const MOST_VISITS = 10_000;
const MOST_STRAYS = 100;

/** What the origin has seen. */
export class VisitLog {
  readonly strays: SeenRequest[] = [];
  readonly #now: () => number;
  readonly #byKey = new Map<string, Visit[]>();
  #count = 0;

  /** @param now monotonic milliseconds */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** A request with a script came. */
  arrived(arrival: Pick<Visit, 'uid' | 'key' | 'request' | 'connection'>): Visit {
    const visit: Visit = { ...arrival, atMs: this.#now(), bytesTaken: 0 };
    this.#count += 1;
    if (this.#count > MOST_VISITS) return visit;
    const others = this.#byKey.get(visit.key);
    if (others === undefined) this.#byKey.set(visit.key, [visit]);
    else others.push(visit);
    return visit;
  }

  strayed(request: SeenRequest): void {
    this.strays.push(request);
    if (this.strays.length > MOST_STRAYS) this.strays.shift();
  }

  of(key: string): readonly Visit[] {
    return this.#byKey.get(key) ?? [];
  }

  now(): number {
    return this.#now();
  }
}
