import type { Stray, Visit } from './visit.ts';

/** Of one measurement; a proxy that asks without an end fills no memory: later visits are served, and not remembered. */
const MOST_VISITS = 10_000;
/** Of all; then the measurement that began first is forgotten. */
const MOST_OF_ALL = 20_000;
const MOST_STRAYS = 100;

/** What the origin has seen: the latest measurements, for one that runs for days. */
export class VisitLog {
  readonly strays: Stray[] = [];
  readonly #now: () => number;
  readonly #byKey = new Map<string, Visit[]>();
  #count = 0;

  /** @param now monotonic milliseconds */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** A request with a script came. */
  arrived(arrival: Pick<Visit, 'uid' | 'key' | 'request' | 'peer' | 'connection' | 'nth'>): Visit {
    const visit: Visit = { ...arrival, atMs: this.#now(), bytesTaken: 0 };
    const others = this.#byKey.get(visit.key);
    if (others !== undefined && others.length >= MOST_VISITS) return visit;
    if (this.#count >= MOST_OF_ALL) this.#forgetOldest(visit.key);
    this.#count += 1;
    if (others === undefined) this.#byKey.set(visit.key, [visit]);
    else others.push(visit);
    return visit;
  }

  #forgetOldest(but: string): void {
    for (const [key, visits] of this.#byKey) {
      if (key === but) continue;
      this.#byKey.delete(key);
      this.#count -= visits.length;
      return;
    }
  }

  strayed(stray: Stray): void {
    this.strays.push(stray);
    if (this.strays.length > MOST_STRAYS) this.strays.shift();
  }

  of(key: string): readonly Visit[] {
    return this.#byKey.get(key) ?? [];
  }

  now(): number {
    return this.#now();
  }
}
