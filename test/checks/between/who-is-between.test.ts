import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isRuledOut } from '../../../src/checks/between/absence.ts';
import { NO_CHAIN } from '../../../src/checks/between/links.ts';
import { whoIsBetween } from '../../../src/checks/between/who-is-between.ts';
import { startChecking } from '../checking.ts';

describe('looking for who is in between', () => {
  test('finds the header that nginx takes away, and what a proxy says of itself', async (t) => {
    const { context, direct, proxied } = await startChecking(t, {
      accelBuffering: 'removed',
      addHeaders: { Server: 'nginx/1.22.1' },
    });
    const { guess, hops } = await whoIsBetween(direct, proxied, context);
    assert.equal(guess?.name, 'nginx');
    assert.deepEqual([...(guess?.because ?? [])].sort(), ['server-header', 'x-accel-buffering-consumed']);
    assert.equal(hops[0]?.version, '1.22.1');
  });

  test('finds nobody where nothing is changed', async (t) => {
    const { context, direct } = await startChecking(t);
    const { absent, ...found } = await whoIsBetween(direct, { ...direct, name: 'proxied' }, context);
    assert.deepEqual(found, { hops: [], chain: NO_CHAIN });
    const ruledOut = absent.filter(isRuledOut).map(({ product, because }) => `${product}: ${because}`);
    assert.ok(ruledOut.includes('nginx: x-accel-buffering-arrives'), ruledOut.join());
    assert.ok(ruledOut.includes('haproxy: names-keep-their-case'), ruledOut.join());
    assert.ok(ruledOut.includes('caddy: names-keep-their-case'), ruledOut.join());
    assert.ok(
      !absent.some(({ product }) => product === 'node'),
      'who writes names as they came may be of Node',
    );
  });

  test('finds nobody where nobody answers', async (t) => {
    const { context, direct } = await startChecking(t);
    const nowhere = { ...direct, request: { ...direct.request, url: new URL('http://127.0.0.1:1/') } };
    assert.deepEqual(await whoIsBetween(direct, { ...nowhere, name: 'proxied' }, context), {
      hops: [],
      chain: NO_CHAIN,
      absent: [],
    });
  });
});
