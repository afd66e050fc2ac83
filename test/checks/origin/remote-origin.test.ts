import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { describe, type TestContext, test } from 'node:test';
import { observe } from '../../../src/checks/observation/observe.ts';
import { CONTROL_PROTOCOL, speakerText } from '../../../src/checks/origin/control.ts';
import { type ProbeOrigin, startProbeOrigin } from '../../../src/checks/origin/probe-origin.ts';
import { newProbeToken } from '../../../src/checks/origin/probe-token.ts';
import { findRemoteOrigin, type RemotePlace } from '../../../src/checks/origin/remote-origin.ts';
import { withScript } from '../../../src/checks/origin/script-text.ts';
import { scripted } from '../../../src/checks/ways/scripted.ts';
import { waysOf } from '../../../src/checks/ways/ways.ts';
import { monotonicMs } from '../../../src/client/clock.ts';
import { createPool } from '../../../src/client/pool.ts';
import { requestOf } from '../../client/recorded-attempt.ts';
import { listen } from '../../e2e/harness/listening.ts';
import { until } from '../../e2e/harness/until.ts';

const FOREVER_MS = 10_000;
const VERSION = '1.2.3';
/** An origin of our version, as it says so. */
const SPEAKER = speakerText(VERSION);

const token = newProbeToken();

async function probeOrigin(test: TestContext): Promise<ProbeOrigin> {
  const origin = await startProbeOrigin({ host: '127.0.0.1', port: 0, token, version: VERSION });
  test.after(() => origin.close());
  return origin;
}

function find(test: TestContext, url: string, changes: Partial<RemotePlace> = {}) {
  const { signal } = new AbortController();
  const place = { url: new URL(url), token, version: VERSION, signal, connections: 8, ...changes };
  return findRemoteOrigin(place).then((origin) => {
    test.after(() => origin.close());
    return origin;
  });
}

async function serverThat(test: TestContext, answers: RequestListener): Promise<string> {
  const { port } = await listen(test, createServer(answers));
  return `http://127.0.0.1:${port}/`;
}

const refusal = (code: string, message: RegExp, hint: RegExp) => (error: unknown) => {
  const told = error as { code: string; exitCode: number; message: string; hint: string };
  assert.deepEqual([told.code, told.exitCode], [code, 14], told.message);
  assert.match(told.message, message);
  assert.match(told.hint, hint);
  assert.ok(!`${told.message}${told.hint}`.includes(token));
  return true;
};

