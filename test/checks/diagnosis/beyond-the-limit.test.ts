import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { diagnose } from '../../../src/checks/diagnosis/diagnose.ts';
import { found, passed } from './measured.ts';

/** Likeliest causes behind an nginx, by what became of the streams beyond the limit. */
function causesOf(fate: string, ...others: ReturnType<typeof found>[]): string[] {
  const capacity = found('capacity', 'capacity.limit', { plateau: 10, othersFate: fate });
  const [result] = diagnose([capacity, ...others], {
    hops: [{ product: 'nginx', confidence: 0.97, because: ['test'] }],
    path: { clientHttp: '1.1', originHttp: '1.1' },
  });
  return result?.causes.map(({ id }) => id) ?? [];
}

describe('the cause of a limit on how many streams run', () => {
  test('is told by what became of the others', () => {
    assert.equal(causesOf('status 503')[0], 'nginx.limit_conn');
    for (const fate of ['protocol', 'reset']) assert.equal(causesOf(fate)[0], 'nginx.worker_connections');
  });

  test('is a cache where the others wait and one stream is given to several', () => {
    assert.equal(causesOf('waits', found('share', 'cache.shared'))[0], 'nginx.proxy_cache_lock');
  });

  test('is no cache where every client got a stream of his own, and hardly one where nobody has looked', () => {
    assert.ok(!causesOf('waits', passed('share')).includes('nginx.proxy_cache_lock'));
    assert.notEqual(causesOf('waits')[0], 'nginx.proxy_cache_lock');
  });
});
