/** What a ring keeps: in the order of its positions. */
export interface Positioned<P> {
  /** Above that of the event before it. */
  readonly position: P;
  readonly sizeBytes: number;
}

/** Below, at or above zero where the one position is before, at or behind the other. */
export type Compare<P> = (one: P, other: P) => number;

/** Places that a ring begins with; it grows as it is filled. */
const FIRST_CAPACITY = 16;

/**
 * The newest events of a channel. Each has an ordinal, counted from 0 for the first that was ever pushed, so that a
 * reader keeps its place with a number: where the place is older than {@link first}, the ring has overtaken it.
 */
export class EventRing<P, E extends Positioned<P>> {
  /** Of the newest event that is no longer here; what is behind it is complete. */
  lostUpTo: P;
  /** Of everything that is kept. */
  sizeBytes = 0;
  /** Ordinal of the oldest that is kept. */
  first = 0;
  /** Ordinal that the next one gets. */
  end = 0;
  readonly #compare: Compare<P>;
  #places: (E | undefined)[] = [];

  /** @param lostUpTo of what came before there was a ring */
  constructor(lostUpTo: P, compare: Compare<P>) {
    this.lostUpTo = lostUpTo;
    this.#compare = compare;
  }

  get length(): number {
    return this.end - this.first;
  }

  push(event: E): void {
    if (this.length === this.#places.length) this.#grow();
    this.#places[this.end % this.#places.length] = event;
    this.end += 1;
    this.sizeBytes += event.sizeBytes;
  }

  /** Lets go of the oldest. */
  shift(): E | undefined {
    const event = this.at(this.first);
    if (event === undefined) return undefined;
    this.#places[this.first % this.#places.length] = undefined;
    this.first += 1;
    this.sizeBytes -= event.sizeBytes;
    this.lostUpTo = event.position;
    return event;
  }

  at(ordinal: number): E | undefined {
    return ordinal < this.first || ordinal >= this.end
      ? undefined
      : this.#places[ordinal % this.#places.length];
  }

  /** Ordinal of the first event behind a position; {@link end} where there is none. */
  firstBehind(position: P): number {
    let from = this.first;
    let to = this.end;
    while (from < to) {
      const middle = Math.floor((from + to) / 2);
      const event = this.at(middle);
      if (event === undefined || this.#compare(event.position, position) <= 0) from = middle + 1;
      else to = middle;
    }
    return from;
  }

  #grow(): void {
    const kept = Array.from({ length: this.length }, (_, index) => this.at(this.first + index));
    this.#places = new Array(Math.max(FIRST_CAPACITY, 2 * kept.length)).fill(undefined);
    for (const [index, event] of kept.entries()) {
      this.#places[(this.first + index) % this.#places.length] = event;
    }
  }
}
