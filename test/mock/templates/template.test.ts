import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { readJsonBody } from '../../../src/mock/templates/json-body.ts';
import type { TemplatePlace } from '../../../src/mock/templates/scope.ts';
import { compileTemplate, TemplateError } from '../../../src/mock/templates/template.ts';
import { seededRandom } from '../../../src/stats/random.ts';
import { fakeRequest, scope } from './scope.ts';

const rendered = (text: string, parts: Parameters<typeof scope>[0] = {}, place: TemplatePlace = {}) =>
  compileTemplate(text, place).render(scope(parts));

describe('a template', () => {
  const request = fakeRequest({
    method: 'POST',
    path: '/orders/7',
    query: 'user=ann&empty=&user-id=9',
    headers: { 'x-tenant': 'acme', 'set-cookie': ['a', 'b'] },
    params: { id: '7', '*': 'a/b' },
    client: 'tab-1',
    connection: 3,
    user: 'bob',
    lastEventId: '41',
  });
  const body = { a: { b: [1, { c: 'deep' }] }, no: null, yes: true };
  const cases: Record<string, string> = {
    'plain text, } and { included': 'plain text, } and { included',
    '{{n}}': '5',
    '{{ n }}/{{n}}': '5/5',
    '{{now}}': '2026-01-02T03:04:05.678Z',
    '{{nowMs}}': String(Date.UTC(2026, 0, 2, 3, 4, 5, 678)),
    '{{method}} {{path}}': 'POST /orders/7',
    '{{client}} {{connection}} {{user}} {{lastEventId}}': 'tab-1 3 bob 41',
    '{{query.user}} {{query.user-id}}': 'ann 9',
    '{{header.x-tenant}} {{header.X-Tenant}} {{header.set-cookie}}': 'acme acme a, b',
    '{{params.id}} {{params.*}}': '7 a/b',
    '{{body.a.b.0}} {{body.a.b.1.c}} {{body.yes}} {{body.a.b}}': '1 deep true [1,{"c":"deep"}]',
    '[{{query.gone}}] [{{header.gone}}] [{{body.gone.far}}] [{{body.no}}]': '[] [] [] []',
    '{{query.gone|anonymous}} {{query.empty|empty too}} {{query.user|unused}}': 'anonymous empty too ann',
    '{{body.no|none}} {{ header.gone | " spaced " }}': 'none  spaced ',
    '{"n":{{n}}}': '{"n":5}',
    '\\{{n}} and \\\\{{n}} and C:\\dir': '{{n}} and \\5 and C:\\dir',
    '{{query.constructor}}{{header.constructor}}{{body.constructor}}{{body.a.b.length}}': '2',
    '{{pick only}} {{pick "two words"}} {{random 4 4}}': 'only two words 4',
  };
  for (const [text, expected] of Object.entries(cases)) {
    test(`renders ${text}`, () => {
      assert.equal(rendered(text, { request, body, n: 5 }, { params: ['id', '*'] }), expected);
    });
  }

  test('says nothing for a user, a last id and a body that are not there', () => {
    assert.equal(rendered('[{{user}}{{lastEventId}}{{body}}]'), '[]');
  });

  test('draws within the bounds and from the words, the same for the same seed', () => {
    const many = Array.from({ length: 200 }, (_, index) =>
      rendered('{{random -2 2}} {{pick a b c}}', { random: seededRandom(3, index) }),
    );
    const numbers = many.map((text) => text.split(' ')[0]);
    const words = many.map((text) => text.split(' ')[1]);
    assert.deepEqual([...new Set(numbers)].sort(), ['-1', '-2', '0', '1', '2']);
    assert.deepEqual([...new Set(words)].sort(), ['a', 'b', 'c']);
    assert.equal(rendered('{{random 1 1000000}}'), rendered('{{random 1 1000000}}'));
  });

  test('makes uuids of version 4 that follow from the seed alone', () => {
    const [first, second] = rendered('{{uuid}} {{uuid}}').split(' ');
    assert.match(first ?? '', /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.notEqual(first, second);
    assert.equal(rendered('{{uuid}}'), first);
    assert.notEqual(rendered('{{uuid}}', { random: seededRandom(2) }), first);
  });

  test('keeps the type of a value where it is nothing but one placeholder', () => {
    const value = (text: string) => compileTemplate(text).value(scope({ body, n: 5 }));
    assert.equal(value('{{n}}'), 5);
    assert.equal(value('{{body.yes}}'), true);
    assert.equal(value('{{body.no}}'), null);
    assert.deepEqual(value('{{body.a}}'), body.a);
    assert.equal(value('{{query.gone}}'), '');
    assert.equal(value('{{n}}.'), '5.');
  });

  test('knows whether it ever changes, and whether it needs the body', () => {
    const { constant, needsBody } = compileTemplate('a \\{{n}}');
    assert.deepEqual({ constant, needsBody }, { constant: true, needsBody: false });
    assert.equal(compileTemplate('{{body.a}}').needsBody, true);
    assert.equal(compileTemplate('{{query.body}}').needsBody, false);
  });

  test('leaves every text without braces as it is, and renders an escaped one to itself', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const safe = text.replaceAll('{', '(');
        assert.equal(rendered(safe), safe);
      }),
    );
    fc.assert(
      fc.property(fc.array(fc.constantFrom('{{', 'a', ' ', '}}', '\n', '{')), (parts) => {
        const text = parts.join('').replace(/\{{3,}/g, '{{');
        assert.equal(rendered(text.replaceAll('{{', '\\{{')), text);
      }),
    );
  });
});

