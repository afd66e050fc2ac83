import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { diagnose } from '../../../src/checks/diagnosis/diagnose.ts';
import { asMaybeTheOrigins } from '../../../src/checks/passive/origin-may-do-it.ts';
import type { ProbeResult } from '../../../src/results/check/result.ts';
import { found, passed } from '../diagnosis/measured.ts';

/** Behind an nginx that says its name, seen by nobody else. */
function told(...results: ProbeResult[]) {
  const hops = [{ product: 'nginx', version: '1.22.1', confidence: 0.97, because: ['server-header'] }];
  const diagnosed = diagnose(results, { hops, path: { clientHttp: '1.1', originHttp: null } });
  assert.ok((diagnosed[0]?.causes[0]?.confidence ?? 0) > 0.6);
  return asMaybeTheOrigins(diagnosed);
}

describe('where nobody has looked at the origin itself', () => {
  test('a late head alone tells of no proxy, and what the origin can do helps whoever it is', () => {
    const [head] = told(found('headers-first', 'buffer.headers', { headLateMs: 1_003 }), passed('timing'));
    assert.deepEqual(head?.causes, []);
    assert.deepEqual(
      head?.fixes.map(({ where, line }) => [where, line.slice(0, 42)]),
      [['origin', 'send the headers and a comment at once, be']],
    );
  });

  test('what helps whoever it is comes first where no cause is likely, and the others behind it', () => {
    const because = ['lower-case-names'];
    const hops = ['haproxy', 'envoy'].map((product) => ({ product, confidence: 0.3, because }));
    const cut = found('idle', 'idle.cut', { idleLimitMs: 7_800 });
    const [idle] = asMaybeTheOrigins(
      diagnose([cut], { hops, path: { clientHttp: '1.1', originHttp: null } }),
    );
    assert.ok((idle?.causes[0]?.confidence ?? 1) < 0.5);
    assert.deepEqual(
      idle?.fixes.slice(0, 2).map(({ where }) => where),
      ['origin', 'HAProxy, defaults'],
    );
  });

  test('with it stands what mends the likeliest of them, for who knows that it is that one', () => {
    const because = ['lower-case-names'];
    const like = { haproxy: 0.3, envoy: 0.2, node: 0.1 };
    const hops = Object.entries(like).map(([product, confidence]) => ({ product, confidence, because }));
    const cut = found('idle', 'idle.cut', { idleLimitMs: 7_800 });
    const [idle] = asMaybeTheOrigins(
      diagnose([cut], { hops, path: { clientHttp: '1.1', originHttp: null } }),
    );
    const [first] = idle?.fixes ?? [];
    assert.equal(first?.where, 'origin');
    assert.match(
      first?.caution ?? '',
      /^if it is HAProxy \(\d\d % likely; --proxy-is haproxy where you know it\), there: timeout client 1h, timeout server 1h$/,
    );
  });

  test('one that is late beside events that are held is the doing of the same buffer', () => {
    const [buffer, head] = told(
      found('threshold', 'buffer.threshold', { modalBurstBytes: 4_096 }),
      found('headers-first', 'buffer.headers', { headLateMs: 1_003 }),
    );
    assert.equal(buffer?.causes[0]?.id, 'nginx.proxy_buffering');
    assert.ok((buffer?.causes[0]?.confidence ?? 1) <= 0.7, JSON.stringify(buffer?.causes));
    assert.ok(buffer?.fixes.some(({ line }) => line.startsWith('proxy_buffering off;')));
    assert.equal(head?.causes[0]?.id, 'nginx.proxy_buffering');
  });
});
