import assert from 'node:assert/strict';
import { createConnection } from 'node:net';
import { describe, test } from 'node:test';
import { stream } from '../../../src/mock/conformance/acts.ts';
import type { ConformanceCase } from '../../../src/mock/conformance/case.ts';
import { lf } from '../../../src/mock/conformance/cases/line-ends.ts';
import { redirect301 } from '../../../src/mock/conformance/cases/redirects.ts';
import { serveSuite } from './served-suite.ts';

interface NextCase {
  case: string;
  title: string;
  url: string;
  seen: string;
  events: string[];
  number: number;
  of: number;
}

const nextCase = async (url: string): Promise<NextCase> =>
  (await (await fetch(`${url}check/next`)).json()) as NextCase;

describe('what an adapter speaks', () => {
  test('is a case, its stream, a report an event, and the next case', async (context) => {
    const { url, suite } = await serveSuite(context, [lf]);
    const { seen, url: at, ...rest } = await nextCase(url);
    assert.deepEqual(rest, {
      case: 'lf',
      title: 'reads LF lines, several events in one write',
      events: ['message'],
      number: 1,
      of: 1,
      judged: [],
    });
    assert.equal(at, `${url}check/lf/stream`);
    const body = await (await fetch(at)).text();
    assert.match(body, /^retry: 100\nid: lf-1\ndata: one\n\n.*data: end of this case\n\n$/s);
    const report = async (event: object) =>
      (await fetch(seen, { method: 'POST', body: JSON.stringify(event) })).json();
    for (const data of ['one', 'two', 'three']) assert.deepEqual(await report({ data }), { over: false });
    const last = fetch(`${url}check/next`);
    assert.deepEqual(await report({ event: 'message', data: 'end of this case' }), { over: true });
    assert.equal((await last).status, 204);
    assert.equal((await suite.over).counts.pass, 1);
  });

  test('may number its events, as posts overtake each other', async (context) => {
    const { url, suite } = await serveSuite(context, [lf]);
    const { seen, url: at } = await nextCase(url);
    await (await fetch(at)).text();
    const data = ['one', 'two', 'three', 'end of this case'];
    const report = (n: number) =>
      fetch(seen, { method: 'POST', body: JSON.stringify({ n, data: data[n - 1] }) });
    for (const n of [4, 2, 3, 1]) await (await report(n)).arrayBuffer();
    assert.equal((await fetch(`${url}check/next`)).status, 204);
    assert.equal((await suite.over).counts.pass, 1);
  });

  test('is refused in words where it is none', async (context) => {
    const { url } = await serveSuite(context, [lf]);
    const { seen } = await nextCase(url);
    const refused = async (body: string) => {
      const answer = await fetch(seen, { method: 'POST', body });
      return `${answer.status} ${((await answer.json()) as { error: string }).error}`;
    };
    assert.match(await refused('data: one'), /^400 the body must be a JSON object/);
    assert.match(await refused('["one"]'), /^400 the body must be a JSON object/);
    assert.match(await refused('{"event":"message"}'), /^400 "data" must be a string/);
    assert.match(await refused('{"data":"one","event":1}'), /^400 "event" must be a string/);
    assert.match(await refused('{"data":"one","lastEventId":7}'), /^400 "lastEventId" must be a string/);
    assert.match(await refused('{"data":"one","n":0}'), /^400 "n" must be the number/);
    assert.equal((await fetch(seen)).status, 405);
    assert.equal((await fetch(`${url}check/next`, { method: 'POST' })).status, 405);
    assert.equal((await fetch(`${url}check/lf/other`)).status, 404);
    assert.equal((await fetch(`${url}check/no-such-case/stream`)).status, 404);
  });

  test('reaches pages of other origins', async (context) => {
    const { url } = await serveSuite(context, [lf]);
    const headers = { origin: 'https://example.com' };
    const next = await fetch(`${url}check/next`, { headers });
    assert.equal(next.headers.get('access-control-allow-origin'), 'https://example.com');
    const preflight = await fetch(`${url}check/lf/seen`, {
      method: 'OPTIONS',
      headers: {
        ...headers,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type,last-event-id',
      },
    });
    assert.match(preflight.headers.get('access-control-allow-headers') ?? '', /last-event-id/);
    await next.arrayBuffer();
  });

  test('says that the suite is in use, to a client that comes without it', async (context) => {
    const { url } = await serveSuite(context, [lf]);
    await nextCase(url);
    const answer = await fetch(url);
    assert.equal(answer.status, 409);
    assert.match(((await answer.json()) as { error: string }).error, /run by an adapter/);
  });

  test('gets the whole result, once it is there', async (context) => {
    const { url, suite } = await serveSuite(context, [lf]);
    const report = fetch(`${url}check/report`);
    suite.end('stopped');
    const result = (await (await report).json()) as { kind: string; ended: string };
    assert.equal(result.kind, 'client-conformance');
    assert.equal(result.ended, 'no-client');
  });
});

