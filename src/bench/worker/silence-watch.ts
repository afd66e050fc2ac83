import type { Cut, Measures } from './measures.ts';

/**
 * The gaps of one connection, from its headers to its end. One socket read is one arrival, however many events it
 * brings. Times are milliseconds on the monotonic clock; 0 stands for never.
 */
export class SilenceWatch {
  readonly #measures: Measures;
  /** The latest read, or the headers before the first. */
  #readAt: number;
  /** Whether that was a read of the body. */
  #anyRead = false;
  /** The read that brought the latest event. */
  #eventAt = 0;
  /** Of the latest read: the gap before it, and what it brought. */
  #gapBefore = 0;
  #hasEvent = false;
  #hasComment = false;

  constructor(measures: Measures, headersAt: number) {
    this.#measures = measures;
    this.#readAt = headersAt;
  }

  /** @returns whether these bytes came in a read of their own */
  read(at: number): boolean {
    if (this.#anyRead && at === this.#readAt) return false;
    this.#settle();
    const gap = at - this.#readAt;
    this.#measures.record('silence', gap);
    this.#gapBefore = this.#anyRead ? gap : 0;
    this.#readAt = at;
    this.#anyRead = true;
    this.#hasEvent = false;
    this.#hasComment = false;
    return true;
  }

  /** @returns whether it is the first event of its read */
  event(at: number): boolean {
    this.#hasEvent = true;
    if (at === this.#eventAt) return false;
    if (this.#eventAt > 0) this.#measures.record('event_gap', at - this.#eventAt);
    this.#eventAt = at;
    return true;
  }

  comment(): void {
    this.#hasComment = true;
  }

  /** When the latest event came; 0 where none did. */
  get eventAt(): number {
    return this.#eventAt;
  }

  /**
   * The connection ended.
   *
   * @param gapCut absent where the gap since the latest event goes on: the stream may come back
   * @param heardUntil from then on we had no right to hear anything
   * @returns for how long nothing had come
   */
  end(cut: { silence: Cut; gap?: Cut }, at: number, heardUntil: number): number {
    this.#settle();
    const since = (begin: number) => Math.max(0, heardUntil - begin);
    this.#measures[cut.silence]('silence', since(this.#readAt));
    if (cut.gap !== undefined && this.#eventAt > 0)
      this.#measures[cut.gap]('event_gap', since(this.#eventAt));
    return at - this.#readAt;
  }

  /** Only now is it known that the latest read brought no event. */
  #settle(): void {
    if (!this.#hasComment || this.#hasEvent || this.#gapBefore === 0) return;
    this.#measures.record('keepalive_gap', this.#gapBefore);
    this.#hasComment = false;
  }
}
