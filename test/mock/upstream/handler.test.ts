import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { describe, type TestContext, test } from 'node:test';
import { SseKitError } from '../../../src/client/errors.ts';
import type { RelayAnswer } from '../../../src/mock/answer.ts';
import { RequestError } from '../../../src/mock/request.ts';
import type { Step } from '../../../src/mock/step.ts';
import { upstreamHandler } from '../../../src/mock/upstream/handler.ts';
import { certificates } from '../../e2e/harness/certificates.ts';
import { listen } from '../../e2e/harness/listening.ts';
import type { RawConnection } from '../../e2e/harness/raw-connection.ts';
import { rawServer } from '../../e2e/harness/raw-server.ts';
import { until } from '../../e2e/harness/until.ts';
import { answer, chunk, head, LAST_CHUNK, streamHead } from '../../e2e/harness/wire.ts';
import { type Asked, requestOf } from '../presets/asked.ts';

/** Asks a proxy of this upstream; what it answered must be passed back. */
async function relayed(url: string, asked: Asked = {}): Promise<RelayAnswer> {
  const handler = await upstreamHandler({ url: new URL(url) });
  const found = await handler(requestOf(asked));
  assert.equal(found.kind, 'relay');
  return found as RelayAnswer;
}

async function next({ schedule }: RelayAnswer): Promise<Step | undefined> {
  const result = await schedule.next();
  return result.done === true ? undefined : result.value;
}

/** Takes steps up to the ending. */
async function whole(relay: RelayAnswer): Promise<{ body: string; how: string }> {
  let body = '';
  for (;;) {
    const step = await next(relay);
    if (step?.kind === 'bytes') body += Buffer.from(step.bytes).toString();
    else return { body, how: step?.kind === 'end' ? step.how : String(step?.kind) };
  }
}

function upstream(t: TestContext, script: (client: RawConnection) => Promise<void> | void) {
  return rawServer(t, async (client) => {
    await client.request();
    await script(client);
  });
}

describe('a request to an upstream', () => {
  test('is what the client sent: method, path, query, headers and body', async (t) => {
    const server = await upstream(t, (client) => client.write(answer('200 OK', {}, 'ok')));
    await relayed(`${server.url}/api?key=1`, {
      target: '/chat?a=1',
      headers: { accept: 'text/event-stream', 'last-event-id': '7', 'accept-encoding': 'gzip', host: 'mock' },
      body: { stream: true },
    });
    const [request] = server.requests;
    assert.equal(request?.method, 'POST');
    assert.equal(request.target, '/api/chat?key=1&a=1');
    assert.equal(request.body.toString(), '{"stream":true}');
    assert.equal(request.header('accept'), 'text/event-stream');
    assert.equal(request.header('last-event-id'), '7');
    assert.equal(request.header('host'), new URL(server.url).host);
    assert.equal(request.header('accept-encoding'), undefined);
    assert.equal(request.header('x-forwarded-for'), '127.0.0.1');
    assert.match(request.header('via') ?? '', /^1\.1 ssekit-[0-9a-f]{8}$/);
  });

  test('carries the user and password of its URL', async (t) => {
    const server = await upstream(t, (client) => client.write(answer('200 OK')));
    await relayed(server.url.replace('//', '//us%40er:100%@'));
    assert.equal(server.requests[0]?.header('authorization'), `Basic ${btoa('us@er:100%')}`);
  });

  test('that went in a circle is refused', async (t) => {
    let via = '';
    const server = await rawServer(t, async (client) => {
      via = (await client.request()).header('via') ?? '';
      await client.write(answer('200 OK'));
    });
    const handler = await upstreamHandler({ url: new URL(server.url) });
    await handler(requestOf());
    await assert.rejects(async () => handler(requestOf({ headers: { via: `1.0 other, ${via}` } })), {
      status: 508,
      message: `the upstream ${server.url} leads back to this server`,
    });
  });
});

