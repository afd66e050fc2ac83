import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { mostConnections } from '../../../src/mock/http/most-connections.ts';
import { until } from '../../e2e/harness/until.ts';
import { RawClient } from '../wire/raw-client.ts';
import { begin, listening } from './listening.ts';

const REQUEST = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';

describe('connections beyond the limit of open files', () => {
  test('are closed and told, and one that leaves makes room for another', async (t) => {
    const server = await listening(t, begin, { maxConnections: 2 });
    const ask = () => {
      const client = new RawClient(server.url).send(REQUEST);
      t.after(() => client.leave());
      return client;
    };
    const first = ask();
    await first.saw(/begun/);
    await ask().saw(/begun/);

    const refused = ask();
    await refused.ended();
    assert.equal(refused.text, '');
    assert.equal(server.malformed.length, 1);
    const [told] = server.malformed;
    assert.match(told?.message ?? '', /^a connection was closed as it came: 2 are open, .*ulimit -n/);
    assert.equal(told?.status, undefined);

    first.leave();
    await until(async () => {
      const next = ask();
      await until(() => next.text !== '' || next.ending !== undefined);
      return next.text.includes('begun');
    });
  });

  test('are known in time on Linux', { skip: process.platform !== 'linux' }, () => {
    const most = mostConnections();
    assert.ok(most !== undefined && most >= 1, String(most));
  });
});
