import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { whoIsBetween } from '../../../src/checks/who-is-between.ts';
import { startChecking } from '../../checks/checking.ts';
import { requestOf } from '../../client/recorded-attempt.ts';
import { products } from './products.ts';
import { missingProxy, startProxy } from './real-proxy.ts';

/** What each is taken for, as it is shipped; of what runs on Node nothing but that shows. */
const TAKEN_FOR: Readonly<Record<string, string>> = {
  nginx: 'nginx',
  HAProxy: 'haproxy',
  Apache: 'apache',
  Caddy: 'caddy',
  Varnish: 'varnish',
  Squid: 'squid',
  lighttpd: 'lighttpd',
  h2o: 'h2o',
  nghttpx: 'nghttpx',
  'http-proxy': 'node',
  'http-proxy-3': 'node',
  'http-proxy-middleware': 'node',
  Vite: 'node',
  'compression before http-proxy-3': 'node',
};

describe('who is in between', { concurrency: 4 }, () => {
  for (const product of products) {
    test(`${product.name} is recognised`, { skip: missingProxy(product) }, async (t) => {
      const { context, direct } = await startChecking(t);
      const url = await startProxy(t, product, 'default', context.origin.url);
      const proxied = { ...direct, name: 'proxied', request: requestOf(url) } as const;
      const { guess } = await whoIsBetween(direct, proxied, context);
      assert.equal(guess?.name, TAKEN_FOR[product.name], JSON.stringify(guess));
    });
  }
});
