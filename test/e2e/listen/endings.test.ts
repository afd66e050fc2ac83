import assert from 'node:assert/strict';
import { constants } from 'node:http2';
import { describe, test } from 'node:test';
import { certificates } from '../harness/certificates.ts';
import { startCli } from '../harness/cli.ts';
import { tail } from '../harness/command.ts';
import { goAway, openHttp2Stream, resetStream } from '../harness/http2-frames.ts';
import { http2Server, respondWithEvents } from '../harness/http2-server.ts';
import type { RawConnection } from '../harness/raw-connection.ts';
import { rawServer } from '../harness/raw-server.ts';
import { endings, ids, recordsOfType } from '../harness/records.ts';
import { chunk, LAST_CHUNK, streamHead } from '../harness/wire.ts';

const EVENT = 'id: 1\ndata: one\n\n';

interface Case {
  title: string;
  code: number;
  reason: string;
  /** What the server does after it has read the request. */
  serve(client: RawConnection): Promise<void>;
}

const cases: Case[] = [
  {
    title: 'a chunked body with its last chunk is a clean end',
    code: 0,
    reason: 'eof',
    async serve(client) {
      await client.write(streamHead.chunked + chunk(EVENT) + LAST_CHUNK);
      client.finish();
    },
  },
  {
    title: 'a body of the promised length is a clean end',
    code: 0,
    reason: 'eof',
    async serve(client) {
      await client.write(streamHead.length(EVENT.length) + EVENT);
      client.finish();
    },
  },
  {
    title: 'a body that ends with the connection is a clean end',
    code: 0,
    reason: 'eof',
    async serve(client) {
      await client.write(streamHead.close + EVENT);
      client.finish();
    },
  },
  {
    title: 'a comment without its blank line cuts no event',
    code: 0,
    reason: 'eof',
    async serve(client) {
      await client.write(streamHead.chunked + chunk(`${EVENT}: bye\n`) + LAST_CHUNK);
      client.finish();
    },
  },
  {
    title: 'an end in the middle of an event',
    code: 18,
    reason: 'truncated',
    async serve(client) {
      await client.write(streamHead.chunked + chunk(`${EVENT}id: 2\ndata: tw`) + LAST_CHUNK);
      client.finish();
    },
  },
  {
    title: 'an end before the blank line of an event, with the connection',
    code: 18,
    reason: 'truncated',
    async serve(client) {
      await client.write(`${streamHead.close}${EVENT}id: 2\ndata: two\n`);
      client.finish();
    },
  },
  {
    title: 'a chunked body without its last chunk',
    code: 18,
    reason: 'truncated',
    async serve(client) {
      await client.write(streamHead.chunked + chunk(EVENT));
      client.finish();
    },
  },
  {
    title: 'a body shorter than its Content-Length',
    code: 18,
    reason: 'truncated',
    async serve(client) {
      await client.write(streamHead.length(1_000) + EVENT);
      client.finish();
    },
  },
  {
    title: 'a reset before the headers',
    code: 56,
    reason: 'reset',
    async serve(client) {
      client.reset();
    },
  },
  {
    title: 'a reset of a chunked body, together with its last data',
    code: 56,
    reason: 'reset',
    async serve(client) {
      await client.write(streamHead.chunked + chunk(EVENT));
      client.reset();
    },
  },
  {
    title: 'a reset of a body that ends with the connection, together with its last data',
    code: 56,
    reason: 'reset',
    async serve(client) {
      await client.write(streamHead.close + EVENT);
      client.reset();
    },
  },
];

