import * as v from 'valibot';
import { InvalidValue, quoted } from '../../../notation/invalid-value.ts';
import type { TemplatePlace } from '../../templates/scope.ts';
import { parsePathPattern } from '../path-pattern.ts';
import type { ConnectionRange, ConnectionSource, RouteSource } from '../source.ts';
import { answerEntries, listOrOne, offOr } from './answer.ts';
import { mapping } from './mapping.ts';
import { count, duration, expected, headerTests, isMapping, parsed, type ValueSchema } from './value.ts';

/** What the templates of a route can speak of follows from its path. */
export const routeSchema: ValueSchema<RouteSource> = v.lazy((input) => {
  const place: TemplatePlace = { params: paramsOf(input) };
  const answer = answerEntries(place);
  return mapping('a route', {
    path: parsed('a path such as /orders/:id', parsePathPattern),
    method: v.exactOptional(listOrOne(method)),
    match: v.exactOptional(mapping('a match', { headers: v.exactOptional(headerTests) })),
    ...answer,
    auth: v.exactOptional(auth),
    limit: v.exactOptional(limit),
    connections: v.exactOptional(connections(place)),
  });
});

/** The names in the path, where it has no problem of its own. */
function paramsOf(input: unknown): readonly string[] {
  const path = isMapping(input) ? input.path : undefined;
  if (typeof path !== 'string') return [];
  try {
    return parsePathPattern(path).params;
  } catch (error) {
    if (error instanceof InvalidValue) return [];
    throw error;
  }
}

const method = parsed('a method such as GET, or a list of them', (text) => {
  if (!/^[A-Za-z]+$/.test(text))
    throw new InvalidValue(`${quoted(text)} is no method`, 'Write GET, POST or another.');
  return text.toUpperCase();
});

const token = parsed('a token', (text) => {
  if (text === '') throw new InvalidValue('a token has at least one character');
  return text;
});

const authRule = mapping('an auth rule', { token, ttl: v.exactOptional(duration({ minMs: 1 })) });

export const auth = offOr('off', authRule, 'off' as const);
export const limit = offOr('off', mapping('a limit', { perUser: count(1) }), 'off' as const);

/** `1`, `2-4`, `5+`: what these connections of a client get in place of what the route says. */
function connections(place: TemplatePlace): ValueSchema<ConnectionSource[]> {
  return v.pipe(
    v.custom<Record<string, unknown>>(isMapping, expected('connections by their numbers: 1, 2-4, 5+')),
    v.record(rangeText, mapping('the answer to a connection', answerEntries(place))),
    v.rawCheck(({ dataset, addIssue }) => {
      if (!dataset.typed) return;
      const input = dataset.value;
      const ranges = Object.keys(input)
        .map((text) => ({ text, ...parseRange(text) }))
        .sort((a, b) => a.first - b.first);
      for (const [index, range] of ranges.entries()) {
        const other = ranges
          .slice(0, index)
          .find(({ first, last }) => first <= range.last && range.first <= last);
        if (other === undefined) continue;
        const key = range.text;
        addIssue({
          message: `the connections ${key} are among ${other.text} already`,
          path: [{ type: 'object', origin: 'key', input, key, value: input[key] }],
        });
      }
    }),
    v.transform((input) =>
      Object.entries(input).map(([text, answer]): ConnectionSource => ({ range: parseRange(text), answer })),
    ),
  );
}

const rangeText = parsed('a connection', (text) => {
  parseRange(text);
  return text;
}) as v.GenericSchema<string, string>;

function parseRange(text: string): ConnectionRange {
  const [, from, to, endless] = /^([1-9]\d{0,8})(?:-([1-9]\d{0,8})|(\+))?$/.exec(text) ?? [];
  const first = Number(from);
  const last = endless !== undefined ? Infinity : Number(to ?? from);
  if (from === undefined || last < first) {
    throw new InvalidValue(`${quoted(text)} are no connections`, 'They count from 1: write 1, 2-4 or 5+.');
  }
  return { first, last };
}
