import { InvalidValue } from '../../notation/invalid-value.ts';
import { Scanner, shown } from '../../notation/scanner.ts';
import type { GoodputRule } from './goodput.ts';
import { takeName } from './names.ts';
import { inMs, takeTime } from './parse-time.ts';
import { takeStatistic } from './statistic.ts';

type Limit = GoodputRule['limits'][number];

/**
 * Reads the rule of `--goodput`: limits between commas, such as `first_event<200ms,gap<1s`.
 *
 * @throws InvalidValue with the rule, the position of what can't be read, and what was expected
 */
export function parseGoodput(text: string): GoodputRule {
  const scanner = new Scanner(text, (message, hint) => new InvalidValue(`${shown(text)}: ${message}`, hint));
  const limits: Limit[] = [];
  do limits.push(takeLimit(scanner, limits));
  while (scanner.take(/,/) !== undefined);
  if (!scanner.atEnd) {
    const { at } = scanner;
    scanner.fail(`expected a comma or the end of the rule, not ${shown(scanner.rest())}`, HINT, at);
  }
  return { text: text.trim(), limits };
}

const HINT = 'For example: first_event<200ms,gap<1s';

function takeLimit(scanner: Scanner, earlier: readonly Limit[]): Limit {
  const { at } = scanner;
  const { word, metric } = takeName(scanner, HINT);
  // Delivery is added up over the streams of a process: none of its values knows its stream.
  if (metric === undefined || metric === 'delivery_latency') {
    return scanner.fail(`${word} is no duration of single streams`, HINT, at);
  }
  if (earlier.some((each) => each.metric === metric))
    return scanner.fail(`${word} is limited twice`, HINT, at);
  const statisticAt = scanner.at;
  if (takeStatistic(scanner) !== undefined) {
    scanner.fail('every value of a stream counts: there is no statistic', HINT, statisticAt);
  }
  const comparison = scanner.expect(
    /<=|<(?!=)/,
    '< or <=, as every value of a good stream stays below',
    HINT,
  );
  const { limit, unit } = takeTime(scanner);
  return { metric, comparison: comparison as Limit['comparison'], limitMs: inMs(limit, unit) };
}