describe('a wrong template', () => {
  const refused = (text: string, place: TemplatePlace = {}): TemplateError => {
    try {
      compileTemplate(text, place);
    } catch (error) {
      assert.ok(error instanceof TemplateError, String(error));
      return error;
    }
    return assert.fail(`${text} was taken`);
  };
  const cases: [text: string, message: RegExp, hint: RegExp, place?: TemplatePlace][] = [
    ['tick {{nwo}}', /^\{\{nwo\}\} at character 6: "nwo" names nothing$/, /^Did you mean now\?$/],
    ['a\nb {{xyzzy}}', /at line 2, character 3/, /There are/],
    ['{{querry.user}}', /"querry" names nothing/, /Did you mean query\.user\?/],
    ['{{constructor}}', /"constructor" names nothing/, /There are/],
    ['{{params.idd}}', /no part "idd"/, /Did you mean params\.id\?/, { params: ['id', 'kind'] }],
    ['{{params.other}}', /no part "other"/, /The path has id\./, { params: ['id'] }],
    ['{{params.id}}', /no part "id"/, /The path names no parts/],
    ['{{query}}', /query needs a name/, /\{\{query\.id\}\}/],
    ['{{query.}}', /query needs a name/, /\{\{query\.id\}\}/],
    ['{{now.iso}}', /now has no parts/, /\{\{now\}\}/],
    ['{{n|0}}', /n is never absent/, /Leave out the default/],
    ['{{query.user anonymous}}', /"anonymous" after query means nothing/, /behind a bar/],
    ['{{random 5}}', /random takes two whole numbers/, /random 1 100/],
    ['{{random 5 1}}', /random takes two whole numbers/, /random 1 100/],
    ['{{random a b}}', /random takes two whole numbers/, /random 1 100/],
    ['{{pick}}', /pick takes words/, /pick red/],
    ["{{pick 'a b}}", /a quote is never closed/, /^$/],
    ['{{}}', /no name/, /^$/],
    ['x {{n', /^\{\{ at character 3: the braces are never closed$/, /\\\{\{/],
    ['x {{n\n}}', /the braces are never closed/, /\\\{\{/],
    ['{{n}}', /here is none/, /^$/, { event: false }],
  ];
  for (const [text, message, hint, place] of cases) {
    test(`is refused with its place: ${JSON.stringify(text)}`, () => {
      const error = refused(text, place);
      assert.match(error.message, message);
      assert.match(error.hint ?? '', hint);
    });
  }
});

describe('the body of a request', () => {
  const bodyOf = (text: string) => readJsonBody(fakeRequest({ body: async () => Buffer.from(text) }));

  test('is read as JSON, and may be empty', async () => {
    assert.deepEqual(await bodyOf('{"a":1}'), { a: 1 });
    assert.equal(await bodyOf(' \n'), undefined);
  });

  test('is refused with 400 where it is something else', async () => {
    await assert.rejects(bodyOf('user=ann'), { status: 400, message: /must be JSON/ });
    await assert.rejects(bodyOf('['.repeat(500_000)), { status: 400 });
  });
});
