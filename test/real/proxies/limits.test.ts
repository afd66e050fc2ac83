import assert from 'node:assert/strict';
import { after, before, describe, type TestContext, test } from 'node:test';
import { startOrigin } from '../../../src/checks/origin/own-origin.ts';
import type { Origin } from '../../../src/checks/origin/visit.ts';
import type { CheckResult } from '../../../src/results/check/result.ts';
import { checked, findings, HASTY } from './checked.ts';
import { haproxy } from './products/haproxy.ts';
import { nginx } from './products/nginx.ts';
import { httpProxy3 } from './products/node.ts';
import type { ProxyConfig, ProxyProduct } from './proxy-product.ts';
import { missingProxy } from './real-proxy.ts';

const NOT_THEIR_NUMBER = /^skipped: of 50 streams at once .*: it is not their number that is limited$/;
const ONE_AFTER_THE_OTHER = /^skipped: of 50 streams at once \d+ had to wait, .* some \d+(\.\d+)? a second: /;

const servers: Readonly<Record<string, ProxyProduct>> = {
  nginx: {
    ...nginx,
    configs: {
      'with limit_req that lets others wait': nginxWith('limit_req zone=often burst=100;'),
      'with limit_req that lets a few wait': nginxWith('limit_req zone=often burst=10;'),
      'with limit_req that refuses others': nginxWith('limit_req zone=often burst=3 nodelay;'),
      'with another application beside the origin': {
        delivers: 'at once',
        text: (place) =>
          textOf(nginx, 'fixed', place)
            .replace(/proxy_pass [^;]+/, 'proxy_pass http://two')
            .replace(
              '  server {',
              `  upstream two { server 127.0.0.1:${place.originPort} max_fails=0; server unix:${place.folder}/other max_fails=0; }
  server { listen unix:${place.folder}/other; return 200 "another application"; }
  server {`,
            ),
      },
    },
  },
  HAProxy: {
    ...haproxy,
    configs: {
      'with rate-limit sessions': haproxyWith('rate-limit sessions 5'),
      'with maxconn': haproxyWith('maxconn 10'),
    },
  },
  Node: {
    ...httpProxy3,
    name: 'a proxy one event behind',
    args: (place) =>
      httpProxy3.args(place).map((arg) => arg.replace('http-proxy-3-process', 'one-behind-process')),
  },
};

/** They wait most of the time: for their turn. */
describe('what check-proxy makes of proxies that let nobody in at once', { concurrency: 4 }, () => {
  let origin: Origin;
  before(async () => {
    origin = await startOrigin({ host: '127.0.0.1', port: 0 });
  });
  after(() => origin.close());

  found('nginx', 'with limit_req that lets others wait', ['capacity', 'share', 'reach'], (result) => {
    const { capacity, ...others } = findings(result);
    assert.match(capacity ?? '', ONE_AFTER_THE_OTHER);
    assert.deepEqual(others, { share: 'pass', reach: 'pass' });
  });

  found('nginx', 'with limit_req that lets a few wait', ['capacity'], (result) => {
    assert.match(findings(result).capacity ?? '', NOT_THEIR_NUMBER, told(result));
  });

  // The other probes have used up what there was to begin with.
  found('nginx', 'with limit_req that refuses others', ['capacity', 'status', 'reach'], (result) => {
    const { capacity, reach } = findings(result);
    assert.match(capacity ?? '', NOT_THEIR_NUMBER, told(result));
    assert.equal(reach, 'origin.not-asked');
  });

  found('nginx', 'with another application beside the origin', ['capacity', 'post', 'reach'], (result) => {
    const { capacity, post, reach } = findings(result);
    assert.match(capacity ?? '', NOT_THEIR_NUMBER, told(result));
    // By whom it is asked in turn: of two measurements one may have gone to the origin.
    assert.match(
      post ?? '',
      /^pass$|^skipped: the proxy answered HTTP 200 itself, and did not ask the origin/,
    );
    assert.equal(reach, 'origin.not-asked');
  });

  found('HAProxy', 'with rate-limit sessions', ['capacity', 'share'], (result) => {
    const { capacity, share } = findings(result);
    assert.match(capacity ?? '', ONE_AFTER_THE_OTHER);
    assert.equal(share, 'pass');
  });

  found('HAProxy', 'with maxconn', ['capacity', 'share'], (result) => {
    assert.deepEqual(findings(result), { capacity: 'capacity.limit', share: 'pass' });
    const { proxied, causes } = result.results.find(({ probe }) => probe === 'capacity') ?? {};
    assert.equal(proxied?.served, 10);
    assert.equal(causes?.[0]?.id, 'haproxy.maxconn');
  });

  found('Node', 'default', ['capacity', 'timing'], (result) => {
    const { capacity, timing } = findings(result);
    assert.equal(capacity, 'pass');
    // On a busy machine some come later than one behind.
    assert.match(timing ?? '', /^buffer\./);
  });

  function found(
    name: string,
    config: string,
    probes: readonly string[],
    assertOf: (result: CheckResult) => void,
  ) {
    const product = servers[name];
    assert.ok(product);
    test(`${name} ${config}`, { skip: missingProxy(product) }, async (t: TestContext) => {
      assertOf(await checked(t, { product, config, probes, options: HASTY }, origin));
    });
  }
});

function told({ results }: CheckResult): string {
  return results.map(({ probe, summary }) => `${probe}: ${summary}`).join('\n');
}

function nginxWith(line: string): ProxyConfig {
  const text: ProxyConfig['text'] = (place) =>
    textOf(nginx, 'fixed', place).replace('proxy_buffering off;', (own) => `${own} ${line}`);
  return { delivers: 'at once', text };
}

/** In the frontend. */
function haproxyWith(line: string): ProxyConfig {
  const text: ProxyConfig['text'] = (place) =>
    textOf(haproxy, 'fixed', place).replace(/bind .*/, (bind) => `${bind}\n  ${line}`);
  return { delivers: 'at once', text };
}

function textOf({ configs }: ProxyProduct, name: string, place: Parameters<ProxyConfig['text']>[0]): string {
  return configs[name]?.text(place) ?? assert.fail(`no configuration ${name}`);
}
