import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hostAndPort } from '../../src/client/host.ts';

test('a URL names its port, though it is the one of its scheme', () => {
  const places = ['http://127.0.0.1:80/', 'https://app.example/x', 'http://[::1]:9000/', 'http://a:443/'];
  assert.deepEqual(
    places.map((each) => hostAndPort(new URL(each))),
    ['127.0.0.1:80', 'app.example:443', '[::1]:9000', 'a:443'],
  );
});
