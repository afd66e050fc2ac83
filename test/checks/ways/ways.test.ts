import assert from 'node:assert/strict';
import { it } from 'node:test';
import { waysOf } from '../../../src/checks/ways/ways.ts';
import type { StreamRequest } from '../../../src/client/request.ts';

const request: StreamRequest = {
  url: new URL('https://app.example/sse?a=1'),
  method: 'GET',
  headers: [
    ['Accept', 'text/event-stream'],
    ['Host', 'app.example'],
    ['Cookie', 'a=b'],
  ],
  connection: {
    http: '2',
    family: 6,
    resolve: [{ host: 'app.example', port: '443', addresses: ['127.0.0.1'] }],
    connectTo: [{ host: '', port: '', toHost: 'edge', toPort: '' }],
    unixSocket: '/run/proxy.sock',
    proxy: { http: new URL('http://127.0.0.1:3128'), noProxy: [] },
    tls: { insecure: true },
    connectTimeoutMs: 10_000,
  },
  maxRedirects: 0,
  idleTimeoutMs: 0,
  maxEventSizeBytes: 1_000_000,
};

const sign = (script: string) => `signed ${script}`;

it('asks the origin for the same, without what leads to the proxy', () => {
  const { direct, proxied } = waysOf(request, { url: 'http://127.0.0.1:9000/', sign });
  assert.deepEqual([direct.sign, proxied.sign], [sign, sign]);
  assert.equal(proxied.request, request);
  assert.equal(direct.request.url.href, 'http://127.0.0.1:9000/sse?a=1');
  assert.deepEqual(direct.request.headers, [
    ['Accept', 'text/event-stream'],
    ['Cookie', 'a=b'],
  ]);
  const { unixSocket, ...connection } = direct.request.connection;
  assert.equal(unixSocket, undefined);
  assert.deepEqual(connection, {
    ...{ http: 'auto', family: 0, resolve: [], connectTo: [], proxy: { noProxy: [] } },
    ...{ tls: { insecure: true }, connectTimeoutMs: 10_000 },
  });
});

it('reaches an origin that listens everywhere from its own machine', () => {
  const hostOf = (url: string) => waysOf(request, { url, sign }).direct.request.url.host;
  assert.equal(hostOf('http://0.0.0.0:9000/'), '127.0.0.1:9000');
  assert.equal(hostOf('http://[::]:9000/'), '[::1]:9000');
});
