import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { monotonicMs } from '../../src/client/clock.ts';
import { createPool } from '../../src/client/pool.ts';
import type { RawConnection, RawRequest } from '../e2e/harness/raw-connection.ts';
import { rawServer } from '../e2e/harness/raw-server.ts';
import { answer, head } from '../e2e/harness/wire.ts';
import { attempt, Recording, requestOf } from './recorded-attempt.ts';

const STREAM = answer('200 OK', { 'Content-Type': 'text/event-stream' }, 'data: one\n\n');

/** Answers each path with a redirect or a stream. */
function routes(table: Record<string, string>) {
  return async (client: RawConnection) => {
    const { target } = await client.request();
    await client.write(table[target] ?? STREAM);
  };
}

function redirect(status: number, location: string): string {
  return answer(`${status} Elsewhere`, { Location: location }, 'moved');
}

function names(request: RawRequest | undefined): string[] {
  return (request?.headers ?? []).map(([name]) => name.toLowerCase());
}

describe('a redirect with', () => {
  const rules = [
    [301, 'GET', 'GET'],
    [301, 'POST', 'GET'],
    [301, 'PUT', 'PUT'],
    [302, 'POST', 'GET'],
    [302, 'PUT', 'PUT'],
    [303, 'POST', 'GET'],
    [303, 'PUT', 'GET'],
    [303, 'HEAD', 'HEAD'],
    [307, 'POST', 'POST'],
    [308, 'PUT', 'PUT'],
  ] as const;
  for (const [status, before, after] of rules) {
    test(`${status} turns ${before} into ${after}, and keeps the body only with the method`, async (t) => {
      const server = await rawServer(t, routes({ '/a': redirect(status, '/b') }));
      const hasBody = before === 'POST' || before === 'PUT';
      const { recording } = await attempt(t, `${server.url}/a`, {
        method: before,
        headers: [
          ['Accept', 'text/event-stream'],
          ['Content-Type', 'application/json'],
        ],
        ...(hasBody ? { body: Buffer.from('{}') } : {}),
      });
      const [, second] = server.requests;
      assert.equal(second?.method, after);
      assert.equal(second?.target, '/b');
      assert.equal(second?.header('accept'), 'text/event-stream');
      const kept = before === after;
      assert.equal(second?.body.toString(), kept && hasBody ? '{}' : '');
      assert.equal(second?.header('content-type'), kept ? 'application/json' : undefined);
      assert.deepEqual(
        recording.opens[0]?.redirects.map(({ status, from, to }) => ({ status, from, to })),
        [{ status, from: `${server.url}/a`, to: `${server.url}/b` }],
      );
      assert.equal(recording.opens[0]?.url, `${server.url}/b`);
      assert.equal(recording.opens[0]?.method, after);
    });
  }
});

