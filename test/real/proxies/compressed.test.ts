import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { PRODUCTS } from '../../../src/checks/fixes/products.ts';
import { PASSIVE_PROBES } from '../../../src/checks/passive/registry.ts';
import { runPassive } from '../../../src/checks/passive/run-passive.ts';
import { createPool } from '../../../src/client/pool.ts';
import type { ProbeResult } from '../../../src/results/check/result.ts';
import { startEndpoint } from '../../checks/passive/endpoint.ts';
import { requestOf } from '../../client/recorded-attempt.ts';
import { apache } from './products/apache.ts';
import { nginx } from './products/nginx.ts';
import type { ProxyProduct } from './proxy-product.ts';
import { missingProxy, startProxy } from './real-proxy.ts';

const OPTIONS = {
  ...{ heartbeatMs: 15_000, isHeartbeatAssumed: true, silencesMs: [], maxConnections: 50, long: false },
};

const SETENVIF = 'LoadModule setenvif_module /usr/lib/apache2/modules/mod_setenvif.so';

const COMPRESSING = [
  {
    ...{ proxy: apache, config: 'compressing', cause: 'apache.mod_deflate' },
    // Debian loads the module that it needs.
    mend: (text: string, line: string) =>
      text.replace('ProxyPass /', () => `${SETENVIF}\n${line}\nProxyPass /`),
  },
  {
    ...{ proxy: nginx, config: 'compressing streams', cause: 'nginx.gzip' },
    // In its place: nginx refuses two.
    mend: (text: string, line: string) => text.replace('gzip on;', () => line),
  },
];

describe('a stream that somebody compresses in spite of no-transform', { concurrency: 2 }, () => {
  for (const { proxy, config, cause, mend } of COMPRESSING) {
    test(`is told of ${proxy.name}, and runs as it is with the line that mends it`, {
      skip: missingProxy(proxy),
    }, async (t) => {
      const told = await look(t, proxy, config);
      assert.equal(told.fault, 'headers.not-of-a-stream', told.summary);
      assert.equal(told.proxied.encodingWhereAccepted, 'gzip');
      assert.equal(told.causes[0]?.id, cause);
      const line = lineOf(cause);
      assert.equal(told.fixes[0]?.line, line);
      const mending = (text: string) => mend(text, line.replace('/events', '/'));
      const mended = await look(t, changed(proxy, config, mending), config);
      assert.equal(mended.status, 'pass', mended.summary);
      assert.equal(mended.proxied.encodingWhereAccepted, undefined);
    });
  }
});

/** Through the proxy and past it, at the head alone. */
async function look(t: TestContext, proxy: ProxyProduct, config: string): Promise<ProbeResult> {
  const endpoint = await startEndpoint(t);
  const pool = createPool();
  t.after(() => pool.close());
  const { results } = await runPassive({
    ...{ target: '', pool, version: '0', watchMs: 5_000, options: OPTIONS, skipped: [], onProgress() {} },
    request: requestOf(await startProxy(t, proxy, config, endpoint.url)),
    direct: requestOf(endpoint.url),
    probes: PASSIVE_PROBES.filter(({ id }) => id === 'response-headers'),
    signal: AbortSignal.timeout(30_000),
  });
  const [result] = results;
  assert.ok(result);
  return result;
}

function lineOf(cause: string): string {
  const causes = PRODUCTS.flatMap((product) => product.causes);
  const fixes = causes.find(({ id }) => id === cause)?.fixes ?? [];
  const fix = fixes.find(({ faults = ['headers.not-of-a-stream'] }) =>
    faults.some((fault) => fault === 'headers.not-of-a-stream'),
  );
  assert.ok(fix, cause);
  return fix.line;
}

function changed(proxy: ProxyProduct, name: string, change: (text: string) => string): ProxyProduct {
  const config = proxy.configs[name];
  assert.ok(config, name);
  const text: typeof config.text = (place) => change(config.text(place));
  return { ...proxy, configs: { [name]: { ...config, text } } };
}
