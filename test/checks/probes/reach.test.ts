import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { reach } from '../../../src/checks/probes/reach.ts';
import { startChecking } from '../checking.ts';
import { judged } from '../judged.ts';

describe('the probe of what reaches the origin', () => {
  test('passes where it is asked for every request', async (t) => {
    const { status, summary } = await judged(reach, await startChecking(t));
    assert.equal(status, 'pass');
    assert.equal(summary, 'the origin was asked for 25 of 25');
  });

  test('warns of a limit on how often a client asks', async (t) => {
    const checking = await startChecking(t, { answersItself: (nth) => (nth >= 4 ? 429 : undefined) });
    const { status, fault, summary, evidence } = await judged(reach, checking);
    assert.equal(status, 'warn');
    assert.equal(fault, 'origin.not-asked');
    assert.ok(
      summary.startsWith('21 of 25 requests, one after the other, did not reach the origin (21 HTTP 429)'),
      summary,
    );
    assert.deepEqual(evidence, [{ k: 'notAskedFate', v: 'status 429', n: 21, of: 21 }]);
  });

  test('tells a copy of an answer from what somebody else says', async (t) => {
    const { context } = await startChecking(t);
    const all = { requests: 25, reached: 25, others: {} };
    const { summary } = reach.judge(all, { ...all, reached: 0, others: { copy: 25 } }, context);
    assert.match(summary, /^25 of 25 requests.* \(25 answered with a copy\)/);
  });

  test('fails where somebody else answers in the place of the origin', async (t) => {
    const checking = await startChecking(t, { answersItself: (nth) => (nth % 2 === 1 ? 404 : undefined) });
    const { status, evidence } = await judged(reach, checking);
    assert.equal(status, 'fail');
    assert.deepEqual(evidence, [{ k: 'notAskedFate', v: 'status 404', n: 12, of: 12 }]);
  });
});