describe('listen, by how the stream ends', () => {
  for (const { title, code, reason, serve } of cases) {
    test(`${title}: ${code}`, async (t) => {
      const server = await rawServer(t, async (client) => {
        await client.request();
        await serve(client);
        await client.left();
      });
      const outcome = await tail(server.url, '--format', 'ndjson');
      assert.deepEqual(endings(outcome), [reason]);
      assert.equal(outcome.code, code);
      assert.equal(server.connections, 1);
    });
  }

  for (const framing of ['chunked', 'close'] as const) {
    test(`a reset after an event was shown (${framing}): the event, then 56`, async (t) => {
      let shown = () => {};
      const seen = new Promise<void>((resolve) => {
        shown = resolve;
      });
      const server = await rawServer(t, async (client) => {
        await client.request();
        await client.write(streamHead[framing] + (framing === 'chunked' ? chunk(EVENT) : EVENT));
        await seen;
        client.reset();
      });
      const cli = startCli(['listen', server.url, '--format', 'ndjson']);
      await cli.printed(/"type":"event"/);
      shown();
      const outcome = await cli.ended;
      assert.deepEqual(endings(outcome), ['reset']);
      assert.equal(outcome.code, 56);
    });
  }

  test('says in words that an end with the connection proves nothing', async (t) => {
    const server = await rawServer(t, async (client) => {
      await client.request();
      await client.write(streamHead.close + EVENT);
      client.finish();
    });
    const { code, stderr } = await tail(server.url);
    assert.equal(code, 0);
    assert.match(stderr, /ended with the connection/);
    assert.match(stderr, /can't be proven/);
  });
});

describe('listen, by how an HTTP/2 stream ends', () => {
  const flags = ['--http2-prior-knowledge', '--format', 'ndjson'];

  test('END_STREAM is a clean end', async (t) => {
    const server = await http2Server(t, async (stream) => {
      await respondWithEvents(stream, EVENT);
      stream.end();
    });
    const outcome = await tail(server.url, ...flags);
    assert.deepEqual(endings(outcome), ['eof']);
    assert.equal(outcome.code, 0);
    assert.equal(recordsOfType(outcome, 'open')[0]?.framing, 'h2');
  });

  for (const name of ['NGHTTP2_CANCEL', 'NGHTTP2_INTERNAL_ERROR'] as const) {
    test(`RST_STREAM is a reset: 56 (${name})`, async (t) => {
      const server = await rawServer(t, async (client) => {
        await openHttp2Stream(client, EVENT);
        await resetStream(client, constants[name]);
        await client.left();
      });
      const outcome = await tail(server.url, ...flags);
      assert.deepEqual(ids(outcome), ['1']);
      assert.deepEqual(endings(outcome), ['reset']);
      assert.equal(outcome.code, 56);
    });
  }

  test('GOAWAY alone ends nothing', async (t) => {
    const server = await http2Server(t, async (stream, session) => {
      await respondWithEvents(stream, EVENT);
      session.goaway();
      // The answer to a ping proves that the client has read the GOAWAY.
      session.ping(() => stream.end('id: 2\ndata: two\n\n'));
    });
    const outcome = await tail(server.url, ...flags);
    assert.deepEqual(ids(outcome), ['1', '2']);
    assert.deepEqual(endings(outcome), ['eof']);
    assert.equal(outcome.code, 0);
  });

  test('GOAWAY with an error, and the end of the connection: 56', async (t) => {
    const server = await rawServer(t, async (client) => {
      await openHttp2Stream(client, EVENT);
      await goAway(client, constants.NGHTTP2_ENHANCE_YOUR_CALM);
      client.finish();
      await client.left();
    });
    const outcome = await tail(server.url, ...flags);
    assert.deepEqual(endings(outcome), ['reset']);
    assert.equal(outcome.code, 56);
  });

  test('a connection that ends under the stream is a transfer cut short: 18', async (t) => {
    const server = await rawServer(t, async (client) => {
      await openHttp2Stream(client, EVENT);
      client.finish();
      await client.left();
    });
    const outcome = await tail(server.url, ...flags);
    assert.deepEqual(endings(outcome), ['truncated']);
    assert.equal(outcome.code, 18);
  });

  test('a connection that is reset under the stream is a reset: 56', async (t) => {
    let shown = () => {};
    const seen = new Promise<void>((resolve) => {
      shown = resolve;
    });
    const server = await rawServer(t, async (client) => {
      await openHttp2Stream(client, EVENT);
      await seen;
      client.reset();
    });
    const cli = startCli(['listen', server.url, ...flags]);
    await cli.printed(/"type":"event"/);
    shown();
    const outcome = await cli.ended;
    assert.deepEqual(endings(outcome), ['reset']);
    assert.equal(outcome.code, 56);
  });

  test('is chosen by ALPN over TLS', async (t) => {
    const { leaf } = await certificates();
    const script = async (stream: Parameters<typeof respondWithEvents>[0]) => {
      await respondWithEvents(stream, EVENT);
      stream.end();
    };
    const server = await http2Server(t, script, leaf);
    const outcome = await tail(server.url, '-k', '--format', 'ndjson');
    assert.equal(outcome.code, 0);
    assert.equal(recordsOfType(outcome, 'open')[0]?.http, '2');
  });
});
