import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, test } from 'node:test';
import * as zlib from 'node:zlib';
import {
  type BodyDecoder,
  createBodyDecoder,
  parseContentEncoding,
} from '../../src/client/content-coding.ts';
import type { SseKitError } from '../../src/client/errors.ts';
import type { RawConnection } from '../e2e/harness/raw-connection.ts';
import { rawServer } from '../e2e/harness/raw-server.ts';
import { head } from '../e2e/harness/wire.ts';
import { answering } from './ending-cases.ts';
import { attempt, requestOf, start } from './recorded-attempt.ts';

const EVENTS = 'data: one\n\ndata: two\n\n';

const codings = [
  { title: 'gzip', name: 'gzip', encode: zlib.gzipSync },
  { title: 'x-gzip', name: 'x-gzip', encode: zlib.gzipSync },
  { title: 'GZip, in any case', name: 'GZip', encode: zlib.gzipSync },
  { title: 'deflate', name: 'deflate', encode: zlib.deflateSync },
  { title: 'deflate without its zlib header', name: 'deflate', encode: zlib.deflateRawSync },
  { title: 'br', name: 'br', encode: zlib.brotliCompressSync },
];

const compressors = [
  { name: 'gzip', create: () => zlib.createGzip({ flush: zlib.constants.Z_SYNC_FLUSH }) },
  { name: 'deflate', create: () => zlib.createDeflate({ flush: zlib.constants.Z_SYNC_FLUSH }) },
  { name: 'deflate (raw)', create: () => zlib.createDeflateRaw({ flush: zlib.constants.Z_SYNC_FLUSH }) },
  {
    name: 'br',
    create: () => zlib.createBrotliCompress({ flush: zlib.constants.BROTLI_OPERATION_FLUSH }),
  },
];

function streamHead(coding: string, length?: number): string {
  return head('200 OK', {
    'Content-Type': 'text/event-stream',
    'Content-Encoding': coding,
    ...(length === undefined ? {} : { 'Content-Length': length }),
  });
}

async function sendWhole(client: RawConnection, coding: string, body: Buffer): Promise<void> {
  await client.write(streamHead(coding, body.length));
  await client.write(body);
}

describe('a body encoded with', () => {
  for (const { title, name, encode } of codings) {
    test(`${title} is decoded, and both sizes are counted`, async (t) => {
      const body = encode(EVENTS);
      const server = await rawServer(
        t,
        answering((client) => sendWhole(client, name, body)),
      );
      const { recording, close } = await attempt(t, server.url);
      assert.equal(close.reason, 'eof', close.error?.message);
      assert.deepEqual(recording.data, ['one', 'two']);
      assert.equal(close.bytes, EVENTS.length);
      assert.equal(close.wireBytes, body.length);
      assert.deepEqual(Buffer.concat(recording.chunks.map((chunk) => chunk.bytes)), body);
    });

    test(`${title} is decoded when its bytes come one by one`, async (t) => {
      const serve = async (client: RawConnection) => {
        const body = encode(EVENTS);
        await client.write(streamHead(name, body.length));
        for (const byte of body) {
          await client.write(Buffer.from([byte]));
          await new Promise(setImmediate);
        }
      };
      const server = await rawServer(t, answering(serve));
      const { recording, close } = await attempt(t, server.url);
      assert.equal(close.reason, 'eof', close.error?.message);
      assert.deepEqual(recording.data, ['one', 'two']);
    });

    test(`${title} that ends before its own end mark is truncated`, async (t) => {
      const whole = encode(EVENTS);
      // Raw deflate has no checksum: its end mark is in its last bytes.
      const body = whole.subarray(0, -3);
      const server = await rawServer(
        t,
        answering((client) => sendWhole(client, name, body)),
      );
      const { recording, close } = await attempt(t, server.url);
      assert.equal(close.reason, 'truncated', close.error?.message);
      assert.equal(close.error?.exitCode, 18);
      // Without a flush the compressor keeps the last bytes back, but not all.
      assert.equal(recording.data[0], 'one');
    });
  }

  for (const { name, create } of compressors) {
    const [coding = name] = name.split(' ');

    test(`${name} brings each flushed event while the stream stays open`, async (t) => {
      const serve = async (client: RawConnection) => {
        const compressor = create();
        await client.write(streamHead(coding));
        for (const [index, data] of ['one', 'two', 'three'].entries()) {
          compressor.write(`data: ${data}\n\n`);
          await once(compressor, 'readable');
          await client.write(compressor.read());
          await recording.received(index + 1);
        }
      };
      const server = await rawServer(t, answering(serve));
      const { recording } = start(t, requestOf(server.url));
      await recording.received(3);
      assert.deepEqual(recording.data, ['one', 'two', 'three']);
      assert.equal(recording.closeInfo, undefined);
    });
  }

  test('gzip in name only is an error that says so', async (t) => {
    const serve = (client: RawConnection) => client.write(streamHead('gzip') + EVENTS);
    const server = await rawServer(t, answering(serve));
    const { close } = await attempt(t, server.url);
    assert.equal(close.reason, 'protocol');
    assert.equal(close.error?.code, 'BAD_ENCODING');
    assert.equal(close.error?.exitCode, 8);
  });

  test('gzip that is damaged on the way keeps the events before the damage', async (t) => {
    const compressor = zlib.createGzip({ flush: zlib.constants.Z_SYNC_FLUSH });
    const serve = async (client: RawConnection) => {
      compressor.write('data: one\n\n');
      await once(compressor, 'readable');
      await client.write(streamHead('gzip'));
      await client.write(compressor.read());
      await recording.received(1);
      await client.write(Buffer.alloc(64, 0xff));
    };
    const server = await rawServer(t, answering(serve));
    const { recording } = start(t, requestOf(server.url));
    const close = await recording.ended();
    assert.equal(close.error?.code, 'BAD_ENCODING');
    assert.deepEqual(recording.data, ['one']);
  });

  test('a coding that is unknown is refused when the headers come', async (t) => {
    const server = await rawServer(
      t,
      answering((client) => client.write(streamHead('compress'))),
    );
    const { recording, close } = await attempt(t, server.url);
    assert.equal(close.reason, 'protocol');
    assert.equal(close.error?.code, 'BAD_ENCODING');
    assert.deepEqual(recording.order, ['open', 'close']);
  });

  test('two codings is refused rather than half decoded', async (t) => {
    const server = await rawServer(
      t,
      answering((client) => client.write(streamHead('gzip, br'))),
    );
    const { close } = await attempt(t, server.url);
    assert.equal(close.error?.code, 'BAD_ENCODING');
  });

  test('nothing, called identity, passes through', async (t) => {
    const serve = (client: RawConnection) => sendWhole(client, 'identity', Buffer.from(EVENTS));
    const server = await rawServer(t, answering(serve));
    const { recording, close } = await attempt(t, server.url);
    assert.equal(close.reason, 'eof');
    assert.equal(recording.opens[0]?.encoding, 'identity');
  });

  test('gzip of which no byte came is empty, not incomplete', async (t) => {
    const serve = (client: RawConnection) => client.write(streamHead('gzip', 0));
    const server = await rawServer(t, answering(serve));
    const { close } = await attempt(t, server.url);
    assert.equal(close.reason, 'eof', close.error?.message);
  });
});

