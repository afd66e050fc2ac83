import assert from 'node:assert/strict';
import { setMaxListeners } from 'node:events';
import { describe, type TestContext, test } from 'node:test';
import { startOrigin } from '../../../src/checks/origin/own-origin.ts';
import { PROBES } from '../../../src/checks/probes/registry.ts';
import { runCheck } from '../../../src/checks/run-check.ts';
import { createPool } from '../../../src/client/pool.ts';
import type { CheckResult } from '../../../src/results/check/result.ts';
import { requestOf } from '../../client/recorded-attempt.ts';
import { HASTY } from './checked.ts';
import { haproxy } from './products/haproxy.ts';
import { nginx } from './products/nginx.ts';
import { varnish } from './products/varnish.ts';
import type { ProxyProduct } from './proxy-product.ts';
import { missingProxy, startProxy } from './real-proxy.ts';

const ASKED = ['timing', 'headers-first', 'threshold', 'xab'] as const;
const skip = missingProxy(nginx) || missingProxy(haproxy);

const NGINX_FIRST = [['nginx'], ['haproxy', 'node', 'envoy']];

/** The fault of the one hides that of the other: each is mended when it is found, as somebody would. */
describe('nginx before HAProxy', () => {
  test('holds events back until nginx lets go of them', { skip }, async (t) => {
    const { result, hops } = await checkBehind(t, 'default', 'default');
    assert.deepEqual(hops, NGINX_FIRST);
    for (const probe of ['timing', 'headers-first', 'threshold']) {
      const { fault, causes, fixes } = found(result, probe);
      assert.match(fault ?? '', /^buffer\.(until-end|threshold|headers)$/, probe);
      assert.equal(causes[0]?.id, 'nginx.proxy_buffering', probe);
      assert.match(fixes[0]?.line ?? '', /^proxy_buffering off;/, probe);
    }
    assert.equal(
      found(result, 'xab').status,
      'pass',
      'nginx heeds the origin, though it is not its neighbour',
    );
  });

  test('then holds them by a timer, which is HAProxy', { skip }, async (t) => {
    const once = () => checkBehind(t, 'fixed', 'default', { asked: ['timing', 'xab'] });
    const first = await once();
    // A busy machine tears batches apart: seen once more where they were not known for what they are.
    const { result, hops } = found(first.result, 'timing').fault === 'buffer.timer' ? first : await once();
    assert.deepEqual(hops, NGINX_FIRST);
    const { fault, causes, fixes } = found(result, 'timing');
    assert.equal(fault, 'buffer.timer');
    assert.deepEqual([causes[0]?.id, causes[0]?.proxy], ['haproxy.http-no-delay', 2]);
    assert.deepEqual([fixes[0]?.line, fixes[0]?.proxy], ['option http-no-delay', 2]);
  });

  test('holds heads where it asks in HTTP/1.1, and HAProxy the events', { skip }, async (t) => {
    const { result } = await checkBehind(t, 'HTTP/1.1 to the origin', 'default', {
      asked: ['headers-first', 'xab'],
    });
    const { fault, causes, fixes, proxy } = found(result, 'headers-first');
    assert.deepEqual([fault, causes[0]?.id, proxy], ['buffer.headers', 'nginx.proxy_buffering', 1]);
    assert.match(fixes[0]?.line ?? '', /^proxy_buffering off;/);
  });

  test('then holds nothing back', { skip }, async (t) => {
    const { result } = await checkBehind(t, 'fixed', 'fixed');
    const told = result.results.map(({ probe, status, summary }) => `${probe} ${status}: ${summary}`);
    assert.ok(
      result.results.every(({ status }) => status === 'pass'),
      told.join('\n'),
    );
    assert.equal(result.results.length, ASKED.length, told.join('\n'));
  });
});

describe('HAProxy before nginx', () => {
  test('is told from nginx before HAProxy, as are their faults', { skip }, async (t) => {
    const { result, hops } = await checkBehind(t, 'default', 'HTTP/1.1 to the origin', {
      asked: ['headers-first', 'timing'],
      stack: [haproxy, nginx],
    });
    assert.deepEqual(hops, [...NGINX_FIRST].reverse());
    assert.equal(result.path.proxyOrder, 'seen');
    assert.equal(found(result, 'timing').proxy, 1);
    assert.equal(found(result, 'headers-first').proxy, 2);
  });
});

describe('Varnish', () => {
  const missing = missingProxy(nginx) || missingProxy(varnish);

  for (const stack of [
    [nginx, varnish],
    [varnish, nginx],
  ] as const) {
    const [first, second] = stack.map(({ name }) => name);
    test(`${first} before ${second} is seen as such`, { skip: missing }, async (t) => {
      const { result, hops } = await checkBehind(t, 'fixed', 'fixed', { asked: ['bytes'], stack });
      assert.deepEqual(hops, [[first?.toLowerCase()], [second?.toLowerCase()]]);
      assert.equal(result.path.proxyOrder, 'seen');
    });
  }
});

/** @returns what the probes found, and who was taken to be in between, the client's side first */
async function checkBehind(
  t: TestContext,
  outer: string,
  inner: string,
  {
    asked = ASKED,
    stack = [nginx, haproxy],
  }: { asked?: readonly string[]; stack?: readonly [ProxyProduct, ProxyProduct] } = {},
): Promise<{ result: CheckResult; hops: string[][] }> {
  const origin = await startOrigin({ host: '127.0.0.1', port: 0 });
  t.after(() => origin.close());
  const [first, second] = stack;
  const url = await startProxy(t, first, outer, await startProxy(t, second, inner, origin.url));
  const pool = createPool();
  t.after(() => pool.close());
  const { signal } = t;
  setMaxListeners(0, signal);
  const [request, options] = [requestOf(url), HASTY];
  const result = await runCheck({
    mode: 'own-origin',
    target: url,
    ...{ request, origin, pool, options, signal },
    probes: PROBES.filter(({ id }) => asked.includes(id)),
    skipped: [],
    version: '0.0.0',
    onProgress() {},
    onNote() {},
  });
  const hops = result.path.proxies.map(({ candidates }) => candidates.map(({ name }) => name));
  return { result, hops };
}

function found({ results }: CheckResult, id: string) {
  const result = results.find(({ probe }) => probe === id);
  assert.ok(result, `${id} was not measured`);
  return result;
}
