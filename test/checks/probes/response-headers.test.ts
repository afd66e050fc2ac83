import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { watchArrivals } from '../../../src/checks/lateness/arrivals.ts';
import { bytes } from '../../../src/checks/probes/bytes.ts';
import { responseHeaders } from '../../../src/checks/probes/response-headers.ts';
import { startChecking } from '../checking.ts';
import { judged } from '../judged.ts';

describe('the probe of the head of an answer', () => {
  test('passes where it arrives as it was sent', async (t) => {
    const { status, proxied } = await judged(responseHeaders, await startChecking(t));
    assert.equal(status, 'pass');
    assert.deepEqual(proxied, {
      contentType: 'text/event-stream',
      cacheControl: 'no-cache',
      setCookie: 'arrived',
      accessControlAllowOrigin: 'arrived',
    });
    const charset = { 'content-type': 'text/event-stream; charset=utf-8' };
    const other = await judged(responseHeaders, await startChecking(t, { changeHeaders: charset }));
    assert.equal(other.status, 'pass');
  });

  test('fails where the Content-Type is another, and leaves the other probes to judge what comes', async (t) => {
    for (const [type, became] of [
      ['text/plain', 'became "text/plain"'],
      ['', 'is gone'],
    ] as const) {
      const checking = await startChecking(t, { changeHeaders: { 'content-type': type } });
      const { status, fault, summary } = await judged(responseHeaders, checking);
      assert.equal(status, 'fail');
      assert.equal(fault, 'headers.type-changed');
      assert.ok(summary.startsWith(`Content-Type "text/event-stream" ${became}: an EventSource`), summary);
      const came = await judged(bytes, checking);
      assert.equal(came.status, 'pass', came.summary);
    }
  });

  test('events of a stream with another type are timed as any', async (t) => {
    const { proxied, context } = await startChecking(t, { changeHeaders: { 'content-type': 'text/plain' } });
    const { arrivalsMs, expected, bursts } = await watchArrivals(proxied, context);
    assert.equal(arrivalsMs.length, expected);
    assert.ok(bursts > 1);
  });

  test('warns where caches may keep what they were told not to', async (t) => {
    for (const value of ['public, max-age=60', '']) {
      const checking = await startChecking(t, { changeHeaders: { 'cache-control': value } });
      const { status, fault } = await judged(responseHeaders, checking);
      assert.equal(status, 'warn');
      assert.equal(fault, 'headers.not-of-a-stream');
    }
    const stricter = { 'cache-control': 'private, no-store' };
    const checking = await startChecking(t, { changeHeaders: stricter });
    assert.equal((await judged(responseHeaders, checking)).status, 'pass');
  });

  test('warns where a page loses its session, or leave to read the stream', async (t) => {
    const lost = { 'set-cookie': '', 'access-control-allow-origin': '*, *' };
    const { status, fault, summary } = await judged(
      responseHeaders,
      await startChecking(t, { changeHeaders: lost }),
    );
    assert.equal(status, 'warn');
    assert.equal(fault, 'headers.lost');
    assert.equal(summary, 'Set-Cookie lost, Access-Control-Allow-Origin is there twice');
    const policy = { 'access-control-allow-origin': 'https://app.example' };
    assert.equal(
      (await judged(responseHeaders, await startChecking(t, { changeHeaders: policy }))).status,
      'pass',
    );
  });

  test('notes what the proxy adds to what the origin says', async (t) => {
    const checking = await startChecking(t, { changeHeaders: { 'access-control-allow-origin': '*, *' } });
    const { status, fault, onlyIf, evidence } = await judged(responseHeaders, checking);
    assert.equal(status, 'warn');
    assert.equal(fault, 'headers.cors-twice');
    assert.match(onlyIf ?? '', /^only if the application sends Access-Control-Allow-Origin itself/);
    assert.deepEqual(evidence, [{ k: 'answerHeaderTwice', v: 'Access-Control-Allow-Origin' }]);
  });

  test('says nothing of an answer that is not the origin’s', async (t) => {
    const checking = await startChecking(t, { changeStatus: { 200: 503 } });
    await assert.rejects(judged(responseHeaders, checking), { why: /HTTP 503/ });
  });
});
