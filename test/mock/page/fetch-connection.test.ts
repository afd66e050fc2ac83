import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, type TestContext, test } from 'node:test';
import type { ConnectionSink } from '../../../src/mock/page/browser/connection.ts';
import { FetchConnection } from '../../../src/mock/page/browser/fetch-connection.ts';
import { until } from '../../e2e/harness/until.ts';

type Serve = (response: ServerResponse, request: IncomingMessage, attempt: number) => void;

/** What the page hears of a server that answers so; attempts are counted from 1. */
async function connect(t: TestContext, serve: Serve) {
  let attempts = 0;
  const server = createServer((request, response) => {
    attempts += 1;
    serve(response, request, attempts);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const told: string[] = [];
  const tell =
    (kind: string) =>
    (...words: unknown[]) => {
      told.push([kind, ...words.filter((word) => word !== undefined)].join(' '));
    };
  const sink: ConnectionSink = {
    connecting: tell('connecting'),
    open: tell('open'),
    event: ({ name, data }, lastEventId) => tell('event')(name, data, lastEventId),
    comment: tell('comment'),
    retry: tell('retry'),
    bytes: () => {},
    lost: tell('lost'),
    closed: tell('closed'),
  };
  const { port } = server.address() as AddressInfo;
  const connection = new FetchConnection(`http://127.0.0.1:${port}/events`, sink);
  t.after(() => {
    connection.close();
    server.closeAllConnections();
    server.close();
  });
  const heard = (text: string) =>
    until(
      () => told.some((each) => each.startsWith(text)),
      () => `“${text}” among ${JSON.stringify(told)}`,
    );
  return { told, heard, connection, attempts: () => attempts };
}

function stream(response: ServerResponse, ...pieces: string[]): void {
  response.writeHead(200, { 'Content-Type': 'text/event-stream' });
  for (const piece of pieces) response.write(piece);
}

describe('a stream read by fetch', () => {
  test('tells of events of every name, comments and reconnection times', async (t) => {
    const { told, heard } = await connect(t, (response) => {
      stream(response, ': hello\n\nretry: 10\n\n', 'event: anything\nid: 7\nda', 'ta: 1\n\ndata: 2\n\n');
    });
    await heard('event message');
    assert.deepEqual(told, [
      'connecting',
      'open 200 · text/event-stream',
      'comment hello',
      'retry 10',
      'event anything 1 7',
      'event message 2 7',
    ]);
  });

  test('reconnects after an end, in the time that the server named, behind the last id', async (t) => {
    const asked: string[] = [];
    const { told, heard } = await connect(t, (response, request, attempt) => {
      asked.push(Buffer.from(String(request.headers['last-event-id'] ?? ''), 'latin1').toString());
      stream(response, `retry: 10\nid: ż${attempt}\n\n`);
      if (attempt < 3) response.end();
    });
    await heard('lost');
    assert.equal(told.at(-1), 'lost ended in order 10');
    await until(() => asked.length === 3);
    assert.deepEqual(asked, ['', 'ż1', 'ż2']);
  });

  test('says how a stream ended: within an event, or broken off', async (t) => {
    const { heard } = await connect(t, (response, _, attempt) => {
      stream(response, 'retry: 10\n\n', 'data: 1\n');
      if (attempt === 1) response.end();
      else setTimeout(() => response.socket?.resetAndDestroy(), 20);
    });
    await heard('lost ended inside an event, which is lost 10');
    await heard('lost broken off: a reset, or a transfer cut short 10');
  });

  test('tries again where no answer came', async (t) => {
    const { heard } = await connect(t, (response, _, attempt) => {
      if (attempt === 2) response.socket?.destroy();
      else stream(response, 'retry: 10\n\n');
      if (attempt === 1) response.end();
    });
    await heard('lost no answer: the connection failed before one came 10');
    await heard('open');
  });

  for (const { title, head, body, says } of [
    {
      title: 'a 204',
      head: { status: 204 },
      body: '',
      says: 'closed 204: the server asks clients to stop 204',
    },
    {
      title: 'an error, which it quotes',
      head: { status: 503, type: 'application/json' },
      body: '{"error":"busy"}',
      says: 'closed HTTP 503; EventSource gives up at it: {"error":"busy"} 503',
    },
    {
      title: 'another type',
      head: { status: 200, type: 'text/html' },
      body: '<h1>Hello</h1>',
      says: 'closed not an event stream but text/html; EventSource gives up at it: <h1>Hello</h1> 200',
    },
  ]) {
    test(`gives up at ${title}`, async (t) => {
      const { told, heard, attempts } = await connect(t, (response) => {
        response.writeHead(head.status, head.type === undefined ? {} : { 'Content-Type': head.type });
        response.end(body);
      });
      await heard('closed');
      assert.equal(told.at(-1), says);
      assert.equal(attempts(), 1);
    });
  }

  test('doesn’t wait for what an error has to say', async (t) => {
    const { told, heard } = await connect(t, (response) => {
      response.writeHead(500);
      response.flushHeaders();
    });
    await heard('closed');
    assert.equal(told.at(-1), 'closed HTTP 500; EventSource gives up at it 500');
  });

  test('gives up an event without end, in bounded memory', async (t) => {
    const { heard } = await connect(t, (response) => {
      stream(response, 'data: ');
      const piece = 'x'.repeat(1024 * 1024);
      const more = () => {
        while (response.writable && response.write(piece));
      };
      response.on('drain', more);
      more();
    });
    await heard('closed given up: an event is larger than 16777216 characters');
  });

  test('closed, says nothing more and leaves the connection', async (t) => {
    let gone = false;
    const { told, heard, connection } = await connect(t, (response) => {
      response.on('close', () => {
        gone = true;
      });
      stream(response, 'data: 1\n\n');
    });
    await heard('event');
    const before = told.length;
    connection.close();
    await until(() => gone);
    assert.equal(told.length, before);
  });
});
