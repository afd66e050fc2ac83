import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { startMock } from '../harness/mock.ts';
import { until } from '../harness/until.ts';

const MB = 1024 ** 2;

describe('a client that reads as fast as it can gets whole', () => {
  for (const [query, bytes] of [
    ['fault=oversize=5MB@1&count=1&interval=10ms', 5 * MB],
    ['fault=oversize=2MB@1&fault=dup@1&count=1&interval=1ms', 4 * MB],
    ['fault=bad-utf8&size=10MB&count=1&interval=10ms', 10 * MB],
    ['fault=cr&size=5MB&count=1&interval=10ms', 5 * MB],
    ['compress=gzip&size=5MB&count=3&interval=10ms', 15 * MB],
  ] as const) {
    test(`what ?${query} asks for`, async (t) => {
      const { url, cli } = await startMock(t);
      const response = await fetch(`${url}?${query}`);
      assert.ok((await response.arrayBuffer()).byteLength >= bytes);
      await until(() => /✓ ended/.test(cli.stderr));
    });
  }
});

test('a client whose faults let less through than is published is dropped, and the log says why', async (t) => {
  const { url, cli } = await startMock(t, '--preset', 'quiet', '--max-payload', '16MB');
  const response = await fetch(`${url}?fault=slow=1KB/s`);
  const body = response.text().then(
    () => 'whole',
    () => 'reset',
  );
  for (let count = 0; count < 6; count += 1) {
    const headers = { 'content-type': 'text/plain' };
    const published = await fetch(`${url}publish`, { method: 'POST', headers, body: 'x'.repeat(15 * MB) });
    assert.equal(published.status, 200);
  }
  assert.equal(await body, 'reset');
  await until(() => cli.stderr.includes('✗ dropped: more was published than its faults let through'));
});

test('an event larger than the server supports is refused, with the limit', async (t) => {
  const { url } = await startMock(t);
  for (const query of ['size=600MB&count=1', 'fault=oversize=256MB&fault=split=bytes:1']) {
    const response = await fetch(`${url}?${query}`);
    assert.equal(response.status, 400);
    assert.match(await response.text(), /too large: at most 64MB/);
  }
});
