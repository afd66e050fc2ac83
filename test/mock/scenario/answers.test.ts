import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { RequestError } from '../../../src/mock/request.ts';
import { ask, askPlain, askStream, eventsOf, site, stepsOf, told, withStream } from './served.ts';

const json = (text: string) => Buffer.from(text);

describe('a plain answer', () => {
  test('is a text or JSON, with what the request says filled in', async () => {
    const served = site(`
routes:
  - path: /orders/:id
    status: 404
    headers: {X-Order: "{{params.id}}"}
    body: {error: "no order {{params.id}}", tried: "{{connection}}"}
  - path: /hello
    body: hello {{query.name|you}}
  - path: /gone
    status: 204
`);
    assert.deepEqual(await askPlain(served, { path: '/orders/ä"7' }), {
      kind: 'plain',
      status: 404,
      headers: { 'content-type': 'application/json', 'x-order': 'Ã¤"7' },
      body: '{"error":"no order ä\\"7","tried":1}',
    });
    assert.deepEqual(await askPlain(served, { path: '/hello' }), {
      kind: 'plain',
      status: 200,
      headers: { 'content-type': 'text/plain; charset=utf-8' },
      body: 'hello you',
    });
    assert.deepEqual(await askPlain(served, { path: '/gone' }), { kind: 'plain', status: 204 });
  });

  test('speaks of the body that was sent', async () => {
    const served = site('routes:\n  - {path: /s, method: POST, body: {said: "{{body.text}}"}}');
    const answer = await askPlain(served, { method: 'POST', body: async () => json('{"text":"hi"}') });
    assert.equal(answer.body, '{"said":"hi"}');
    await assert.rejects(ask(served, { method: 'POST', body: async () => json('text=hi') }), { status: 400 });
  });

  test('refuses a request that would put a line end into a header', async () => {
    const served = site('routes:\n  - {path: /s, status: 204, headers: {x: "{{query.x}}"}}');
    await assert.rejects(ask(served, { query: 'x=a%0d%0aSet-Cookie:%20b' }), {
      status: 400,
      message: /header x/,
    });
  });

  test('may be none: the connection ends', async () => {
    const served = site('routes:\n  - {path: /s, close: reset}');
    assert.deepEqual(await ask(served), { kind: 'hang-up', how: 'reset' });
  });
});

describe('a route', () => {
  const served = site(`
routes:
  - {path: /a, method: [GET, post], body: first}
  - {path: /a, method: DELETE, body: second}
  - {path: /t, match: {headers: {X-Tenant: acme, accept: /event-STREAM/i}}, body: acme}
  - {path: /t, match: {headers: {x-tenant: /^b/}}, body: b}
  - {path: /t, body: others}
  - {path: /files/*, body: "{{params.*}} {{path}}"}
`);
  const body = async (parts: Parameters<typeof askPlain>[1]) => (await askPlain(served, parts)).body;

  test('is found by method and path', async () => {
    assert.equal(await body({ path: '/a' }), 'first');
    assert.equal(await body({ path: '/a', method: 'POST' }), 'first');
    assert.equal(await body({ path: '/a', method: 'HEAD' }), 'first');
    assert.equal(await body({ path: '/a', method: 'DELETE' }), 'second');
    assert.equal(await body({ path: '/files/x/y' }), 'x/y /files/x/y');
    assert.equal(served.find({ method: 'PUT', path: '/a', headers: {} }), undefined);
    assert.equal(served.find({ method: 'GET', path: '/b', headers: {} }), undefined);
  });

  test('is found by headers, exact or by expression, the first that fits', async () => {
    const accept = 'text/event-stream';
    assert.equal(await body({ path: '/t', headers: { 'x-tenant': 'acme', accept } }), 'acme');
    assert.equal(await body({ path: '/t', headers: { 'x-tenant': 'acme' } }), 'others');
    assert.equal(await body({ path: '/t', headers: { 'x-tenant': 'bee' } }), 'b');
    assert.equal(await body({ path: '/t' }), 'others');
  });

  test('has a name of its own, by which connections are numbered', () => {
    assert.deepEqual(served.routes, ['GET,POST /a', 'DELETE /a', '/t', '/t #2', '/t #3', '/files/*']);
  });

  test('says who is let in, and how many, or else the defaults do', () => {
    const text = `
defaults: {auth: {token: s3cret, ttl: 1m}, limit: {perUser: 2}}
routes:
  - {path: /a, status: 204}
  - {path: /b, auth: {token: other}, limit: off, status: 204}
  - {path: /c, auth: off, limit: {perUser: 5}, status: 204}
`;
    const routeOf = (path: string) => site(text).find({ method: 'GET', path, headers: {} })?.route;
    assert.deepEqual(routeOf('/a')?.auth, { token: 's3cret', ttlMs: 60_000 });
    assert.deepEqual(routeOf('/a')?.limit, { maxPerUser: 2 });
    assert.deepEqual(routeOf('/b')?.auth, { token: 'other' });
    assert.deepEqual(routeOf('/b')?.limit, { maxPerUser: Infinity });
    assert.equal(routeOf('/c')?.open, true);
    assert.deepEqual(routeOf('/c')?.limit, { maxPerUser: 5 });
  });
});

