import { compares } from '../../notation/comparison.ts';
import type { Literal, ValueTest, ValueType } from './rule.ts';

/** Whether a value is as it should be. */
export interface TestOf {
  (value: unknown): boolean;
  /** The other side of the test is a text. */
  readonly wantsText: boolean;
  readonly wantsNumber: boolean;
}

/** Compiles a test. A value that isn't there passes none; values of two types are never equal, and neither is more. */
export function testOf(test: ValueTest): TestOf {
  const literal = test.kind === 'compare' ? test.value : undefined;
  return Object.assign(passOf(test), {
    wantsText: test.kind === 'match' || typeof literal === 'string',
    wantsNumber: typeof literal === 'number',
  });
}

function passOf(test: ValueTest): (value: unknown) => boolean {
  switch (test.kind) {
    case 'exists':
      return (value) => value !== undefined;
    case 'type':
      return IS[test.type];
    case 'match': {
      const pattern = new RegExp(test.pattern);
      return (value) => isScalar(value) && value !== null && pattern.test(String(value));
    }
    case 'compare':
      return (value) => value !== undefined && comparesValue(value, test);
  }
}

function comparesValue(value: unknown, { op, value: other }: ValueTest & { kind: 'compare' }): boolean {
  if (typeof value === 'number' && typeof other === 'number') return compares(value, op, other);
  if (typeof value === 'string' && typeof other === 'string') return compares(value, op, other);
  if (op === '==') return value === other;
  return op === '!=' && value !== other;
}

function isScalar(value: unknown): value is Literal {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}

const IS: Readonly<Record<ValueType, (value: unknown) => boolean>> = {
  number: (value) => typeof value === 'number',
  integer: (value) => Number.isInteger(value),
  string: (value) => typeof value === 'string',
  boolean: (value) => typeof value === 'boolean',
  null: (value) => value === null,
  array: (value) => Array.isArray(value),
  object: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
};
