import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { authority } from '../../src/client/host.ts';
import type { ConnectionOptions } from '../../src/client/request.ts';
import { type Route, routeTo } from '../../src/client/route.ts';
import { requestOf } from './recorded-attempt.ts';

function route(url: string, connection: Partial<ConnectionOptions> = {}): Route {
  const request = requestOf(url, { connection });
  return routeTo(request.url, request.connection);
}

const proxy = (url: string, noProxy: string[] = []) => ({
  proxy: { http: new URL(url), https: new URL(url), noProxy },
});

describe('the route', () => {
  test('leads to the host and port of the URL, or the port of its scheme', () => {
    assert.deepEqual(route('http://a.example/').endpoint, { host: 'a.example', port: 80 });
    assert.deepEqual(route('https://a.example/').endpoint, { host: 'a.example', port: 443 });
    assert.deepEqual(route('https://a.example:8443/').endpoint, { host: 'a.example', port: 8443 });
    assert.equal(route('https://a.example/').secure, true);
    assert.equal(route('http://a.example/').proxy, undefined);
  });

  test('names an IPv6 host without brackets, and writes it with them', () => {
    const { endpoint, serverHost } = route('http://[::1]:81/');
    assert.deepEqual(endpoint, { host: '::1', port: 81 });
    assert.equal(serverHost, '::1');
    assert.equal(authority(endpoint), '[::1]:81');
  });

  test('of --resolve keeps the name and takes the addresses, the first rule that fits', () => {
    const resolve = [
      { host: 'a.example', port: '81', addresses: ['192.0.2.1'] },
      { host: 'A.EXAMPLE', port: '80', addresses: ['192.0.2.2', '[2001:db8::1]'] },
      { host: '*', port: '*', addresses: ['192.0.2.3'] },
    ];
    assert.deepEqual(route('http://a.example/', { resolve }).endpoint, {
      host: 'a.example',
      port: 80,
      addresses: ['192.0.2.2', '2001:db8::1'],
    });
    assert.deepEqual(route('http://b.example/', { resolve }).endpoint.addresses, ['192.0.2.3']);
  });

  test('of --connect-to goes elsewhere, still for the same server', () => {
    const connectTo = [{ host: 'a.example', port: '443', toHost: '[::1]', toPort: '8443' }];
    const { endpoint, serverHost } = route('https://a.example/', { connectTo });
    assert.deepEqual(endpoint, { host: '::1', port: 8443 });
    assert.equal(serverHost, 'a.example');
    assert.deepEqual(route('https://a.example:444/', { connectTo }).endpoint.port, 444);
  });

  test('of --connect-to is resolved by the new name', () => {
    const { endpoint } = route('http://a.example/', {
      connectTo: [{ host: '', port: '', toHost: 'b.example', toPort: '' }],
      resolve: [{ host: 'b.example', port: '80', addresses: ['192.0.2.9'] }],
    });
    assert.deepEqual(endpoint.addresses, ['192.0.2.9']);
  });

  test('through a proxy forwards http: and tunnels https:', () => {
    const forward = route('http://a.example/', proxy('http://proxy.example:3128'));
    assert.deepEqual(forward.endpoint, { host: 'proxy.example', port: 3128 });
    assert.equal(forward.proxy?.mode, 'forward');
    const tunnel = route('https://a.example/', proxy('https://proxy.example'));
    assert.deepEqual(tunnel.endpoint, { host: 'proxy.example', port: 443 });
    assert.equal(tunnel.proxy?.mode, 'tunnel');
    assert.equal(tunnel.proxy?.secure, true);
    assert.equal(tunnel.proxy?.target, 'a.example:443');
    assert.equal(tunnel.serverHost, 'a.example');
  });

  test('through a proxy asks for the target of --connect-to, in brackets where it is IPv6', () => {
    const { proxy: via } = route('https://a.example/', {
      ...proxy('http://proxy.example'),
      connectTo: [{ host: '', port: '', toHost: '::1', toPort: '8443' }],
    });
    assert.equal(via?.target, '[::1]:8443');
  });

  test('through a proxy is chosen by the scheme of the target', () => {
    const only = { proxy: { https: new URL('http://proxy.example'), noProxy: [] } };
    assert.equal(route('http://a.example/', only).proxy, undefined);
    assert.equal(route('https://a.example/', only).proxy?.mode, 'tunnel');
  });

  test('through a proxy carries its user and password as UTF-8, decoded', () => {
    const { proxy: via } = route('http://a.example/', proxy('http://us%40er:p%C3%A4ss@proxy.example'));
    assert.equal(via?.authorization, `Basic ${Buffer.from('us@er:päss').toString('base64')}`);
    assert.equal(route('http://a.example/', proxy('http://p.example')).proxy?.authorization, undefined);
  });

  test('passes the proxy by for NO_PROXY, and goes to a socket file whatever else is set', () => {
    assert.equal(route('http://a.example/', proxy('http://p.example', ['a.example'])).proxy, undefined);
    const file = route('http://a.example/', { ...proxy('http://p.example'), unixSocket: '/run/s' });
    assert.equal(file.unixSocket, '/run/s');
    assert.equal(file.proxy, undefined);
  });
});