describe('a client without an adapter', () => {
  test('is served on any path, but what browsers fetch by themselves', async (context) => {
    const { url, suite } = await serveSuite(context, [lf]);
    assert.equal((await fetch(`${url}favicon.ico`)).status, 404);
    assert.equal(await (await fetch(`${url}healthz`)).text(), 'ok\n');
    assert.equal((await fetch(`${url}any/path`, { method: 'HEAD' })).status, 200);
    const page = await fetch(url, { headers: { accept: 'text/html,*/*;q=0.8' } });
    assert.match(page.headers.get('content-type') ?? '', /text\/html/);
    assert.match(await page.text(), /Run the suite/);
    assert.equal(suite.begun, false);
    const stream = await fetch(`${url}any/path?x=1`);
    assert.equal(stream.headers.get('content-type'), 'text/event-stream');
    assert.doesNotMatch(await stream.text(), /end of this case/);
    await (await fetch(`${url}any/path?x=1`, { headers: { 'last-event-id': 'lf-3' } })).arrayBuffer();
    assert.equal((await suite.over).counts.pass, 1);
  });

  test('is redirected to where it is, with a mark', async (context) => {
    const { url, suite } = await serveSuite(context, [redirect301]);
    const answer = await fetch(`${url}a/b`, { redirect: 'manual' });
    assert.equal(answer.status, 301);
    assert.equal(answer.headers.get('location'), '/a/b?moved=301');
    await (await fetch(`${url}a/b?moved=301`)).text();
    assert.equal((await suite.over).counts.pass, 1);
  });

  test('gets exactly the bytes of the case, each write on its own', async (context) => {
    const bytewise: ConformanceCase = {
      ...lf,
      act: (n) =>
        n === 1
          ? stream('', {
              writes: ['data: ', 'ü', '\n\n'].map((text) => ({ bytes: Buffer.from(text), afterMs: 20 })),
            })
          : undefined,
    };
    const { url } = await serveSuite(context, [bytewise]);
    const answer = await fetch(url);
    const reads: string[] = [];
    for await (const chunk of answer.body ?? []) reads.push(Buffer.from(chunk).toString());
    assert.equal(reads.join(''), 'data: ü\n\n');
    assert.ok(reads.length > 1);
  });

  test('is reset without an answer where a case hangs up', async (context) => {
    const hangUp: ConformanceCase = { ...lf, act: () => ({ kind: 'hang-up' }) };
    const { url } = await serveSuite(context, [hangUp]);
    const socket = createConnection(Number(new URL(url).port), '127.0.0.1');
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    let bytes = 0;
    socket.on('data', (data) => {
      bytes += data.length;
    });
    const error = await new Promise<NodeJS.ErrnoException>((resolve) => socket.once('error', resolve));
    assert.equal(error.code, 'ECONNRESET');
    assert.equal(bytes, 0);
  });
});
