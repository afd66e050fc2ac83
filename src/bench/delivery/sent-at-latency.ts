import type { SenderClock } from '../../results/bench/delivery.ts';
import type { LatencySink } from './delivery.ts';

/** So many differences, or as many as come in so long, decide what is taken for the offset of the sender's clock. */
const MOST_HELD = 1_000;
const LONGEST_HELD_MS = 1_000;

/**
 * Latencies from what two clocks read: one when an event was sent, another one when it came. How far apart the clocks
 * are can't be told from that, save for one thing: nothing comes before it was sent. Where the smallest difference is
 * below zero, the sender's clock is ahead by that much or more, and what is recorded is what events took longer than
 * the fastest one (the base delay of RFC 6817). Else differences are recorded as they are.
 *
 * The first ones are held back until enough of them tell which; the decision then stands for the whole run. What falls
 * below zero all the same, the histogram clips and counts.
 */
export class SentAtLatency {
  readonly #latencies: LatencySink;
  #held: number[] | undefined = [];
  #heldUntil = 0;
  #addedMs = 0;
  #smallestMs = Number.POSITIVE_INFINITY;

  constructor(latencies: LatencySink) {
    this.#latencies = latencies;
  }

  /** @param sentAt by the sender's clock; @param at by ours; both since the epoch, in milliseconds */
  add(sentAt: number, at: number): void {
    const difference = at - sentAt;
    if (difference < this.#smallestMs) this.#smallestMs = difference;
    if (this.#held === undefined) {
      this.#latencies.record(difference + this.#addedMs);
      return;
    }
    if (this.#held.length === 0) this.#heldUntil = at + LONGEST_HELD_MS;
    this.#held.push(difference);
    if (this.#held.length >= MOST_HELD || at >= this.#heldUntil) this.settle();
  }

  /** Decides by what there is. */
  settle(): void {
    const held = this.#held;
    if (held === undefined || held.length === 0) return;
    this.#held = undefined;
    this.#addedMs = Math.max(0, -this.#smallestMs);
    for (const difference of held) this.#latencies.record(difference + this.#addedMs);
  }

  /** `undefined` as long as nothing was decided. */
  get clock(): Omit<SenderClock, 'steppedMs'> | undefined {
    if (this.#held !== undefined) return undefined;
    return { smallestMs: this.#smallestMs, addedMs: [this.#addedMs, this.#addedMs] };
  }
}
