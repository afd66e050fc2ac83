import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { request } from '../../../src/checks/probes/request.ts';
import { startChecking } from '../checking.ts';
import { judged } from '../judged.ts';

describe('the probe of the request', () => {
  test('passes where every header reaches the origin', async (t) => {
    const { status, proxied } = await judged(request, await startChecking(t));
    assert.equal(status, 'pass');
    assert.deepEqual(new Set(Object.values(proxied)), new Set(['arrived']));
    assert.equal(Object.keys(proxied).length, 6);
  });

  test('fails where one that a stream needs is lost', async (t) => {
    for (const name of ['Accept', 'Last-Event-ID', 'Authorization', 'Cookie']) {
      const checking = await startChecking(t, { dropHeaders: [name.toLowerCase()] });
      const { status, fault, evidence } = await judged(request, checking);
      assert.equal(status, 'fail', name);
      assert.equal(fault, 'request.header-lost');
      assert.deepEqual(evidence, [{ k: 'headerLost', v: name }]);
    }
  });

  test("warns where only an application's own is lost", async (t) => {
    const checking = await startChecking(t, { dropHeaders: ['x-ssekit-check'] });
    const { status, summary } = await judged(request, checking);
    assert.equal(status, 'warn');
    assert.equal(summary, 'on the way to the origin: X-Ssekit-Check lost');
  });

  test('tells of names with an underscore, and holds nothing against who drops them', async (t) => {
    const { status, evidence } = await judged(
      request,
      await startChecking(t, { dropHeaders: ['ssekit_check'] }),
    );
    assert.equal(status, 'pass');
    assert.deepEqual(evidence, [{ k: 'underscoreHeaderLost', v: true }]);
  });

  test("sends the user's own credentials instead, and tells them to nobody", async (t) => {
    const checking = await startChecking(t, { dropHeaders: ['authorization'] });
    const { direct, proxied } = checking;
    const own = (way: typeof direct) => ({
      ...way,
      request: { ...way.request, headers: [['authorization', 'Basic s3cret'] as const] },
    });
    const judgement = await judged(request, { ...checking, direct: own(direct), proxied: own(proxied) });
    assert.equal(judgement.direct.Authorization, 'arrived');
    assert.equal(judgement.proxied.Authorization, 'lost');
    assert.doesNotMatch(JSON.stringify(judgement), /s3cret/);
  });

  test('blames no proxy for what is lost without one', () => {
    const fates = { Accept: 'lost' } as const;
    assert.equal(request.judge(fates, fates, undefined as never).status, 'pass');
  });
});
