/**
 * Whole numbers, kept as the ranges that they form. Of more ranges than `most`, the two lowest become one: the numbers
 * between them are taken for members from then on, so that the memory has a bound.
 */
export class NumberRanges {
  /** First and last of each range, in ascending order. */
  readonly #bounds: number[] = [];
  readonly #most: number;
  readonly #closed: ((from: number, to: number) => void) | undefined;

  /** @param closed told of numbers between two ranges that became one */
  constructor(most: number, closed?: (from: number, to: number) => void) {
    this.#most = most;
    this.#closed = closed;
  }

  get empty(): boolean {
    return this.#bounds.length === 0;
  }

  /** Of all numbers; `undefined` where there are none. */
  get highest(): number | undefined {
    return this.#bounds.at(-1);
  }

  has(number: number): boolean {
    const at = this.#behind(number);
    return at > 0 && number <= (this.#bounds[at - 1] as number);
  }

  /** Returns whether it was new. */
  add(number: number): boolean {
    if (this.has(number)) return false;
    const bounds = this.#bounds;
    const at = this.#behind(number);
    const joinsBelow = at > 0 && bounds[at - 1] === number - 1;
    const joinsAbove = bounds[at] === number + 1;
    if (joinsBelow && joinsAbove) bounds.splice(at - 1, 2);
    else if (joinsBelow) bounds[at - 1] = number;
    else if (joinsAbove) bounds[at] = number;
    else bounds.splice(at, 0, number, number);
    this.#bound();
    return true;
  }

  /** A range above all others, with a gap between. */
  append(from: number, to: number): void {
    this.#bounds.push(from, to);
    this.#bound();
  }

  /** Takes the highest range out; returns its first number. */
  takeHighest(): number | undefined {
    this.#bounds.pop();
    return this.#bounds.pop();
  }

  /** The numbers between ranges, and from the highest up to `end`, which is left out. */
  *gaps(end: number): Iterable<[from: number, to: number]> {
    const bounds = this.#bounds;
    for (let at = 1; at < bounds.length; at += 2) {
      yield [(bounds[at] as number) + 1, (bounds[at + 1] ?? end) - 1];
    }
  }

  /** Index of the first range that begins behind the number. */
  #behind(number: number): number {
    const bounds = this.#bounds;
    let low = 0;
    let high = bounds.length / 2;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((bounds[2 * middle] as number) <= number) low = middle + 1;
      else high = middle;
    }
    return 2 * low;
  }

  #bound(): void {
    if (this.#bounds.length <= 2 * this.#most) return;
    const [to, from] = this.#bounds.splice(1, 2) as [number, number];
    this.#closed?.(to + 1, from - 1);
  }
}
