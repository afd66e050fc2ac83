import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Handler, StreamAnswer } from '../../../src/mock/answer.ts';
import type { ShapeValues } from '../../../src/mock/overrides.ts';
import { parsePreset } from '../../../src/mock/presets/registry.ts';
import { type Asked, drained, plainOf, requestOf, type Sent, streamOf } from './asked.ts';

const BOTH = { accept: 'application/json, text/event-stream', 'content-type': 'application/json' };

interface Rpc {
  id?: number | string;
  method?: string;
  params?: Record<string, unknown>;
  result?: Record<string, unknown>;
  error?: { code: number; message: string };
}

/** A client and a server that share a clock, which stands still unless it is moved. */
class Client {
  readonly handler: Handler;
  nowMs = 1_000_000;
  headers: Record<string, string> = {};

  constructor(shape: ShapeValues = {}) {
    this.handler = parsePreset('mcp').create({ shape, seed: 1, clock: () => this.nowMs });
  }

  asked(message: object | undefined, more: Asked = {}): Asked {
    const headers = { ...BOTH, ...this.headers, ...more.headers };
    return { target: '/mcp', body: message, ...more, headers };
  }

  async send(method: string, params: object = {}, id: number | string = 1): Promise<StreamAnswer> {
    return streamOf(this.handler, this.asked({ jsonrpc: '2.0', id, method, params }));
  }

  get(lastEventId = '', more: Asked = {}) {
    const headers = { accept: 'text/event-stream', ...this.headers, ...more.headers };
    return this.handler(requestOf({ target: '/mcp', ...more, headers, lastEventId }));
  }

  async connect(protocolVersion = '2025-11-25'): Promise<Rpc> {
    const params = { protocolVersion, capabilities: {}, clientInfo: { name: 'test', version: '1' } };
    const answer = await this.send('initialize', params);
    const [told] = messages(drained(answer));
    this.headers = {
      'mcp-session-id': answer.headers?.['mcp-session-id'] ?? '',
      'mcp-protocol-version': String(told?.result?.protocolVersion),
    };
    return told ?? {};
  }
}

const messages = (sent: readonly Sent[]) =>
  sent.filter(({ event }) => event.data !== '').map(({ event }) => JSON.parse(event.data) as Rpc);

async function connected(shape: ShapeValues = {}, version?: string): Promise<Client> {
  const client = new Client(shape);
  await client.connect(version);
  return client;
}

async function refused(client: Client, asked: Asked) {
  const { status, json, headers } = await plainOf(client.handler, asked);
  const { error, id, jsonrpc } = json as Rpc & { jsonrpc: string };
  assert.equal(id, null);
  assert.equal(jsonrpc, '2.0');
  return { status, code: error?.code, message: error?.message ?? '', headers };
}

const ping = { jsonrpc: '2.0', id: 1, method: 'ping' };
const count = (more = {}) => ({ name: 'count', arguments: { steps: 3, interval_ms: 100 }, ...more });
const withToken = { _meta: { progressToken: 'p1' } };

describe('the preset mcp, at the beginning', () => {
  test('gives a session, the version that was asked for, and what it can do', async () => {
    const client = new Client();
    const { result } = await client.connect('2025-06-18');
    assert.equal(result?.protocolVersion, '2025-06-18');
    assert.deepEqual(result.capabilities, { tools: {}, logging: {} });
    assert.match(client.headers['mcp-session-id'] ?? '', /^[\x21-\x7e]{16,}$/);
  });

  test('offers its newest version to a client that asks for one it does not know', async () => {
    // The version of March 2025 has batches, which this server refuses.
    for (const version of ['1999-01-01', '2025-03-26']) {
      assert.equal((await new Client().connect(version)).result?.protocolVersion, '2025-11-25');
    }
  });

  test('gives no two clients the same session', async () => {
    const { handler } = new Client();
    const ids = new Set<string>();
    for (let n = 0; n < 50; n += 1) {
      const body = { jsonrpc: '2.0', id: 1, method: 'initialize', params: {} };
      const answer = await streamOf(handler, { target: '/mcp', headers: BOTH, body });
      ids.add(answer.headers?.['mcp-session-id'] ?? '');
    }
    assert.equal(ids.size, 50);
  });

  test('opens a stream with an event that has an id, a reconnection time and no data', async () => {
    const client = await connected({ 'send-retry': 250 });
    const [first, second] = drained(await client.send('ping'));
    assert.deepEqual(first?.event, { id: 'c2_0', retry: 250, data: '' });
    assert.equal(second?.event.event, 'message');
    assert.deepEqual(JSON.parse(second.event.data), { jsonrpc: '2.0', id: 1, result: {} });
    assert.equal(second.step.kind === 'event' && second.step.done, true);
  });

  test('spares older clients the event without data, which they cannot read', async () => {
    const client = await connected({}, '2025-06-18');
    const sent = drained(await client.send('ping'));
    assert.deepEqual(
      sent.map(({ event }) => event.id),
      ['c2_1'],
    );
  });

  test('accepts notifications and responses without an answer', async () => {
    const client = await connected();
    for (const message of [
      { jsonrpc: '2.0', method: 'notifications/initialized' },
      { jsonrpc: '2.0', id: 5, result: {} },
    ]) {
      const { status, body } = await plainOf(client.handler, client.asked(message));
      assert.equal(status, 202);
      assert.equal(body, undefined);
    }
  });
});

