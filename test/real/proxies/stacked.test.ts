import assert from 'node:assert/strict';
import { setMaxListeners } from 'node:events';
import { describe, type TestContext, test } from 'node:test';
import { startOrigin } from '../../../src/checks/origin/own-origin.ts';
import { PROBES } from '../../../src/checks/probes/registry.ts';
import { runCheck } from '../../../src/checks/run-check.ts';
import { whoIsBetween } from '../../../src/checks/who-is-between.ts';
import { createPool } from '../../../src/client/pool.ts';
import type { CheckResult } from '../../../src/results/check/result.ts';
import { requestOf } from '../../client/recorded-attempt.ts';
import { HASTY } from './checked.ts';
import { haproxy } from './products/haproxy.ts';
import { nginx } from './products/nginx.ts';
import { missingProxy, startProxy } from './real-proxy.ts';

const ASKED = ['timing', 'headers-first', 'threshold', 'xab'] as const;
const skip = missingProxy(nginx) || missingProxy(haproxy);

/** The fault of the one hides that of the other: each is mended when it is found, as somebody would. */
describe('nginx before HAProxy', () => {
  test('holds events back until nginx lets go of them', { skip }, async (t) => {
    const { result, hops } = await checkBehind(t, 'default', 'default');
    assert.deepEqual(hops.slice(0, 2), ['nginx', 'haproxy']);
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
    const once = () => checkBehind(t, 'fixed', 'default', ['timing', 'xab']);
    const first = await once();
    // A busy machine tears batches apart: seen once more where they were not known for what they are.
    const { result, hops } = found(first.result, 'timing').fault === 'buffer.timer' ? first : await once();
    assert.deepEqual(hops.slice(0, 2), ['nginx', 'haproxy']);
    const { fault, causes, fixes } = found(result, 'timing');
    assert.equal(fault, 'buffer.timer');
    assert.equal(causes[0]?.id, 'haproxy.http-no-delay');
    assert.equal(fixes[0]?.line, 'option http-no-delay');
  });

  test('holds heads where it asks in HTTP/1.1, and HAProxy the events', { skip }, async (t) => {
    const { result } = await checkBehind(t, 'HTTP/1.1 to the origin', 'default', ['headers-first', 'xab']);
    const { fault, causes, fixes } = found(result, 'headers-first');
    assert.deepEqual([fault, causes[0]?.id], ['buffer.headers', 'nginx.proxy_buffering']);
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

/** @returns what the probes found, and who was taken to be in between, the client's side first */
async function checkBehind(
  t: TestContext,
  outer: string,
  inner: string,
  asked: readonly string[] = ASKED,
): Promise<{ result: CheckResult; hops: string[] }> {
  const origin = await startOrigin({ host: '127.0.0.1', port: 0 });
  t.after(() => origin.close());
  const url = await startProxy(t, nginx, outer, await startProxy(t, haproxy, inner, origin.url));
  const pool = createPool();
  t.after(() => pool.close());
  const { signal } = t;
  setMaxListeners(0, signal);
  const [request, options] = [requestOf(url), HASTY];
  const { hops } = await whoIsBetween(
    { name: 'direct', request: requestOf(origin.url) },
    { name: 'proxied', request },
    { origin, pool, options, signal },
  );
  const result = await runCheck({
    mode: 'own-origin',
    target: url,
    ...{ request, origin, pool, options, signal },
    probes: PROBES.filter(({ id }) => asked.includes(id)),
    skipped: [],
    version: '0.0.0',
    onProgress() {},
  });
  return { result, hops: hops.map(({ product }) => product) };
}

function found({ results }: CheckResult, id: string) {
  const result = results.find(({ probe }) => probe === id);
  assert.ok(result, `${id} was not measured`);
  return result;
}