describe('Content-Encoding', () => {
  test('names its codings without identity, spaces and empty parts', () => {
    assert.deepEqual(parseContentEncoding(' GZIP ,, identity,br '), ['gzip', 'br']);
    assert.deepEqual(parseContentEncoding(''), []);
  });
});

/** A decoder whose receiver is slow: it pauses at each piece, and goes on a while later. */
function slowlyRead(): {
  decoder: BodyDecoder;
  told: { text: string; at: number }[];
  failed: Promise<SseKitError>;
} {
  const told: { text: string; at: number }[] = [];
  let fail: (error: SseKitError) => void = () => {};
  const failed = new Promise<SseKitError>((resolve) => {
    fail = resolve;
  });
  const decoder = createBodyDecoder(['gzip'], {
    body: (bytes, at) => {
      told.push({ text: Buffer.from(bytes).toString(), at });
      decoder.pause();
      setTimeout(() => decoder.resume(), 10);
    },
    codingFailed: fail,
    backlog: () => {},
  });
  return { decoder, told, failed };
}

/** The texts as one gzip stream, flushed after each; its end mark never comes. */
async function flushedGzip(texts: readonly string[]): Promise<Buffer[]> {
  const compressor = zlib.createGzip({ flush: zlib.constants.Z_SYNC_FLUSH });
  const parts: Buffer[] = [];
  for (const text of texts) {
    compressor.write(text);
    await once(compressor, 'readable');
    parts.push(compressor.read());
  }
  return parts;
}

describe('a receiver of decoded bytes that pauses', () => {
  const wanted = [
    { text: 'a', at: 100 },
    { text: 'b', at: 101 },
    { text: 'c', at: 102 },
  ];

  test('gets them with the time of the read that brought them, and all although the end mark is missing', async () => {
    const { decoder, told } = slowlyRead();
    for (const [index, part] of (await flushedGzip(['a', 'b', 'c'])).entries()) {
      decoder.write(part, 100 + index);
    }
    const { complete } = await new Promise<{ complete: boolean }>((done) => decoder.end(done));
    assert.equal(complete, false);
    assert.deepEqual(told, wanted);
  });

  test('gets what came before damaged bytes', async () => {
    const { decoder, told, failed } = slowlyRead();
    for (const [index, part] of (await flushedGzip(['a', 'b', 'c'])).entries()) {
      decoder.write(part, 100 + index);
    }
    decoder.write(Buffer.alloc(64, 0xff), 103);
    assert.equal((await failed).code, 'BAD_ENCODING');
    assert.deepEqual(told, wanted);
  });
});

describe('a decoder of bodies', () => {
  test('says when all that was written is handed over, and not while it is held', async () => {
    const heard: string[] = [];
    const decoder = createBodyDecoder(['gzip'], {
      body: (bytes) => void heard.push(Buffer.from(bytes).toString()),
      codingFailed: assert.fail,
      backlog: () => {},
    });
    decoder.whenIdle(() => heard.push('nothing written'));
    decoder.pause();
    decoder.write(zlib.gzipSync(EVENTS), 1);
    let idle = false;
    const done = new Promise<void>((resolve) => {
      decoder.whenIdle(() => {
        idle = true;
        resolve();
      });
    });
    for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
    assert.equal(idle, false);
    decoder.resume();
    await done;
    assert.deepEqual(heard, ['nothing written', EVENTS]);
    decoder.destroy();
  });
});
