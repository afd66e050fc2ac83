/** Tokens from `a0` up to `a1` on one side, and from `b0` up to `b1` on the other. */
export interface Stretch {
  a0: number;
  a1: number;
  b0: number;
  b1: number;
}

type Tokens = Float64Array;
type OnPair = (a: number, b: number) => void;

/** So many differences are looked for exactly: the search keeps the square of it. */
const MOST_EXACT = 1500;

/** A stretch of no more tokens is searched exactly at once. */
const SMALL = 64;

/**
 * Finds what two sequences have in common, in order, and tells each pair. Patience diff (Bram Cohen): tokens that are
 * unique on both sides make anchors, and what lies between them is searched again; where there are none, Myers' greedy
 * search (1986) gives the shortest difference, up to 1,500 of them. Beyond that equal tokens are paired by how often they
 * came before, and the longest run of pairs in order is taken: right, though not always the shortest. Time is
 * near-linear in the length, memory linear. `NaN` equals nothing.
 */
export function align(a: Tokens, b: Tokens, whole: Stretch, onPair: OnPair): void {
  const stretches = [whole];
  for (let next = stretches.pop(); next !== undefined; next = stretches.pop()) {
    const stretch = trimmed(a, b, next, onPair);
    const { a0, a1, b0, b1 } = stretch;
    if (a0 === a1 || b0 === b1) continue;
    if (a1 - a0 + b1 - b0 <= SMALL && shortest(a, b, stretch, onPair)) continue;
    const anchors = inOrder(uniquePairs(a, b, stretch));
    if (anchors.length > 0) stretches.push(...between(stretch, anchors, onPair));
    else if (!shortest(a, b, stretch, onPair)) {
      for (const [i, j] of inOrder(pairsByOccurrence(a, b, stretch))) onPair(i, j);
    }
  }
}

/** Pairs what both begin and end with; returns the rest. */
function trimmed(a: Tokens, b: Tokens, { a0, a1, b0, b1 }: Stretch, onPair: OnPair): Stretch {
  let [startA, startB, endA, endB] = [a0, b0, a1, b1];
  while (startA < endA && startB < endB && a[startA] === b[startB]) onPair(startA++, startB++);
  while (startA < endA && startB < endB && a[endA - 1] === b[endB - 1]) onPair(--endA, --endB);
  return { a0: startA, a1: endA, b0: startB, b1: endB };
}

/** The stretches beside and between pairs, which are told. */
function between({ a0, a1, b0, b1 }: Stretch, pairs: readonly Pair[], onPair: OnPair): Stretch[] {
  const stretches: Stretch[] = [];
  let [fromA, fromB] = [a0, b0];
  for (const [i, j] of pairs) {
    if (fromA < i && fromB < j) stretches.push({ a0: fromA, a1: i, b0: fromB, b1: j });
    onPair(i, j);
    [fromA, fromB] = [i + 1, j + 1];
  }
  if (fromA < a1 && fromB < b1) stretches.push({ a0: fromA, a1, b0: fromB, b1 });
  return stretches;
}

type Pair = readonly [a: number, b: number];

const SEVERAL = -1;

function uniquePairs(a: Tokens, b: Tokens, { a0, a1, b0, b1 }: Stretch): Pair[] {
  const placesA = uniquePlaces(a, a0, a1);
  const placesB = uniquePlaces(b, b0, b1);
  const pairs: Pair[] = [];
  for (const [token, i] of placesA) {
    const j = placesB.get(token);
    if (i !== SEVERAL && j !== undefined && j !== SEVERAL) pairs.push([i, j]);
  }
  // A map keeps the order in which its keys came: that of a.
  return pairs;
}

function uniquePlaces(tokens: Tokens, from: number, to: number): Map<number, number> {
  const places = new Map<number, number>();
  for (let at = from; at < to; at += 1) {
    const token = tokens[at] ?? Number.NaN;
    if (!Number.isNaN(token)) places.set(token, places.has(token) ? SEVERAL : at);
  }
  return places;
}

