import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { rawServer, type Script } from '../harness/raw-server.ts';
import { recordsOfType } from '../harness/records.ts';
import { answer, chunk, head, LAST_CHUNK, streamHead } from '../harness/wire.ts';
import { type MeasuredOutcome, measured } from './measured.ts';
import { gzipHead, openHead, pour } from './pour.ts';

const LIMIT_MB = 250;
const EVENT = 'data: here\n\n';

/** Each ends by itself: the deadline of a run is far beyond what any of them takes, and short of for ever. */
async function listens(t: TestContext, script: Script, ...words: string[]): Promise<MeasuredOutcome> {
  const server = await rawServer(t, script);
  const run = await measured(['listen', server.url, ...words]);
  assert.ok(run.peakMb < LIMIT_MB, `${run.peakMb} MB resident`);
  assert.doesNotMatch(run.stderr, /^\s+at |unexpected error/m);
  return run;
}

/** Writes the bytes, then one piece for ever, as fast as the client takes it. */
const endless =
  (first: string, piece: string): Script =>
  async (client) => {
    await client.request();
    await client.write(first);
    await pour(client, piece.repeat(Math.ceil(65_536 / piece.length)));
  };

const answers =
  (...bytes: (string | Uint8Array)[]): Script =>
  async (client) => {
    await client.request();
    for (const part of bytes) await client.write(part);
    client.finish();
  };

const chunkedHead = streamHead.chunked;

describe('listen, given an answer without end', { concurrency: 2 }, () => {
  const refused = [
    ['a header of 1 MB', answers(head('200 OK', { 'X-Long': 'x'.repeat(1024 ** 2) }))],
    ['a header that never ends', endless('HTTP/1.1 200 OK\r\nX-Long: ', 'x')],
    ['headers that never end', endless('HTTP/1.1 200 OK\r\n', 'X-Again: and again\r\n')],
    ['trailers that never end', endless(`${chunkedHead}${chunk(EVENT)}0\r\n`, 'X-Again: and again\r\n')],
  ] as const;
  for (const [what, script] of refused) {
    test(`${what} ends with 8 by itself`, async (t) => {
      const { code, stderr } = await listens(t, script, '-m', '10s');
      assert.equal(code, 8, stderr);
      assert.match(stderr, /larger than 300 KB|not valid HTTP/);
    });
  }

  const bounded = [
    ['a status line that never ends', endless('HTTP/1.1 200 ', 'x')],
    ['informational answers', endless('', 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n')],
    ['a chunk extension', endless(`${chunkedHead}4;`, 'extension=value;')],
    ['zeros before a chunk size', endless(chunkedHead, '0')],
    ['blank lines before the answer', endless('', '\r\n')],
  ] as const;
  for (const [what, script] of bounded) {
    test(`${what} for ever end at the latest with the time limit, in bounded memory`, async (t) => {
      const { code, stderr } = await listens(t, script, '-m', '1s');
      assert.ok(code === 28 || code === 8, `${code}: ${stderr}`);
    });
  }

  test('a header that comes a byte at a time ends with the time limit', async (t) => {
    const script: Script = async (client) => {
      await client.request();
      await client.write('HTTP/1.1 200 OK\r\nX-Slow: ');
      const drip = setInterval(() => client.write('x').catch(() => {}), 20);
      await client.left().finally(() => clearInterval(drip));
    };
    const { code } = await listens(t, script, '-m', '1s');
    assert.equal(code, 28);
  });
});

describe('listen, given an answer that breaks the rules of HTTP', { concurrency: 2 }, () => {
  const broken = [
    ['a chunk size that overflows', `${chunkedHead}${'f'.repeat(40)}\r\ndata: x\n\n`],
    ['a negative chunk size', `${chunkedHead}-1\r\ndata: x\n\n`],
    ['a chunk longer than it says', `${chunkedHead}2\r\ndata: x\n\n\r\n`],
    [
      'two lengths that differ',
      `${head('200 OK', { 'Content-Type': 'text/event-stream', 'Content-Length': 5 }).slice(0, -2)}Content-Length: 12\r\n\r\n${EVENT}`,
    ],
    [
      'a length that is no number',
      `${head('200 OK', { 'Content-Type': 'text/event-stream', 'Content-Length': '1e3' })}${EVENT}`,
    ],
    [
      'a length beyond every number',
      `${head('200 OK', { 'Content-Type': 'text/event-stream', 'Content-Length': '9'.repeat(40) })}${EVENT}`,
    ],
    [
      'both a length and chunks',
      `${head('200 OK', { 'Content-Type': 'text/event-stream', 'Content-Length': 5, 'Transfer-Encoding': 'chunked' })}${chunk(EVENT)}${LAST_CHUNK}`,
    ],
    ['a NUL in a header', head('200 OK', { 'X-Nul': 'a\0b' })],
    ['a switch to a protocol that nobody asked for', head('101 Switching Protocols', { Upgrade: 'x' })],
    ['status 000', head('000 Nothing')],
  ] as const;
  for (const [what, bytes] of broken) {
    test(`${what} ends with 8 and a sentence`, async (t) => {
      const { code, stderr } = await listens(t, answers(bytes), '-m', '5s');
      assert.equal(code, 8, stderr);
      assert.match(stderr, /not valid HTTP|broke the rules of HTTP|length of the answer is in doubt/);
    });
  }

  test('10,000 headers are read, and shown where asked for', async (t) => {
    const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => [`X-${n}`, n]));
    const type = { 'Content-Type': 'text/event-stream', ...many };
    const { code, stdout, stderr } = await listens(t, answers(head('200 OK', type), EVENT), '-i');
    assert.equal(code, 0);
    assert.match(stdout, /here/);
    assert.match(stderr, /X-9999: 9999/);
  });

  test('a redirect to itself ends with 3, each hop on its own connection', async (t) => {
    const where = `/${'x'.repeat(10_000)}`;
    const { code, stderr } = await listens(t, answers(answer('302 Found', { Location: where })));
    assert.equal(code, 3);
    assert.match(stderr, /too many redirects: more than 20/);
    assert.ok(stderr.length < 1_000, `${stderr.length} characters of log`);
  });

  test('redirects without end are no reason to come back under --follow', async (t) => {
    const script = answers(answer('302 Found', { Location: '/again' }));
    const server = await rawServer(t, script);
    const { code } = await measured(['listen', server.url, '--follow']);
    assert.equal(code, 3);
    assert.equal(server.requests.length, 21);
  });

  test('a redirect with a body that never ends is followed all the same', async (t) => {
    const script: Script = async (client) => {
      const { target } = await client.request();
      if (target === '/there') {
        await client.write(`${openHead}${EVENT}`);
        client.finish();
        return;
      }
      await client.write(head('302 Found', { Location: '/there', 'Transfer-Encoding': 'chunked' }));
      await pour(client, chunk('x'.repeat(65_536)));
    };
    const { code, stdout } = await listens(t, script, '--format', 'data');
    assert.deepEqual({ code, stdout }, { code: 0, stdout: 'here\n' });
  });

  test('an error page without end is read no further than its beginning', async (t) => {
    const script = endless(head('500 Oh No', { 'Content-Type': 'text/html' }), '<p>very sorry</p>');
    const { code, stderr } = await listens(t, script);
    assert.equal(code, 5);
    assert.ok(stderr.length < 1_000, `${stderr.length} characters of error`);
  });
});

