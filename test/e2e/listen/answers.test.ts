import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { tail } from '../harness/command.ts';
import { rawServer, type Script } from '../harness/raw-server.ts';
import { recordsOfType } from '../harness/records.ts';
import { answer, chunk, head, LAST_CHUNK, streamHead } from '../harness/wire.ts';

const answers =
  (bytes: string): Script =>
  async (client) => {
    await client.request();
    await client.write(bytes);
    client.finish();
  };

describe('listen, when the answer is no stream', () => {
  const statuses = [
    ['401 Unauthorized', 4],
    ['404 Not Found', 4],
    ['429 Too Many Requests', 4],
    ['500 Internal Server Error', 5],
    ['503 Service Unavailable', 5],
    ['304 Not Modified', 3],
  ] as const;
  for (const [status, expected] of statuses) {
    test(`exits ${expected} for ${status}, and says so`, async (t) => {
      const server = await rawServer(t, answers(answer(status)));
      const { code, stdout, stderr } = await tail(server.url);
      assert.equal(code, expected);
      assert.equal(stdout, '');
      assert.match(stderr, new RegExp(status));
    });
  }

  test('gives the status in `open` and in `close` of --format ndjson', async (t) => {
    const server = await rawServer(t, answers(answer('404 Not Found')));
    const outcome = await tail(server.url, '--format', 'ndjson');
    assert.equal(recordsOfType(outcome, 'open')[0]?.status, 404);
    const [close] = recordsOfType(outcome, 'close');
    assert.equal(close?.status, 404);
    assert.equal(close?.reason, 'status');
  });

  test('shows the beginning of an error that the server explains', async (t) => {
    const body = '{"error":"unknown channel"}';
    const server = await rawServer(t, answers(answer('404 Not Found', {}, body)));
    assert.match((await tail(server.url)).stderr, /unknown channel/);
  });

  test('exits 11 for a page', async (t) => {
    const server = await rawServer(
      t,
      answers(answer('200 OK', { 'Content-Type': 'text/html' }, '<h1>Hi</h1>')),
    );
    const { code, stderr } = await tail(server.url);
    assert.equal(code, 11);
    assert.match(stderr, /text\/html/);
  });

  test('exits 11 for a stream of events under a 2xx other than 200', async (t) => {
    const bytes = `${head('202 Accepted', { 'Content-Type': 'text/event-stream' })}data: x\n\n`;
    const server = await rawServer(t, answers(bytes));
    assert.equal((await tail(server.url)).code, 11);
  });

  test('shows a 201 that streams to a POST, with a warning', async (t) => {
    const bytes = `${head('201 Created', { 'Content-Type': 'text/event-stream', 'Content-Length': 9 })}data: x\n\n`;
    const server = await rawServer(t, answers(bytes));
    const { code, stdout, stderr } = await tail(server.url, '--json', '{}', '--format', 'data');
    assert.deepEqual({ code, stdout }, { code: 0, stdout: 'x\n' });
    assert.match(stderr, /201/);
  });

  test('exits 52 for a 204 first thing', async (t) => {
    const server = await rawServer(t, answers('HTTP/1.1 204 No Content\r\n\r\n'));
    const { code, stderr } = await tail(server.url);
    assert.equal(code, 52);
    assert.match(stderr, /204/);
  });

  test('exits 52 for a stream that ends without an event, comments or not', async (t) => {
    const server = await rawServer(t, answers(streamHead.chunked + chunk(': hello\n\n') + LAST_CHUNK));
    assert.equal((await tail(server.url)).code, 52);
  });

  test('exits 8 for an answer that is not HTTP', async (t) => {
    const server = await rawServer(t, answers('SSH-2.0-OpenSSH_9.2p1\r\n'));
    assert.equal((await tail(server.url)).code, 8);
  });

  test('exits 8 for a body in a coding that it does not know', async (t) => {
    const type = { 'Content-Type': 'text/event-stream', 'Content-Encoding': 'compress', 'Content-Length': 4 };
    const server = await rawServer(t, answers(`${head('200 OK', type)}abcd`));
    assert.equal((await tail(server.url)).code, 8);
  });

  test('exits 52 when the server takes the request and closes without a word', async (t) => {
    const server = await rawServer(t, answers(''));
    assert.equal((await tail(server.url)).code, 52);
  });
});

describe('listen, when it is sent elsewhere', () => {
  test('follows a redirect', async (t) => {
    const server = await rawServer(t, async (client) => {
      const { target } = await client.request();
      const moved = answer('302 Found', { Location: '/new', Connection: 'close' });
      const stream = streamHead.chunked + chunk('data: there\n\n') + LAST_CHUNK;
      await client.write(target === '/old' ? moved : stream);
      client.finish();
    });
    const { code, stdout } = await tail(`${server.url}/old`, '--format', 'data');
    assert.deepEqual({ code, stdout }, { code: 0, stdout: 'there\n' });
  });

  test('exits 3 when it is sent in a circle, after 20 redirects', async (t) => {
    const server = await rawServer(
      t,
      answers(answer('301 Moved Permanently', { Location: '/', Connection: 'close' })),
    );
    const { code, stderr } = await tail(server.url);
    assert.equal(code, 3);
    assert.match(stderr, /too many redirects/i);
    assert.equal(server.requests.length, 21);
  });

  test('exits 3 when --max-redirs allows none', async (t) => {
    const server = await rawServer(t, answers(answer('302 Found', { Location: '/x', Connection: 'close' })));
    const { code, stderr } = await tail(server.url, '--max-redirs', '0');
    assert.equal(code, 3);
    assert.match(stderr, /--max-redirs 0 forbids following the redirect/);
    assert.equal(server.requests.length, 1);
  });

  test('exits 3 for a redirect that names no place', async (t) => {
    const server = await rawServer(t, answers(answer('302 Found')));
    const { code, stderr } = await tail(server.url);
    assert.equal(code, 3);
    assert.match(stderr, /the redirect names no Location$/m);
  });

  test('leaves credentials behind when the origin changes', async (t) => {
    const stream = streamHead.chunked + chunk('data: x\n\n') + LAST_CHUNK;
    const other = await rawServer(t, answers(stream));
    const server = await rawServer(
      t,
      answers(answer('307 Temporary Redirect', { Location: `${other.url}/` })),
    );
    const secret = ['-H', 'Authorization: Bearer abc', '-H', 'X-Api-Key: def', '-H', 'X-Trace: ghi'];
    const { code, stderr } = await tail(server.url, ...secret);
    assert.equal(code, 0);
    assert.equal(server.requests[0]?.header('authorization'), 'Bearer abc');
    assert.equal(other.requests[0]?.header('authorization'), undefined);
    assert.equal(other.requests[0]?.header('x-api-key'), undefined);
    assert.equal(other.requests[0]?.header('x-trace'), 'ghi');
    assert.match(stderr, /Authorization/i);
  });
});