describe('a stream', () => {
  test('has what it says, else what the defaults say, else what the server does', async () => {
    const defaults =
      'defaults: {heartbeat: 5s, retry: 2s, lineEnd: crlf, headers: {x-a: "1", x-b: "{{path}}"}, faults: bom}';
    const { schedule: _, ...plain } = await askStream(site(withStream('steps: [a]', defaults)));
    assert.deepEqual(plain, {
      kind: 'stream',
      hold: false,
      ids: 'schedule',
      lostId: false,
      faults: [{ kind: 'bom', text: 'bom' }],
      headers: { 'x-a': '1', 'x-b': '/s' },
      heartbeatMs: 5_000,
      retryMs: 2_000,
      lineEnd: 'crlf',
    });
    const own = `
heartbeat: off
retry: off
lineEnd: cr
opening: off
hold: on
channels: ["user:{{query.u}}", all]
faults: conn:1:reset@3
`;
    const answer = await askStream(site(withStream(own, defaults)), { query: 'u=ann' });
    assert.deepEqual(
      [answer.heartbeatMs, answer.retryMs, answer.lineEnd, answer.opening, answer.hold],
      [0, 'none', 'cr', false, true],
    );
    assert.deepEqual(answer.channels, ['user:ann', 'all']);
    assert.deepEqual(
      answer.faults?.map(({ text }) => text),
      ['bom', 'conn:1:reset@3'],
    );
    const bare = await askStream(site(withStream('- a')));
    for (const key of ['heartbeatMs', 'retryMs', 'lineEnd', 'opening', 'channels'] as const)
      assert.ok(!(key in bare), key);
  });

  test('without steps stays open for what is published', async () => {
    assert.equal((await askStream(site(withStream('heartbeat: 1s')))).hold, true);
    assert.equal((await askStream(site(withStream('hold: off')))).hold, false);
  });

  test('answers a POST with what its body says', async () => {
    const served = site(withStream('- data: {to: "{{body.user}}", n: "{{n}}"}'));
    const events = eventsOf(
      await askStream(served, { method: 'POST', body: async () => json('{"user":"ann"}') }),
    );
    assert.equal(events[0]?.data, '{"to":"ann","n":1}');
    await assert.rejects(ask(served, { method: 'POST', body: async () => json('{') }), { status: 400 });
    const channels = site(withStream('channels: "to:{{body.user}}"'));
    const joined = await askStream(channels, { method: 'POST', body: async () => json('{"user":"ann"}') });
    assert.deepEqual(joined.channels, ['to:ann']);
  });
});

describe('the headers of a route', () => {
  const served = site(`
defaults: {headers: {x-served-by: mock}}
routes:
  - {path: /v1/chat/completions, preset: openai, headers: {x-route: "{{path}}"}}
  - {path: /two, headers: {x-route: "{{path}}"}, stream: [a, b]}
  - {path: /told, headers: {x-route: "{{path}}", retry-after: "9"}, body: "{{body.text}}"}
  - {path: /one, headers: {x-route: "{{path}}"}, preset: {name: ticker, count: 1}}
`);
  const has = ({ headers = {} }: { headers?: Readonly<Record<string, string>> }, path: string) => {
    assert.equal(headers['x-served-by'], 'mock');
    assert.equal(headers['x-route'], path);
  };

  test('are those of every answer that a preset gives', async () => {
    const path = '/v1/chat/completions';
    const asked = (text: string) => ({ path, method: 'POST', body: async () => json(text) });
    const whole = await askPlain(
      served,
      asked('{"model": "m", "messages": [{"role": "user", "content": "a"}]}'),
    );
    assert.equal(whole.status, 200);
    has(whole, path);
    assert.ok(whole.headers?.['x-request-id'], 'its own stay');
    const refused = await askPlain(served, asked('{'));
    assert.equal(refused.status, 400);
    has(refused, path);
    has(await askPlain(served, { path: '/one', lastEventId: '1' }), '/one');
  });

  test('are those of the answer to a client that has had everything', async () => {
    const answer = await askPlain(served, { path: '/two', lastEventId: '2' });
    assert.equal(answer.status, 204);
    has(answer, '/two');
  });

  test('are those of a refused request, which keeps its own', async () => {
    const refused = { path: '/told', method: 'POST', body: async () => json('no JSON') };
    await assert.rejects(ask(served, refused), (error: RequestError) => {
      assert.equal(error.status, 400);
      has(error, '/told');
      return true;
    });
  });
});