describe('an origin on another machine', () => {
  test('obeys signed scripts, and tells who knows the token what it saw', async (test) => {
    const place = await probeOrigin(test);
    const origin = await find(test, place.url);
    const pool = createPool();
    test.after(() => pool.close());
    const { direct } = waysOf(requestOf(place.url, { headers: [['X-Mine', '1']] }), origin);
    const { key, request } = scripted(direct, { steps: [{ do: 'echo' }] });
    const { signal } = new AbortController();
    const seen = await observe(pool, request, { forMs: FOREVER_MS, signal });
    assert.equal(seen.events[0]?.type, 'echo');
    assert.ok(!JSON.stringify(seen.events).includes(token), 'what proxies see is a signature');
    const [visit, another] = await origin.visits(key);
    assert.equal(another, undefined);
    assert.ok(visit !== undefined);
    assert.ok(visit.request.headers.some(([name, value]) => name === 'X-Mine' && value === '1'));
    const { aheadMs, uncertaintyMs } = origin.clock;
    assert.ok(uncertaintyMs < 1_000);
    const at = visit.atMs - aheadMs;
    assert.ok(at >= seen.startedAt - uncertaintyMs && at <= (seen.end?.at ?? 0) + uncertaintyMs);
    assert.ok(
      Math.abs(aheadMs + monotonicMs() - Date.now()) < 1_000 + uncertaintyMs,
      'it is the time of day',
    );
    assert.deepEqual(await origin.visits('another key'), []);
  });

  test('obeys nobody else', async (test) => {
    const place = await probeOrigin(test);
    const origin = await find(test, place.url);
    const script = { key: '12345678', steps: [{ do: 'echo' }] } as const;
    const signed = withScript(new URL(place.url), script, origin.sign);
    const forged = [
      new URL(signed.href.replace(/\.[\w-]+$/, '')),
      withScript(new URL(place.url), script, () => 'x'.repeat(43)),
      // Another script, by the signature of this one.
      new URL(signed.href.replace(/ssekit=.*\./, 'ssekit=eyJrZXkiOiIxMjM0NTY3OCIsInN0ZXBzIjpbXX0.')),
      new URL(signed.href.slice(0, -1)),
    ];
    for (const url of forged) {
      assert.equal((await fetch(url)).status, 404, url.search);
    }
    assert.equal((await origin.strays()).length, forged.length);
    assert.deepEqual(await origin.visits(script.key), []);
    assert.equal((await fetch(signed)).status, 200);
  });

  test('says nothing of its log without the token', async (test) => {
    const place = await probeOrigin(test);
    const answers = [];
    for (const path of ['clock', 'visits?key=x', 'strays', 'nothing']) {
      for (const authorization of ['', 'Bearer', `Basic ${token}`, `Bearer ${token}x`, 'Bearer wrong']) {
        const answer = await fetch(new URL(`.ssekit/${path}`, place.url), { headers: { authorization } });
        assert.equal(answer.status, 401, `${path} ${authorization}`);
        assert.equal(answer.headers.get('x-ssekit-clock'), null);
        answers.push(await answer.text());
      }
    }
    assert.equal(new Set(answers).size, 2);
    assert.ok(answers.every((each) => /token/.test(JSON.parse(each).error)));
    const admitted = { headers: { authorization: `Bearer ${token}` } };
    assert.equal((await fetch(new URL('.ssekit/nothing', place.url), admitted)).status, 404);
    const posted = await fetch(new URL('.ssekit/clock', place.url), {
      ...admitted,
      method: 'POST',
      body: 'x',
    });
    assert.equal(posted.status, 405);
  });

  test('is not found with another token', async (test) => {
    const place = await probeOrigin(test);
    await assert.rejects(
      find(test, place.url, { token: 'another' }),
      refusal('PROBE_TOKEN', /does not know this token/, /SSEKIT_PROBE_TOKEN/),
    );
  });

  test('is not what answers without being one, even with a stream that never ends', async (test) => {
    const url = await serverThat(test, (_, response) => void response.write('data: x\n\n'));
    await assert.rejects(find(test, url), refusal('NOT_A_PROBE_ORIGIN', /HTTP 200.*no origin/, /--probe/));
  });

  test('speaks the same version of the protocol', async (test) => {
    const url = await serverThat(test, (_, response) => {
      response.setHeader('X-Ssekit-Probe', '99; ssekit 9.0.0').writeHead(401).end();
    });
    await assert.rejects(
      find(test, url),
      refusal(
        'ORIGIN_PROTOCOL',
        new RegExp(`ssekit 9\\.0\\.0 .*version 99 .* 1\\.2\\.3 version ${CONTROL_PROTOCOL}$`),
        /same ssekit/,
      ),
    );
  });

  test('has to be there', async (test) => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    await assert.rejects(
      find(test, `http://127.0.0.1:${port}/`),
      refusal('ORIGIN_UNREACHABLE', /connection refused/, /--host 0\.0\.0\.0/),
    );
  });

  test('makes sense in what it answers', async (test) => {
    const url = await serverThat(test, (request, response) => {
      response.setHeader('X-Ssekit-Probe', SPEAKER).setHeader('X-Ssekit-Clock', '5');
      response.end(request.url?.includes('visits') ? '[{"uid":1}]' : '{');
    });
    const origin = await find(test, url);
    await assert.rejects(origin.visits('x'), { code: 'ORIGIN_ANSWER', exitCode: 14 });
    await assert.rejects(origin.strays(), { code: 'ORIGIN_ANSWER', exitCode: 14 });
  });

  test('is asked over no more connections than it is told', async (test) => {
    const sockets = new Set<Socket>();
    let asked = 0;
    const url = await serverThat(test, ({ socket }, response) => {
      sockets.add(socket);
      asked += 1;
      response.setHeader('X-Ssekit-Probe', SPEAKER).setHeader('X-Ssekit-Clock', '5');
      setTimeout(() => response.end('[]'), 10);
    });
    const origin = await find(test, url, { connections: 2 });
    assert.equal(origin.connections, 2);
    const before = asked;
    await Promise.all(Array.from({ length: 6 }, (_, n) => origin.visits(`key ${n}`)));
    assert.equal(asked - before, 6);
    assert.equal(sockets.size, 2);
  });

  test('is asked nothing more when the run is interrupted', async (test) => {
    let count = 0;
    const url = await serverThat(test, (_, response) => {
      count += 1;
      // The third is never answered.
      if (count < 3) response.setHeader('X-Ssekit-Probe', SPEAKER).setHeader('X-Ssekit-Clock', '5').end('{}');
    });
    const interruption = new AbortController();
    const finding = find(test, url, { signal: interruption.signal });
    await until(() => count === 3);
    interruption.abort();
    const origin = await finding;
    assert.deepEqual(await origin.visits('x'), []);
    assert.equal(count, 3);
  });
});

test('a connection that the origin ends in the moment in which it is used is no failure', async (test) => {
  let refused = 0;
  const used = new WeakSet<Socket>();
  const url = await serverThat(test, ({ socket }, response) => {
    if (used.has(socket)) {
      refused += 1;
      socket.resetAndDestroy();
      return;
    }
    used.add(socket);
    response.setHeader('X-Ssekit-Probe', SPEAKER).setHeader('X-Ssekit-Clock', '5').end('[]');
  });
  const origin = await find(test, url);
  assert.deepEqual(await origin.strays(), []);
  assert.ok(refused > 1);
});
