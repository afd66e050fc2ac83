import { COMPARISONS, type Comparison, isLimit } from '../../notation/comparison.ts';
import { parseCount } from '../../notation/count.ts';
import { InvalidValue } from '../../notation/invalid-value.ts';
import { parsePercentage } from '../../notation/percentage.ts';
import { parseRate } from '../../notation/rate.ts';
import { Scanner, shown } from '../../notation/scanner.ts';
import { parseSize } from '../../notation/size.ts';
import type { MetricName } from '../../results/bench/metric.ts';
import { EXAMPLE, type Named, takeName, unitOf } from './names.ts';
import { takeTime } from './parse-time.ts';
import { takeStatistic } from './statistic.ts';
import type { CountName, CountThreshold, MetricThreshold, Statistic, Threshold } from './threshold.ts';

/**
 * Reads a rule of `--threshold`: `METRIC mean|min|max|pNN OP TIME`, or `COUNT OP NUMBER`.
 *
 * @throws InvalidValue with the rule, the position of what can't be read, and what was expected
 */
export function parseThreshold(text: string): Threshold {
  const scanner = new Scanner(text, (message, hint) => new InvalidValue(`${shown(text)}: ${message}`, hint));
  const named = takeName(scanner, EXAMPLE);
  const { at } = scanner;
  const statistic = takeStatistic(scanner);
  const threshold =
    statistic === undefined ? withoutStatistic(scanner, named) : withStatistic(scanner, named, statistic, at);
  if (!scanner.atEnd) {
    const end = scanner.at;
    scanner.fail(
      `the rule is complete before ${shown(scanner.rest())}`,
      'One --threshold takes one rule; give as many as you like.',
      end,
    );
  }
  return threshold;
}

function withStatistic(scanner: Scanner, named: Named, statistic: Statistic, at: number): MetricThreshold {
  const { word, metric } = named;
  if (metric === undefined) {
    const kind = unitOf(named.count as CountName) === '' ? 'count' : 'rate';
    scanner.fail(`${word} is a ${kind}: it has no statistic`, `Write only: ${countExample(named)}`, at);
  }
  return metricRule(scanner, metric, statistic);
}

function metricRule(scanner: Scanner, metric: MetricName, statistic: Statistic): MetricThreshold {
  const { at } = scanner;
  const comparison = takeComparison(scanner);
  if (!isLimit(comparison)) {
    return scanner.fail(
      `a time is never exactly as long as another: ${shown(comparison)} says nothing`,
      'Write < or <= for the longest time, > or >= for the shortest.',
      at,
    );
  }
  return { kind: 'metric', text: scanner.text.trim(), metric, statistic, comparison, ...takeTime(scanner) };
}

function withoutStatistic(scanner: Scanner, named: Named): CountThreshold {
  const { word, count } = named;
  if (count === undefined) {
    return scanner.fail(
      `${word} has many values: which figure of them?`,
      `Write p99, mean or max behind it: ${word} p99 < 500ms`,
    );
  }
  const comparison = takeComparison(scanner);
  const unit = unitOf(count);
  return {
    kind: 'count',
    text: scanner.text.trim(),
    count,
    comparison,
    unit,
    ...takeLimit(scanner, named, unit),
  };
}

function takeComparison(scanner: Scanner): Comparison {
  const found = scanner.expect(
    /==|!=|<=|>=|<|>/,
    `one of ${COMPARISONS.join(' ')}`,
    scanner.word().startsWith('=') ? 'Equal is written ==.' : EXAMPLE,
  );
  return found as Comparison;
}

function takeLimit(
  scanner: Scanner,
  named: Named,
  unit: CountThreshold['unit'],
): Pick<CountThreshold, 'limit' | 'writtenIn'> {
  const { at } = scanner;
  const text = scanner.expect(/[\d.]+\s*[^\s,\d]*/, 'a number', countHint(named)).trimEnd();
  return scanner.parsed(text, at, (value) => {
    const written = value.replace(/^[\d.]+\s*/, '');
    const isBare = /^(?:\d+(?:\.\d+)?|\.\d+)$/.test(value);
    if (unit === '%') return { limit: share(value, isBare), writtenIn: 1 };
    if (unit === '/s') {
      if (isBare) return { limit: Number(value), writtenIn: 1 };
      return { limit: parseRate(value), writtenIn: parseRate(`1${written}`) };
    }
    if (unit === 'B') return { limit: parseSize(value), writtenIn: parseSize(`1${written}`) };
    if (!isBare)
      throw new InvalidValue(`${shown(value)} is not a number: ${named.word} counts`, countHint(named));
    return { limit: parseCount(value), writtenIn: 1 };
  });
}

/** In percent. */
function share(text: string, isBare: boolean): number {
  if (isBare && Number(text) !== 0) throw new InvalidValue(`${text} needs a unit: write ${text}%`);
  if (!isBare) parsePercentage(text);
  return Number.parseFloat(text);
}

function countHint(named: Named): string {
  const { word, metric } = named;
  const also = metric === undefined ? '' : `; their duration is ${word} p99 < 2s`;
  return `For example: ${countExample(named)}${also}`;
}

function countExample({ word, count }: Named): string {
  switch (count === undefined ? '' : unitOf(count)) {
    case '%':
      return word === 'error_rate' ? 'error_rate < 0.1%' : `${word} >= 99%`;
    case '/s':
      return `${word} > 100/s`;
    case 'B':
      return `${word} < 10MB`;
    default:
      return `${word} == 0`;
  }
}
