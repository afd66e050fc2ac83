import type { ErrorObject, ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { usageError } from '../client/errors.ts';
import { quoted } from '../notation/invalid-value.ts';
import type { BenchResult, MetricFigures } from '../results/bench/result.ts';
import { BENCH_RESULT_SCHEMA } from '../results/bench/schema.ts';
import { encodedCount } from '../stats/encoded-histogram.ts';

const ACCEPTED = 'Accepted is what `ssekit bench -o FILE.json` has written.';

/** Version of the result's form that this program knows. */
const KNOWN_SCHEMA = 1;

/** A run of a week with every section is below a tenth of it. */
const LARGEST_BYTES = 256 * 1024 ** 2;

/** What of a wrong value a message shows. */
const LONGEST_SHOWN = 60;

/**
 * Reads the file of a result, whoever it comes from.
 *
 * @param name of the file, for messages
 * @throws SseKitError exit 2 for what is no JSON, no result of bench, damaged, or of a form that is not known yet
 */
export function readResult(bytes: Uint8Array, name: string): BenchResult {
  const value = parse(bytes, name);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw usageError(`${name}: it is JSON, but not a result: ${shortened(value)}`, ACCEPTED);
  const { kind, schema } = value as { kind?: unknown; schema?: unknown };
  if (kind !== 'bench') {
    const what = kind === undefined ? 'has no "kind"' : `has the "kind" ${shortened(kind)}`;
    throw usageError(`${name}: it is not a result of bench: it ${what}`, ACCEPTED);
  }
  if (schema !== KNOWN_SCHEMA) {
    const newer = typeof schema === 'number' && schema > KNOWN_SCHEMA;
    throw usageError(
      `${name}: it is a result of form ${shortened(schema)} ("schema"), and only ${KNOWN_SCHEMA} is known`,
      newer ? 'A newer ssekit has written it: update this one.' : ACCEPTED,
    );
  }
  const wrong = firstWrong(value) ?? firstDamaged((value as BenchResult).metrics);
  if (wrong !== undefined) throw usageError(`${name}: ${wrong}`, ACCEPTED);
  return value as BenchResult;
}

/** The first metric whose distribution is not that of its figures: other tools would take it for one. */
function firstDamaged({ lifetime, ...metrics }: BenchResult['metrics']): string | undefined {
  const all: [string, MetricFigures][] = [
    ...Object.entries(metrics),
    ...Object.entries(lifetime).map(([ending, figures]): [string, MetricFigures] => [
      `lifetime.${ending}`,
      figures,
    ]),
  ];
  for (const [metric, { count, hdr }] of all) {
    const place = quoted(`metrics.${metric}.hdr`);
    const held = encodedCount(hdr);
    if (held === undefined) return `${place} is damaged: it can't be decoded`;
    if (held !== count) return `${place} is damaged: it holds ${held} values, and "count" is ${count}`;
  }
  return undefined;
}

function parse(bytes: Uint8Array, name: string): unknown {
  if (bytes.length > LARGEST_BYTES) {
    throw usageError(`${name}: it is larger than any result: ${bytes.length} bytes`, ACCEPTED);
  }
  const text = new TextDecoder().decode(bytes);
  if (text.trim() === '') throw usageError(`${name}: it is empty`, ACCEPTED);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw notJson(text, name, error as Error);
  }
}

function notJson(text: string, name: string, { message }: Error): Error {
  if (isTimeline(text)) {
    return usageError(
      `${name}: it is the timeline of a run, a line for each second`,
      'Its result is in the file of -o FILE.json.',
    );
  }
  // Where JSON ends too early, nothing but its end is missing.
  const cutOff = /end of JSON|Unterminated/.test(message) || /after (array|property)/.test(message);
  const what = text.trimStart().startsWith('{') && cutOff && !text.trimEnd().endsWith('}');
  return usageError(
    what ? `${name}: it is cut off: ${message}` : `${name}: it is not JSON: ${message}`,
    what ? 'Was the disk full, or is it still being copied?' : ACCEPTED,
  );
}

function isTimeline(text: string): boolean {
  return /^\s*\{"type":"(start|window)"/.test(text);
}

let validate: ValidateFunction | undefined;

/** What is wrong first, and where; `undefined` for nothing. */
function firstWrong(value: object): string | undefined {
  validate ??= new Ajv2020({ strict: false, validateFormats: false, logger: false }).compile(
    BENCH_RESULT_SCHEMA,
  );
  if (validate(value)) return undefined;
  const error: ErrorObject | undefined = validate.errors?.[0];
  const place = error?.instancePath.slice(1).replaceAll('/', '.') ?? '';
  const allowed = (error?.params as { allowedValues?: unknown } | undefined)?.allowedValues;
  const detail = allowed === undefined ? '' : `: ${JSON.stringify(allowed)}`;
  return `${place === '' ? 'the result' : quoted(place)} ${error?.message ?? 'is not as the schema says'}${detail}`;
}

function shortened(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
}
