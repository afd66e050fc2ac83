import * as v from 'valibot';
import { parseCount } from '../../../notation/count.ts';
import { parseDuration } from '../../../notation/duration.ts';
import { InvalidValue, quoted } from '../../../notation/invalid-value.ts';
import { nearestName } from '../../../notation/nearest-name.ts';
import { refuseContradictions } from '../../faults/contradiction.ts';
import { parseFault } from '../../faults/parse.ts';
import type { FaultSpec } from '../../faults/spec.ts';
import { compileJsonTemplate } from '../../templates/json-template.ts';
import type { TemplatePlace } from '../../templates/scope.ts';
import { compileTemplate, type Template, TemplateError } from '../../templates/template.ts';
import type { BodyTemplate, HeaderTest } from '../source.ts';

/** What a key takes, whatever stands there; its messages say what was found and what is expected. */
export type ValueSchema<T> = v.GenericSchema<unknown, T>;

/** A text that a parser makes something of. */
export function parsed<T>(what: string, parse: (text: string) => T): ValueSchema<T> {
  return v.pipe(
    v.string(expected(what)),
    v.rawTransform(({ dataset, addIssue, NEVER }) => {
      try {
        return parse(dataset.value);
      } catch (error) {
        if (!(error instanceof InvalidValue)) throw error;
        addIssue(issueOf(error));
        return NEVER as T;
      }
    }),
  );
}

/** What a problem says of a value of the wrong type. */
export function expected(what: string): (issue: { input: unknown }) => string {
  return ({ input }) => `expected ${what}, found ${described(input)}`;
}

/** As part of a sentence. */
export function described(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  return typeof value === 'string' ? quoted(value) : String(value);
}

/** `received` is the part of the text that is wrong, where one can be pointed at. */
function issueOf(error: InvalidValue): { message: string; received?: string } {
  const hint = error.hint === undefined ? '' : `. ${error.hint}`;
  if (!(error instanceof TemplateError)) return { message: `${error.message}${hint}` };
  const { placeholder, reason } = error;
  return { message: `${placeholder}: ${reason}${hint}`, received: placeholder };
}

export const duration = (limits: { minMs?: number; maxMs?: number } = {}) =>
  parsed('a duration such as 250ms or 2s', (text) => parseDuration(text, limits));

export const count = (min: number, max = Number.MAX_SAFE_INTEGER) =>
  parsed('a whole number', (text) => {
    const number = parseCount(text, min);
    if (number > max) throw new InvalidValue(`${quoted(text)} is too large: at most ${max}`);
    return number;
  });

export const flag: ValueSchema<boolean> = parsed('on or off', (text) => {
  if (['on', 'true', 'yes'].includes(text)) return true;
  if (['off', 'false', 'no'].includes(text)) return false;
  throw new InvalidValue(`${quoted(text)} is neither on nor off`);
});

export function choice<const T extends string>(choices: readonly T[]): ValueSchema<T> {
  const list = listed(choices);
  return parsed(list, (text) => {
    const found = choices.find((each) => each === text);
    if (found !== undefined) return found;
    const near = nearestName(text, choices);
    throw new InvalidValue(
      `expected ${list}, found ${quoted(text)}${near === undefined ? '' : `: did you mean ${near}?`}`,
    );
  });
}

/** `a, b or c` */
function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

export const template = (place: TemplatePlace): ValueSchema<Template> =>
  parsed('a text', (text) => compileTemplate(text, place));

/** One line, as ids, event types and channels are. */
export const lineTemplate = (place: TemplatePlace): ValueSchema<Template> =>
  parsed('a text of one line', (text) => {
    if (/[\r\n]/.test(text)) throw new InvalidValue(`${quoted(text)} has more than one line`);
    return compileTemplate(text, place);
  });

/** A text as it is, nothing at all for an empty one, or any other value as JSON. */
export function dataTemplate(place: TemplatePlace): ValueSchema<BodyTemplate> {
  return v.pipe(
    v.unknown(),
    v.rawTransform(({ dataset, addIssue, NEVER }): BodyTemplate => {
      const { value } = dataset;
      try {
        if (typeof value === 'string' || value === null) {
          return { ...compileTemplate(value ?? '', place), json: false };
        }
      } catch (error) {
        if (!(error instanceof InvalidValue)) throw error;
        addIssue(issueOf(error));
        return NEVER as unknown as BodyTemplate;
      }
      const compiled = compileJsonTemplate(value, place, (path, error) => {
        addIssue({ ...issueOf(error), path: issuePath(value, path) });
      });
      return { ...compiled, json: true };
    }),
  );
}

/** The items of a path as valibot wants them. */
function issuePath(
  input: unknown,
  path: readonly (string | number)[],
): [v.UnknownPathItem, ...v.UnknownPathItem[]] {
  const items = path.map(
    (key): v.UnknownPathItem => ({ type: 'unknown', origin: 'value', input, key, value: undefined }),
  );
  return items as [v.UnknownPathItem, ...v.UnknownPathItem[]];
}

const fault = parsed('a fault such as reset@3', parseFault);

const faultList = v.pipe(
  v.array(fault),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    try {
      refuseContradictions(dataset.value);
      return dataset.value;
    } catch (error) {
      if (!(error instanceof InvalidValue)) throw error;
      addIssue(issueOf(error));
      return NEVER as never;
    }
  }),
);

/** `reset@3`, or a list of such. */
export const faults: ValueSchema<FaultSpec[]> = v.lazy((input) =>
  Array.isArray(input)
    ? faultList
    : v.pipe(
        fault,
        v.transform((only) => [only]),
      ),
);

const HEADER_NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** The connection is the server's own affair: these can't be set. */
const OWN_HEADERS = [
  'connection',
  'content-length',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
  'te',
  'trailer',
];

/** Names in lower case; values are templates. */
export function responseHeaders(place: TemplatePlace): ValueSchema<Record<string, Template>> {
  const name = parsed('the name of a header', (text) => {
    const lower = headerName(text);
    if (OWN_HEADERS.includes(lower)) throw new InvalidValue(`${text} is set by the server itself`);
    return lower;
  });
  return record('headers, each with its value', name, lineTemplate({ ...place, event: false }));
}

/** `x: exact` or `x: /regular expression/`, with the flag `i` where wanted. */
export const headerTests: ValueSchema<Record<string, HeaderTest>> = record(
  'headers, each with its value',
  parsed('the name of a header', headerName),
  parsed('the value of a header, or a /regular expression/', parseHeaderTest),
);

function record<T>(
  what: string,
  key: ValueSchema<string>,
  value: ValueSchema<T>,
): ValueSchema<Record<string, T>> {
  return v.pipe(
    v.custom<Record<string, unknown>>(isMapping, expected(what)),
    v.record(key as v.GenericSchema<string, string>, value),
  );
}

export function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function headerName(text: string): string {
  if (!HEADER_NAME.test(text)) throw new InvalidValue(`${quoted(text)} is no name of a header`);
  return text.toLowerCase();
}

function parseHeaderTest(text: string): HeaderTest {
  const [, source, flags] = /^\/(.*)\/([a-z]*)$/s.exec(text) ?? [];
  if (source === undefined) return (value) => value === text;
  if (flags !== '' && flags !== 'i')
    throw new InvalidValue(`${quoted(text)} ends with ${quoted(flags ?? '')}`, 'Only i may follow: /acme/i.');
  try {
    const pattern = new RegExp(source, flags);
    return (value) => pattern.test(value);
  } catch (error) {
    throw new InvalidValue(
      `${quoted(text)} is no regular expression: ${(error as Error).message.replace(/^.*: /s, '')}`,
    );
  }
}
