import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { SseKitError } from '../../../src/client/errors.ts';
import { parseRule } from '../../../src/listen/expect/parse.ts';
import { type Rule, ruleText, VALUE_TYPES } from '../../../src/listen/expect/rule.ts';
import { COMPARISONS } from '../../../src/notation/comparison.ts';

const anyData = { kind: 'data', quantifier: 'some', select: undefined } as const;
const compare = (op: '==' | '!=' | '<' | '<=' | '>' | '>=', value: string | number | boolean | null) => ({
  kind: 'compare' as const,
  op,
  value,
});

describe('a rule', () => {
  const rules: [text: string, rule: Rule][] = [
    ['event=ready within 2s', { kind: 'comes', event: 'ready', withinMs: 2000 }],
    ['event=ai:token', { kind: 'comes', event: 'ai:token', withinMs: undefined }],
    ['event="my event"', { kind: 'comes', event: 'my event', withinMs: undefined }],
    ["event='a\"b'", { kind: 'comes', event: 'a"b', withinMs: undefined }],
    ['first event=connected', { kind: 'first', event: 'connected' }],
    ['event=ping every 30s', { kind: 'cadence', event: 'ping', everyMs: 30_000 }],
    ['count>=10', { kind: 'count', metric: 'events', select: undefined, op: '>=', value: 10 }],
    ['count(event=update)==5', { kind: 'count', metric: 'events', select: 'update', op: '==', value: 5 }],
    ['bytes < 4KB', { kind: 'count', metric: 'bytes', select: undefined, op: '<', value: 4096 }],
    ['lost==0', { kind: 'count', metric: 'lost', select: undefined, op: '==', value: 0 }],
    [
      'first-event<500ms',
      { kind: 'time', metric: 'time_to_first_event', select: undefined, op: '<', ms: 500 },
    ],
    [
      'time_to_first_event<=1s',
      { kind: 'time', metric: 'time_to_first_event', select: undefined, op: '<=', ms: 1000 },
    ],
    [
      'first_event(event=x)<1s',
      { kind: 'time', metric: 'time_to_first_event', select: 'x', op: '<', ms: 1000 },
    ],
    ['headers<1s', { kind: 'time', metric: 'time_to_headers', select: undefined, op: '<', ms: 1000 }],
    ['gap( event = tick ) < 2s', { kind: 'time', metric: 'event_gap', select: 'tick', op: '<', ms: 2000 }],
    ['keepalive<20s', { kind: 'time', metric: 'silence', select: undefined, op: '<', ms: 20_000 }],
    ['reconnect-time<5s', { kind: 'time', metric: 'reconnect_time', select: undefined, op: '<', ms: 5000 }],
    ['data.status=="done"', { ...anyData, path: '.status', test: compare('==', 'done') }],
    ['data == "[DONE]"', { ...anyData, path: '', test: compare('==', '[DONE]') }],
    ['data["a b"][0].c<-1.5e3', { ...anyData, path: '["a b"][0].c', test: compare('<', -1500) }],
    ['data.error exists', { ...anyData, path: '.error', test: { kind: 'exists' } }],
    ['data.a != null', { ...anyData, path: '.a', test: compare('!=', null) }],
    ['some(event=x) data.a == true', { ...anyData, select: 'x', path: '.a', test: compare('==', true) }],
    [
      'every data.id is number',
      { ...anyData, quantifier: 'every', path: '.id', test: { kind: 'type', type: 'number' } },
    ],
    [
      'every(event=update) data ~ "^\\d+\\.$"',
      {
        ...anyData,
        quantifier: 'every',
        select: 'update',
        path: '',
        test: { kind: 'match', pattern: '^\\d+\\.$' },
      },
    ],
    ['ids increasing', { kind: 'ids' }],
    ['no duplicates', { kind: 'duplicates' }],
    ['  ends   clean ', { kind: 'ending' }],
    ['status==401', { kind: 'status', op: '==', value: 401 }],
    [
      'header Cache-Control ~ "no-cache"',
      { kind: 'header', name: 'cache-control', test: { kind: 'match', pattern: 'no-cache' } },
    ],
    [
      'schema=my files/a b.json',
      { kind: 'schema', select: undefined, source: { kind: 'file', path: 'my files/a b.json' } },
    ],
    [
      'schema(event=x)=preset:ai:token',
      { kind: 'schema', select: 'x', source: { kind: 'preset', name: 'ai:token' } },
    ],
  ];
  for (const [text, rule] of rules) {
    test(`${text} is read`, () => assert.deepEqual(parseRule(text), rule));
  }

  const wrong: [text: string, position: number | undefined, message: RegExp, hint: RegExp][] = [
    ['', 1, /the rule is empty/, /expect\.md/],
    ['>5', 1, /starts with a word, not with ">5"/, /expect\.md/],
    ['cuont>=10', 1, /no rule and no metric "cuont"/, /Did you mean count\?/],
    ['frist-event<1s', 1, /no metric "frist-event"/, /first_event/],
    ['event=', 7, /expected the name of an event, and the rule ends here/, /quotes/],
    ['event==ready', 6, /expected = and the name of an event, not "==ready"/, /./],
    ['event=ready wihtin 2s', 13, /expected within, every, or the end of the rule, not "wihtin"/, /./],
    ['event=ready within 2', 20, /"2" needs a unit/, /./],
    ['event=ready within soon', 20, /"soon" is not a duration/, /250ms/],
    ['event=""', 7, /never empty/, /./],
    ['event="a\\q"', 7, /escape/, /./],
    ['first connected', 7, /expected event=NAME/, /./],
    ['count=>10', 6, /expected one of == !=/, /./],
    ['count>=ten', 8, /"ten" is not a whole number/, /digits/],
    ['count>=10 and gap<2s', 11, /complete before "and gap<2s"/, /One --expect takes one rule/],
    ['comments(event=x)>1', 9, /no figure of single events/, /Leave/],
    ['gap==2s', 4, /says nothing/, /< or <=/],
    ['gap<0s', 5, /too short/, /./],
    ['gap(name=x)<2s', 5, /expected event=NAME, not "name=x\)<2s"/, /./],
    ['data.status="done"', 12, /expected one of == .*, not '="done"'/, /written ==/],
    ['data.status==done', 14, /expected a text in quotes, .* not "done"/, /quotes/],
    ['data..a==1', 5, /can't be read on/, /choices\[0\]/],
    ['data["a\\q"]==1', 5, /position 1/, /names and indices/],
    ['data.a>true', 8, /neither more nor less/, /==/],
    ['data.a==007', 9, /expected a text in quotes/, /./],
    ['data.a is nubmer', 11, /no type "nubmer"/, /Did you mean number\?/],
    ['data.a ~ abc', 10, /regular expression in quotes/, /quotes/],
    ['data.a ~ "("', 10, /is not a regular expression/, /backslash/],
    ['every id is number', 7, /expected data and a path/, /./],
    ['ids growing', 5, /expected increasing/, /./],
    ['status==99', 9, /no HTTP status/, /./],
    ['header', 7, /the name of a header, and the rule ends here/, /./],
    ['header x is number', 10, /expected one of .* or exists/, /./],
    ['schema=', 8, /a file, or preset:NAME/, /./],
  ];
  for (const [text, position, message, hint] of wrong) {
    test(`${text || 'nothing'} is refused, with its place`, () => {
      assert.throws(
        () => parseRule(text),
        (error) => {
          assert.ok(error instanceof SseKitError);
          assert.equal(error.exitCode, 2);
          assert.match(error.message, /^--expect /);
          assert.match(error.message, message);
          assert.equal(Number(/position (\d+): /.exec(error.message)?.[1]), position);
          assert.match(error.hint, hint);
          return true;
        },
      );
    });
  }

  const name = fc.string({ minLength: 1, maxLength: 12 });
  const select = fc.option(name, { nil: undefined });
  const op = fc.constantFrom(...COMPARISONS);
  const limit = fc.constantFrom('<', '<=', '>', '>=' as const) as fc.Arbitrary<'<' | '<=' | '>' | '>='>;
  const duration = fc.integer({ min: 1, max: 2 ** 31 - 1 });
  const literal = fc.oneof(
    fc.string(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((each) => (each === 0 ? 0 : each)),
  );
  const valueTest = fc.oneof(
    fc.record({ kind: fc.constant('compare' as const), op, value: literal }),
    fc.record({
      kind: fc.constant('compare' as const),
      op: fc.constantFrom('==' as const, '!=' as const),
      value: fc.constantFrom(true, false, null),
    }),
    fc.record({
      kind: fc.constant('match' as const),
      pattern: fc.constantFrom('^a', '\\d+"\\\\', '[()] =<', ''),
    }),
    fc.record({ kind: fc.constant('type' as const), type: fc.constantFrom(...VALUE_TYPES) }),
    fc.constant({ kind: 'exists' as const }),
  );
  const step = fc.oneof(
    fc
      .stringMatching(/^[\w$-]+$/)
      .filter((each) => each !== '')
      .map((each) => `.${each}`),
    fc.integer({ min: -9, max: 99 }).map((each) => `[${each}]`),
    fc.string().map((each) => `[${JSON.stringify(each)}]`),
  );
  const path = fc.array(step, { maxLength: 4 }).map((steps) => steps.join(''));
  const rule: fc.Arbitrary<Rule> = fc.oneof(
    fc.record({
      kind: fc.constant('comes' as const),
      event: name,
      withinMs: fc.option(duration, { nil: undefined }),
    }),
    fc.record({ kind: fc.constant('cadence' as const), event: name, everyMs: duration }),
    fc.record({ kind: fc.constant('first' as const), event: name }),
    fc.record({
      kind: fc.constant('count' as const),
      metric: fc.constant('events' as const),
      select,
      op,
      value: fc.nat(),
    }),
    fc.record({
      kind: fc.constant('time' as const),
      metric: fc.constantFrom('event_gap' as const, 'time_to_first_event' as const),
      select,
      op: limit,
      ms: duration,
    }),
    fc.record({
      kind: fc.constant('data' as const),
      quantifier: fc.constantFrom('some' as const, 'every' as const),
      select,
      path,
      test: valueTest,
    }),
    fc.record({ kind: fc.constant('status' as const), op, value: fc.integer({ min: 100, max: 599 }) }),
    fc.record({
      kind: fc.constant('header' as const),
      name: fc.constantFrom('x-a', 'content-type'),
      test: valueTest.filter(({ kind }) => kind !== 'type'),
    }),
  );

  test('that is written out and read again is the same rule', () => {
    fc.assert(
      fc.property(rule, (each) => assert.deepEqual(parseRule(ruleText(each)), structuredClone(each))),
    );
  });

  test('that is cut or garbled is read or refused, never a defect', () => {
    fc.assert(
      fc.property(rule, fc.nat(), fc.string({ maxLength: 3 }), (each, cut, garbage) => {
        const text = ruleText(each);
        const at = cut % (text.length + 1);
        try {
          parseRule(text.slice(0, at) + garbage + text.slice(at + garbage.length));
        } catch (error) {
          assert.ok(error instanceof SseKitError && error.exitCode === 2, String(error));
        }
      }),
    );
  });
});
