import { type Curve, isAbove, type Stretch } from './curve.ts';

/** A stretch of rates, with the starts that are expected before it and by its end. */
interface Span extends Stretch {
  before: number;
  byEnd: number;
}

/**
 * The integral of a curve of rates, in starts, and its inverse. Both in closed form, from the ends of a stretch: the
 * millionth start is as exact as the first.
 */
export class ExpectedStarts {
  readonly #spans: readonly Span[];
  /** Starts that are expected in the whole run. */
  readonly total: number;

  /** @param rates starts per second, over milliseconds */
  constructor(rates: Curve) {
    let total = 0;
    this.#spans = rates.map((stretch) => {
      const before = total;
      total += ((stretch.from + stretch.to) / 2) * ((stretch.toMs - stretch.fromMs) / 1000);
      return { ...stretch, before, byEnd: total };
    });
    this.total = total;
  }

  /**
   * The time, in milliseconds, from which on more than so many starts are expected: behind a pause of the rate that
   * begins with just so many, as nothing starts in a pause.
   */
  timeOf(starts: number): number {
    const span = this.#spans.find(({ byEnd }) => isAbove(byEnd, starts));
    if (span === undefined) return this.#spans.at(-1)?.toMs ?? 0;
    const { fromMs, toMs, from, to, before } = span;
    const within = Math.max(0, starts - before);
    // Of from · t + slope / 2 · t² = within the root that is reached first, t in seconds, in the form that takes no
    // difference of near numbers. With a level rate it is within ÷ rate.
    const slope = (to - from) / ((toMs - fromMs) / 1000);
    const root = Math.sqrt(Math.max(0, from * from + 2 * slope * within));
    return within === 0 ? fromMs : Math.min(toMs, fromMs + (2000 * within) / (from + root));
  }
}
