import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { asTold } from '../../../src/checks/between/as-told.ts';
import { identify } from '../../../src/checks/between/identify.ts';

/** An answer to one that said `X-Accel-Buffering: no`. */
function seenBy(...proxied: [string, string][]) {
  return identify({ proxied, direct: [], clientHttp: '1.1', accelBufferingSent: true });
}

const seen = seenBy(['Server', 'nginx/1.22.1']);

describe('who is in between', () => {
  test('is who was seen where nobody says anything', () => {
    assert.equal(asTold(seen, undefined), seen);
  });

  test('is who somebody says, with the version that was seen, and nobody else', () => {
    assert.deepEqual(
      asTold(seen, ['nginx']).hops.map(({ product, version }) => [product, version]),
      [['nginx', '1.22.1']],
    );
    const { hops, chain } = asTold(seen, ['haproxy', 'varnish']);
    assert.deepEqual(
      hops.map(({ product, version, because }) => [product, version, because]),
      [
        ['haproxy', undefined, ['--proxy-is']],
        ['varnish', undefined, ['--proxy-is']],
      ],
    );
    assert.deepEqual(
      chain.links.map(({ candidates }) => candidates[0]?.product),
      ['haproxy', 'varnish'],
    );
    assert.ok(chain.isOrderSeen);
  });

  test('is not ruled out by what else shows', () => {
    const without = seenBy(['X-Accel-Buffering', 'no']);
    assert.ok(without.absent.some(({ product }) => product === 'nginx'));
    assert.ok(!asTold(without, ['nginx']).absent.some(({ product }) => product === 'nginx'));
  });
});
