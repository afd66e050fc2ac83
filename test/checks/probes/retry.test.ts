import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { retry } from '../../../src/checks/probes/retry.ts';
import { startChecking } from '../checking.ts';
import { judged } from '../judged.ts';

describe('the probe of repeated requests', () => {
  test('passes where the origin gets each once, and the client an error', async (t) => {
    const { status, direct, proxied } = await judged(retry, await startChecking(t));
    assert.equal(status, 'pass');
    assert.deepEqual(direct, { getHits: 1, getStatus: null, postHits: 1, postStatus: null });
    assert.deepEqual(proxied, { getHits: 1, getStatus: 502, postHits: 1, postStatus: 502 });
  });

  test('warns where a GET is repeated', async (t) => {
    const { status, fault, evidence } = await judged(retry, await startChecking(t, { retry: ['GET'] }));
    assert.equal(status, 'warn');
    assert.equal(fault, 'retry.repeated');
    assert.deepEqual(evidence, [
      { k: 'getHits', v: 2 },
      { k: 'postHits', v: 1 },
    ]);
  });

  test('fails where a POST is', async (t) => {
    const { status, summary } = await judged(retry, await startChecking(t, { retry: ['GET', 'POST'] }));
    assert.equal(status, 'fail');
    assert.equal(summary, 'the origin did not answer, and got the GET 2 times, the POST 2 times');
  });
});
