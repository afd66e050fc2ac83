import { readFileSync } from 'node:fs';
import { Ajv, type ErrorObject, type Options, type ValidateFunction } from 'ajv';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { PAYLOAD_SCHEMAS } from '../../mock/payloads/schemas.ts';
import { quoted } from '../../notation/invalid-value.ts';
import { nearestName } from '../../notation/nearest-name.ts';
import { shortened } from './judge.ts';
import type { SchemaCheck } from './judges/schema.ts';
import type { RuleOf } from './rule.ts';
import { ruleError } from './rule-error.ts';

const SETTINGS: Options = {
  // Schemas in the wild carry keywords of their own, and formats that nobody here checks.
  strict: false,
  validateFormats: false,
  logger: false,
};

type Validator = Pick<Ajv, 'compile' | 'validateSchema' | 'errorsText' | 'errors'>;

const DRAFTS: readonly [dialect: RegExp, make: () => Validator][] = [
  [/^https?:\/\/json-schema\.org\/draft-07\/schema#?$/, () => new Ajv(SETTINGS)],
  [/^https?:\/\/json-schema\.org\/draft\/2019-09\/schema#?$/, () => new Ajv2019(SETTINGS)],
  [/^https?:\/\/json-schema\.org\/draft\/2020-12\/schema#?$/, () => new Ajv2020(SETTINGS)],
];

const ACCEPTED = 'Drafts 07, 2019-09 and 2020-12 are known, by "$schema"; without one it is 2020-12.';

/** Names of `serve-mock --preset` for the shapes that they send. */
const PRESETS: Readonly<Record<string, string>> = {
  notifications: 'notification',
  'ai-token': 'ai:token',
};

/** What application streams send beside their payload, in a shape of its own. */
const BESIDE: ReadonlySet<string> = new Set(['connected', 'error']);

/**
 * Makes the check that a `schema` rule asks for.
 *
 * @param text the rule as it was given, for messages
 * @throws SseKitError exit 2 for a file that can't be read, is no JSON, or no schema; for a preset that there is none of
 */
export function loadSchema({ source, select }: RuleOf<'schema'>, text: string): SchemaCheck {
  const refuse = (message: string, hint?: string) => ruleError(text, message, hint);
  if (source.kind === 'file') {
    const check = compile(readJson(source.path, refuse), refuse);
    return (value) => check(value);
  }
  const name = PRESETS[source.name] ?? source.name;
  const names = Object.keys(PAYLOAD_SCHEMAS);
  if (!names.includes(name)) {
    const near = nearestName(source.name, [...names, ...Object.keys(PRESETS)]);
    throw refuse(
      `there is no shape ${quoted(source.name)}`,
      near === undefined ? `Shapes: ${names.join(', ')}.` : `Did you mean preset:${near}?`,
    );
  }
  const shapes = new Map(
    Object.entries(PAYLOAD_SCHEMAS).map(([each, schema]) => [each, compile(schema, refuse)]),
  );
  const shapeOf = (event: string) => (select === undefined && BESIDE.has(event) ? event : name);
  return (value, event) => shapes.get(shapeOf(event))?.(value);
}

type Refuse = (message: string, hint?: string) => Error;

function readJson(path: string, refuse: Refuse): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw refuse(`can't read ${path}: ${reasonOf(error)}`, 'A path is from the working directory.');
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw refuse(`${path} is not JSON: ${(error as Error).message}`);
  }
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a folder' : message;
}

function compile(schema: unknown, refuse: Refuse): (value: unknown) => string | undefined {
  if (
    typeof schema !== 'boolean' &&
    (typeof schema !== 'object' || schema === null || Array.isArray(schema))
  ) {
    throw refuse('a schema is an object, or true or false', ACCEPTED);
  }
  const dialect = typeof schema === 'object' ? (schema as { $schema?: unknown }).$schema : undefined;
  const validator = validatorFor(dialect, refuse);
  let validate: ValidateFunction;
  try {
    validate = validator.compile(schema as object);
  } catch (error) {
    throw refuse(`the schema is not valid: ${shortened((error as Error).message, 200)}`, ACCEPTED);
  }
  if ('$async' in validate)
    throw refuse('the schema is asynchronous ("$async"), which nothing here waits for');
  return (value) => (validate(value) ? undefined : wordsOf(validate.errors?.[0]));
}

function validatorFor(dialect: unknown, refuse: Refuse): Validator {
  if (dialect === undefined) return new Ajv2020(SETTINGS);
  const known = DRAFTS.find(([pattern]) => pattern.test(String(dialect)));
  if (known === undefined)
    throw refuse(`the schema's "$schema" is not known: ${quoted(String(dialect))}`, ACCEPTED);
  return known[1]();
}

/** The first thing that is wrong, and where. */
function wordsOf(error: ErrorObject | undefined): string {
  if (error === undefined) return 'not as the schema says';
  const { instancePath, message = 'is not as the schema says', params } = error;
  const allowed = (params as { allowedValues?: unknown }).allowedValues;
  const extra = (params as { additionalProperty?: unknown }).additionalProperty;
  const detail = allowed === undefined ? extra : JSON.stringify(allowed);
  const place = instancePath === '' ? 'data' : `data${instancePath}`;
  return shortened(`${place} ${message}${detail === undefined ? '' : `: ${String(detail)}`}`, 120);
}
