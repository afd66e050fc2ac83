import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import type { CheckResult } from '../../../src/results/check/result.ts';
import { certificates, pemFiles } from '../../e2e/harness/certificates.ts';
import { runCli } from '../../e2e/harness/cli.ts';
import { haproxy } from './products/haproxy.ts';
import { nginx } from './products/nginx.ts';
import type { ProxyProduct } from './proxy-product.ts';
import { freePort, missingProxy, startProxy } from './real-proxy.ts';

const DEADLINE_MS = 90_000;

/** Those that write their requests by hand, and such as need HTTP/2. */
const PROBES = ['timing', 'headers-first', 'bytes', 'post', '1xx', 'h2'];

describe('a proxy that ends TLS', { concurrency: 2 }, () => {
  test('is checked over HTTP/2, which ALPN chooses, and by hand over HTTP/1.1', {
    skip: missingProxy(haproxy),
  }, async (t) => {
    const { leaf, ca } = await certificates();
    const pem = pemFiles({ both: `${leaf.cert}\n${leaf.key}`, ca: ca.cert });
    const front = withListener(haproxy, 'fixed', /bind \S+/, (bind) => {
      return `${bind} ssl crt ${pem.both} alpn h2,http/1.1`;
    });
    const { result, text } = await check(t, front, ['--cacert', pem.ca]);
    assert.equal(result.path.clientHttp, '2');
    const told = result.results.map(({ probe, status, summary }) => `${probe} ${status}: ${summary}`);
    assert.deepEqual(result.skipped, [], told.join('\n'));
    assert.ok(
      result.results.every(({ status }) => status === 'pass'),
      told.join('\n'),
    );
    assert.equal(result.results.length, PROBES.length);
    assert.match(text, /^ {2}besides {3}HTTP\/1\.1, by hand, in post, 1xx; --http1\.1 asks/m);
  });

  test('holds a head back by HTTP/2 over TLS, though nothing buffers', {
    skip: missingProxy(nginx),
  }, async (t) => {
    const { selfSigned } = await certificates();
    const pem = pemFiles(selfSigned);
    const front = withListener(nginx, 'fixed', /listen [^;]+/, (listen) => {
      return `${listen} ssl http2; ssl_certificate ${pem.cert}; ssl_certificate_key ${pem.key}`;
    });
    const { result } = await check(t, front, ['-k']);
    assert.equal(result.path.clientHttp, '2');
    const faults = result.results.flatMap(({ fault, causes }) =>
      fault === undefined ? [] : [[fault, causes[0]?.id]],
    );
    assert.deepEqual(faults, [['buffer.headers', 'nginx.http2-head']]);
    const http1 = await check(t, front, ['-k', '--http1.1']);
    assert.equal(http1.result.path.clientHttp, '1.1');
    assert.deepEqual(
      http1.result.results.filter(({ status }) => status !== 'pass'),
      [],
    );
    assert.doesNotMatch(http1.text, /^ {2}besides/m);
  });
});

/** What the command finds behind a proxy, as a file and as text. */
async function check(
  t: TestContext,
  product: ProxyProduct,
  flags: readonly string[],
): Promise<{ result: CheckResult; text: string }> {
  const origin = `127.0.0.1:${await freePort()}`;
  const url = (await startProxy(t, product, 'TLS', `http://${origin}`)).replace(/^http:/, 'https:');
  const words = ['check-proxy', url, '--origin', origin, '--only', PROBES.join(','), ...flags];
  const folder = mkdtempSync(join(tmpdir(), 'ssekit-tls-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'result.json');
  const { stdout, stderr } = await runCli([...words, '-o', file], { deadlineMs: DEADLINE_MS });
  assert.ok(existsSync(file), `${stderr}${stdout}`);
  return { result: JSON.parse(readFileSync(file, 'utf8')), text: stdout };
}

/** The configuration of that name, whose listener is another. */
function withListener(
  product: ProxyProduct,
  name: string,
  listener: RegExp,
  change: (text: string) => string,
): ProxyProduct {
  const config = product.configs[name];
  assert.ok(config, `${product.name} has no configuration ${name}`);
  const text: typeof config.text = (place) => config.text(place).replace(listener, change);
  return { ...product, configs: { TLS: { ...config, text } } };
}
