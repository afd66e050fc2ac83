import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Step } from '../../../src/mock/step.ts';
import { until } from '../../e2e/harness/until.ts';
import { RawClient } from './raw-client.ts';
import { event, never, serving } from './serving.ts';

const KB = 1024;
const big = 'x'.repeat(64 * KB);
/** More than the kernel takes for a reader who reads nothing, so that some stays in user space. */
const LARGE: Step[] = Array.from({ length: 96 }, () => event(big, 1));
const largeBody = 96 * (big.length + 'data: \n\n'.length);

/** A client that asks and reads nothing, when the server holds some of its body. */
async function slowReader(url: string): Promise<RawClient> {
  const client = new RawClient(url);
  client.socket.pause();
  return client.get('/', {}, '1.0');
}

describe('a body over HTTP/1.1', () => {
  for (const how of ['eof', 'cut'] as const) {
    test(`reaches a slow reader to its end (${how})`, async (t) => {
      const steps: Step[] = [...LARGE, { kind: 'end', how, afterMs: 1 }];
      const server = await serving(t, () => steps, { maxStalledBytes: 64 * KB * KB });
      const client = await slowReader(server.url);
      // The end, too, is a step.
      await until(() => server.server.lateness.count === steps.length);
      client.socket.resume();
      assert.equal(await client.ended(), 'fin');
      assert.equal(client.text.split('\r\n\r\n')[1]?.length, largeBody);
      client.leave();
    });
  }

  test('reaches a slow reader to its end when the server closes and others end before', async (t) => {
    const bodies = [
      [...LARGE, never],
      [event('one'), never],
    ];
    const server = await serving(t, () => bodies.shift() ?? [], { maxStalledBytes: 64 * KB * KB });
    const slow = await slowReader(server.url);
    await until(() => server.server.lateness.count === LARGE.length);
    const quick = new RawClient(server.url).get('/');
    await quick.saw(/data: one/);
    const closed = server.server.close();
    await quick.saw(/\r\n0\r\n\r\n$/);
    slow.socket.resume();
    assert.equal(await slow.ended(), 'fin');
    assert.equal(slow.text.split('\r\n\r\n')[1]?.length, largeBody);
    slow.leave();
    quick.leave();
    await closed;
  });

  test('is over for a client that ended its half of the connection', async (t) => {
    const server = await serving(t, () => [event('one'), never], { heartbeatMs: 10 });
    const client = new RawClient(server.url).get('/');
    await client.saw(/data: one/);
    client.socket.end();
    await until(() => server.ended.length === 1);
    assert.equal(server.ended[0]?.end, 'left');
    assert.deepEqual(server.warnings, []);
  });

  test('waits for the answer before it on the connection', async (t) => {
    const bodies = [[event('first', 1), event('still first', 30)], [event('second')]];
    const server = await serving(t, () => bodies.shift() ?? []);
    const client = new RawClient(server.url).get('/1').get('/2', { Connection: 'close' });
    assert.equal(await client.ended(), 'fin');
    const answers = client.text.split(/(?=HTTP\/1\.1 200 OK\r\n)/);
    assert.equal(answers.length, 2);
    assert.match(answers[0] ?? '', /data: first\n\n\r\n[\s\S]*data: still first\n\n\r\n0\r\n\r\n$/);
    assert.match(answers[1] ?? '', /data: second\n\n\r\n0\r\n\r\n$/);
    client.leave();
  });
});
