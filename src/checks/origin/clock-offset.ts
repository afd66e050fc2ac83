/** One question to another clock: times of ours, and what the other one said in between. Milliseconds. */
export interface RoundTrip {
  sentAt: number;
  receivedAt: number;
  theirs: number;
}

/** What another clock says, less what ours does; and how far that may be off. */
export interface ClockOffset {
  aheadMs: number;
  uncertaintyMs: number;
}

/** Two clocks of ordinary machines drift apart by no more: parts of one, 50 ppm each. */
const DRIFT = 100e-6;

/**
 * How far another machine's clock is ahead of ours. The other clock was read somewhere between question and answer: the
 * shortest round trip says most, and half of it is what nobody can know. Clocks drift: what was known becomes less certain with
 * time, until a longer round trip says more.
 */
export class ClockEstimate {
  #best: { offset: ClockOffset; atMs: number } | undefined;

  add({ sentAt, receivedAt, theirs }: RoundTrip): void {
    const uncertaintyMs = (receivedAt - sentAt) / 2;
    // A clock that went backwards knows nothing.
    if (!(uncertaintyMs >= 0)) return;
    if (this.#best !== undefined && uncertaintyMs > this.at(receivedAt).uncertaintyMs) return;
    const middle = sentAt + uncertaintyMs;
    this.#best = { offset: { aheadMs: theirs - middle, uncertaintyMs }, atMs: receivedAt };
  }

  /** @param nowMs by our clock */
  at(nowMs: number): ClockOffset {
    if (this.#best === undefined) return { aheadMs: 0, uncertaintyMs: Number.POSITIVE_INFINITY };
    const { offset, atMs } = this.#best;
    const aged = offset.uncertaintyMs + Math.max(0, nowMs - atMs) * DRIFT;
    return { aheadMs: offset.aheadMs, uncertaintyMs: aged };
  }
}
