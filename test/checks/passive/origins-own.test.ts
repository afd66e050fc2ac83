import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asTheOriginsOwn } from '../../../src/checks/passive/origins-own.ts';
import type { ProbeResult } from '../../../src/results/check/result.ts';

const FIX = { line: 'x', basis: 'measured', verify: '' } as const;
const RESULT: ProbeResult = {
  probe: 'response-headers',
  status: 'warn',
  fault: 'headers.not-of-a-stream',
  summary: '',
  direct: {},
  proxied: {},
  evidence: [],
  causes: [{ id: 'nginx.proxy_hide_header', confidence: 0.9, ruledOut: [] }],
  fixes: [
    { ...FIX, where: 'nginx' },
    { ...FIX, where: 'origin' },
  ],
  runs: 1,
  durationMs: 1,
};

test('what the application says itself no proxy causes, and it is mended there', () => {
  const own = { ...RESULT, evidence: [{ k: 'sameDirectly', v: true }] };
  const [changed, same] = asTheOriginsOwn([own, RESULT]);
  assert.deepEqual(changed?.causes, []);
  assert.deepEqual(
    changed?.fixes.map(({ where }) => where),
    ['origin'],
  );
  assert.equal(same, RESULT);
});