describe('listen, given bodies that are not what they seem', { concurrency: 2 }, () => {
  test('invalid UTF-8 becomes U+FFFD, and valid lines around it stay', async (t) => {
    const garbage = Buffer.from([0xff, 0xfe, 0xc0, 0x80, 0xed, 0xa0, 0x80, 0xf8, 0x88]);
    const script = answers(openHead, 'data: before\n\ndata: ', garbage, '\n\ndata: after\n\n');
    const outcome = await listens(t, script, '--format', 'ndjson');
    assert.equal(outcome.code, 0);
    const data = recordsOfType(outcome, 'event').map((record) => String(record.data));
    assert.equal(data.length, 3);
    assert.match(data[1] ?? '', /^\ufffd+$/);
    assert.deepEqual([data[0], data[2]], ['before', 'after']);
  });

  test('gzip that is none ends with 8', async (t) => {
    const { code, stderr } = await listens(t, answers(gzipHead, EVENT.repeat(100)));
    assert.equal(code, 8);
    assert.match(stderr, /damaged/);
  });

  test('gzip with rubbish behind it ends with 8, or shows what came before', async (t) => {
    const { code, stdout, stderr } = await listens(t, answers(gzipHead, gzipSync(EVENT), 'x'.repeat(100)));
    assert.ok(code === 8 || (code === 0 && stdout.includes('here')), `${code}: ${stderr}`);
  });

  test('gzip inside gzip inside gzip is refused in words', async (t) => {
    const nested = head('200 OK', {
      'Content-Type': 'text/event-stream',
      'Content-Encoding': 'gzip, gzip, gzip',
    });
    const { code, stderr } = await listens(t, answers(nested, gzipSync(gzipSync(gzipSync(EVENT)))));
    assert.equal(code, 8);
    assert.match(stderr, /gzip, gzip, gzip/);
  });
});
