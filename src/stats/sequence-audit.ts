import { NumberRanges } from './number-ranges.ts';
import type { SequenceTally } from './sequence-tally.ts';

/** So many ranges of numbers are told apart below the highest one; see {@link SequenceAudit}. */
export const MOST_RANGES = 64;

const NONE = -1;

/**
 * Follows the numbers of one stream's events, which are expected to go up by one, and counts into a tally:
 *
 * - `received`: distinct numbers;
 * - `missing`: those between the first number of the stream (but for early ones) and its highest one that did not come.
 *   Before the first nothing is expected, and after the last nothing is known;
 * - `outOfOrder`: numbers that came for the first time, behind a higher one of the same connection;
 * - `replayed`: numbers that came again after a reconnect, before the first one beyond all earlier ones: the overlap of
 *   a replay. Each counts once a connection;
 * - `duplicated`: all others that came again.
 *
 * Exact, in a few fields, as long as numbers come in order. Up to {@link MOST_RANGES} gaps are kept beside; of more, the
 * lowest stays missing for good, and a number of it that comes after all counts as one that came again. A server that
 * begins to count anew can't be told from one that replays: below the highest number so far nothing can be missed.
 */
export class SequenceAudit {
  readonly #tally: SequenceTally;
  readonly #stream: number;
  /** What is above is expected: the first number of all, but for early ones. */
  #base = NONE;
  /** All from here to the highest one came. */
  #top = NONE;
  #highest = NONE;
  /** Highest one of this connection. */
  #peak = NONE;
  /** After a reconnect, until a number is beyond all earlier ones. */
  #overlapping = false;
  /** What came below `#top`: absent while nothing did, or all of it. */
  #lower: NumberRanges | undefined;
  /** What came in this connection while it overlaps. */
  #again: NumberRanges | undefined;

  /** @param stream its number, for examples */
  constructor(tally: SequenceTally, stream: number) {
    this.#tally = tally;
    this.#stream = stream;
  }

  /**
   * An event came. Its number is a whole one, from 0, that a double holds exactly.
   *
   * @param above what is higher than this is expected, although it is lower than the first number
   */
  event(number: number, above = number): void {
    if (this.#base === NONE) this.#base = Math.max(Math.min(number, above), this.#highest);
    this.#take(number);
  }

  /** An event came that may have passed others on the way: it doesn't tell yet which ones are to be expected. */
  early(number: number): void {
    this.#take(number);
  }

  #take(number: number): void {
    const expected = this.#highest + 1;
    if (number < expected) {
      this.#behind(number);
      return;
    }
    this.#tally.received += 1;
    if (this.#highest === NONE) this.#top = number;
    else if (number > expected) this.#jump(expected, number);
    this.#highest = number;
    this.#peak = number;
    if (this.#overlapping) this.#endOverlap();
  }

  /** The connection was lost: what comes from now on comes on another one. */
  interrupted(): void {
    this.#peak = NONE;
    this.#again = undefined;
    this.#overlapping = this.#highest !== NONE;
  }

  /** Whether some number below the highest one did not come. */
  get hasGaps(): boolean {
    return this.#lower !== undefined;
  }

  /**
   * Nothing comes any more: what is missing by now stays so.
   *
   * @param upTo higher ones may have been on their way, and are not missing
   */
  ended(upTo = Number.POSITIVE_INFINITY): void {
    for (const [from, to] of this.#lower?.gaps(this.#top) ?? []) {
      if (to > upTo) this.#forgive(Math.max(from, upTo + 1), to);
      if (from <= upTo) this.#tellMissing(from, Math.min(to, upTo));
    }
    this.#lower = undefined;
    this.#again = undefined;
  }

  #forgive(from: number, to: number): void {
    if (!this.#expects(to)) return;
    const first = Math.max(from, this.#base + 1);
    this.#tally.missing -= to - first + 1;
    this.#tally.missingNumbers?.add(first, to, -1);
  }

  #jump(expected: number, number: number): void {
    if (this.#expects(number - 1)) {
      const from = Math.max(expected, this.#base + 1);
      const tally = this.#tally;
      tally.jumps += 1;
      tally.missing += number - from;
      tally.missingNumbers?.add(from, number - 1, 1);
    }
    this.#lower ??= new NumberRanges(MOST_RANGES, (from, to) => this.#tellMissing(from, to));
    this.#lower.append(this.#top, this.#highest);
    this.#top = number;
  }

  #behind(number: number): void {
    const known = number >= this.#top || this.#lower?.has(number) === true;
    if (known) this.#repeated(number);
    else this.#late(number);
    if (this.#overlapping) {
      this.#again ??= new NumberRanges(MOST_RANGES);
      this.#again.add(number);
    }
    if (number > this.#peak) this.#peak = number;
  }

  #repeated(number: number): void {
    const replayed = this.#overlapping && this.#again?.has(number) !== true;
    if (replayed) this.#tally.replayed += 1;
    else this.#tally.duplicated += 1;
    this.#tell(replayed ? 'replayed' : 'duplicated', number);
  }

  #late(number: number): void {
    const tally = this.#tally;
    tally.received += 1;
    if (this.#expects(number)) {
      tally.missing -= 1;
      tally.missingNumbers?.add(number, number, -1);
    } else if (this.#overlapping && this.#peak === NONE) {
      this.#tell('restarted', number);
    }
    if (number < this.#peak) {
      tally.outOfOrder += 1;
      this.#tell('out_of_order', number);
    }
    this.#keepLate(number);
  }

  /** Ranges that meet the topmost one become part of it. */
  #keepLate(number: number): void {
    const lower = this.#lower ?? new NumberRanges(MOST_RANGES, (from, to) => this.#tellMissing(from, to));
    lower.add(number);
    if (lower.highest === this.#top - 1) this.#top = lower.takeHighest() as number;
    this.#lower = lower.empty ? undefined : lower;
  }

  #endOverlap(): void {
    this.#overlapping = false;
    this.#again = undefined;
  }

  #tell(kind: 'duplicated' | 'out_of_order' | 'replayed' | 'restarted', number: number): void {
    this.#tally.tell(kind, this.#stream, number, number, this.#highest);
  }

  #expects(number: number): boolean {
    return this.#base !== NONE && number > this.#base;
  }

  #tellMissing(from: number, to: number): void {
    if (this.#expects(from)) this.#tally.tell('missing', this.#stream, from, to, from - 1);
  }
}
