import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isRuledOut } from '../../../src/checks/between/absence.ts';
import { whoAnswers } from '../../../src/checks/between/who-answers.ts';
import { whoIsBetween } from '../../../src/checks/between/who-is-between.ts';
import { PASSIVE_PROBES } from '../../../src/checks/passive/registry.ts';
import { runPassive } from '../../../src/checks/passive/run-passive.ts';
import { createPool } from '../../../src/client/pool.ts';
import { startChecking } from '../../checks/checking.ts';
import { startEndpoint } from '../../checks/passive/endpoint.ts';
import { requestOf } from '../../client/recorded-attempt.ts';
import { HASTY } from './checked.ts';
import { haproxy } from './products/haproxy.ts';
import { nginx } from './products/nginx.ts';
import { products } from './products.ts';
import { missingProxy, startProxy } from './real-proxy.ts';
import { TAKEN_FOR } from './taken-for.ts';

/** What they say of themselves where they hold the stream; the others of the above say nothing. */
const SAYS: Readonly<Record<string, RegExp>> = {
  nginx: /^nginx \d+\.\d+/,
  Apache: /^apache \d+\.\d+/,
  Caddy: /^caddy$/,
  Varnish: /^varnish$/,
  Squid: /^squid \d+/,
  lighttpd: /^lighttpd \d+\.\d+/,
  h2o: /^h2o \d+\.\d+/,
  nghttpx: /^nghttpx$/,
};

/** Whom each is known not to be: who takes X-Accel-Buffering, writes names in lower case, or in one case of his own. */
const TAKES = ['nginx'];
const LOWERS = ['haproxy', 'envoy', 'http-proxy'];
const OWN_CASE = ['caddy', 'traefik'];
const NOT: Readonly<Record<string, readonly string[]>> = {
  nginx: [...LOWERS, ...OWN_CASE],
  ...Object.fromEntries(
    ['Apache', 'Varnish', 'Squid', 'lighttpd', 'h2o'].map((name) => [
      name,
      [...TAKES, ...LOWERS, ...OWN_CASE],
    ]),
  ),
};

describe('who is in between', { concurrency: 4 }, () => {
  for (const product of products) {
    test(`${product.name} is recognised`, { skip: missingProxy(product) }, async (t) => {
      const { context, direct } = await startChecking(t);
      const url = await startProxy(t, product, 'default', context.origin.url);
      const proxied = { ...direct, name: 'proxied', request: requestOf(url) } as const;
      const { guess, absent } = await whoIsBetween(direct, proxied, context);
      assert.equal(guess?.name, TAKEN_FOR[product.name], JSON.stringify(guess));
      const ruledOut = absent.filter(isRuledOut).map((each) => each.product);
      const missed = (NOT[product.name] ?? TAKES).filter((each) => !ruledOut.includes(each));
      assert.deepEqual(missed, [], 'who is not there is ruled out');
      const { signal } = context;
      const { hops } = await whoAnswers(proxied.request, { signal });
      const says = hops.filter((hop) => hop.product !== 'node');
      const [{ product: name = '', version = '' } = {}] = says;
      assert.match(`${name} ${version}`.trim(), SAYS[product.name] ?? /^$/, JSON.stringify(hops));
    });
  }

  for (const config of ['closing connections', 'closing those to the origin']) {
    test(`HAProxy is not taken for Node, ${config}`, { skip: missingProxy(haproxy) }, async (t) => {
      const { context, direct } = await startChecking(t);
      const url = await startProxy(t, haproxy, config, context.origin.url);
      const proxied = { ...direct, name: 'proxied', request: requestOf(url) } as const;
      const { guess } = await whoIsBetween(direct, proxied, context);
      assert.equal(guess?.name, 'haproxy', JSON.stringify(guess));
    });
  }

  test('is named with its version where nothing of a stream comes', {
    skip: missingProxy(nginx),
  }, async (t) => {
    const endpoint = await startEndpoint(t, {
      everyMs: 50,
      headers: { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache' },
    });
    const url = await startProxy(t, nginx, 'default', endpoint.url);
    const pool = createPool();
    t.after(() => pool.close());
    const { signal } = new AbortController();
    const { path, results } = await runPassive({
      ...{
        target: url,
        request: requestOf(url),
        direct: requestOf(endpoint.url),
        pool,
        version: '0',
        signal,
      },
      ...{ watchMs: 1_500, probes: PASSIVE_PROBES, skipped: [], onProgress() {}, options: HASTY },
    });
    assert.equal(path.guess?.name, 'nginx');
    assert.match(path.guess?.version ?? '', /^\d+\.\d+/);
    const [held] = results.filter(({ probe }) => probe === 'timing');
    assert.equal(held?.fault, 'buffer.until-end', held?.summary);
    assert.match(held?.causes[0]?.id ?? '', /^nginx\./);
    // Four streams, as ever, and two that end at once; of those the application gets none.
    assert.equal(endpoint.requests, 8);
  });
});
