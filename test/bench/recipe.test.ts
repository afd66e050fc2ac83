import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { RequestRecipe } from '../../src/bench/options.ts';
import { StreamRequests } from '../../src/bench/recipe.ts';
import { checkUsers } from '../../src/bench/users/check-users.ts';
import { parseUsers } from '../../src/bench/users/users.ts';

const recipe = (more: Partial<RequestRecipe> = {}): RequestRecipe => ({
  urls: ['http://127.0.0.1:1/events'],
  method: 'GET',
  headers: [['Accept', 'text/event-stream']],
  connection: {
    http: 'auto',
    family: 0,
    resolve: [],
    connectTo: [],
    tls: { insecure: false },
    connectTimeoutMs: 10_000,
    proxy: { noProxy: [] },
  },
  maxRedirects: 20,
  idleTimeoutMs: 0,
  maxEventSizeBytes: 1000,
  lastEventId: '',
  ...more,
});

const users = (text: string) => parseUsers(Buffer.from(text));

/** The body of stream 0, where it has one. */
function bodyOf(body: string, contentType: string, csv: string): string {
  const asked = recipe({ body: Buffer.from(body), headers: [['Content-Type', contentType]] });
  return Buffer.from(new StreamRequests(asked, users(csv)).requestFor(0).body ?? []).toString();
}

describe('the request of a stream', () => {
  test('is one object for all streams of a URL, and URLs are taken in turn', () => {
    const requests = new StreamRequests(recipe({ urls: ['http://a/1', 'http://b/2'] }));
    assert.equal(requests.requestFor(0).url.href, 'http://a/1');
    assert.equal(requests.requestFor(1).url.href, 'http://b/2');
    assert.equal(requests.requestFor(2), requests.requestFor(0));
  });

  test('goes through the proxies that were named', () => {
    const { connection } = recipe();
    const proxied = recipe({
      connection: { ...connection, proxy: { http: 'http://user:word@proxy:3128/', noProxy: ['a'] } },
    });
    const { proxy } = new StreamRequests(proxied).requestFor(0).connection;
    assert.equal(proxy.http?.hostname, 'proxy');
    assert.equal(proxy.http?.password, 'word');
    assert.equal(proxy.https, undefined);
    assert.deepEqual(proxy.noProxy, ['a']);
  });

  test('has the values of its row, and rows are taken in turn', () => {
    const asked = recipe({
      urls: [new URL('http://h/users/{{id}}/events?name={{full name}}').href],
      headers: [
        ['Accept', 'text/event-stream'],
        ['Authorization', 'Bearer {{token}}'],
      ],
      lastEventId: '{{id}}',
    });
    const requests = new StreamRequests(asked, users('id,full name,token\n1,Ann & Bob,t-1\n2/3,Zoë,t-2\n'));
    const [first, second, third] = [0, 1, 2].map((each) => requests.requestFor(each));
    assert.equal(first?.url.href, 'http://h/users/1/events?name=Ann%20%26%20Bob');
    assert.deepEqual(first?.headers, [
      ['Accept', 'text/event-stream'],
      ['Authorization', 'Bearer t-1'],
    ]);
    assert.equal(second?.url.href, 'http://h/users/2%2F3/events?name=Zo%C3%AB');
    assert.equal(third?.url.href, first?.url.href);
    assert.equal(requests.lastEventIdFor(1), '2/3');
    assert.equal(first?.connection, second?.connection);
  });

  test('shares what has no place for a column', () => {
    const asked = recipe({ urls: ['http://h/{{id}}'], body: Buffer.from('{"a":{"b":1}}') });
    const requests = new StreamRequests(asked, users('id\n1\n2\n'));
    assert.equal(requests.requestFor(0).headers, requests.requestFor(1).headers);
    assert.equal(requests.requestFor(0).body, requests.requestFor(1).body);
  });

  test('escapes values in JSON where they stand in strings', () => {
    const csv = 'id,name\n7,"a ""b"" \\"\n';
    const body = bodyOf('{"id":{{id}},"k\\"":"{{name}}"}', 'application/json', csv);
    assert.equal(body, '{"id":7,"k\\"":"a \\"b\\" \\\\"}');
  });

  test('encodes values in a form, and takes JSON for JSON whatever the header says', () => {
    const form = 'application/x-www-form-urlencoded';
    assert.equal(bodyOf('a={{v}}&b=1', form, 'v\nx&y=1\n'), 'a=x%26y%3D1&b=1');
    assert.equal(bodyOf('{"a":"{{v}}"}', form, 'v\nx&y\n'), '{"a":"x&y"}');
    assert.equal(bodyOf('{{v}}', 'text/plain', 'v\nx&y\n'), 'x&y');
  });
});

describe('users are refused', () => {
  const check = (more: Partial<RequestRecipe>, csv: string) => checkUsers(recipe(more), users(csv));

  test('where a column is not there, with the nearest one', () => {
    assert.throws(() => check({ urls: ['http://h/{{tokne}}'] }, 'id,token\n1,2\n'), {
      message: '{{tokne}}: the users have no such column',
      hint: 'Did you mean {{token}}?',
    });
    assert.throws(() => check({ urls: ['http://h/{{x}}'] }, 'id,token\n1,2\n'), {
      hint: 'There are: id, token.',
    });
  });

  test('where nothing has a place for them', () => {
    assert.throws(() => check({}, 'id\n1\n'), { message: /^no URL, header or body has a place/ });
  });

  test('where a value would end a header line, without showing it', () => {
    const headers = [['Authorization', 'Bearer {{token}}']] as const;
    assert.throws(() => check({ headers }, 'token\nfine\n"se\ncret"\n'), {
      message:
        "line 3: the value of token can't stand in the header Authorization: it contains a line break or control character",
    });
  });

  test('where a column would name the server', () => {
    const urls = [new URL('http://{{host}}/events').href];
    assert.throws(() => check({ urls }, 'host\na\n'), { message: /not in its host or port/ });
  });
});
