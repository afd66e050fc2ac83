import { type Random, wholeNumber } from '../../../stats/random.ts';
import { type JsonSchema, numberOf } from './json-schema.ts';

/** Where a schema sets no bound there are so many numbers to choose from. */
const SPAN = 41;
/** Of a multiple that is no whole number, so many are tried for one that is. */
const TRIED = 1_000;

/** A number within the bounds of a schema, a whole one where it may be. */
export function sampleNumber(schema: JsonSchema, whole: boolean, random: Random): number {
  const step = stepOf(numberOf(schema.multipleOf), whole);
  const least = lowest(schema);
  const most = highest(schema);
  const to = Number.isFinite(most.at) ? lastMultiple(most, step) : undefined;
  const from = Number.isFinite(least.at)
    ? firstMultiple(least, step)
    : to === undefined || to >= 1
      ? 1
      : to - SPAN;
  const end = to ?? Math.max(from, 1) + SPAN;
  // Bounds that are closer together than two multiples.
  if (from > end) return (least.at + most.at) / 2;
  const drawn = wholeNumber(random, from, Math.min(end, from + Number.MAX_SAFE_INTEGER));
  // Without the last digits, which are wrong: 3 × 0.1 is 0.30000000000000004.
  return Number((drawn * step).toPrecision(15));
}

function stepOf(multiple: number | undefined, whole: boolean): number {
  if (multiple === undefined || multiple <= 0) return 1;
  if (!whole) return multiple;
  for (let count = 1; count <= TRIED; count += 1) {
    const step = Number((multiple * count).toPrecision(15));
    if (Number.isInteger(step)) return step;
  }
  return Math.ceil(multiple);
}

interface Bound {
  /** Infinite: there is none. */
  at: number;
  /** The bound itself is left out. */
  open: boolean;
}

function lowest({ minimum, exclusiveMinimum }: JsonSchema): Bound {
  const [closed, open] = [numberOf(minimum) ?? -Infinity, numberOf(exclusiveMinimum) ?? -Infinity];
  // In OpenAPI 3.0 it is a flag.
  return { at: Math.max(closed, open), open: open >= closed || exclusiveMinimum === true };
}

function highest({ maximum, exclusiveMaximum }: JsonSchema): Bound {
  const [closed, open] = [numberOf(maximum) ?? Infinity, numberOf(exclusiveMaximum) ?? Infinity];
  return { at: Math.min(closed, open), open: open <= closed || exclusiveMaximum === true };
}

function firstMultiple({ at, open }: Bound, step: number): number {
  const first = Math.ceil(at / step);
  return open && first * step === at ? first + 1 : first;
}

function lastMultiple({ at, open }: Bound, step: number): number {
  const last = Math.floor(at / step);
  return open && last * step === at ? last - 1 : last;
}
