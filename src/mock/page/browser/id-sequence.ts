/** What the id of an event says about those before it. Only whole numbers say anything. */
export type IdVerdict =
  | { kind: 'next' }
  | { kind: 'missing'; count: number }
  /** It was missing, and comes now. */
  | { kind: 'late' }
  | { kind: 'again' }
  /** Numbering starts anew. */
  | { kind: 'restart' };

/** Missing ids that are remembered, to tell one that comes late from one that comes again. */
const REMEMBERED = 1_000;
/** An id this far behind is no repeated event but a new count. */
const RESTART_DISTANCE = 1_000;

/** Follows the numbers of one stream. */
export class IdSequence {
  /** In all, less those that came late. */
  missing = 0;
  repeated = 0;
  #last: number | undefined;
  readonly #gaps = new Set<number>();

  /** @returns undefined where the id is no number, or the first one */
  see(id: string): IdVerdict | undefined {
    const number = numberOf(id);
    const last = this.#last;
    if (number === undefined) return undefined;
    if (last === undefined || number > last) this.#last = number;
    if (last === undefined) return undefined;
    if (number === last + 1) return { kind: 'next' };
    if (number > last) return this.#skip(last, number);
    if (this.#gaps.delete(number)) {
      this.missing -= 1;
      return { kind: 'late' };
    }
    if (last - number >= RESTART_DISTANCE) {
      this.#last = number;
      this.#gaps.clear();
      return { kind: 'restart' };
    }
    this.repeated += 1;
    return { kind: 'again' };
  }

  #skip(last: number, number: number): IdVerdict {
    const count = number - last - 1;
    this.missing += count;
    for (let id = last + 1; id < number && this.#gaps.size < REMEMBERED; id++) this.#gaps.add(id);
    return { kind: 'missing', count };
  }
}

/** The ids between the last one before an outage and the first one after: negative where some came again. */
export function idsBetween(last: string, first: string): number | undefined {
  const [from, to] = [numberOf(last), numberOf(first)];
  return from === undefined || to === undefined ? undefined : to - from - 1;
}

function numberOf(id: string): number | undefined {
  return /^\d{1,15}$/.test(id) ? Number(id) : undefined;
}
