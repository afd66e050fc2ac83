/** More changes are not kept before they are taken: the memory of a process must not depend on what servers send. */
const MOST_CHANGES = 100_000;

/** How often each number is in spans that were added: changes of it, number, change, number, change …, in no order. */
export type SpanChanges = Float64Array;

/**
 * Counts in how many spans each number lies, whatever their length: kept is where the count changes. What several
 * processes counted adds up by adding their changes.
 */
export class NumberSpans {
  #changes = new Map<number, number>();

  /** @param times how often it is added; negative: taken out again */
  add(from: number, to: number, times: number): void {
    this.#change(from, times);
    this.#change(to + 1, -times);
  }

  /** The changes since the last time. */
  take(): SpanChanges {
    const changes = Float64Array.from([...this.#changes].filter(([, change]) => change !== 0).flat());
    this.#changes = new Map();
    return changes;
  }

  #change(number: number, by: number): void {
    const known = this.#changes.get(number);
    if (known !== undefined) this.#changes.set(number, known + by);
    else if (this.#changes.size < MOST_CHANGES) this.#changes.set(number, by);
  }
}

/** The changes of both, each number once. */
export function joinChanges(one: SpanChanges, other: SpanChanges): SpanChanges {
  return Float64Array.from([...sums([one, other])].filter(([, change]) => change !== 0).flat());
}

/** How often numbers in `numbers` lie in spans, added up. */
export function timesInSpans(changes: SpanChanges, numbers: readonly number[]): number {
  const steps = [...sums([changes])].sort(([a], [b]) => a - b);
  const wanted = [...numbers].sort((a, b) => a - b);
  let total = 0;
  let level = 0;
  let next = 0;
  for (const number of wanted) {
    for (; next < steps.length && (steps[next]?.[0] ?? 0) <= number; next += 1)
      level += steps[next]?.[1] ?? 0;
    total += level;
  }
  return total;
}

function sums(lists: readonly SpanChanges[]): Map<number, number> {
  const sums = new Map<number, number>();
  for (const changes of lists) {
    for (let at = 0; at + 1 < changes.length; at += 2) {
      const number = changes[at] as number;
      sums.set(number, (sums.get(number) ?? 0) + (changes[at + 1] as number));
    }
  }
  return sums;
}
