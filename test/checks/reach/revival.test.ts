import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { deathText, makeSureItLives, revival } from '../../../src/checks/reach/revival.ts';
import { startChecking } from '../checking.ts';

describe('an origin that has failed on purpose', () => {
  test('is asked at once by a proxy that counts no failures', async (t) => {
    const { proxied, context } = await startChecking(t);
    assert.equal(await revival(proxied, context), undefined);
  });

  test('is waited for where the proxy answers that it asks nobody', async (t) => {
    const answersItself = (nth: number) => (nth < 2 ? 502 : undefined);
    const { proxied, context } = await startChecking(t, { answersItself });
    const { status, forMs = 0 } = (await revival(proxied, context)) ?? {};
    assert.equal(status, 502);
    assert.ok(forMs >= 999, `${forMs}`);
  });

  test('is not waited for where the proxy answers something else', async (t) => {
    const { proxied, context } = await startChecking(t, { answersItself: () => 404 });
    await makeSureItLives(proxied, context);
  });

  test('is given up after a while', async (t) => {
    const { proxied, context } = await startChecking(t, { answersItself: () => 503 });
    assert.deepEqual(await revival(proxied, context, 0), { status: 503 });
    assert.equal(
      deathText({ status: 503, forMs: 10_040 }),
      'the proxy took the origin for dead after that, and answered HTTP 503 itself for 10 s (nginx: max_fails, fail_timeout; Caddy: max_fails, fail_duration)',
    );
  });
});