describe('the preset mcp, with its tools', () => {
  const call = async (params: object, client?: Client) =>
    messages(drained(await (client ?? (await connected())).send('tools/call', params)));

  test('lists them with schemas of their arguments', async () => {
    const client = await connected();
    const [told] = messages(drained(await client.send('tools/list')));
    const tools = told?.result?.tools as { name: string; inputSchema: { type: string } }[];
    assert.deepEqual(
      tools.map(({ name }) => name),
      ['echo', 'add', 'count', 'fail'],
    );
    assert.ok(tools.every(({ inputSchema }) => inputSchema.type === 'object'));
  });

  test('calls them', async () => {
    const [echo] = await call({ name: 'echo', arguments: { text: 'größer 🌊' } });
    assert.deepEqual(echo?.result?.content, [{ type: 'text', text: 'größer 🌊' }]);
    const [add] = await call({ name: 'add', arguments: { a: 2, b: 0.5 } });
    assert.deepEqual(add?.result?.structuredContent, { sum: 2.5 });
    const [fail] = await call({ name: 'fail' });
    assert.equal(fail?.result?.isError, true);
  });

  test('tells of wrong arguments in a result, and of a tool that is not there in an error', async () => {
    for (const wrong of [
      { name: 'add', arguments: { a: 1 } },
      { name: 'echo', arguments: { text: 'x'.repeat(70_000) } },
      { name: 'count', arguments: { steps: 0 } },
      { name: 'count', arguments: { steps: 1.5 } },
      { name: 'count', arguments: { interval_ms: 1e9 } },
    ]) {
      assert.equal((await call(wrong))[0]?.result?.isError, true, JSON.stringify(wrong).slice(0, 80));
    }
    const [unknown] = await call({ name: 'nothing' });
    assert.equal(unknown?.error?.code, -32602);
    const client = await connected();
    assert.equal(messages(drained(await client.send('resources/list')))[0]?.error?.code, -32601);
  });

  test('tells the progress of a slow one, before its result, where it is asked to', async () => {
    const client = await connected();
    const sent = drained(await client.send('tools/call', count(withToken)));
    assert.deepEqual(
      sent.map(({ atMs, event }) => [atMs, event.id]),
      [
        [0, 'c2_0'],
        [100, 'c2_1'],
        [200, 'c2_2'],
        [300, 'c2_3'],
        [400, 'c2_4'],
      ],
    );
    const told = messages(sent);
    assert.deepEqual(told[0], {
      jsonrpc: '2.0',
      method: 'notifications/progress',
      params: { progressToken: 'p1', progress: 1, total: 3, message: '1 of 3' },
    });
    assert.equal(told.at(-1)?.id, 1);
    const quiet = drained(await client.send('tools/call', count()));
    assert.deepEqual(
      quiet.map(({ atMs, event }) => [atMs, event.id]),
      [
        [0, 'c3_0'],
        [400, 'c3_4'],
      ],
    );
  });

  test('takes its pace from --interval and --count, unless the call has its own', async () => {
    const client = await connected({ interval: 10, count: 2 });
    const sent = drained(await client.send('tools/call', { name: 'count', ...withToken }));
    assert.deepEqual(
      sent.map(({ atMs }) => atMs),
      [0, 10, 20, 30],
    );
  });
});

