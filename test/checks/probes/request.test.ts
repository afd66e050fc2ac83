import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { request } from '../../../src/checks/probes/request.ts';
import { type Checking, startChecking } from '../checking.ts';
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

  test("warns where a header of the user's own is lost, and tells whether its underscore explains it", async (t) => {
    for (const [name, onlyUnderscores] of [
      ['my_token', true],
      ['My-Token', false],
    ] as const) {
      const checking = await startChecking(t, { dropHeaders: ['ssekit_check', name.toLowerCase()] });
      const { status, fault, summary, evidence } = await judged(request, withHeader(checking, [name, 'x']));
      assert.equal(status, 'warn');
      assert.equal(fault, 'request.header-lost');
      assert.equal(summary, `on the way to the origin: ${name} lost`);
      assert.deepEqual(evidence.at(-1), { k: 'onlyUnderscoresLost', v: onlyUnderscores });
    }
  });

  test("asks nothing of a header of the user's own that whoever is in between may keep to itself", async (t) => {
    for (const name of ['TE', 'Cache-Control', 'If-None-Match', 'X-Forwarded-For']) {
      const checking = await startChecking(t, { dropHeaders: [name.toLowerCase()] });
      assert.equal((await judged(request, withHeader(checking, [name, 'x']))).status, 'pass', name);
    }
  });

  test("sends the user's own credentials instead, and tells them to nobody", async (t) => {
    const checking = await startChecking(t, { dropHeaders: ['authorization'] });
    const judgement = await judged(request, withHeader(checking, ['authorization', 'Basic s3cret']));
    assert.equal(judgement.direct.Authorization, 'arrived');
    assert.equal(judgement.proxied.Authorization, 'lost');
    assert.doesNotMatch(JSON.stringify(judgement), /s3cret/);
  });

  test('blames no proxy for what is lost without one', () => {
    const fates = { Accept: 'lost' } as const;
    assert.equal(request.judge(fates, fates, undefined as never).status, 'pass');
  });
});

/** The user's own header, along both ways. */
function withHeader(checking: Checking, header: readonly [string, string]): Checking {
  const { direct, proxied } = checking;
  const own = (way: typeof direct) => ({ ...way, request: { ...way.request, headers: [header] } });
  return { ...checking, direct: own(direct), proxied: own(proxied) };
}
