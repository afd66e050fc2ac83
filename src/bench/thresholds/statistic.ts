import { nearestName } from '../../notation/nearest-name.ts';
import { type Scanner, shown } from '../../notation/scanner.ts';
import type { Statistic } from './threshold.ts';

const WORDS = ['mean', 'min', 'max'] as const;

/** What people write for them elsewhere. */
const OTHER_WORDS: Readonly<Record<string, string>> = {
  avg: 'mean',
  average: 'mean',
  med: 'p50',
  median: 'p50',
  maximum: 'max',
  minimum: 'min',
  p0: 'min',
  p100: 'max',
};

/**
 * `mean`, `min`, `max`, `p99`, `p99.9`; `p999` is p99.9 and `p9999` p99.99, as in other tools. `undefined`: no word stands
 * there.
 */
export function takeStatistic(scanner: Scanner): Statistic | undefined {
  const { at } = scanner;
  const written = scanner.take(/[A-Za-z][\w.()]*/);
  if (written === undefined) return undefined;
  const word = WORDS.find((each) => each === written.toLowerCase());
  if (word !== undefined) return word;
  if (Object.hasOwn(OTHER_WORDS, written.toLowerCase())) {
    return scanner.fail(
      `${shown(written)} is not known here`,
      `Write ${OTHER_WORDS[written.toLowerCase()]}.`,
      at,
    );
  }
  const digits = /^p\(?(\d+(?:\.\d+)?)\)?$/i.exec(written)?.[1];
  if (digits !== undefined) {
    const quantile = quantileOf(digits);
    if (quantile !== undefined) return { quantile };
    scanner.fail(
      `there is no percentile ${shown(written)}`,
      'It is more than 0 and less than 100; a fraction has a point: p50, p97.5, p99.9.',
      at,
    );
  }
  const near = nearestName(written, WORDS);
  return scanner.fail(
    `there is no statistic ${shown(written)}`,
    near === undefined ? 'Write mean, min, max, or a percentile: p50, p99, p99.9.' : `Did you mean ${near}?`,
    at,
  );
}

/** More decimals than any run has samples for. */
const MOST_DIGITS = 7;

/**
 * Behind 99 a point is understood, and behind nothing else: a slip such as p500 would become a rule that is easy to keep. The
 * number is read as a whole, so that it is the nearest one to the decimal.
 */
function quantileOf(digits: string): number | undefined {
  const decimal = digits.replace(/^99(?=\d+$)/, '99.');
  const quantile = Number(`${decimal}e-2`);
  const isTooLong = digits.replace('.', '').length > MOST_DIGITS;
  return !isTooLong && quantile > 0 && quantile < 1 ? quantile : undefined;
}