describe('the preset mcp, resuming', () => {
  const stream = (answer: Awaited<ReturnType<Client['get']>>) => {
    assert.equal(answer.kind, 'stream');
    return answer as StreamAnswer;
  };

  test('goes on behind the last id: what has happened at once, what is to come when it is due', async () => {
    const client = await connected();
    const first = await client.send('tools/call', count(withToken));
    const seen = drained(first, 2).at(-1)?.event.id;
    assert.equal(seen, 'c2_1');
    first.schedule.return?.();
    client.nowMs += 250;
    const rest = drained(stream(await client.get(seen)));
    assert.deepEqual(
      rest.map(({ atMs, event }) => [atMs, event.id]),
      [
        [0, 'c2_2'],
        [50, 'c2_3'],
        [150, 'c2_4'],
      ],
    );
    client.nowMs += 10_000;
    const late = drained(stream(await client.get('c2_0')));
    assert.equal(late.length, 4);
    assert.ok(late.every(({ atMs }) => atMs === 0));
  });

  test('hangs up where it is told to, and has the rest for who comes back', async () => {
    const client = await connected();
    const params = {
      name: 'count',
      arguments: { steps: 3, interval_ms: 100, hang_up_after: 1 },
      ...withToken,
    };
    const sent = drained(await client.send('tools/call', params));
    assert.deepEqual(
      sent.map(({ step }) => step.kind),
      ['event', 'event', 'end'],
    );
    const rest = messages(drained(stream(await client.get('c2_1'))));
    assert.deepEqual(
      rest.map(({ method, id }) => method ?? id),
      ['notifications/progress', 'notifications/progress', 1],
    );
  });

  test('lets only one connection have a stream', async () => {
    const client = await connected();
    const first = await client.send('tools/call', count(withToken));
    drained(first, 1);
    const asked = { target: '/mcp', headers: { accept: 'text/event-stream', ...client.headers } };
    assert.equal((await refused(client, { ...asked, lastEventId: 'c2_0' })).status, 409);
    first.schedule.return?.();
    assert.equal((await client.get('c2_0')).kind, 'stream');
  });

  test('gives a stream to one of two who were let in before either began', async () => {
    const client = await connected();
    drained(await client.send('tools/call', count(withToken)));
    for (const id of ['c2_0', '']) {
      const two = [stream(await client.get(id)), stream(await client.get(id))] as const;
      assert.ok(drained(two[0], 1).length > 0);
      assert.deepEqual(drained(two[1], 1), []);
      // Who got nothing takes nothing from the other.
      assert.ok(drained(two[0], 1).length > 0);
      two[0].schedule.return?.();
    }
  });

  test('refuses ids that are none of the session', async () => {
    const client = await connected();
    const asked = { target: '/mcp', headers: { accept: 'text/event-stream', ...client.headers } };
    for (const lastEventId of ['c9_1', 'x', 'c1_', 's_50', '7']) {
      assert.equal((await refused(client, { ...asked, lastEventId })).status, 400, lastEventId);
    }
  });

  test('stops where the client no longer wants the answer', async () => {
    const client = await connected();
    const first = await client.send('tools/call', count(withToken));
    drained(first, 2);
    const cancelled = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } };
    assert.equal((await plainOf(client.handler, client.asked(cancelled))).status, 202);
    assert.deepEqual(drained(first), []);
  });

  test('keeps a bounded number of answers, the newest ones', async () => {
    const client = await connected();
    for (let n = 0; n < 70; n += 1) drained(await client.send('ping'));
    const asked = { target: '/mcp', headers: { accept: 'text/event-stream', ...client.headers } };
    assert.equal((await refused(client, { ...asked, lastEventId: 'c2_0' })).status, 400);
    assert.equal((await client.get('c71_0')).kind, 'stream');
    const text = 'x'.repeat(60_000);
    for (let n = 0; n < 4; n += 1)
      drained(await client.send('tools/call', { name: 'echo', arguments: { text } }));
    assert.equal((await refused(client, { ...asked, lastEventId: 'c72_0' })).status, 400);
    assert.equal((await client.get('c75_0')).kind, 'stream');
  });
});

