import { COMPARISONS, type Comparison, isLimit } from '../../notation/comparison.ts';
import { parseCount } from '../../notation/count.ts';
import { parseDuration } from '../../notation/duration.ts';
import { nearestName } from '../../notation/nearest-name.ts';
import { Scanner, shown } from '../../notation/scanner.ts';
import { parseSize } from '../../notation/size.ts';
import { isSelectable, METRIC_NAMES, type Metric, metricNamed } from './metrics.ts';
import { parsePathAndTest, parseTest } from './parse-test.ts';
import { QUOTED, unquoted } from './quoted-text.ts';
import { PLAIN_NAME, type Rule } from './rule.ts';
import { ruleError } from './rule-error.ts';

type Form = (scanner: Scanner) => Rule;

/** Rules by their first word; metrics come besides. */
const FORMS: Readonly<Record<string, Form>> = {
  event: parseEvent,
  first(scanner) {
    scanner.expect(/event(?![\w-])/, 'event=NAME');
    return { kind: 'first', event: parseNamed(scanner) };
  },
  data: (scanner) => ({
    kind: 'data',
    quantifier: 'some',
    select: undefined,
    ...parsePathAndTest(scanner),
  }),
  some: (scanner) => parseQuantified(scanner, 'some'),
  every: (scanner) => parseQuantified(scanner, 'every'),
  ids(scanner) {
    scanner.expect(/increasing(?!\w)/, 'increasing');
    return { kind: 'ids' };
  },
  no(scanner) {
    scanner.expect(/duplicates(?!\w)/, 'duplicates');
    return { kind: 'duplicates' };
  },
  ends(scanner) {
    scanner.expect(/clean(?!\w)/, 'clean');
    return { kind: 'ending' };
  },
  status: parseStatus,
  header(scanner) {
    const name = scanner.expect(/[\w.-]+/, 'the name of a header');
    return { kind: 'header', name: name.toLowerCase(), test: parseTest(scanner, 'text') };
  },
  schema: parseSchema,
};

const KEYWORDS = [...Object.keys(FORMS), ...METRIC_NAMES];

/**
 * Reads one rule of `--expect`.
 *
 * @throws SseKitError exit 2: the rule, the position of what can't be read, and what was expected
 */
export function parseRule(text: string): Rule {
  const scanner = new Scanner(text, (message, hint) => ruleError(text, message, hint));
  if (scanner.atEnd) scanner.fail('the rule is empty');
  const word =
    scanner.take(/[A-Za-z][\w-]*/) ??
    scanner.fail(`a rule starts with a word, not with ${shown(scanner.word())}`);
  const rule = formOf(word, scanner)(scanner);
  if (!scanner.atEnd) {
    const { at } = scanner;
    const hint = 'One --expect takes one rule; give as many as you like.';
    scanner.fail(`the rule is complete before ${shown(scanner.rest())}`, hint, at);
  }
  return rule;
}

function formOf(word: string, scanner: Scanner): Form {
  if (Object.hasOwn(FORMS, word)) return FORMS[word] as Form;
  const metric = metricNamed(word);
  if (metric !== undefined) return (rest) => parseMetric(rest, metric);
  const near = nearestName(word.toLowerCase().replaceAll('-', '_'), KEYWORDS);
  const hint = near === undefined ? undefined : `Did you mean ${near}?`;
  return scanner.fail(`there is no rule and no metric ${shown(word)}`, hint, scanner.text.indexOf(word));
}

function parseEvent(scanner: Scanner): Rule {
  const event = parseNamed(scanner);
  if (scanner.atEnd) return { kind: 'comes', event, withinMs: undefined };
  const word = scanner.expect(/(?:within|every)(?!\w)/, 'within, every, or the end of the rule');
  const ms = parseTime(scanner);
  return word === 'within' ? { kind: 'comes', event, withinMs: ms } : { kind: 'cadence', event, everyMs: ms };
}

function parseQuantified(scanner: Scanner, quantifier: 'some' | 'every'): Rule {
  const select = parseSelector(scanner);
  scanner.expect(/data(?![\w-])/, 'data and a path, such as data.id');
  return { kind: 'data', quantifier, select, ...parsePathAndTest(scanner) };
}

function parseStatus(scanner: Scanner): Rule {
  const op = parseComparison(scanner);
  const at = scanner.at;
  const digits = scanner.expect(/[^\s()]+/, 'a status such as 200');
  const value = scanner.parsed(digits, at, (text) => parseCount(text));
  if (value < 100 || value > 599)
    scanner.fail(`${digits} is no HTTP status: they go from 100 to 599`, undefined, at);
  return { kind: 'status', op, value };
}

function parseSchema(scanner: Scanner): Rule {
  const select = parseSelector(scanner);
  scanner.expect(/=(?!=)/, '= and a file, or preset:NAME');
  if (scanner.atEnd) scanner.fail('expected a file, or preset:NAME, and the rule ends here');
  const source = scanner.rest();
  const preset = /^preset:\s*(.*)$/.exec(source)?.[1];
  return {
    kind: 'schema',
    select,
    source: preset === undefined ? { kind: 'file', path: source } : { kind: 'preset', name: preset },
  };
}

function parseMetric(scanner: Scanner, metric: Metric): Rule {
  const selectorAt = scanner.at;
  const select = parseSelector(scanner);
  if (select !== undefined && !isSelectable(metric)) {
    scanner.fail(`${metric.name} is no figure of single events`, 'Leave (event=…) out.', selectorAt);
  }
  const opAt = scanner.at;
  const op = parseComparison(scanner);
  if (metric.unit !== 'time') {
    const parse = metric.unit === 'size' ? parseSize : parseCount;
    return {
      kind: 'count',
      metric: metric.name,
      select,
      op,
      value: parseValue(scanner, (text) => parse(text)),
    };
  }
  if (!isLimit(op)) {
    scanner.fail(
      `a time is never exactly as long as another: ${shown(op)} says nothing`,
      'Write < or <= for the longest time, > or >= for the shortest.',
      opAt,
    );
  }
  return { kind: 'time', metric: metric.name, select, op, ms: parseTime(scanner) };
}

/** `(event=NAME)`, where it stands. */
function parseSelector(scanner: Scanner): string | undefined {
  if (scanner.take(/\(/) === undefined) return undefined;
  scanner.expect(/event(?![\w-])/, 'event=NAME');
  const name = parseNamed(scanner);
  scanner.expect(/\)/, ')');
  return name;
}

/** `=NAME`. */
function parseNamed(scanner: Scanner): string {
  scanner.expect(/=(?!=)/, '= and the name of an event');
  const at = scanner.at;
  const inQuotes = scanner.take(QUOTED);
  if (inQuotes === undefined)
    return scanner.expect(
      PLAIN_NAME,
      'the name of an event',
      'A name with spaces or signs in it stands in quotes: event="my event".',
    );
  const name =
    unquoted(inQuotes) ?? scanner.fail('the name has an escape that JSON does not know', undefined, at);
  if (name === '')
    scanner.fail('the name of an event is never empty: without one it is message', undefined, at);
  return name;
}

function parseComparison(scanner: Scanner): Comparison {
  const found = scanner.expect(/==|!=|<=|>=|<|>/, `one of ${COMPARISONS.join(' ')}`);
  return found as Comparison;
}

function parseTime(scanner: Scanner): number {
  return parseValue(scanner, (text) => parseDuration(text, { minMs: 1 }));
}

function parseValue<T>(scanner: Scanner, parse: (text: string) => T): T {
  const at = scanner.at;
  const text = scanner.expect(/[^\s()]+/, 'a value');
  return scanner.parsed(text, at, parse);
}
