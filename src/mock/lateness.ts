/** Widths of 0.1 ms, up to 1 s; what is later falls into the last one. */
const SLOT_MS = 0.1;
const SLOTS = 10_000;

/** By how much the server itself was late: the time between an event's schedule and its write. */
export class Lateness {
  readonly #slots = new Uint32Array(SLOTS + 1);
  count = 0;
  maxMs = 0;
  sumMs = 0;

  note(lateMs: number): void {
    const late = Math.max(0, lateMs);
    this.count += 1;
    this.sumMs += late;
    if (late > this.maxMs) this.maxMs = late;
    const slot = Math.min(SLOTS, Math.floor(late / SLOT_MS));
    this.#slots[slot] = (this.#slots[slot] ?? 0) + 1;
  }

  /** How many were at most so late, to 0.1 ms. */
  countUpTo(lateMs: number): number {
    let count = 0;
    const end = Math.min(SLOTS, Math.ceil(lateMs / SLOT_MS));
    for (let slot = 0; slot < end; slot += 1) count += this.#slots[slot] ?? 0;
    return count;
  }

  /** The q-quantile, rounded up to 0.1 ms; 0 where nothing was sent. */
  quantile(q: number): number {
    const rank = Math.ceil(q * this.count);
    let seen = 0;
    for (let slot = 0; slot <= SLOTS && rank > 0; slot += 1) {
      seen += this.#slots[slot] ?? 0;
      if (seen >= rank) return Math.min(this.maxMs, (slot + 1) * SLOT_MS);
    }
    return 0;
  }
}
