import type { Comparison, Limit } from '../../notation/comparison.ts';
import { formatDuration } from '../../notation/duration.ts';
import type { CountMetric, TimeMetric } from './metrics.ts';

export const VALUE_TYPES = ['number', 'string', 'boolean', 'object', 'array', 'null', 'integer'] as const;
export type ValueType = (typeof VALUE_TYPES)[number];

export type Literal = string | number | boolean | null;

/** What is asked of one value. */
export type ValueTest =
  | { kind: 'compare'; op: Comparison; value: Literal }
  | { kind: 'match'; pattern: string }
  | { kind: 'type'; type: ValueType }
  | { kind: 'exists' };

/** Where a JSON Schema comes from: a file, or a payload shape of the package. */
type SchemaSource = { kind: 'file'; path: string } | { kind: 'preset'; name: string };

/** The name of the events that a rule is about; `undefined`: all of them. */
type Selector = string | undefined;

/** One expectation, as its parser has understood it. Times are in milliseconds. */
export type Rule =
  | { kind: 'comes'; event: string; withinMs: number | undefined }
  | { kind: 'cadence'; event: string; everyMs: number }
  | { kind: 'first'; event: string }
  | { kind: 'count'; metric: CountMetric; select: Selector; op: Comparison; value: number }
  | { kind: 'time'; metric: TimeMetric; select: Selector; op: Limit; ms: number }
  | { kind: 'data'; quantifier: 'some' | 'every'; select: Selector; path: string; test: ValueTest }
  | { kind: 'ids' }
  | { kind: 'duplicates' }
  | { kind: 'ending' }
  | { kind: 'status'; op: Comparison; value: number }
  | { kind: 'header'; name: string; test: ValueTest }
  | { kind: 'schema'; select: Selector; source: SchemaSource };

export type RuleOf<Kind extends Rule['kind']> = Extract<Rule, { kind: Kind }>;

/** A name that needs no quotes. */
export const PLAIN_NAME = /[^\s"'()=<>!~]+/;
const PLAIN = new RegExp(`^${PLAIN_NAME.source}$`);

/** A rule in its one shortest form: rules that mean the same are written the same. */
export function ruleText(rule: Rule): string {
  switch (rule.kind) {
    case 'comes': {
      const within = rule.withinMs === undefined ? '' : ` within ${formatDuration(rule.withinMs)}`;
      return `event=${nameText(rule.event)}${within}`;
    }
    case 'cadence':
      return `event=${nameText(rule.event)} every ${formatDuration(rule.everyMs)}`;
    case 'first':
      return `first event=${nameText(rule.event)}`;
    case 'count':
      return `${rule.metric}${selectorText(rule.select)}${rule.op}${rule.value}`;
    case 'time':
      return `${rule.metric}${selectorText(rule.select)}${rule.op}${formatDuration(rule.ms)}`;
    case 'data':
      return `${rule.quantifier}${selectorText(rule.select)} data${rule.path} ${testText(rule.test)}`;
    case 'ids':
      return 'ids increasing';
    case 'duplicates':
      return 'no duplicates';
    case 'ending':
      return 'ends clean';
    case 'status':
      return `status${rule.op}${rule.value}`;
    case 'header':
      return `header ${rule.name} ${testText(rule.test)}`;
    case 'schema':
      return `schema${selectorText(rule.select)}=${sourceText(rule.source)}`;
  }
}

function nameText(name: string): string {
  return PLAIN.test(name) ? name : JSON.stringify(name);
}

function selectorText(select: Selector): string {
  return select === undefined ? '' : `(event=${nameText(select)})`;
}

function sourceText(source: SchemaSource): string {
  return source.kind === 'file' ? source.path : `preset:${source.name}`;
}

function testText(test: ValueTest): string {
  switch (test.kind) {
    case 'compare':
      return `${test.op} ${JSON.stringify(test.value)}`;
    case 'match':
      // Between single quotes a pattern stands as it is.
      return `~ '${test.pattern.replaceAll("'", '\\x27')}'`;
    case 'type':
      return `is ${test.type}`;
    case 'exists':
      return 'exists';
  }
}