describe('the preset mcp, speaking by itself', () => {
  test('logs on the stream that GET opens, by the clock of the session', async () => {
    const client = await connected();
    client.nowMs += 12_000;
    const answer = (await client.get()) as StreamAnswer;
    assert.equal(answer.channels, undefined);
    const sent = drained(answer, 4);
    assert.deepEqual(
      sent.map(({ atMs, event }) => [atMs, event.id]),
      [
        [0, 's_2'],
        [3_000, 's_3'],
        [8_000, 's_4'],
        [13_000, 's_5'],
      ],
    );
    const [first] = messages(sent);
    assert.equal(first?.method, 'notifications/message');
    assert.equal(first.params?.level, 'notice');
  });

  test('resumes behind an id, and keeps a hundred for those who were away for long', async () => {
    const client = await connected({ interval: 100 });
    client.nowMs += 1_050;
    const answer = (await client.get('s_7')) as StreamAnswer;
    const rest = drained(answer, 6);
    assert.deepEqual(
      rest.map(({ atMs, event, step }) => [atMs, event.id ?? step.kind]),
      [
        [0, 's_7'],
        [0, 's_8'],
        [0, 's_9'],
        [0, 's_10'],
        [50, 's_11'],
        [150, 'comment'],
      ],
    );
    answer.schedule.return?.();
    client.nowMs += 60_000;
    const late = drained((await client.get('s_7')) as StreamAnswer, 200).filter(({ atMs }) => atMs === 0);
    assert.equal(late.length, 1 + 100);
  });

  test('has one such stream a session', async () => {
    const client = await connected();
    const first = (await client.get()) as StreamAnswer;
    drained(first, 1);
    const asked = { target: '/mcp', headers: { accept: 'text/event-stream', ...client.headers } };
    assert.equal((await refused(client, asked)).status, 409);
    first.schedule.return?.();
    assert.equal((await client.get()).kind, 'stream');
  });

  test('says nothing below the level that the client sets, and stays alive', async () => {
    const client = await connected({ interval: 100 });
    const [told] = messages(drained(await client.send('logging/setLevel', { level: 'emergency' })));
    assert.deepEqual(told?.result, {});
    const sent = drained((await client.get()) as StreamAnswer, 6).slice(1);
    assert.ok(sent.every(({ step }) => step.kind === 'comment'));
    const [wrong] = messages(drained(await client.send('logging/setLevel', { level: 'loud' })));
    assert.equal(wrong?.error?.code, -32602);
  });
});

describe('the preset mcp, refusing', () => {
  test('a session that is missing, unknown or over', async () => {
    const client = await connected();
    assert.equal((await refused(client, { target: '/mcp', headers: BOTH, body: ping })).status, 400);
    const unknown = { ...BOTH, 'mcp-session-id': 'nobody' };
    const { status, code } = await refused(client, { target: '/mcp', headers: unknown, body: ping });
    assert.deepEqual([status, code], [404, -32001]);
    const deleted = { target: '/mcp', method: 'DELETE', headers: client.headers };
    assert.equal((await plainOf(client.handler, deleted)).status, 200);
    assert.equal((await refused(client, client.asked(ping))).status, 404);
    assert.equal((await refused(client, deleted)).status, 404);
  });

  test('what the client does not accept or send', async () => {
    const client = await connected();
    for (const accept of ['application/json', 'text/event-stream', '*/*', '']) {
      assert.equal((await refused(client, client.asked(ping, { headers: { accept } }))).status, 406);
    }
    const get = { target: '/mcp', headers: { ...client.headers, accept: 'application/json' } };
    assert.equal((await refused(client, get)).status, 406);
    const text = client.asked(ping, { headers: { 'content-type': 'text/plain' } });
    assert.equal((await refused(client, text)).status, 415);
  });

  test('a version of the protocol that it does not speak', async () => {
    const client = await connected();
    const asked = client.asked(ping, { headers: { 'mcp-protocol-version': '1999-01-01' } });
    const { status, message } = await refused(client, asked);
    assert.equal(status, 400);
    assert.match(message, /supported versions: 2025-11-25/);
  });

  test('what is no message', async () => {
    const client = await connected();
    const wrong: [unknown, number][] = [
      ['{', -32700],
      ['[]', -32600],
      [{ id: 1, method: 'ping' }, -32600],
      [{ jsonrpc: '2.0', id: {}, method: 'ping' }, -32600],
      [{ jsonrpc: '2.0', id: 'x'.repeat(300), method: 'ping' }, -32600],
      [{ jsonrpc: '2.0', id: 1 }, -32600],
      [{ jsonrpc: '2.0', id: 1, method: 'ping', params: [] }, -32600],
    ];
    for (const [body, code] of wrong) {
      const { body: _, ...asked } = client.asked(ping);
      const error = await refused(client, { ...asked, body });
      assert.deepEqual([error.status, error.code], [400, code], JSON.stringify(body).slice(0, 60));
    }
  });

  test('another method, and a second initialize', async () => {
    const client = await connected();
    const put = await refused(client, { target: '/mcp', method: 'PUT', headers: client.headers });
    assert.equal(put.status, 405);
    assert.equal(put.headers?.allow, 'GET, POST, DELETE');
    const again = { jsonrpc: '2.0', id: 2, method: 'initialize', params: {} };
    assert.equal((await refused(client, client.asked(again))).status, 400);
  });

  test('the session that was silent longest, where there are too many', async () => {
    const client = await connected();
    const headers = { ...client.headers };
    for (let n = 0; n < 1_000; n += 1) {
      client.headers = {};
      await client.connect();
    }
    assert.equal(
      (await refused(client, { ...client.asked(ping), headers: { ...BOTH, ...headers } })).status,
      404,
    );
    assert.equal((await streamOf(client.handler, client.asked(ping))).kind, 'stream');
  });
});
