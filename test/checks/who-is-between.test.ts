import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { NO_CHAIN } from '../../src/checks/links.ts';
import { whoIsBetween } from '../../src/checks/who-is-between.ts';
import { startChecking } from './checking.ts';

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
    assert.deepEqual(await whoIsBetween(direct, { ...direct, name: 'proxied' }, context), {
      hops: [],
      chain: NO_CHAIN,
    });
  });

  test('finds nobody where nobody answers', async (t) => {
    const { context, direct } = await startChecking(t);
    const nowhere = { ...direct, request: { ...direct.request, url: new URL('http://127.0.0.1:1/') } };
    assert.deepEqual(await whoIsBetween(direct, { ...nowhere, name: 'proxied' }, context), {
      hops: [],
      chain: NO_CHAIN,
    });
  });
});