describe('a redirect', () => {
  const secrets: [string, string][] = [
    ['Authorization', 'Bearer a'],
    ['Cookie', 'a=b'],
    ['X-Api-Key', 'k'],
    ['X-Access-Token', 't'],
    ['X-Client-Secret', 's'],
    ['X-My-Auth', 'u'],
    ['X-Session-Id', 'i'],
  ];
  const headers: [string, string][] = [['Accept', 'text/event-stream'], ...secrets, ['X-Trace', 'kept']];
  const secretNames = secrets.map(([name]) => name);

  test('to another port leaves credentials behind, and says so', async (t) => {
    const other = await rawServer(t, routes({}));
    const server = await rawServer(t, routes({ '/': redirect(307, `${other.url}/x`) }));
    const { recording, close } = await attempt(t, server.url, { headers });
    assert.equal(close.reason, 'eof', close.error?.message);
    for (const name of secretNames) {
      assert.ok(names(server.requests[0]).includes(name.toLowerCase()), name);
      assert.ok(!names(other.requests[0]).includes(name.toLowerCase()), `${name} was sent on`);
    }
    assert.equal(other.requests[0]?.header('x-trace'), 'kept');
    assert.deepEqual(recording.opens[0]?.redirects[0]?.dropped, secretNames);
    const [warning] = recording.warnings;
    assert.equal(warning?.code, 'credentials-dropped');
    assert.match(warning?.message ?? '', new RegExp(secretNames.join(', ')));
  });

  test('to another host name of the same server leaves credentials behind', async (t) => {
    const server = await rawServer(t, async (client) => {
      const { target } = await client.request();
      await client.write(target === '/' ? redirect(302, `http://localhost:${server.port}/x`) : STREAM);
    });
    await attempt(t, server.url, { headers });
    assert.equal(server.requests[1]?.header('host'), `localhost:${server.port}`);
    assert.equal(server.requests[1]?.header('authorization'), undefined);
  });

  test('within the origin keeps credentials', async (t) => {
    const server = await rawServer(t, async (client) => {
      const { target } = await client.request();
      await client.write(target === '/' ? redirect(302, `${server.url}/x`) : STREAM);
    });
    const { recording } = await attempt(t, server.url, { headers });
    for (const [name, value] of secrets) assert.equal(server.requests[1]?.header(name), value);
    assert.deepEqual(recording.warnings, []);
  });

  test('does not bring back at the first origin what another origin did not get', async (t) => {
    const other = await rawServer(t, async (client) => {
      await client.request();
      await client.write(redirect(307, `${server.url}/back`));
    });
    const server = await rawServer(t, routes({ '/': redirect(307, other.url) }));
    await attempt(t, server.url, { headers });
    assert.equal(server.requests[1]?.target, '/back');
    assert.equal(server.requests[1]?.header('authorization'), undefined);
  });

  test('keeps the last event id', async (t) => {
    const server = await rawServer(t, routes({ '/a': redirect(307, 'b') }));
    const pool = createPool();
    t.after(() => pool.close());
    const recording = new Recording();
    pool.open(requestOf(`${server.url}/a`), { lastEventId: '7', plannedAt: monotonicMs() }, recording);
    await recording.ended();
    assert.deepEqual(
      server.requests.map((request) => request.header('last-event-id')),
      ['7', '7'],
    );
  });

  test('is followed from the original URL again by the next attempt, with its credentials', async (t) => {
    const other = await rawServer(t, routes({}));
    const server = await rawServer(t, routes({ '/': redirect(301, other.url) }));
    const request = requestOf(server.url, { headers });
    const pool = createPool();
    t.after(() => pool.close());
    for (const _ of [1, 2]) {
      const recording = new Recording();
      pool.open(request, { lastEventId: '', plannedAt: monotonicMs() }, recording);
      await recording.ended();
    }
    assert.deepEqual(
      server.requests.map((each) => each.header('authorization')),
      ['Bearer a', 'Bearer a'],
    );
    assert.equal(other.requests.length, 2);
  });

  test('a body that breaks the rules, or a reset behind its head, is followed all the same', async (t) => {
    const broken = head('302 Elsewhere', { Location: '/b', 'Transfer-Encoding': 'chunked' });
    const server = await rawServer(t, async (client) => {
      const { target } = await client.request();
      await client.write({ '/a': `${broken}xyz\r\n`, '/b': redirect(302, '/c') }[target] ?? STREAM);
      if (target === '/b') client.reset();
    });
    const { recording, close } = await attempt(t, `${server.url}/a`);
    assert.equal(close.reason, 'eof', close.error?.message);
    assert.deepEqual(recording.order, ['open', 'event', 'close']);
    assert.equal(server.requests.length, 3);
  });

  test('loop ends at the limit', async (t) => {
    const server = await rawServer(t, routes({ '/': redirect(302, '/') }));
    const { recording, close } = await attempt(t, server.url, { maxRedirects: 3 });
    assert.equal(close.reason, 'status');
    assert.equal(close.error?.code, 'TOO_MANY_REDIRECTS');
    assert.equal(close.error?.exitCode, 3);
    assert.equal(server.requests.length, 4);
    assert.equal(close.status, 302);
    assert.deepEqual(recording.order, ['close']);
  });

  test('is shown as a status where none may be followed', async (t) => {
    const server = await rawServer(t, routes({ '/': redirect(302, '/x') }));
    const { recording, close } = await attempt(t, server.url, { maxRedirects: 0 });
    assert.equal(close.reason, 'status');
    assert.equal(close.error?.code, 'HTTP_STATUS');
    assert.equal(close.error?.exitCode, 3);
    assert.equal(recording.opens[0]?.status, 302);
    assert.equal(server.requests.length, 1);
  });

  for (const location of ['http://', 'file:///etc/passwd', 'javascript:alert(1)', 'ftp://example/']) {
    test(`to ${location} is not followed`, async (t) => {
      const server = await rawServer(t, routes({ '/': redirect(302, location) }));
      const { close } = await attempt(t, server.url);
      assert.equal(close.reason, 'status');
      assert.equal(close.error?.code, 'REDIRECT_INVALID');
      assert.equal(close.error?.exitCode, 3);
      assert.equal(server.requests.length, 1);
    });
  }

  test('with user and password in its URL does not turn them into credentials', async (t) => {
    const server = await rawServer(t, async (client) => {
      const { target } = await client.request();
      const to = server.url.replace('//', '//user:secret@');
      await client.write(target === '/' ? redirect(302, `${to}/x#part`) : STREAM);
    });
    const { recording } = await attempt(t, server.url);
    assert.equal(server.requests[1]?.header('authorization'), undefined);
    assert.equal(server.requests[1]?.target, '/x');
    assert.equal(recording.opens[0]?.url, `${server.url}/x`);
  });

  test('of 300 and 304 is none', async (t) => {
    for (const status of [300, 304]) {
      const server = await rawServer(t, routes({ '/': redirect(status, '/x') }));
      const { close } = await attempt(t, server.url);
      assert.equal(close.status, status);
      assert.equal(server.requests.length, 1);
    }
  });
});
