import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { measurePost, post } from '../../../src/checks/probes/post.ts';
import type { HeaderPair } from '../../../src/client/records.ts';
import { startChecking } from '../checking.ts';
import type { ProxyFaults } from '../faulty-proxy.ts';

describe('the probe of a POST', () => {
  test('passes where an event comes before the body has ended', async (t) => {
    const { direct, proxied, status } = await judgedPost(t, {});
    assert.equal(direct.eventEarly, true);
    assert.equal(proxied.eventEarly, true);
    assert.equal(status, 'pass');
  });

  test('warns where the origin sees nothing until the body has ended', async (t) => {
    const { proxied, status, fault, summary } = await judgedPost(t, { bufferRequestBody: true });
    assert.equal(status, 'warn');
    assert.equal(fault, 'buffer.request-body');
    assert.ok((proxied.originAfterMs as number) >= 299, `${proxied.originAfterMs}`);
    assert.equal(proxied.status, 200);
    assert.match(summary, /^the origin saw the request \d+ ms after it began, when its body had ended/);
  });

  test('fails where JSON does not reach the origin, as behind a body parser', async (t) => {
    const { status, fault, summary, evidence } = await judgedPost(t, { takesJson: true });
    assert.deepEqual([status, fault], ['fail', 'request.body-lost']);
    assert.match(summary, /^a POST with JSON as its body did not reach the origin with that body/);
    assert.deepEqual(evidence.at(-1), { k: 'jsonLost', v: true });
  });

  test('sends JSON, and with the type that it was given', async (t) => {
    const { direct, context } = await startChecking(t);
    const types = async (headers: HeaderPair[]) => {
      const signed: string[] = [];
      const sign = (script: string) => {
        signed.push(script);
        return direct.sign(script);
      };
      await measurePost({ ...direct, request: { ...direct.request, headers }, sign }, context, 300);
      const { key } = JSON.parse(Buffer.from(signed[0] ?? '', 'base64url').toString());
      const [visit] = await context.origin.visits(key);
      return visit?.request.headers.filter(([name]) => /^content-type$/i.test(name)).map(([, type]) => type);
    };
    assert.deepEqual(await types([]), ['application/json']);
    assert.deepEqual(await types([['content-type', 'text/x-own']]), ['text/x-own']);
  });

  test('takes what every request waits for, as for a login, for no body that is held', async (t) => {
    const { proxied, status } = await judgedPost(t, { delayRequestMs: () => 700 });
    assert.equal(proxied.originSawEarly, true);
    assert.equal(status, 'pass');
    const both = await judgedPost(t, { delayRequestMs: () => 700, bufferRequestBody: true });
    assert.equal(both.status, 'warn');
  });

  test('says nothing of a proxy that answers any POST by itself', async (t) => {
    await assert.rejects(judgedPost(t, { answersItself: () => 429 }), {
      why: /^the proxy answered HTTP 429 itself, and did not ask the origin, nor for each POST/,
    });
  });

  test('does not take a request that another server took for one that is kept', async (t) => {
    for (const status of [200, 404]) {
      // Of two servers the other one is asked every second time.
      const answersItself = (nth: number) => (nth % 2 === 0 ? status : undefined);
      await assert.rejects(judgedPost(t, { answersItself }), {
        why: new RegExp(`^the proxy answered HTTP ${status} itself, and did not ask the origin`),
      });
    }
  });

  test('warns where only a chunked body is refused', async (t) => {
    const { status, fault, summary } = await judgedPost(t, {
      answersItself: (nth) => (nth === 0 ? 411 : undefined),
    });
    assert.equal(status, 'warn');
    assert.equal(fault, 'buffer.request-body');
    assert.match(summary, /answered with HTTP 411, and the origin never saw it$/);
  });

  test('does not take an answer that is held for a request that is', async (t) => {
    const { proxied, status, summary } = await judgedPost(t, { bufferUntilEnd: true });
    assert.equal(proxied.originSawEarly, true);
    assert.equal(proxied.eventEarly, false);
    assert.equal(status, 'pass');
    assert.match(summary, /its answer is held/);
  });

  test('says nothing where the origin saw it no sooner directly', () => {
    const late = {
      status: 200,
      originSawEarly: false,
      eventEarly: false,
      originAfterMs: 1_600,
      eventAfterMs: 1_601,
    };
    assert.throws(() => post.judge(late, late, undefined as never), { why: /no sooner directly/ });
    assert.equal(post.judge(late, { ...late, originSawEarly: true }, undefined as never).status, 'pass');
  });

  test('warns where a chunked body is refused', () => {
    const seen = {
      status: 200,
      originSawEarly: true,
      eventEarly: true,
      originAfterMs: 1,
      eventAfterMs: 2,
    };
    const refused = {
      status: 411,
      originSawEarly: false,
      eventEarly: false,
      originAfterMs: null,
      eventAfterMs: null,
    };
    const { status, summary } = post.judge(seen, refused, undefined as never);
    assert.equal(status, 'warn');
    assert.equal(
      summary,
      'a POST with a chunked body was answered with HTTP 411, and the origin never saw it',
    );
  });
});

async function judgedPost(t: Parameters<typeof startChecking>[0], faults: ProxyFaults) {
  const { direct, proxied, context } = await startChecking(t, faults);
  return post.judge(
    await measurePost(direct, context, 300),
    await measurePost(proxied, context, 300),
    context,
  );
}
