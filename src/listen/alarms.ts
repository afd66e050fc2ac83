interface Alarm {
  at: number;
  callback: () => void;
}

/** What is to be called at times of a clock, in their order. There are few of them at a time. */
export class Alarms {
  readonly #pending: Alarm[] = [];

  /** When the next one is due; `Infinity` where there is none. */
  get next(): number {
    return this.#pending[0]?.at ?? Number.POSITIVE_INFINITY;
  }

  /** Returns what cancels it, and tells whether it was still pending. */
  add(at: number, callback: () => void): () => boolean {
    const alarm = { at, callback };
    const before = this.#pending.findIndex((each) => each.at > at);
    this.#pending.splice(before === -1 ? this.#pending.length : before, 0, alarm);
    return () => {
      const index = this.#pending.indexOf(alarm);
      if (index !== -1) this.#pending.splice(index, 1);
      return index !== -1;
    };
  }

  /** Calls those that are due by then, also those that they set. */
  ring(until: number): void {
    for (let [first] = this.#pending; first !== undefined && first.at <= until; [first] = this.#pending) {
      this.#pending.shift();
      first.callback();
    }
  }
}
