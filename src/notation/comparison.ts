export const COMPARISONS = ['==', '!=', '<=', '>=', '<', '>'] as const;
export type Comparison = (typeof COMPARISONS)[number];

/** How a length of time can be limited: none is ever exactly as long as another. */
export type Limit = Exclude<Comparison, '==' | '!='>;

export function isLimit(op: Comparison): op is Limit {
  return op !== '==' && op !== '!=';
}

/** Numbers among each other, or texts by their code units. */
export function compares<T extends number | string>(a: T, op: Comparison, b: T): boolean {
  switch (op) {
    case '==':
      return a === b;
    case '!=':
      return a !== b;
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    case '>=':
      return a >= b;
  }
}

/**
 * What is settled about a count that can only grow; `undefined`: what comes may change it.
 */
export function settledForGood(count: number, op: Comparison, value: number): boolean | undefined {
  switch (op) {
    case '>':
    case '>=':
      return compares(count, op, value) ? true : undefined;
    case '<':
    case '<=':
      return compares(count, op, value) ? undefined : false;
    case '==':
      return count > value ? false : undefined;
    case '!=':
      return count > value ? true : undefined;
  }
}

/** The limit is one that a time must not reach: waiting alone can break it. */
export function isUpperLimit(op: Limit): boolean {
  return op === '<' || op === '<=';
}
