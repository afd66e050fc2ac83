import { align, type Stretch } from './align.ts';
import type { RunIndex } from './run-index.ts';

/** Two runs' events, as numbers of what they are compared by. */
export type Side = Pick<RunIndex, 'content' | 'identity' | 'value' | 'shape' | 'count'>;

/** What an event of one side is to the event of the other side that it is paired with. */
export const BOND = {
  none: 0,
  /** The same, at the same place in the order. */
  same: 1,
  /** At the same place, with another name, id or data. */
  changed: 2,
  /** The same, elsewhere in the order. */
  moved: 3,
  /** Elsewhere, and changed. */
  movedChanged: 4,
} as const;

export type Bond = (typeof BOND)[keyof typeof BOND];

const NONE = -1;

/** Which event of one run is which of the other; indices count from 0. */
export class Matching {
  readonly #a: Side;
  readonly #b: Side;
  readonly #toB: Int32Array;
  readonly #toA: Int32Array;
  readonly #bonds: Uint8Array;

  /**
   * In this order: what is the same and in order; in the gaps that leaves, what has the same id; anywhere, what is the
   * same, then what has the same id; in the gaps, what has the same name and data under another id, then events without
   * an id that have the same name and the same kind of data.
   */
  constructor(a: Side, b: Side) {
    this.#a = a;
    this.#b = b;
    this.#toB = new Int32Array(a.count).fill(NONE);
    this.#toA = new Int32Array(b.count).fill(NONE);
    this.#bonds = new Uint8Array(a.count);
    this.#inOrder('content', BOND.same);
    this.#inOrder('identity', BOND.changed);
    this.#anywhere('content', BOND.moved);
    this.#anywhere('identity', BOND.movedChanged);
    this.#inOrder('value', BOND.changed);
    this.#inOrder('shape', BOND.changed);
  }

  /** The event of b that an event of a is paired with; -1: none. */
  partnerOfA(i: number): number {
    return this.#toB[i] ?? NONE;
  }

  partnerOfB(j: number): number {
    return this.#toA[j] ?? NONE;
  }

  bondOfA(i: number): Bond {
    return (this.#bonds[i] ?? BOND.none) as Bond;
  }

  /** Whether the event of a has its partner at the same place in the order. */
  isInOrder(i: number): boolean {
    const bond = this.bondOfA(i);
    return bond === BOND.same || bond === BOND.changed;
  }

  isSame(i: number): boolean {
    return this.bondOfA(i) === BOND.same;
  }

  #pair(i: number, j: number, bond: Bond): void {
    this.#toB[i] = j;
    this.#toA[j] = i;
    this.#bonds[i] = bond;
  }

  #inOrder(by: 'content' | 'identity' | 'value' | 'shape', bond: Bond): void {
    const gaps = [...this.#gaps()];
    if (gaps.length === 0) return;
    const a = unpaired(this.#a[by], this.#toB);
    const b = unpaired(this.#b[by], this.#toA);
    for (const gap of gaps) align(a, b, gap, (i, j) => this.#pair(i, j, bond));
  }

  #anywhere(by: 'content' | 'identity', bond: Bond): void {
    const places = new Map<number, number[]>();
    const b = this.#b[by];
    for (let j = this.#b.count - 1; j >= 0; j -= 1) {
      const key = b[j] ?? Number.NaN;
      if (this.#toA[j] !== NONE || Number.isNaN(key)) continue;
      const known = places.get(key);
      if (known === undefined) places.set(key, [j]);
      else known.push(j);
    }
    const a = this.#a[by];
    for (let i = 0; i < this.#a.count; i += 1) {
      if (this.#toB[i] !== NONE) continue;
      const j = places.get(a[i] ?? Number.NaN)?.pop();
      if (j !== undefined) this.#pair(i, j, bond);
    }
  }

  /** What lies between two pairs in order, where there is something on both sides. */
  *#gaps(): Generator<Stretch> {
    let [a0, b0] = [0, 0];
    for (let i = 0; i < this.#a.count; i += 1) {
      if (!this.isInOrder(i)) continue;
      const j = this.partnerOfA(i);
      if (a0 < i && b0 < j) yield { a0, a1: i, b0, b1: j };
      [a0, b0] = [i + 1, j + 1];
    }
    if (a0 < this.#a.count && b0 < this.#b.count) yield { a0, a1: this.#a.count, b0, b1: this.#b.count };
  }
}

/** The tokens of events that have no partner; in place of the others stands what equals nothing. */
function unpaired(tokens: Float64Array, partners: Int32Array): Float64Array {
  return Float64Array.from(partners, (partner, at) =>
    partner === NONE ? (tokens[at] ?? Number.NaN) : Number.NaN,
  );
}
