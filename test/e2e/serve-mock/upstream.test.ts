import assert from 'node:assert/strict';
import { closeSync, openSync } from 'node:fs';
import { createServer } from 'node:net';
import { describe, type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { certificates, pemFiles } from '../harness/certificates.ts';
import { type CliOptions, startCli } from '../harness/cli.ts';
import { tail } from '../harness/command.ts';
import { http2Server } from '../harness/http2-server.ts';
import { listen as listening } from '../harness/listening.ts';
import { type RunningMock, startMockWith } from '../harness/mock.ts';
import type { RawConnection } from '../harness/raw-connection.ts';
import { rawServer } from '../harness/raw-server.ts';
import { endings, ids, recordsOfType } from '../harness/records.ts';
import { until } from '../harness/until.ts';
import { answer, chunk, head, LAST_CHUNK, streamHead } from '../harness/wire.ts';
import { measured, peakMemoryMb } from '../hostile/measured.ts';
import { pour } from '../hostile/pour.ts';

const MB = 1024 ** 2;

/** A proxy of this upstream. */
const proxying = (
  t: TestContext,
  url: string,
  flags: string[] = [],
  options: CliOptions = {},
): Promise<RunningMock> => startMockWith(t, ['--upstream', url, ...flags], options);

const listen = (url: string, ...words: string[]) => tail(url, '--format', 'ndjson', ...words);
const data = (outcome: { stdout: string }) => recordsOfType(outcome, 'event').map((record) => record.data);

/** A server that answers each request with these writes, then does what is left to do. */
function upstream(
  t: TestContext,
  writes: readonly string[],
  last: (client: RawConnection) => unknown = () => {},
) {
  return rawServer(t, async (client) => {
    await client.request();
    for (const bytes of writes) await client.write(bytes);
    await last(client);
  });
}

const EVENTS = [
  'id: 1\ndata: a\n\n',
  ': ping\n',
  'id: 2\r\ndata: é\r\n\r\n',
  'id: 3\rdata: c\r\r',
  'x: y\n\n',
];

describe('serve-mock --upstream', () => {
  test('passes a stream on byte for byte, and what was asked for', async (t) => {
    const server = await upstream(t, [streamHead.chunked, ...EVENTS.map(chunk), LAST_CHUNK]);
    const { url } = await proxying(t, `${server.url}/base`);
    const raw = await tail(`${url}events?a=1`, '--format', 'raw', '-H', 'X-Own: yes', '--last-event-id', '7');
    assert.equal(raw.stdout, EVENTS.join(''));
    assert.equal(raw.code, 0);
    const [request] = server.requests;
    assert.equal(request?.target, '/base/events?a=1');
    assert.equal(request.header('x-own'), 'yes');
    assert.equal(request.header('accept'), 'text/event-stream');
    assert.equal(request.header('last-event-id'), '7');
    assert.equal(request.header('x-forwarded-for'), '127.0.0.1');
  });

  test('passes on each read at once, events or not', async (t) => {
    let upstreamClient: RawConnection | undefined;
    const server = await upstream(t, [streamHead.chunked], (client) => {
      upstreamClient = client;
    });
    const { url } = await proxying(t, server.url);
    const client = startCli(['listen', url, '--format', 'raw']);
    await until(() => upstreamClient !== undefined, 'the request');
    for (const part of ['da', 'ta: one\n', '\n', ': ping']) {
      await upstreamClient?.write(chunk(part));
      await until(
        () => client.stdout.endsWith(part),
        () => `${part} to come through: ${client.stdout}`,
      );
    }
    client.signal('SIGINT');
    await client.ended;
  });

  const verdicts: [
    what: string,
    reason: string,
    code: number,
    headText: string,
    end: (c: RawConnection) => unknown,
  ][] = [
    ['in order', 'eof', 0, streamHead.chunked, (client) => client.write(LAST_CHUNK)],
    ['in order, with its connection', 'eof', 0, streamHead.close, (client) => client.finish()],
    ['short of its last chunk', 'truncated', 18, streamHead.chunked, (client) => client.finish()],
    ['with a reset', 'reset', 56, streamHead.chunked, (client) => client.reset()],
    ['with a reset of a body without length', 'reset', 56, streamHead.close, (client) => client.reset()],
  ];
  for (const [what, reason, code, headText, end] of verdicts) {
    test(`ends as the upstream ended: ${what}`, async (t) => {
      const first = headText === streamHead.close ? 'data: a\n\n' : chunk('data: a\n\n');
      const server = await upstream(t, [headText, first], async (client) => {
        // The reset must not overtake what was written.
        await until(() => asked.stdout.includes('"event"'), 'the event to arrive');
        await end(client);
      });
      const { url } = await proxying(t, server.url);
      const asked = startCli(['listen', url, '--format', 'ndjson']);
      const outcome = await asked.ended;
      assert.deepEqual(endings(outcome), [reason]);
      assert.equal(outcome.code, code);
    });
  }

  test('lets faults into the stream that passes, which know its events', async (t) => {
    const server = await upstream(t, [
      streamHead.chunked,
      chunk(EVENTS.join('').slice(0, 20)),
      chunk(EVENTS.join('').slice(20)),
      LAST_CHUNK,
    ]);
    const { url } = await proxying(t, server.url, ['--fault', 'conn:1:truncate@3', '--seed', '1']);
    const cases: [query: string, ids: string[], code: number][] = [
      ['client=1', ['1', '2'], 18],
      // Another connection of the same client: the fault was for the first.
      ['client=1', ['1', '2', '3'], 0],
      ['client=2&fault=conn:1:drop@2', ['1'], 18],
      ['client=3&fault=conn:1:dup@1', ['1', '1', '2'], 18],
    ];
    for (const [query, seen, code] of cases) {
      const outcome = await listen(`${url}?${query}`);
      assert.deepEqual([ids(outcome), outcome.code], [seen, code], query);
    }
    const split = await listen(`${url}?client=1&fault=split%3Dutf8&split-gap=300ms`);
    const [, second] = recordsOfType(split, 'event');
    assert.equal(second?.data, 'é');
    assert.ok(Number(second.reads) >= 2, 'the character came in one read');
    assert.equal((await listen(`${url}?client=4&fault=reset@2`)).code, 56);
    assert.ok(server.requests.every(({ target }) => !target.includes('fault')));
  });

  test('leaves the blocks that no fault concerns as they were', async (t) => {
    const server = await upstream(t, [streamHead.chunked, ...EVENTS.map(chunk), LAST_CHUNK]);
    const { url } = await proxying(t, server.url, ['--fault', 'drop@100']);
    assert.equal((await tail(url, '--format', 'raw')).stdout, EVENTS.join(''));
  });

  test('passes on what is no stream: status, headers, body, and a redirect that stays here', async (t) => {
    const server = await rawServer(t, async (client) => {
      const { target } = await client.request();
      if (target === '/page') await client.write(answer('404 Not Found', { 'X-Own': 'yes' }, 'no such page'));
      else await client.write(answer('302 Found', { Location: `${server.url}/page` }));
    });
    const { url } = await proxying(t, server.url, ['--fault', 'truncate@1']);
    const page = await fetch(`${url}page`);
    assert.deepEqual(
      [page.status, page.headers.get('x-own'), await page.text()],
      [404, 'yes', 'no such page'],
    );
    assert.equal(page.headers.get('content-length'), '12');
    const moved = await fetch(url, { redirect: 'manual' });
    assert.deepEqual([moved.status, moved.headers.get('location')], [302, '/page']);
    const head = await fetch(`${url}page`, { method: 'HEAD' });
    assert.deepEqual([head.status, await head.text()], [404, '']);
  });

  test('sends a body on', async (t) => {
    const server = await rawServer(t, async (client) => {
      const { body } = await client.request();
      await client.write(
        answer('200 OK', { 'Content-Type': 'application/json' }, body.toString().toUpperCase()),
      );
    });
    const { url } = await proxying(t, server.url);
    const answered = await fetch(url, { method: 'POST', body: 'hello' });
    assert.equal(await answered.text(), 'HELLO');
  });

  test('passes on a stream in a coding, without faults that need events', async (t) => {
    const body = gzipSync('data: a\n\n');
    const server = await upstream(
      t,
      [head('200 OK', { 'Content-Type': 'text/event-stream', 'Content-Encoding': 'gzip' })],
      async (client) => {
        await client.write(body);
        client.finish();
      },
    );
    const { url } = await proxying(t, server.url, ['--fault', 'drop@1']);
    const outcome = await listen(url, '--compressed');
    assert.deepEqual([data(outcome), outcome.code], [['a'], 0]);
  });

  test('leaves the upstream when its client leaves, before the headers and after', async (t) => {
    let gone = 0;
    const server = await rawServer(t, async (client) => {
      await client.request();
      if (client.number === 2) await client.write(streamHead.chunked);
      await client.left();
      gone += 1;
    });
    const { url } = await proxying(t, server.url);
    for (const number of [1, 2]) {
      const client = startCli(['listen', url, '-v']);
      await until(() => server.requests.length === number, 'the request');
      if (number === 2) await client.logged(/200/);
      client.signal('SIGINT');
      await client.ended;
      await until(() => gone === number, 'the upstream to be left');
    }
  });

  test('answers 502 with the reason while the upstream is down, and goes on when it is back', async (t) => {
    const down = await listening(t, createServer());
    await down.close();
    const { url } = await proxying(t, `http://127.0.0.1:${down.port}`);
    const refused = await fetch(url);
    assert.equal(refused.status, 502);
    const { error } = (await refused.json()) as { error: string };
    assert.match(
      error,
      new RegExp(`^the upstream http://127.0.0.1:${down.port} gave no answer: connection refused`),
    );
    assert.equal((await listen(url)).code, 5);
    await rawServer(
      t,
      async (client) => {
        await client.request();
        await client.write(streamHead.chunked + chunk('data: back\n\n') + LAST_CHUNK);
      },
      { port: down.port },
    );
    assert.deepEqual(data(await listen(url)), ['back']);
  });

  test('is no way in a circle', async (t) => {
    const first = await listening(t, createServer());
    await first.close();
    const { url } = await startMockWith(
      t,
      ['--upstream', `http://127.0.0.1:${first.port}`, '--port', String(first.port)],
      {},
    );
    const circle = await fetch(url);
    assert.equal(circle.status, 508);
    assert.match(await circle.text(), /leads back to this server/);
  });

  test('passes 400 MB on in bounded memory, and what faults look at too', async (t) => {
    const event = `data: ${'x'.repeat(4 * 1024 - 8)}\n\n`;
    const server = await rawServer(t, async (client) => {
      const { target } = await client.request();
      await client.write(streamHead.close);
      await pour(client, event.repeat(256), sizeMb(target));
      client.finish();
    });
    const sizeMb = (target: string) => (target === '/' ? 400 : 256);
    const { url, cli: proxy } = await proxying(t, server.url);
    const nowhere = openSync('/dev/null', 'w');
    t.after(() => closeSync(nowhere));
    for (const [query, events] of [
      ['', /102,?400/],
      ['faulty?fault=drop@2', /65,?535/],
    ] as const) {
      const run = await measured(['listen', `${url}${query}`, '--format', 'raw', '--summary'], {
        stdout: nowhere,
        deadlineMs: 120_000,
      });
      assert.equal(run.code, 0, run.stderr);
      assert.match(run.stderr, events);
      const peakMb = peakMemoryMb(proxy);
      assert.ok(peakMb > 20 && peakMb < 250, `${peakMb} MB resident at /${query}`);
    }
  });

  test('holds an upstream back whose client does not read', async (t) => {
    let sent = 0;
    const piece = `data: ${'x'.repeat(64 * 1024)}\n\n`;
    const server = await upstream(t, [streamHead.chunked], async (client) => {
      for (; !client.hasLeft && sent < 1024 * MB; sent += piece.length) await client.write(chunk(piece));
    });
    const { url, cli: proxy } = await proxying(t, server.url);
    const client = startCli(['listen', url, '--format', 'raw']);
    await client.printed(/data/);
    client.stopReading();
    let before = -1;
    await until(async () => {
      const stands = sent === before;
      before = sent;
      await new Promise((resolve) => setTimeout(resolve, 300));
      return stands;
    }, 'the upstream to stand still');
    assert.ok(sent < 100 * MB, `${sent} bytes went into buffers`);
    assert.ok(peakMemoryMb(proxy) < 250);
    client.keepReading();
    const mark = sent;
    await until(() => sent > mark + 10 * MB, 'the upstream to go on');
    client.signal('SIGINT');
    await client.ended;
  });
});

describe('serve-mock --upstream over TLS', () => {
  test('trusts what NODE_EXTRA_CA_CERTS names, and shows a certificate that is asked for', async (t) => {
    const { ca, leaf, client: identity } = await certificates();
    const tls = { ...leaf, ca: ca.cert, requestCert: true, rejectUnauthorized: true };
    const server = await rawServer(
      t,
      async (client) => {
        await client.request();
        await client.write(streamHead.chunked + chunk('data: secret\n\n') + LAST_CHUNK);
      },
      { tls },
    );
    const files = pemFiles({ ca: ca.cert, cert: identity.cert, key: identity.key });
    const flags = ['--upstream-cert', files.cert, '--upstream-key', files.key];
    const trusting = await proxying(t, server.url, flags, { env: { NODE_EXTRA_CA_CERTS: files.ca } });
    assert.deepEqual(data(await listen(trusting.url)), ['secret']);

    const wary = await proxying(t, server.url, flags);
    const refused = await fetch(wary.url);
    assert.equal(refused.status, 502);
    assert.match(await refused.text(), /the certificate of localhost.*NODE_EXTRA_CA_CERTS/);
  });

  test('speaks HTTP/2 with an upstream that has nothing else', async (t) => {
    const { ca, leaf } = await certificates();
    const server = await http2Server(
      t,
      (stream) => {
        stream.respond({ ':status': 200, 'content-type': 'text/event-stream' });
        stream.end('data: two\n\n');
      },
      leaf,
    );
    const files = pemFiles({ ca: ca.cert });
    const { url } = await proxying(t, server.url, [], { env: { NODE_EXTRA_CA_CERTS: files.ca } });
    const outcome = await listen(`${url}x?a=1`);
    assert.deepEqual([data(outcome), outcome.code], [['two'], 0]);
    assert.equal(server.requests[0]?.[':path'], '/x?a=1');
  });
});
