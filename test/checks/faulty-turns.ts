/** How many requests a proxy serves at a time; others wait for their turn. */
export interface TurnFaults {
  /** Requests beyond wait until another has ended; with `refusesBeyond` they are answered with that status. */
  maxConnections?: number;
  refusesBeyond?: number;
  /** While one request for a URL is served, others for the same wait for its end. */
  locksUrls?: boolean;
}

interface Turn {
  url: string;
  serve(): void;
}

/** Who is served, and who waits. */
export class Turns {
  readonly #served: string[] = [];
  readonly #waiting: Turn[] = [];

  /** Whether there is no place at all for one more. */
  isFull({ maxConnections = Number.POSITIVE_INFINITY }: TurnFaults): boolean {
    return this.#served.length >= maxConnections;
  }

  /** Serves it now or later. */
  take(turn: Turn, faults: TurnFaults): void {
    if (!this.#hasPlaceFor(turn, faults)) {
      this.#waiting.push(turn);
      return;
    }
    this.#served.push(turn.url);
    turn.serve();
  }

  /** One of that URL has ended. */
  leave(url: string, faults: TurnFaults): void {
    this.#served.splice(this.#served.indexOf(url), 1);
    const next = this.#waiting.findIndex((turn) => this.#hasPlaceFor(turn, faults));
    const [turn] = next < 0 ? [] : this.#waiting.splice(next, 1);
    if (turn !== undefined) this.take(turn, faults);
  }

  #hasPlaceFor({ url }: Turn, faults: TurnFaults): boolean {
    return !this.isFull(faults) && !(faults.locksUrls === true && this.#served.includes(url));
  }
}