describe('the answer of an upstream', () => {
  test('comes read by read, each at once, byte for byte', async (t) => {
    let write: (bytes: string) => Promise<void> = async () => {};
    const server = await upstream(t, async (client) => {
      write = (bytes) => client.write(bytes);
      await client.write(streamHead.chunked);
    });
    const relay = await relayed(server.url);
    assert.deepEqual([relay.status, relay.live, relay.content], [200, true, 'events']);
    for (const part of ['da', 'ta: é\n', '\n: x\r', '\n']) {
      const step = next(relay);
      await write(chunk(part));
      const found = await step;
      assert.equal(found?.kind === 'bytes' && Buffer.from(found.bytes).toString(), part);
    }
    const end = next(relay);
    await write(LAST_CHUNK);
    assert.deepEqual(await end, { kind: 'end', how: 'eof', afterMs: 0 });
  });

  const endings: [what: string, headText: string, end: (client: RawConnection) => unknown, how: string][] = [
    ['its last chunk', streamHead.chunked, (client) => client.write(LAST_CHUNK), 'eof'],
    ['the end of its connection, where that ends it', streamHead.close, (client) => client.finish(), 'eof'],
    [
      'the end of its connection before its last chunk',
      streamHead.chunked,
      (client) => client.finish(),
      'cut',
    ],
    ['a reset', streamHead.chunked, (client) => client.reset(), 'reset'],
    [
      'a reset, where the end of its connection would end it',
      streamHead.close,
      (client) => client.reset(),
      'reset',
    ],
    ['what is no chunk', streamHead.chunked, (client) => client.write('nonsense\r\n'), 'cut'],
  ];
  for (const [what, headText, end, how] of endings) {
    test(`that ends by ${what} ends as ${how}`, async (t) => {
      let go = () => {};
      const server = await upstream(t, async (client) => {
        await client.write(headText + (headText === streamHead.close ? 'data: a\n\n' : chunk('data: a\n\n')));
        await new Promise<void>((resolve) => {
          go = resolve;
        });
        await end(client);
      });
      const relay = await relayed(server.url);
      assert.equal((await next(relay))?.kind, 'bytes');
      go();
      assert.deepEqual(await whole(relay), { body: '', how });
    });
  }

  test('that is no stream passes as it is: status, headers, length, body', async (t) => {
    const server = await upstream(t, (client) =>
      client.write(answer('404 Not Found', { 'Content-Type': 'text/html', 'X-Own': 'yes' }, '<h1>no</h1>')),
    );
    const relay = await relayed(server.url);
    assert.deepEqual([relay.status, relay.content], [404, 'other']);
    assert.deepEqual(relay.headers, [
      ['Content-Type', 'text/html'],
      ['X-Own', 'yes'],
      ['Content-Length', '11'],
    ]);
    assert.deepEqual(await whole(relay), { body: '<h1>no</h1>', how: 'eof' });
  });

  test('to HEAD has no body, whatever its length says', async (t) => {
    const server = await upstream(t, (client) => client.write(head('200 OK', { 'Content-Length': 99 })));
    assert.deepEqual(await whole(await relayed(server.url, { method: 'HEAD' })), { body: '', how: 'eof' });
  });

  test("that is a redirect is the client's to follow", async (t) => {
    const server = await rawServer(t, async (client) => {
      await client.request();
      await client.write(answer('302 Found', { Location: `${server.url}/next` }));
    });
    const relay = await relayed(server.url);
    assert.equal(relay.status, 302);
    assert.deepEqual(relay.headers[0], ['Location', '/next']);
    assert.equal(server.connections, 1);
  });

  test('that nobody takes is not read any further', async (t) => {
    const block = chunk('x'.repeat(64 * 1024));
    let sent = 0;
    const server = await upstream(t, async (client) => {
      await client.write(streamHead.chunked);
      while (!client.hasLeft && sent < 100_000_000) {
        await client.write(block);
        sent += block.length;
      }
    });
    const relay = await relayed(server.url);
    await next(relay);
    let before = -1;
    await until(async () => {
      const isStill = sent === before;
      before = sent;
      await new Promise((resolve) => setTimeout(resolve, 100));
      return isStill;
    }, 'the upstream to stand still');
    assert.ok(sent < 50_000_000, `${sent} bytes went into buffers`);
    const goal = sent + 5 * block.length;
    for (let taken = 0; taken < goal; ) {
      const step = await next(relay);
      assert.ok(step?.kind === 'bytes');
      taken += step.bytes.length;
    }
    await relay.schedule.return?.();
  });
});