describe('a preset of a route', () => {
  test('is served with the shape, headers and faults that the route gives it', async () => {
    const served = site(
      'routes:\n  - {path: /s, preset: {name: ticker, count: 2, interval: 5ms}, headers: {x: y}, faults: reset@1}',
    );
    const answer = await askStream(served);
    assert.equal(answer.headers?.x, 'y');
    assert.deepEqual(
      answer.faults?.map(({ text }) => text),
      ['reset@1'],
    );
    const lines = told(answer);
    assert.equal(lines.length, 2);
    assert.ok(lines.every((line) => line.startsWith('+5 ')));
  });

  test('has the defaults of the file where it says nothing of its own', async () => {
    const served = site(`
defaults: {interval: 70ms, heartbeat: 9s, retry: 4s, lineEnd: cr}
routes:
  - {path: /ticker, preset: ticker}
  - {path: /own, preset: {name: notifications, interval: 5ms}}
  - {path: /burst, preset: {name: burst, count: 1}}
  - {path: /openai, preset: openai}
  - {path: /gemini, preset: gemini}
`);
    const asked = (path: string, query = '') => askStream(served, { path, query });
    const ticker = await asked('/ticker');
    assert.match(told(ticker, 2)[1] ?? '', /^\+70 /);
    const { heartbeatMs, retryMs, lineEnd } = ticker;
    assert.deepEqual(
      { heartbeatMs, retryMs, lineEnd },
      { heartbeatMs: 9_000, retryMs: 4_000, lineEnd: 'cr' },
    );
    assert.match(told(await asked('/ticker', 'interval=30ms'), 2)[1] ?? '', /^\+30 /);
    assert.match(told(await asked('/own'), 3)[2] ?? '', /^\+5 /);
    assert.match(told(await asked('/burst'))[0] ?? '', /^\+0 /);
    const openai = await asked('/openai');
    assert.deepEqual([openai.heartbeatMs, openai.retryMs, openai.lineEnd], [0, 'none', 'cr']);
    const waits = stepsOf(openai, 10).map(({ afterMs }) => afterMs);
    assert.ok(
      waits.slice(2).every((ms) => 50 < ms && ms < 90),
      `tokens are about so far apart: ${waits}`,
    );
    assert.equal((await asked('/gemini')).lineEnd, 'crlf');
  });

  test('is as quick as can be where the file says no interval between events', async () => {
    const served = site('defaults: {interval: 0ms}\nroutes: [{path: /s, preset: ticker}]');
    assert.match(told(await askStream(served), 2)[1] ?? '', /^\+1 /);
  });

  test('keeps to its shape whatever the query, where queries change nothing', async () => {
    const text = 'routes:\n  - {path: /s, preset: {name: ticker, count: 2}}';
    const count = async (fixed: boolean) =>
      told(await askStream(site(text, { fixed }), { query: 'count=3' })).length;
    assert.equal(await count(false), 3);
    assert.equal(await count(true), 2);
  });
});

describe('the plan of connections', () => {
  const text = `
routes:
  - path: /s
    headers: {x-a: "1"}
    faults: split=utf8
    connections:
      1: {faults: reset@3, headers: {x-b: "2"}}
      2-3: {status: 503, headers: {retry-after: "1"}}
      4: {close: cut}
      6+: {stream: [later]}
    stream: [a, b]
`;
  const get = (connection: number) => ask(site(text), { connection });

  test('gives each connection of a client what is said of it, the others what the route says', async () => {
    const first = await get(1);
    assert.equal(first.kind, 'stream');
    assert.deepEqual(first.kind === 'stream' && first.faults?.map((fault) => fault.text), [
      'split=utf8',
      'reset@3',
    ]);
    assert.deepEqual(first.kind === 'stream' && first.headers, { 'x-a': '1', 'x-b': '2' });
    for (const connection of [2, 3]) {
      assert.deepEqual(await get(connection), {
        kind: 'plain',
        status: 503,
        headers: { 'retry-after': '1' },
      });
    }
    assert.deepEqual(await get(4), { kind: 'hang-up', how: 'cut' });
    const fifth = await get(5);
    assert.deepEqual(fifth.kind === 'stream' && fifth.faults?.map((fault) => fault.text), ['split=utf8']);
    const sixth = await get(600);
    assert.deepEqual(sixth.kind === 'stream' && told(sixth), ['+0 1 later']);
  });

  test('may say everything there is', async () => {
    const served = site(
      'routes:\n  - path: /s\n    connections: {1: {status: 503}, 2+: {body: "{{connection}}"}}',
    );
    assert.equal((await askPlain(served, { connection: 1 })).status, 503);
    assert.equal((await askPlain(served, { connection: 9 })).body, '9');
  });
});
