import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Hop } from '../../../src/checks/between/hop.ts';
import type { Chain } from '../../../src/checks/between/links.ts';
import { attribute } from '../../../src/checks/diagnosis/attribute.ts';
import { diagnose, givenAway } from '../../../src/checks/diagnosis/diagnose.ts';
import type { ProbeResult } from '../../../src/results/check/result.ts';
import { found, passed } from './measured.ts';

const NGINX: Hop = { product: 'nginx', confidence: 0.97, because: ['server-header'], version: '1.22.1' };
const LOWERS = [
  { product: 'haproxy', confidence: 0.4, because: ['lower-case-names'] },
  { product: 'node', confidence: 0.3, because: ['lower-case-names'] },
];

function told(results: readonly ProbeResult[], links: Chain['links'], isOrderSeen = true) {
  const hops = links.flatMap(({ candidates }) => candidates);
  const surroundings = { hops, path: { clientHttp: '1.1', originHttp: '1.1' } };
  const diagnosed = diagnose(results, surroundings);
  return attribute(diagnosed, { links, isOrderSeen }, givenAway(results, surroundings));
}

describe('which of several proxies does it', () => {
  const two = [{ candidates: [NGINX] }, { candidates: LOWERS }];

  test('is told of each fault, cause and fix; a fix for the origin is for no proxy', () => {
    const { results, path } = told(
      [
        found('timing', 'buffer.timer', { batchEveryMs: 205 }),
        found('headers-first', 'buffer.headers', { headLateMs: 1500, xabCuresHead: true }),
      ],
      two,
    );
    const [timing, head] = results;
    assert.deepEqual([timing?.proxy, timing?.causes[0]?.proxy, timing?.fixes[0]?.proxy], [2, 2, 2]);
    assert.deepEqual([head?.proxy, head?.causes[0]?.proxy, head?.fixes[0]?.proxy], [1, 1, 1]);
    const atOrigin = head?.fixes.find(({ where }) => where === 'origin');
    assert.ok(atOrigin && atOrigin.proxy === undefined);
    assert.equal(path.proxyOrder, 'seen');
    assert.deepEqual(path.proxies[0]?.candidates[0], {
      name: 'nginx',
      ...{ confidence: 0.97, because: ['server-header'], version: '1.22.1' },
    });
    const [likeliest, other] = path.proxies[1]?.candidates ?? [];
    assert.deepEqual([likeliest?.name, likeliest?.because.at(-1)], ['haproxy', 'haproxy.http-no-delay']);
    assert.ok(other && other.confidence < 0.1, 'who it is not is less likely then');
  });

  test('is not told where either may do it', () => {
    const { results } = told([found('client-gone', 'client-gone.on-next-write')], two);
    assert.equal(results[0]?.proxy, undefined);
    assert.deepEqual(new Set(results[0]?.causes.slice(0, 2).map(({ proxy }) => proxy)), new Set([1, 2]));
  });

  test('is not told of two of one product', () => {
    const { results } = told(
      [found('idle', 'idle.cut', { idleLimitMs: 60_000 })],
      [{ candidates: [NGINX] }, { candidates: [NGINX], via: 'in' }],
    );
    assert.equal(results[0]?.causes[0]?.id, 'nginx.proxy_read_timeout');
    assert.deepEqual([results[0]?.proxy, results[0]?.causes[0]?.proxy], [undefined, undefined]);
  });

  test('has no number where there is one', () => {
    const { results, path } = told(
      [found('timing', 'buffer.timer', { batchEveryMs: 205 })],
      [{ candidates: LOWERS }],
    );
    assert.deepEqual(
      [results[0]?.proxy, results[0]?.causes[0]?.proxy, path.proxyOrder],
      [undefined, undefined, undefined],
    );
  });

  test('is somebody that only his behaviour gives away, where nobody who is known does so', () => {
    const timer = found('timing', 'buffer.timer', { batchEveryMs: 205 });
    const { results, path } = told([timer], [{ candidates: [NGINX] }]);
    assert.deepEqual(
      path.proxies.map(({ candidates }) => candidates[0]?.name),
      ['nginx', 'haproxy'],
    );
    assert.deepEqual([results[0]?.proxy, path.proxyOrder], [2, 'assumed']);
  });

  test('is nobody else where who is known may do so, too', () => {
    const cut = found('idle', 'idle.cut', { idleLimitMs: 50_000, headlessStatus: 504 });
    assert.equal(told([cut], [{ candidates: [NGINX] }]).path.proxies.length, 1);
    assert.equal(told([passed('timing')], [{ candidates: [NGINX] }]).path.proxies.length, 1);
  });
});
