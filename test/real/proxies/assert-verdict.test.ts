import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { CheckResult, ProbeResult } from '../../../src/results/check/result.ts';
import { withVerdict } from '../../../src/results/check/verdict.ts';
import { assertVerdict } from './assert-verdict.ts';
import { inTheGate } from './in-the-gate.ts';
import { products } from './products.ts';
import { VERDICTS } from './verdicts.ts';

const nginxFix = {
  where: 'nginx',
  line: 'proxy_read_timeout 1h;',
  basis: 'measured',
  verify: '--only idle',
} as const;
const originFix = { ...nginxFix, where: 'origin', line: 'send a comment every 15 s   (Node: …)' };
const cut: ProbeResult = {
  ...{
    probe: 'idle',
    status: 'fail',
    fault: 'idle.cut',
    summary: 'cut',
    evidence: [],
    runs: 2,
    durationMs: 1,
  },
  ...{ direct: {}, proxied: {}, fixes: [nginxFix, originFix] },
  causes: [{ id: 'nginx.proxy_read_timeout', confidence: 0.9, ruledOut: [] }],
};
const CUT = { faults: { idle: 'idle.cut' }, passes: [] } as const;

function of(...results: readonly ProbeResult[]): CheckResult {
  return withVerdict({
    ...{
      schema: 1,
      kind: 'check-proxy',
      tool: { name: 'ssekit', version: '0' },
      target: '',
      mode: 'own-origin',
    },
    ...{
      startedAt: '',
      durationMs: 1,
      path: { clientHttp: '1.1', hops: [], proxies: [] },
      skipped: [],
      interrupted: false,
    },
    results,
  });
}

describe('a verdict on a proxy', () => {
  test('holds where the fault, its cause and a fix of the product are there', () => {
    assertVerdict('nginx', of(cut), CUT);
    assertVerdict('nginx', of(cut), { ...CUT, causes: { idle: 'nginx.proxy_read_timeout' } });
    assertVerdict('HAProxy', of({ ...cut, fixes: [originFix], causes: [] }), { ...CUT, unmended: ['idle'] });
  });

  test('does not hold where another fault is found, none, or the probe was skipped', () => {
    assert.throws(() => assertVerdict('nginx', of({ ...cut, fault: 'lifetime.cut' }), CUT));
    assert.throws(() =>
      assertVerdict('nginx', of({ ...cut, status: 'pass', fault: undefined } as never), CUT),
    );
    const skipped = { ...of(), skipped: [{ probe: 'idle', why: 'no answer came' }] };
    assert.throws(() => assertVerdict('nginx', skipped, CUT), /no answer came/);
  });

  test('does not hold where the likeliest cause or every fix is of something else', () => {
    assert.throws(() => assertVerdict('nginx', of({ ...cut, fixes: [originFix] }), CUT), /no fix of nginx's/);
    const haproxys = [{ id: 'haproxy.timeout', confidence: 0.5, ruledOut: [] }, ...cut.causes];
    assert.throws(() => assertVerdict('nginx', of({ ...cut, causes: haproxys }), CUT), /first cause/);
    const another = { ...CUT, causes: { idle: 'nginx.gzip' } };
    assert.throws(() => assertVerdict('nginx', of(cut), another));
  });

  test('does not hold where something mends by now what nothing was to mend', () => {
    assert.throws(() => assertVerdict('nginx', of(cut), { ...CUT, unmended: ['idle'] }), /there is a fix/);
  });
});

describe('what is asked at every change', () => {
  for (const { name } of products) {
    test(`of ${name}: how it comes, and what is wrong with it in one way`, () => {
      const asked = inTheGate(VERDICTS[name] ?? {});
      assert.ok(asked.default !== undefined, 'default');
      assert.ok(
        Object.values(asked).some(({ faults }) => Object.keys(faults).length > 0),
        'a fault',
      );
      assert.ok(
        Object.values(asked).some(({ passes }) => passes.length > 0),
        'a pass',
      );
      assert.ok(Object.keys(asked).length <= 3, Object.keys(asked).join(', '));
    });
  }
});
