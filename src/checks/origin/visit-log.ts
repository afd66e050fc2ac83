import type { SeenRequest, Visit } from './visit.ts';

/** A proxy that asks without an end fills no memory. */
const MOST_VISITS = 10_000;
const MOST_STRAYS = 100;

/** What the origin has seen: the latest measurements, for one that runs for days. */
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
  arrived(arrival: Pick<Visit, 'uid' | 'key' | 'request' | 'connection' | 'nth'>): Visit {
    const visit: Visit = { ...arrival, atMs: this.#now(), bytesTaken: 0 };
    if (this.#count === MOST_VISITS) this.#forgetOldest();
    this.#count += 1;
    const others = this.#byKey.get(visit.key);
    if (others === undefined) this.#byKey.set(visit.key, [visit]);
    else others.push(visit);
    return visit;
  }

  /** The measurement that began first; where it is the only one, its oldest half. */
  #forgetOldest(): void {
    const [oldest] = this.#byKey;
    if (oldest === undefined) return;
    const [key, visits] = oldest;
    if (this.#byKey.size > 1) {
      this.#byKey.delete(key);
      this.#count -= visits.length;
    } else this.#count -= visits.splice(0, Math.ceil(visits.length / 2)).length;
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
