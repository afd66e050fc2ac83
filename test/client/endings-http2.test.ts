import assert from 'node:assert/strict';
import { constants } from 'node:http2';
import { describe, test } from 'node:test';
import type { CloseInfo } from '../../src/client/records.ts';
import { goAway, openHttp2Stream, resetStream } from '../e2e/harness/http2-frames.ts';
import { http2Server, respondWithEvents } from '../e2e/harness/http2-server.ts';
import type { RawConnection } from '../e2e/harness/raw-connection.ts';
import { rawServer } from '../e2e/harness/raw-server.ts';
import { answer } from '../e2e/harness/wire.ts';
import { attempt, requestOf, start } from './recorded-attempt.ts';

const EVENT = 'data: one\n\n';
const priorKnowledge = { connection: { http: '2-prior-knowledge' } } as const;

const resets = [
  ['CANCEL', constants.NGHTTP2_CANCEL],
  ['INTERNAL_ERROR', constants.NGHTTP2_INTERNAL_ERROR],
  ['REFUSED_STREAM', constants.NGHTTP2_REFUSED_STREAM],
] as const;

/** What the client says of a server that opens a stream by hand-made frames, with one event, and then does this. */
async function closeAfter(
  t: Parameters<typeof rawServer>[0],
  end: (client: RawConnection) => Promise<void> | void,
): Promise<CloseInfo> {
  const server = await rawServer(t, async (client) => {
    await openHttp2Stream(client, EVENT);
    await end(client);
  });
  return (await attempt(t, server.url, priorKnowledge)).close;
}

