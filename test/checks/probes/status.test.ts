import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, test } from 'node:test';
import { status } from '../../../src/checks/probes/status.ts';
import type { Way } from '../../../src/checks/ways/way.ts';
import { startChecking } from '../checking.ts';
import { judged } from '../judged.ts';

describe('the probe of statuses', () => {
  test('passes where they and their bodies arrive', async (t) => {
    const judgement = await judged(status, await startChecking(t));
    assert.equal(judgement.summary, '204, 301, 401, 404, 429, 500, 503 arrive as they were sent');
    assert.equal(judgement.status, 'pass');
    assert.equal(judgement.proxied.status301, 301);
    assert.equal(judgement.proxied.status204, 204);
    assert.ok((judgement.proxied.body503Bytes as number) > 0);
  });

  test('fails where one becomes another', async (t) => {
    const checking = await startChecking(t, { changeStatus: { 204: 200, 429: 503 } });
    const judgement = await judged(status, checking);
    assert.equal(judgement.status, 'fail');
    assert.equal(judgement.fault, 'status.changed');
    assert.equal(judgement.summary, '204 became 200; 429 became 503');
    assert.deepEqual(judgement.evidence, [
      { k: 'status204', v: 200 },
      { k: 'status429', v: 503 },
    ]);
  });

  test('tells that a proxy follows redirects, by where the origin was asked', async (t) => {
    const checking = await startChecking(t);
    const { direct, context } = checking;
    const server = createServer(async (request, response) => {
      const answer = await fetch(new URL(request.url ?? '/', context.origin.url));
      const { 'transfer-encoding': _, ...headers } = Object.fromEntries(answer.headers);
      response.writeHead(answer.status, headers);
      response.end(Buffer.from(await answer.arrayBuffer()));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    t.after(() => server.close());
    const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    const proxied: Way = { ...direct, name: 'proxied', request: { ...direct.request, url } };
    const { status: verdict, summary, evidence } = await judged(status, { ...checking, proxied });
    assert.equal(verdict, 'fail');
    assert.equal(
      summary,
      '301 became 200; the proxy follows redirects itself: it asked the origin for where one leads',
    );
    assert.deepEqual(evidence.at(-1), { k: 'followsRedirects', v: true });
    const changed = await judged(status, await startChecking(t, { changeStatus: { 301: 404 } }));
    assert.equal(changed.summary, '301 became 404');
    assert.equal(changed.proxied.followsRedirects, false);
  });

  test('does not judge what the origin was not asked for', async (t) => {
    const some = await startChecking(t, { answersItself: (nth) => (nth >= 4 ? 503 : undefined) });
    const { status: verdict, summary } = await judged(status, some);
    assert.equal(verdict, 'pass');
    assert.equal(
      summary,
      '204, 301, 401, 404 arrive as they were sent; the origin was not asked for 429, 500, 503, which is not judged',
    );
    const all = await startChecking(t, { answersItself: () => 429 });
    await assert.rejects(judged(status, all), {
      why: 'the proxy answered HTTP 429 itself, and did not ask the origin',
    });
  });

  test('does not take it for another status where one counts as a failure of the server', async (t) => {
    // What nginx does with proxy_next_upstream http_500 where the only other server is dead.
    const { status: verdict, summary } = await judged(
      status,
      await startChecking(t, {
        changeStatus: { 500: 502 },
        answersItself: (nth) => (nth === 6 ? 502 : undefined),
      }),
    );
    assert.equal(verdict, 'pass');
    assert.equal(
      summary,
      '204, 301, 401, 404, 429 arrive as they were sent; the proxy takes 500 for a failure of a server, and has no other one to ask; the origin was not asked for 503, which is not judged',
    );
  });

  test('warns where what belongs to a status is lost or changed', async (t) => {
    const changed = { 'retry-after': '', 'www-authenticate': '', location: '/x' };
    const {
      status: verdict,
      fault,
      summary,
      evidence,
    } = await judged(status, await startChecking(t, { changeHeaders: changed }));
    assert.equal(verdict, 'warn');
    assert.equal(fault, 'headers.lost');
    assert.equal(
      summary,
      'Location of 301 changed, WWW-Authenticate of 401 lost, Retry-After of 429 lost, Retry-After of 503 lost',
    );
    assert.deepEqual(
      evidence.map(({ v }) => v),
      ['Location', 'WWW-Authenticate', 'Retry-After'],
    );
    const absolute = { location: 'https://app.example/ssekit-elsewhere' };
    const rewritten = await judged(status, await startChecking(t, { changeHeaders: absolute }));
    assert.equal(rewritten.fault, undefined, rewritten.summary);
  });

  test('warns of an error page of its own, which a browser would not see', async (t) => {
    const checking = await startChecking(t, {
      changeBytes: (text) => (text.includes('500') ? '<h1>Sorry</h1>' : text),
    });
    const judgement = await judged(status, checking);
    assert.equal(judgement.status, 'warn');
    assert.equal(judgement.summary, 'another body with 500');
  });
});