/** Pairs the k-th of equal tokens on one side with the k-th on the other. */
function pairsByOccurrence(a: Tokens, b: Tokens, { a0, a1, b0, b1 }: Stretch): Pair[] {
  const placesB = new Map<number, number[]>();
  for (let j = b1 - 1; j >= b0; j -= 1) {
    const token = b[j] ?? Number.NaN;
    if (Number.isNaN(token)) continue;
    const places = placesB.get(token);
    if (places === undefined) placesB.set(token, [j]);
    else places.push(j);
  }
  const pairs: Pair[] = [];
  for (let i = a0; i < a1; i += 1) {
    const j = placesB.get(a[i] ?? Number.NaN)?.pop();
    if (j !== undefined) pairs.push([i, j]);
  }
  return pairs;
}

/** The most of these pairs, whose first members rise, whose second members rise too (patience sorting). */
function inOrder(pairs: readonly Pair[]): Pair[] {
  /** For each length, the pair that ends a run of it with the lowest second member. */
  const ends: number[] = [];
  const before = new Int32Array(pairs.length);
  pairs.forEach(([, j], at) => {
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((pairs[ends[middle] ?? 0]?.[1] ?? 0) < j) low = middle + 1;
      else high = middle;
    }
    before[at] = low === 0 ? -1 : (ends[low - 1] ?? -1);
    ends[low] = at;
  });
  const run: Pair[] = [];
  for (let at = ends.at(-1) ?? -1; at >= 0; at = before[at] ?? -1) {
    const pair = pairs[at];
    if (pair !== undefined) run.push(pair);
  }
  return run.reverse();
}

/** Myers, "An O(ND) Difference Algorithm and Its Variations", 1986. False where there are too many differences. */
function shortest(a: Tokens, b: Tokens, { a0, a1, b0, b1 }: Stretch, onPair: OnPair): boolean {
  const [lengthA, lengthB] = [a1 - a0, b1 - b0];
  const most = Math.min(lengthA + lengthB, MOST_EXACT);
  /** Farthest place on each diagonal k, at `k + most + 1`. */
  const reach = new Int32Array(2 * most + 3);
  const trace: Int32Array[] = [];
  for (let d = 0; d <= most; d += 1) {
    trace.push(reach.slice(most + 1 - d, most + 2 + d));
    for (let k = -d; k <= d; k += 2) {
      let x = comesFromAbove(reach, k, d, most + 1) ? at(reach, most + 2 + k) : at(reach, most + k) + 1;
      let y = x - k;
      while (x < lengthA && y < lengthB && a[a0 + x] === b[b0 + y]) {
        x += 1;
        y += 1;
      }
      reach[most + 1 + k] = x;
      if (x >= lengthA && y >= lengthB) {
        followBack(trace, [lengthA, lengthB], (i, j) => onPair(a0 + i, b0 + j));
        return true;
      }
    }
  }
  return false;
}

/** `trace[d]` holds the reach before step d, of diagonals -d to d. */
function followBack(trace: readonly Int32Array[], [endA, endB]: Pair, onPair: OnPair): void {
  let [x, y] = [endA, endB];
  for (let d = trace.length - 1; d >= 0; d -= 1) {
    const reach = trace[d] ?? new Int32Array();
    const k = x - y;
    const above = comesFromAbove(reach, k, d, d);
    const previousK = above ? k + 1 : k - 1;
    const previousX = d === 0 ? 0 : at(reach, previousK + d);
    const previousY = d === 0 ? 0 : previousX - previousK;
    while (x > previousX && y > previousY) onPair(--x, --y);
    [x, y] = [previousX, previousY];
  }
}

function comesFromAbove(reach: Int32Array, k: number, d: number, origin: number): boolean {
  return k === -d || (k !== d && at(reach, origin + k - 1) < at(reach, origin + k + 1));
}

function at(reach: Int32Array, index: number): number {
  return reach[index] ?? 0;
}