describe('the end over HTTP/2:', () => {
  // The first of the file: the code for HTTP/2 is being loaded while the reset comes.
  test('RST as soon as the connection stands is a failure of the attempt alone, every time', async (t) => {
    const server = await rawServer(t, async (client) => {
      await new Promise(setImmediate);
      client.reset();
    });
    for (let tries = 0; tries < 50; tries++) {
      const { close } = await attempt(t, server.url, priorKnowledge);
      assert.ok(['reset', 'connect_error'].includes(close.reason), close.reason);
    }
  });

  test('END_STREAM is a clean end', async (t) => {
    const server = await http2Server(t, async (stream) => {
      await respondWithEvents(stream, EVENT);
      stream.end();
    });
    const { recording, close } = await attempt(t, server.url, priorKnowledge);
    assert.equal(close.reason, 'eof');
    assert.equal(close.framing, 'h2');
    assert.deepEqual(recording.data, ['one']);
    assert.equal(recording.opens[0]?.http, '2');
  });

  test('END_STREAM inside an event is a truncation that tells the lost bytes', async (t) => {
    const server = await http2Server(t, async (stream) => {
      await respondWithEvents(stream, `${EVENT}data: lost`);
      stream.end();
    });
    const { close } = await attempt(t, server.url, priorKnowledge);
    assert.equal(close.reason, 'truncated');
    assert.equal(close.pendingBytes, 10);
    assert.equal(close.error?.exitCode, 18);
  });

  test('RST_STREAM with NO_ERROR is a clean end: the server only wants no more of the request', async (t) => {
    const close = await closeAfter(t, (client) => resetStream(client, constants.NGHTTP2_NO_ERROR));
    assert.equal(close.reason, 'eof');
    assert.equal(close.events, 1);
  });

  for (const [name, code] of resets) {
    test(`RST_STREAM with ${name} is a reset that names the code`, async (t) => {
      const close = await closeAfter(t, (client) => resetStream(client, code));
      assert.equal(close.reason, 'reset');
      assert.equal(close.error?.exitCode, 56);
      assert.match(close.error?.message ?? '', new RegExp(`RST_STREAM with ${name}, after 1 event`));
    });
  }

  test('RST_STREAM with INTERNAL_ERROR is a reset although the connection ends behind it', async (t) => {
    const close = await closeAfter(t, async (client) => {
      await resetStream(client, constants.NGHTTP2_INTERNAL_ERROR);
      client.finish();
    });
    assert.equal(close.reason, 'reset', close.error?.message);
  });

  test('GOAWAY with an error is a reset that names it', async (t) => {
    const close = await closeAfter(t, (client) => goAway(client, constants.NGHTTP2_ENHANCE_YOUR_CALM));
    assert.equal(close.reason, 'reset');
    assert.match(close.error?.message ?? '', /GOAWAY with ENHANCE_YOUR_CALM/);
  });

  test('a graceful GOAWAY ends nothing: events go on until END_STREAM', async (t) => {
    const server = await http2Server(t, async (stream, session) => {
      await respondWithEvents(stream, EVENT);
      session.goaway(constants.NGHTTP2_NO_ERROR);
      await recording.received(1);
      await new Promise((written) => stream.write('data: two\n\n', written));
      await recording.received(2);
      stream.end('data: three\n\n');
    });
    const { recording } = start(t, requestOf(server.url, priorKnowledge));
    const close = await recording.ended();
    assert.equal(close.reason, 'eof');
    assert.deepEqual(recording.data, ['one', 'two', 'three']);
  });

  test('FIN in the middle of a stream is a truncation', async (t) => {
    const close = await closeAfter(t, (client) => client.finish());
    assert.equal(close.reason, 'truncated', close.error?.message);
    assert.equal(close.error?.exitCode, 18);
    assert.equal(close.events, 1);
  });

  test('a graceful GOAWAY and FIN in the middle of a stream are a truncation', async (t) => {
    const close = await closeAfter(t, async (client) => {
      await goAway(client, constants.NGHTTP2_NO_ERROR);
      client.finish();
    });
    assert.equal(close.reason, 'truncated', close.error?.message);
  });

  test('RST of the connection in the middle of a stream is a reset, every time', async (t) => {
    const server = await rawServer(t, async (client) => {
      await openHttp2Stream(client, EVENT);
      client.reset();
    });
    for (let tries = 0; tries < 50; tries++) {
      const { close } = await attempt(t, server.url, priorKnowledge);
      assert.equal(close.reason, 'reset', `try ${tries}: ${close.error?.message}`);
      assert.equal(close.error?.exitCode, 56);
    }
  });

  test('FIN as soon as the connection stands is an empty reply, every time', async (t) => {
    const server = await rawServer(t, (client) => client.finish());
    for (let tries = 0; tries < 50; tries++) {
      const { close } = await attempt(t, server.url, { ...priorKnowledge, idleTimeoutMs: 1000 });
      assert.equal(close.reason, 'protocol', `try ${tries}: ${close.error?.message}`);
      assert.equal(close.error?.exitCode, 52);
    }
  });

  test('an answer in HTTP/1.1 is no HTTP/2', async (t) => {
    const server = await rawServer(t, async (client) => {
      await client.write(answer('400 Bad Request'));
      client.finish();
    });
    const { close } = await attempt(t, server.url, priorKnowledge);
    assert.equal(close.reason, 'protocol', close.error?.message);
    assert.equal(close.error?.exitCode, 8);
  });

  test('a status that is no stream is told with its body', async (t) => {
    const server = await http2Server(t, (stream) => {
      stream.respond({ ':status': 404, 'content-type': 'text/plain' });
      stream.end('gone');
    });
    const { close } = await attempt(t, server.url, priorKnowledge);
    assert.equal(close.reason, 'status');
    assert.equal(close.status, 404);
    assert.equal(close.body, 'gone');
  });

  test('204 means that there is no stream', async (t) => {
    const server = await http2Server(t, (stream) => stream.respond({ ':status': 204 }, { endStream: true }));
    const { close } = await attempt(t, server.url, priorKnowledge);
    assert.equal(close.reason, 'no_content');
  });

  test('silence is an idle timeout, before the headers and after', async (t) => {
    const server = await http2Server(t, (stream) => {
      if (server.requests.length > 1) void respondWithEvents(stream, EVENT);
    });
    const silent = await attempt(t, server.url, { ...priorKnowledge, idleTimeoutMs: 120 });
    assert.equal(silent.close.reason, 'idle');
    assert.equal(silent.close.status, undefined);
    const quiet = await attempt(t, server.url, { ...priorKnowledge, idleTimeoutMs: 120 });
    assert.equal(quiet.close.reason, 'idle');
    assert.deepEqual(quiet.recording.data, ['one']);
  });
});
