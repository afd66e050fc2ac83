import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isRuledOut } from '../../../src/checks/between/absence.ts';
import type { AnswerSeen } from '../../../src/checks/between/answer-seen.ts';
import { identify } from '../../../src/checks/between/identify.ts';
import type { HeaderPair } from '../../../src/client/records.ts';

const ORIGIN: readonly HeaderPair[] = [
  ['Content-Type', 'text/event-stream'],
  ['Cache-Control', 'no-cache'],
  ['X-Ssekit-Uid', '1'],
  ['Date', 'Mon, 01 Jan 2024 00:00:00 GMT'],
  ['Connection', 'keep-alive'],
  ['Transfer-Encoding', 'chunked'],
];

function through(more: Partial<AnswerSeen>) {
  return identify({ proxied: ORIGIN, direct: ORIGIN, clientHttp: '1.1', accelBufferingSent: false, ...more });
}

function answered(...headers: HeaderPair[]) {
  return through({ proxied: [...headers, ...ORIGIN] });
}

function asked(httpVersion: '1.0' | '1.1', ...headers: HeaderPair[]) {
  return through({ request: { method: 'GET', target: '/', httpVersion, headers } });
}

describe('who is in between', () => {
  test('is nobody who could be told, where nothing was done', () => {
    assert.deepEqual(through({}).hops, []);
  });

  test('is not the origin, whose own headers pass', () => {
    const own: readonly HeaderPair[] = [['Server', 'nginx/1.22.1'], ...ORIGIN];
    assert.deepEqual(through({ proxied: own, direct: own }).hops, []);
  });

  test('is not the origin, whose headers come in lower case', () => {
    const own: readonly HeaderPair[] = [['X-Powered-By', 'Express'], ['Server', 'nginx/1.22.1'], ...ORIGIN];
    const proxied = own.map(([name, value]): HeaderPair => [name.toLowerCase(), value]);
    assert.deepEqual(
      through({ proxied, direct: own }).hops.map(({ because }) => because),
      [['lower-case-names'], ['lower-case-names'], ['lower-case-names']],
    );
  });

  test('is Express where the origin is not, and nobody else who writes names as Node does', () => {
    const proxied = ORIGIN.map(([name, value]): HeaderPair => [name.toLowerCase(), value]);
    const { hops, absent } = through({ proxied: [['X-Powered-By', 'Express'], ...proxied] });
    assert.ok(absent.some(({ product }) => product === 'next'));
    assert.deepEqual(
      hops.map(({ product }) => product),
      ['node'],
    );
    assert.ok((hops[0]?.confidence ?? 0) >= 0.9);
    // The application itself may be written with it.
    const alone = through({ proxied: [['X-Powered-By', 'Express'], ...ORIGIN], direct: [] });
    assert.deepEqual(
      alone.hops.map(({ product, confidence }) => [product, confidence]),
      [['node', 0.5]],
    );
  });

  const cases: readonly [header: HeaderPair, product: string, version?: string][] = [
    [['Server', 'nginx/1.22.1'], 'nginx', '1.22.1'],
    [['Server', 'nginx'], 'nginx'],
    [['Server', 'Apache/2.4.62 (Debian)'], 'apache', '2.4.62'],
    [['Server', 'ATS/9.2.9'], 'ats', '9.2.9'],
    [['Server', 'Caddy'], 'caddy'],
    [['Server', 'lighttpd/1.4.69'], 'lighttpd', '1.4.69'],
    [['Server', 'h2o/2.2.5'], 'h2o', '2.2.5'],
    [['Server', 'cloudflare'], 'cloudflare'],
    [['Server', 'envoy'], 'envoy'],
    [['Via', '1.1 varnish (Varnish/7.1)'], 'varnish', '7.1'],
    [['Via', '1.1 host (squid/5.7)'], 'squid', '5.7'],
    [['Via', '1.1 nghttpx'], 'nghttpx'],
    [['Via', '1.1 tinyproxy (tinyproxy/1.11.1)'], 'tinyproxy', '1.11.1'],
    [['Via', '1.1 Caddy'], 'caddy'],
    [['Via', '1.1 0123.cloudfront.net (CloudFront)'], 'cloudfront'],
    [['X-Varnish', '32770'], 'varnish'],
  ];
  for (const [[name, value], product, version] of cases) {
    test(`is ${product} by "${name}: ${value}"`, () => {
      const { guess, hops } = answered([name, value]);
      assert.equal(guess?.name, product);
      assert.deepEqual(guess?.because, [`${name.toLowerCase()}-header`]);
      assert.equal(hops[0]?.version, version);
      assert.ok(guess.confidence >= 0.85 && guess.confidence < 1);
    });
  }

  test('is nginx where X-Accel-Buffering was taken, and surer with its own name', () => {
    const hidden = through({ accelBufferingSent: true });
    assert.deepEqual(hidden.guess?.because, ['x-accel-buffering-consumed']);
    const named = through({ accelBufferingSent: true, proxied: [['Server', 'nginx'], ...ORIGIN] });
    assert.ok((named.guess?.confidence ?? 0) > (hidden.guess?.confidence ?? 1));
    const kept: readonly HeaderPair[] = [['X-Accel-Buffering', 'no'], ...ORIGIN];
    assert.deepEqual(through({ accelBufferingSent: true, proxied: kept, direct: kept }).hops, []);
  });

  test('is nobody who takes a header where none of the origin’s own arrives', () => {
    const built: readonly HeaderPair[] = [['content-type', 'text/event-stream']];
    const headers: HeaderPair[] = [['connection', 'keep-alive']];
    const request = { method: 'GET', target: '/', httpVersion: '1.1', headers } as const;
    const { hops } = through({ accelBufferingSent: true, proxied: built, request });
    assert.deepEqual(
      hops.map(({ product }) => product),
      ['node'],
    );
  });

  test('is not who would have done something else to the answer', () => {
    const sent: readonly HeaderPair[] = [['X-Accel-Buffering', 'no'], ['X-oddCase', '1'], ...ORIGIN];
    const ruledOut = (more: Partial<AnswerSeen>) => {
      const seen = { accelBufferingSent: true, direct: sent, proxied: sent, ...more };
      return through(seen)
        .absent.filter(isRuledOut)
        .map(({ product }) => product);
    };
    assert.deepEqual(
      ['nginx', 'haproxy', 'envoy', 'caddy', 'traefik'].filter((each) => !ruledOut({}).includes(each)),
      [],
    );
    // Over HTTP/2 all names are in lower case.
    assert.deepEqual(ruledOut({ clientHttp: '2' }), ['nginx', 'ingress-nginx']);
    // Who says his name is there all the same: he was told to pass the header on.
    const named = [['Server', 'nginx/1.22.1'] as const, ...sent];
    assert.ok(!ruledOut({ proxied: named }).includes('nginx'));
    // What is in canonical case may have been written so by Go.
    const canonical = sent.map(([name, value]): HeaderPair => [name.replace('odd', 'Odd'), value]);
    assert.deepEqual(ruledOut({ proxied: canonical }), ['nginx', 'ingress-nginx']);
    const old = ruledOut({ clientHttp: '1.0', proxied: ORIGIN });
    assert.ok(old.includes('varnish'));
    assert.ok(!old.includes('haproxy'), 'HAProxy passes the version on');
  });

  test('is not nginx by an order of names or HTTP/1.0 alone, where X-Accel-Buffering arrives', () => {
    const sent: readonly HeaderPair[] = [['X-Accel-Buffering', 'no'], ...ORIGIN];
    const request = { method: 'GET', target: '/', httpVersion: '1.0', headers: [] } as const;
    assert.deepEqual(through({ accelBufferingSent: true, direct: sent, proxied: sent, request }).hops, []);
  });

  test('is taken for nginx where the origin is asked in HTTP/1.0', () => {
    assert.equal(asked('1.0').guess?.name, 'nginx');
    assert.equal(asked('1.1').guess, undefined);
  });

  test('is nobody besides who has a name, where the origin is asked in HTTP/1.0', () => {
    const { hops } = through({
      proxied: [['Server', 'Apache/2.4.62 (Debian)'], ...ORIGIN],
      request: { method: 'GET', target: '/', httpVersion: '1.0', headers: [] },
    });
    assert.deepEqual(
      hops.map(({ product }) => product),
      ['apache'],
    );
  });

  test('is told by what it adds to the request', () => {
    assert.equal(asked('1.1', ['x-envoy-expected-rq-timeout-ms', '15000']).guess?.name, 'envoy');
    assert.equal(asked('1.1', ['CF-Ray', '1']).guess?.name, 'cloudflare');
  });

  test('may be HAProxy or of Node where all names are in lower case, but not over HTTP/2', () => {
    const lower = ORIGIN.map(([name, value]): HeaderPair => [name.toLowerCase(), value]);
    const { hops } = through({ proxied: lower });
    assert.deepEqual(
      hops.map(({ product }) => product),
      ['haproxy', 'envoy', 'node'],
    );
    assert.ok(hops.every(({ confidence }) => confidence < 0.5));
    assert.deepEqual(through({ proxied: lower, clientHttp: '2' }).hops, []);
    const named = through({ proxied: [['server', 'envoy'], ...lower] });
    assert.deepEqual(
      named.hops.map(({ product }) => product),
      ['envoy'],
    );
  });

  test('may be made with Go where names are in order of the alphabet', () => {
    const sorted: readonly HeaderPair[] = [
      ['Cache-Control', 'no-cache'],
      ['Content-Type', 'text/event-stream'],
      ['Date', ''],
      ['X-Ssekit-Uid', '1'],
      ['Transfer-Encoding', 'chunked'],
    ];
    const { hops } = through({ proxied: sorted });
    assert.deepEqual(hops.map(({ product }) => product).sort(), ['caddy', 'traefik']);
  });

  test('is also who stands behind, where the names of the origin came in lower case and others did not', () => {
    const lowered = ORIGIN.map(([name, value]): HeaderPair => [name.toLowerCase(), value]);
    const { hops } = through({ proxied: [['Server', 'nginx'], ...lowered] });
    assert.deepEqual(
      hops.map(({ product }) => product),
      ['nginx', 'haproxy', 'envoy', 'node'],
    );
  });

  test('is something on Node where names are in lower case, and the request says `connection`', () => {
    const proxied = ORIGIN.map(([name, value]): HeaderPair => [name.toLowerCase(), value]);
    const headers: HeaderPair[] = [
      ['host', '127.0.0.1'],
      ['connection', 'keep-alive'],
    ];
    const request = { method: 'GET', target: '/', httpVersion: '1.1', headers } as const;
    assert.equal(through({ proxied }).guess?.name, 'haproxy');
    assert.deepEqual(
      through({ proxied, request }).hops.map(({ product }) => product),
      ['node'],
    );
    // Names of its own keep theirs.
    const own: HeaderPair = ['X-Forwarded', 'yes'];
    assert.equal(through({ proxied: [own, ...proxied], request }).guess?.name, 'node');
  });

  test('is HAProxy or of Node where the request says that the connection is to end', () => {
    const lowered = ORIGIN.filter(([name]) => name !== 'Connection').map(
      ([name, value]): HeaderPair => [name.toLowerCase(), value],
    );
    const headers: HeaderPair[] = [['connection', 'close']];
    const request = { method: 'GET', target: '/', httpVersion: '1.1', headers } as const;
    const products = (proxied: readonly HeaderPair[]) =>
      through({ proxied, request }).hops.map(({ product }) => product);
    // `option http-server-close`, and `option httpclose`.
    assert.deepEqual(products(lowered), ['haproxy', 'node']);
    assert.deepEqual(products([...lowered, ['connection', 'close']]), ['haproxy', 'node']);
    // http-proxy passes on what the origin says of its connection.
    assert.deepEqual(products([['connection', 'close'], ...lowered]), ['node']);
  });

  test('is Varnish by the sizes of its chunks, and h2o by one name in lower case', () => {
    assert.equal(through({ bodyStart: '0030\r\nid: 1' }).guess?.name, 'varnish');
    assert.equal(through({ bodyStart: '30\r\nid: 1' }).guess, undefined);
    const odd = [...ORIGIN.slice(0, -1), ['transfer-encoding', 'chunked'] as const];
    assert.equal(through({ proxied: odd }).guess?.name, 'h2o');
  });

  test('several are told from the client to the origin', () => {
    const { hops } = answered(
      ['Server', 'cloudflare'],
      ['X-Envoy-Upstream-Service-Time', '3'],
      ['X-Amz-Apigw-Id', 'x'],
    );
    assert.deepEqual(
      hops.map(({ product }) => product),
      ['cloudflare', 'aws-api-gateway', 'envoy'],
    );
    const chained = answered(['Via', '1.1 varnish (Varnish/7.1), 1.1 front (squid/5.7)']);
    assert.deepEqual(
      chained.hops.map(({ product }) => product),
      ['squid', 'varnish'],
    );
  });
});
