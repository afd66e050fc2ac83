import { InvalidValue, quoted } from '../../notation/invalid-value.ts';
import { nearestName } from '../../notation/nearest-name.ts';
import { pick, type Random, wholeNumber } from '../../stats/random.ts';
import type { Placeholder } from './placeholder.ts';
import type { TemplatePlace, TemplateScope } from './scope.ts';

/** What a placeholder stands for; undefined: it is absent. */
export type Reader = (scope: TemplateScope) => unknown;

/** Names that stand alone. */
const VALUES: Readonly<Record<string, Reader>> = {
  n: ({ n }) => n,
  now: ({ nowMs }) => new Date(nowMs).toISOString(),
  nowMs: ({ nowMs }) => nowMs,
  uuid: ({ random }) => uuid(random),
  path: ({ request }) => request.path,
  method: ({ request }) => request.method,
  client: ({ request }) => request.client,
  connection: ({ request }) => request.connection,
  user: ({ request }) => request.user,
  lastEventId: ({ request }) => request.lastEventId || undefined,
};

/** Names with a part behind a dot. */
const PARTED: Readonly<Record<string, (part: string, place: TemplatePlace) => Reader>> = {
  query:
    (part) =>
    ({ request }) =>
      request.query.get(part) ?? undefined,
  header: (part) => {
    const name = part.toLowerCase();
    return ({ request }) => {
      const value = ownValue(request.headers, name);
      return Array.isArray(value) ? value.join(', ') : value;
    };
  },
  params: (part, place) => {
    const { params = [] } = place;
    if (!params.includes(part)) throw notInPath(part, params);
    return ({ request }) => ownValue(request.params, part);
  },
  body: (part) => {
    const steps = part.split('.');
    return ({ body }) => steps.reduce(ownValue, body);
  },
};

/** Names with words behind them. */
const FUNCTIONS: Readonly<Record<string, (words: readonly string[]) => Reader>> = {
  random: (words) => {
    const [min, max] = words.map(Number);
    if (words.length !== 2 || !isWhole(min) || !isWhole(max) || min > max) {
      throw new InvalidValue(
        'random takes two whole numbers, the smaller first',
        'For example {{random 1 100}}.',
      );
    }
    return ({ random }) => wholeNumber(random, min, max);
  },
  pick: (words) => {
    if (words.length === 0) {
      throw new InvalidValue('pick takes words to pick from', 'For example {{pick red green "dark blue"}}.');
    }
    return ({ random }) => pick(random, words);
  },
};

/** Values that may be absent; a default means nothing to the others. */
const OPTIONAL = ['query', 'header', 'body', 'user', 'lastEventId'];

/** As error messages and the documentation list them. */
const SPELLED = [
  ...Object.keys(VALUES),
  'query.NAME',
  'header.NAME',
  'params.NAME',
  'body.a.b',
  'random MIN MAX',
  'pick A B …',
];

/**
 * Finds what a placeholder stands for.
 *
 * @throws InvalidValue for a name that doesn't exist, or isn't written as it must be
 */
export function resolve({ name, words, fallback }: Placeholder, place: TemplatePlace): Reader {
  const dot = name.indexOf('.');
  const root = dot < 0 ? name : name.slice(0, dot);
  const part = dot < 0 ? undefined : name.slice(dot + 1);
  const reader = readerOf(root, part, words, place);
  if (fallback === undefined) return reader;
  if (!OPTIONAL.includes(root)) {
    throw new InvalidValue(`${root} is never absent`, `Leave out the default: ${quoted(`|${fallback}`)}.`);
  }
  return (scope) => {
    const value = reader(scope);
    return value === undefined || value === null || value === '' ? fallback : value;
  };
}

function readerOf(
  root: string,
  part: string | undefined,
  words: readonly string[],
  place: TemplatePlace,
): Reader {
  const call = ownValue(FUNCTIONS, root);
  if (call !== undefined && part === undefined) return call(words);
  const [surplus] = words;
  const parted = ownValue(PARTED, root);
  const plain = ownValue(VALUES, root);
  if (parted === undefined && plain === undefined) throw unknownName(root, part);
  if (surplus !== undefined) {
    throw new InvalidValue(
      `${quoted(surplus)} after ${root} means nothing`,
      'A default is written behind a bar: {{query.user|anonymous}}.',
    );
  }
  if (plain !== undefined) {
    if (part !== undefined) throw new InvalidValue(`${root} has no parts`, `Write {{${root}}}.`);
    if (root === 'n' && place.event === false)
      throw new InvalidValue('n is the number of an event, and here is none');
    return plain;
  }
  if (root === 'body' && part === undefined) return ({ body }) => body;
  if (part === undefined || part === '' || parted === undefined) {
    throw new InvalidValue(`${root} needs a name behind a dot`, `For example {{${root}.id}}.`);
  }
  return parted(part, place);
}

function unknownName(root: string, part: string | undefined): InvalidValue {
  const near = nearestName(root, [...Object.keys(VALUES), ...Object.keys(PARTED), ...Object.keys(FUNCTIONS)]);
  const behind = near !== undefined && part !== undefined && !Object.hasOwn(VALUES, near) ? `.${part}` : '';
  const hint = near === undefined ? `There are ${SPELLED.join(', ')}.` : `Did you mean ${near}${behind}?`;
  return new InvalidValue(`${quoted(root)} names nothing`, hint);
}

function notInPath(part: string, params: readonly string[]): InvalidValue {
  const near = nearestName(part, params);
  const there = params.length === 0 ? 'The path names no parts.' : `The path has ${params.join(', ')}.`;
  const hint = near === undefined ? there : `Did you mean params.${near}?`;
  return new InvalidValue(`the path has no part ${quoted(part)}`, hint);
}

function ownValue<T>(holder: Readonly<Record<string, T>>, name: string): T | undefined;
function ownValue(holder: unknown, name: string): unknown;
function ownValue(holder: unknown, name: string): unknown {
  if (typeof holder !== 'object' || holder === null || !Object.hasOwn(holder, name)) return undefined;
  return (holder as Record<string, unknown>)[name];
}

function isWhole(value: number | undefined): value is number {
  return Number.isSafeInteger(value);
}

/** RFC 9562, version 4, from the draws it is given. */
function uuid(random: Random): string {
  const hex = Array.from({ length: 4 }, () =>
    Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(8, '0'),
  ).join('');
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 3) | 8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
}