describe('a client that leaves an upstream', () => {
  test('leaves it at once, while it waits for the headers or in mid-stream', async (t) => {
    const server = await rawServer(t, async (client) => {
      await client.request();
      if (client.number === 2) await client.write(streamHead.chunked);
      await client.left();
      gone += 1;
    });
    let gone = 0;
    const handler = await upstreamHandler({ url: new URL(server.url) });
    let leave = () => {};
    const waiting = handler({
      ...requestOf(),
      onLeave: (callback) => {
        leave = callback;
      },
    });
    await until(() => server.requests.length === 1, 'the request');
    leave();
    assert.deepEqual(await waiting, { kind: 'hang-up', how: 'cut' });
    await until(() => gone === 1, 'the upstream to see that it was left');

    const relay = await relayed(server.url);
    const pending = next(relay);
    await relay.schedule.return?.();
    assert.equal(await pending, undefined);
    await until(() => gone === 2, 'the upstream to see that it was left');
  });
});

describe('an upstream that gives no answer', () => {
  async function refused(url: string): Promise<RequestError> {
    const handler = await upstreamHandler({ url: new URL(url) });
    try {
      await handler(requestOf());
    } catch (error) {
      assert.ok(error instanceof RequestError, String(error));
      return error;
    }
    return assert.fail('it was answered');
  }

  test('is 502 with the reason: it is down', async (t) => {
    const { port, close } = await listen(t, createServer());
    await close();
    const error = await refused(`http://user:secret@127.0.0.1:${port}/x`);
    assert.equal(error.status, 502);
    assert.equal(
      error.message,
      `the upstream http://127.0.0.1:${port} gave no answer: connection refused by 127.0.0.1:${port}`,
    );
  });

  const cases: [what: string, script: (client: RawConnection) => unknown, message: RegExp][] = [
    ['it hangs up', (client) => client.finish(), /closed the connection without an answer$/],
    ['it resets the connection', (client) => client.reset(), /the connection was reset before it answered$/],
    ['it speaks something else', (client) => client.write('220 smtp ready\r\n'), /not valid HTTP/],
  ];
  for (const [what, script, message] of cases) {
    test(`is 502 with the reason: ${what}`, async (t) => {
      const server = await upstream(t, (client) => void script(client));
      const error = await refused(server.url);
      assert.equal(error.status, 502);
      assert.match(error.message, message);
    });
  }

  test('is 502 with the way out where its certificate is not trusted', async (t) => {
    const tls = (await certificates()).leaf;
    const server = await rawServer(t, () => {}, { tls });
    const error = await refused(server.url);
    assert.equal(error.status, 502);
    assert.match(error.message, /certificate of localhost is not trusted.*NODE_EXTRA_CA_CERTS/);
  });
});

describe('an upstream that can never be reached', () => {
  const isUsage = (message: RegExp) => (error: unknown) => {
    assert.ok(error instanceof SseKitError);
    assert.equal(error.exitCode, 2);
    assert.match(error.message, message);
    return true;
  };

  test('is refused at the start for its scheme', async () => {
    await assert.rejects(
      upstreamHandler({ url: new URL('ftp://u:p@h/') }),
      isUsage(/--upstream ftp:.*•••.*only http/),
    );
  });

  test('is refused at the start for a certificate that is none, or of another key', async () => {
    const { client, leaf } = await certificates();
    const url = new URL('https://localhost/');
    await assert.rejects(
      upstreamHandler({ url, cert: 'none', key: client.key }),
      isUsage(/certificate or key/),
    );
    await assert.rejects(
      upstreamHandler({ url, cert: client.cert, key: leaf.key }),
      isUsage(/certificate or key/),
    );
  });
});
