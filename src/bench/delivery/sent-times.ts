/** Of so many events that were published last is remembered when. */
const REMEMBERED = 4_096;

/** When published events were sent, as the streams of a process have learned: for those that some of them lack. */
export class SentTimes {
  readonly #numbers = new Float64Array(REMEMBERED).fill(-1);
  readonly #sentMs = new Float64Array(REMEMBERED);
  #highest = -1;

  /** @returns whether it was news, as far as is remembered */
  learned(n: number, sentMs: number): boolean {
    const at = n % REMEMBERED;
    const news = this.#numbers[at] !== n;
    this.#numbers[at] = n;
    this.#sentMs[at] = sentMs;
    if (n > this.#highest) this.#highest = n;
    return news;
  }

  /** The highest number up to `n` that was sent no later than then, as far as is known; -1: none. */
  lastSentBy(at: number, n: number): number {
    const lowest = Math.max(0, this.#highest - REMEMBERED + 1);
    for (let number = n; number >= lowest; number -= 1) {
      const index = number % REMEMBERED;
      if (this.#numbers[index] === number && (this.#sentMs[index] as number) <= at) return number;
    }
    // What is no longer remembered was sent before all that is.
    return lowest - 1;
  }

  /** When those above `n` were sent, as far as it is remembered. */
  *above(n: number): Iterable<number> {
    for (let number = Math.max(n + 1, this.#highest - REMEMBERED + 1); number <= this.#highest; number += 1) {
      const at = number % REMEMBERED;
      if (this.#numbers[at] === number) yield this.#sentMs[at] as number;
    }
  }
}
