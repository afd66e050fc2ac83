import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toldProxies } from '../../../src/commands/check-proxy/told-proxies.ts';

test('who is in between may be said, by names that the catalogue has', () => {
  assert.deepEqual(toldProxies({}), {});
  assert.deepEqual(toldProxies({ proxyIs: ['HAProxy', 'nginx'] }), { proxies: ['haproxy', 'nginx'] });
  assert.throws(() => toldProxies({ proxyIs: ['ngnix'] }), {
    message: /"ngnix" is in no catalogue/,
    hint: 'Did you mean nginx?',
  });
  assert.throws(() => toldProxies({ proxyIs: ['what'] }), { hint: /^There are nginx, / });
});
