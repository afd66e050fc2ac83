import assert from 'node:assert/strict';
import { it } from 'node:test';
import { parseOriginPlace } from '../../../../src/commands/flags/check-proxy/origin-place.ts';

it('reads where the origin listens', () => {
  assert.deepEqual(parseOriginPlace('127.0.0.1:9000'), { host: '127.0.0.1', port: 9000 });
  assert.deepEqual(parseOriginPlace(' :9000'), { host: '127.0.0.1', port: 9000 });
  assert.deepEqual(parseOriginPlace('[::1]:9000'), { host: '::1', port: 9000 });
  assert.deepEqual(parseOriginPlace('localhost:65535'), { host: 'localhost', port: 65_535 });
});

it('refuses what is no place, and says what one is', () => {
  for (const text of ['', '9000', 'localhost', '::1:9000', 'a:b', 'a:1:2']) {
    assert.throws(() => parseOriginPlace(text), /is not HOST:PORT/, text);
  }
  for (const text of ['HOST:PORT', ':PORT', '<host:port>'])
    assert.throws(() => parseOriginPlace(text), /stands for the address of your application/, text);
  assert.throws(() => parseOriginPlace('http://127.0.0.1:9000'), /is a URL/);
  for (const text of [':0', ':65536'])
    assert.throws(() => parseOriginPlace(text), /is not between 1 and/, text);
});
