import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import {
  StreamableHTTPClientTransport,
  type StreamableHTTPClientTransportOptions,
} from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import {
  LoggingMessageNotificationSchema,
  McpError,
  type Progress,
} from '@modelcontextprotocol/sdk/types.js';
import { type RunningMock, startMock } from '../e2e/harness/mock.ts';
import { until } from '../e2e/harness/until.ts';

/** Another server of the mock for each test; a client of its own for each connection. */
async function start(t: TestContext, ...flags: string[]): Promise<RunningMock> {
  return startMock(t, '--preset', 'mcp', '--send-retry', '20ms', ...flags);
}

interface Connected {
  client: Client;
  transport: StreamableHTTPClientTransport;
}

async function connect(
  t: TestContext,
  { url }: RunningMock,
  query = '',
  options: StreamableHTTPClientTransportOptions = {},
): Promise<Connected> {
  const transport = new StreamableHTTPClientTransport(new URL(`mcp${query}`, url), options);
  const client = new Client({ name: 'test', version: '1.0.0' });
  t.after(() => client.close());
  await client.connect(transport);
  return { client, transport };
}

const count = (more: object = {}) => ({ name: 'count', arguments: { steps: 4, interval_ms: 30, ...more } });

describe('the client of @modelcontextprotocol/sdk, connected to the mock', () => {
  test('learns who the server is and which tools it has', async (t) => {
    const { client, transport } = await connect(t, await start(t));
    assert.equal(client.getServerVersion()?.name, 'ssekit-mock');
    assert.ok((transport.sessionId ?? '').length > 16);
    assert.equal(transport.protocolVersion, '2025-11-25');
    const { tools } = await client.listTools();
    assert.deepEqual(
      tools.map(({ name }) => name),
      ['echo', 'add', 'count', 'fail'],
    );
    await client.ping();
  });

  test('calls tools, and checks what is structured against their schemas', async (t) => {
    const { client } = await connect(t, await start(t));
    await client.listTools();
    const echoed = await client.callTool({ name: 'echo', arguments: { text: 'größer 🌊' } });
    assert.deepEqual(echoed.content, [{ type: 'text', text: 'größer 🌊' }]);
    const added = await client.callTool({ name: 'add', arguments: { a: 2, b: 3 } });
    assert.deepEqual(added.structuredContent, { sum: 5 });
    assert.equal((await client.callTool({ name: 'fail' })).isError, true);
    await assert.rejects(client.callTool({ name: 'nothing' }), McpError);
  });

  test('is told of progress before the result', async (t) => {
    const { client } = await connect(t, await start(t));
    const told: Progress[] = [];
    const { content } = await client.callTool(count(), undefined, { onprogress: (each) => told.push(each) });
    assert.deepEqual(
      told.map(({ progress, total, message }) => [progress, total, message]),
      [
        [1, 4, '1 of 4'],
        [2, 4, '2 of 4'],
        [3, 4, '3 of 4'],
        [4, 4, '4 of 4'],
      ],
    );
    assert.deepEqual(content, [{ type: 'text', text: 'Counted to 4.' }]);
  });

  test('comes back for the rest where the server hangs up in mid-call', async (t) => {
    const mock = await start(t);
    const { client } = await connect(t, mock);
    const told: number[] = [];
    const { content } = await client.callTool(count({ hang_up_after: 2 }), undefined, {
      onprogress: ({ progress }) => told.push(progress),
    });
    assert.deepEqual(told, [1, 2, 3, 4]);
    assert.deepEqual(content, [{ type: 'text', text: 'Counted to 4.' }]);
  });

  for (const fault of ['reset@3', 'truncate@3', 'eof@3']) {
    test(`comes back for the rest, nothing lost and nothing twice, behind ${fault}`, async (t) => {
      const mock = await start(t);
      let posted = 0;
      // The fault strikes the stream of the call alone, not those that resume it.
      const struck: typeof fetch = (input, init) => {
        const url = new URL(String(input));
        if (init?.method === 'POST' && String(init.body).includes('tools/call')) {
          posted += 1;
          url.searchParams.set('fault', fault);
        }
        return fetch(url, init);
      };
      const { client } = await connect(t, mock, '', { fetch: struck });
      const told: number[] = [];
      const { content } = await client.callTool(count(), undefined, {
        onprogress: ({ progress }) => told.push(progress),
      });
      assert.deepEqual(told, [1, 2, 3, 4]);
      assert.deepEqual(content, [{ type: 'text', text: 'Counted to 4.' }]);
      assert.equal(posted, 1);
    });
  }

  test('hears what the server says by itself, and what is published to it', async (t) => {
    const mock = await start(t, '--interval', '30ms');
    const { client } = await connect(t, mock);
    const heard: unknown[] = [];
    client.setNotificationHandler(LoggingMessageNotificationSchema, ({ params }) => {
      heard.push(params.data);
    });
    await client.setLoggingLevel('debug');
    await until(() => heard.length >= 3, 'three log messages');
    const params = { level: 'error', data: 'published' };
    const data = JSON.stringify({ jsonrpc: '2.0', method: 'notifications/message', params });
    const headers = { 'content-type': 'application/json' };
    const published = await fetch(new URL('publish', mock.url), {
      method: 'POST',
      headers,
      body: JSON.stringify({ data }),
    });
    assert.equal(published.ok, true);
    await until(() => heard.includes('published'), 'the published message');
  });

  test('gives up a call that takes too long', async (t) => {
    const { client } = await connect(t, await start(t));
    const leaving = new AbortController();
    const call = client.callTool(count({ steps: 100 }), undefined, {
      signal: leaving.signal,
      onprogress: () => leaving.abort('enough'),
    });
    await assert.rejects(call, /enough/);
    await client.ping();
  });

  test('ends its session, and is told that it has ended', async (t) => {
    const mock = await start(t);
    const { transport } = await connect(t, mock);
    const { sessionId = '' } = transport;
    await transport.terminateSession();
    assert.equal(transport.sessionId, undefined);
    // What another process of the same client would send, which knows nothing of it.
    const late = new StreamableHTTPClientTransport(new URL('mcp', mock.url), { sessionId });
    const other = new Client({ name: 'test', version: '1.0.0' });
    t.after(() => other.close());
    // With a session it takes the initialisation for done.
    await other.connect(late);
    await assert.rejects(other.ping(), /Session not found/);
  });

  test('is heard as one that speaks an older version', async (t) => {
    const mock = await start(t);
    const older: typeof fetch = (input, init) => {
      const body =
        typeof init?.body === 'string' ? init.body.replace('2025-11-25', '2025-06-18') : init?.body;
      return fetch(input, body === undefined ? init : { ...init, body });
    };
    const { client, transport } = await connect(t, mock, '', { fetch: older });
    assert.equal(transport.protocolVersion, '2025-06-18');
    const told: number[] = [];
    await client.callTool(count(), undefined, { onprogress: ({ progress }) => told.push(progress) });
    assert.deepEqual(told, [1, 2, 3, 4]);
  });
});
