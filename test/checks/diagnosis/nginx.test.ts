import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Hop } from '../../../src/checks/between/hop.ts';
import { diagnose } from '../../../src/checks/diagnosis/diagnose.ts';
import { found, passed } from './measured.ts';

const PATH = { clientHttp: '1.1', originHttp: '1.1' };

describe('nginx', () => {
  const NGINX: Hop = { product: 'nginx', confidence: 0.97, because: ['server-header'], version: '1.22.1' };
  const HELD = { xabCures: false, xabRemoved: true };

  test('as it comes, over TLS and HTTP/2: the line that ends its buffering comes first, whatever its head does', () => {
    const results = [
      found('timing', 'buffer.threshold', { modalBurstBytes: 4096 }),
      found('threshold', 'buffer.threshold', { modalBurstBytes: 4096 }),
      found('headers-first', 'buffer.headers', { headLateMs: 1544, xabCuresHead: false }),
      passed('xab', { xabCures: true, xabRemoved: true }),
    ];
    const [timing, , head] = diagnose(results, {
      hops: [NGINX],
      path: { clientHttp: '2', originHttp: '1.0' },
    });
    assert.ok(timing && (timing.causes[0]?.confidence ?? 0) > 0.9);
    assert.equal(timing.causes[0]?.id, 'nginx.proxy_buffering');
    assert.match(timing.fixes[0]?.line ?? '', /^proxy_buffering off/);
    assert.equal(head?.causes[0]?.id, 'nginx.http2-head');
  });

  test('before another nginx that is set right: HTTP/1.0 and buffering of the first are what there is to change', () => {
    // Seen with two of 1.22.1: the second one takes X-Accel-Buffering out, and speaks HTTP/1.1.
    const results = [
      found('timing', 'buffer.threshold', { modalBurstBytes: 4096 }),
      found('headers-first', 'buffer.headers', { headLateMs: 1498, xabCuresHead: false }),
      passed('xab', HELD),
      {
        ...found('truncation', 'truncation.masked'),
        evidence: [
          { k: 'masked', v: 'http1Fin' },
          { k: 'masked', v: 'http1Reset' },
          { k: 'framing', v: 'chunked' },
        ],
      },
    ];
    const [timing, head, , truncation] = diagnose(results, { hops: [NGINX], path: PATH });
    for (const each of [timing, head]) assert.equal(each?.causes[0]?.id, 'nginx.proxy_buffering');
    assert.equal(truncation?.causes[0]?.id, 'nginx.proxy_http_version', JSON.stringify(truncation?.causes));
    assert.match(truncation?.fixes[0]?.line ?? '', /^proxy_http_version 1\.1/);
  });

  test('that speaks HTTP/1.1 to an origin and masks no reset is not told to speak it', () => {
    const masked = found('truncation', 'truncation.masked', { masked: 'http1Fin', framing: 'chunked' });
    const [truncation] = diagnose([masked, passed('xab', HELD)], { hops: [NGINX], path: PATH });
    assert.notEqual(
      truncation?.causes[0]?.id,
      'nginx.proxy_http_version',
      JSON.stringify(truncation?.causes),
    );
  });
});
