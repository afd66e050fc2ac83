import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { ChunkedBody, Connection } from './faults-connection.ts';
import { serve } from './faults-serving.ts';

const TICKS = ['--interval', '20ms', '--data', '{{n}}'];
const ONE = 'id: 1\ndata: 1\n\n';
/** What a stream of three ticks is without faults. */
const WHOLE = `: stream opened\n${ONE}id: 2\ndata: 2\n\nid: 3\ndata: 3\n\n`;

describe('the parts of an event', () => {
  const rows = [
    { fault: 'split=utf8', data: 'x🚀', parts: ['id: 1\ndata: x\xf0', '\x9f', '\x9a', '\x80\n\n'] },
    { fault: 'split=crlf', data: 'x', parts: ['id: 1\r', '\ndata: x\r', '\n\r', '\n'] },
    { fault: 'split=bytes:8', data: 'x', parts: ['id: 1\nda', 'ta: x\n\n'] },
  ];
  for (const { fault, data, parts } of rows) {
    test(`are writes of their own under ${fault}, and come in reads of their own`, async (t) => {
      const flags = ['--count', '1', '--interval', '20ms', '--split-gap', '100ms', '--data', data];
      const url = await serve(t, ...flags, '--fault', `${fault}@1`);
      let reads: string[] = [];
      // A machine that stands still for longer than the gap brings two parts in one read: not five times in a row.
      for (let attempt = 0; attempt < 5 && reads.length < parts.length; attempt += 1) {
        const connection = new Connection(url);
        await connection.saw('the last chunk', () => connection.body.isComplete);
        connection.leave();
        assert.deepEqual(connection.body.chunks.slice(-parts.length).map(latin1), parts);
        reads = connection.reads
          .map((read) => latin1(new ChunkedBody(read).bytes))
          .filter((text) => text !== '');
        reads = reads.slice(-parts.length);
      }
      assert.deepEqual(reads, parts);
    });
  }
});

describe('a reset', () => {
  const RUNS = 20;

  for (const [scheme, flags] of [
    ['http', []],
    ['https', ['--tls']],
  ] as const) {
    test(`over ${scheme} is a real one, and comes behind its event, ${RUNS} times of ${RUNS}`, async (t) => {
      const url = await serve(t, ...TICKS, ...flags, '--fault', 'reset@1');
      const connections = Array.from({ length: RUNS }, () => new Connection(url));
      const endings = await Promise.all(connections.map((connection) => connection.ended()));
      assert.deepEqual(endings, Array(RUNS).fill('ECONNRESET'));
      for (const { body } of connections) assert.ok(body.text.endsWith(ONE), body.text);
    });
  }

  test('at a time comes to a stream that sends nothing, and to one whose event still waits', async (t) => {
    const url = await serve(t, '--interval', '1h', '--data', '{{n}}');
    const silent = new Connection(url, '/?fault=reset@50ms');
    const delayed = new Connection(url, '/?interval=10ms&fault=reset@50ms&fault=delay=1h');
    assert.equal(await silent.ended(), 'ECONNRESET');
    assert.equal(await delayed.ended(), 'ECONNRESET');
    assert.equal(delayed.body.text, ': stream opened\n');
  });
});

test('what happens at a byte comes behind exactly so many, and with the ending of its kind', async (t) => {
  const url = await serve(t, ...TICKS, '--count', '3');
  const kinds = [
    { kind: 'eof', complete: true },
    { kind: 'truncate', complete: false },
    { kind: 'no-terminator', complete: false },
    { kind: 'reset', complete: false },
  ];
  for (const { kind, complete } of kinds) {
    for (const offset of [0, 1, 16, 17, 31, 40, WHOLE.length]) {
      const connection = new Connection(url, `/?fault=${kind}@${offset}b`);
      if (complete) await connection.saw('the last chunk', () => connection.body.isComplete);
      else assert.equal(await connection.ended(), kind === 'reset' ? 'ECONNRESET' : 'fin');
      connection.leave();
      const where = `${kind}@${offset}b`;
      assert.equal(connection.body.text, WHOLE.slice(0, offset), where);
      assert.equal(connection.body.isComplete, complete, where);
    }
  }
});

test('without its terminator the transfer is unfinished, and the connection ends in order', async (t) => {
  const url = await serve(t, ...TICKS, '--count', '3', '--fault', 'no-terminator');
  const connection = new Connection(url);
  assert.equal(await connection.ended(), 'fin');
  assert.equal(connection.body.text, WHOLE);
  assert.equal(connection.body.isComplete, false);
});

test('a stream that stalls sends not even keepalives, while others go on', async (t) => {
  const url = await serve(t, '--interval', '20ms', '--heartbeat', '40ms', '--data', '{{n}}', '--count', '1');
  const stalled = new Connection(url, '/?client=a&fault=stall@1');
  await stalled.saw('its event', () => stalled.body.text.endsWith(ONE));
  const other = new Connection(url, '/?client=b&count=30');
  await other.saw('all events', () => other.body.isComplete);
  assert.equal(stalled.body.text, `: stream opened\n${ONE}`);
  assert.equal(stalled.ending, undefined);
  stalled.leave();
  other.leave();
});

test('compressed and never flushed, a stream is silent until its end', async (t) => {
  const url = await serve(t, ...TICKS, '--count', '3', '--fault', 'gzip');
  const connection = new Connection(url);
  await connection.saw('the last chunk', () => connection.body.isComplete);
  connection.leave();
  assert.match(connection.head, /^Content-Encoding: gzip\r?$/im);
  assert.equal(gunzipSync(connection.body.bytes).toString(), WHOLE);
  const [header, ...rest] = connection.body.chunks;
  assert.ok((header?.length ?? 0) <= 10, 'the header of gzip, at most, comes before');
  assert.equal(rest.length, 1);
});

test('a server that stands still answers nobody, and then everybody', async (t) => {
  const url = await serve(t, ...TICKS, '--count', '1');
  const freezing = new Connection(url, '/?client=a&fault=freeze=2s@1');
  await freezing.saw('its event', () => freezing.body.text.endsWith(ONE));
  const before = performance.now();
  const other = new Connection(url, '/?client=b');
  await other.saw('its head', () => other.head !== '');
  // The freeze began when the event had left, which was a little before it was seen here.
  assert.ok(performance.now() - before > 300, `answered after ${performance.now() - before} ms`);
  freezing.leave();
  other.leave();
});

test('a plan for each connection of a client: the first is reset, the second resumes', async (t) => {
  const url = await serve(t, ...TICKS, '--count', '3', '--fault', 'conn:1:reset@2');
  const first = new Connection(url);
  assert.equal(await first.ended(), 'ECONNRESET');
  const second = new Connection(url, '/?lastEventId=2');
  await second.saw('the last chunk', () => second.body.isComplete);
  second.leave();
  assert.equal(second.body.text, ': stream opened\nid: 3\ndata: 3\n\n');
  // Another client counts for itself.
  assert.equal(await new Connection(url, '/?client=another').ended(), 'ECONNRESET');
});

function latin1(bytes: Buffer): string {
  return bytes.toString('latin1');
}
