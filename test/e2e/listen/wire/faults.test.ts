import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { startMock } from '../../harness/mock.ts';
import { recordsOfType } from '../../harness/records.ts';
import { assertGapless, blocks, bytesOf, chunkParts, startWire, textsOf, wires } from './shown.ts';

const TICKS = ['--count', '3', '--interval', '10ms', '--event', 'tick', '--data', 'x🚀'];
const FIELDS = ['id: 2', 'event: tick', 'data: x🚀', ''];

describe('what a server does to its second event', () => {
  const whole = (end: string) => Buffer.from(FIELDS.map((line) => line + end).join('')).toString('latin1');
  const rows: { fault: string; parts: string[]; ends: string }[] = [
    {
      fault: 'split=utf8@2',
      parts: ['id: 2\nevent: tick\ndata: x\xf0', '\x9f', '\x9a', '\x80\n\n'],
      ends: 'lf',
    },
    {
      fault: 'split=crlf@2',
      parts: ['id: 2\r', '\nevent: tick\r', '\ndata: x\xf0\x9f\x9a\x80\r', '\n\r', '\n'],
      ends: 'crlf',
    },
    { fault: 'split=bytes:20@2', parts: [whole('\n').slice(0, 20), whole('\n').slice(20)], ends: 'lf' },
    { fault: 'cr@2', parts: [whole('\r')], ends: 'cr' },
    { fault: 'crlf@2', parts: [whole('\r\n')], ends: 'crlf' },
  ];
  for (const { fault, parts, ends } of rows) {
    test(`is seen: ${fault}`, async (t) => {
      const { url } = await startMock(t, ...TICKS, '--fault', fault);
      const outcome = await startWire(url).ended;
      const all = wires(outcome);
      const [, second, third] = all;
      assert.ok(second && third);
      // The event leaves without its last LF, unless a machine that stood still brings both in one read.
      const late = third.lateLf === undefined ? [] : ['\n'];
      assert.deepEqual([...chunkParts(second), ...late], parts);
      assert.equal(second.chunks, parts.length - late.length);
      assert.deepEqual(textsOf(second), FIELDS);
      assert.equal(second.ends, ends);
      assert.ok(second.reads <= parts.length);
      assert.deepEqual([third.ends, third.chunks], ['lf', 1]);
      assertGapless([...all, ...blocks(outcome)]);
    });
  }

  test('is seen where it is cut off', async (t) => {
    const { url } = await startMock(t, ...TICKS, '--fault', 'truncate@2');
    const outcome = await startWire(url).ended;
    assert.equal(outcome.code, 18);
    const [close] = recordsOfType(outcome, 'close');
    const [rest] = blocks(outcome);
    assert.ok(rest);
    assert.deepEqual(
      [rest.unfinished, rest.bytes, rest.lines[0]?.text],
      [true, close?.pendingBytes, 'id: 2'],
    );
    assert.equal(rest.lines.at(-1)?.end, undefined);
  });

  test('is seen where it has a byte order mark before it, which is none in mid-stream', async (t) => {
    const { url } = await startMock(t, ...TICKS, '--heartbeat', 'off', '--fault', 'bom');
    const [first, second] = wires(await startWire(url).ended);
    assert.equal(first?.lines[0]?.bom, true);
    assert.deepEqual([first.lines[0].offset, bytesOf(first).length], [0, first.bytes]);
    assert.equal(
      second?.lines.some(({ bom }) => bom === true),
      false,
    );
  });

  test('is seen where it is no UTF-8', async (t) => {
    const { url } = await startMock(t, ...TICKS, '--fault', 'bad-utf8@2');
    const found = wires(await startWire(url).ended).map(({ lines }) =>
      lines.some((line) => line.invalidUtf8 === true),
    );
    assert.deepEqual(found, [false, true, false]);
  });

  test('is seen in the decoded bytes of a compressed stream, with the chunks that its reads brought', async (t) => {
    const { url } = await startMock(t, ...TICKS, '--fault', 'gzip');
    const outcome = await startWire(url, '--compressed').ended;
    assert.equal(outcome.code, 0, outcome.stderr);
    const all = wires(outcome);
    assert.equal(all.length, 3);
    for (const wire of all) {
      assert.equal(wire.chunks, undefined);
      assert.ok((wire.readChunks ?? 0) >= 1);
    }
    assert.deepEqual(all[1] && textsOf(all[1]), FIELDS);
    assertGapless([...all, ...blocks(outcome)]);
  });

  for (const flags of [['--http2'], ['--http2', '--tls']]) {
    test(`is seen over HTTP/2, without chunks (${flags.join(' ')})`, async (t) => {
      const { url } = await startMock(t, ...TICKS, ...flags);
      const wanted = flags.length === 1 ? ['--http2-prior-knowledge'] : ['--http2', '-k'];
      const outcome = await startWire(url, ...wanted).ended;
      assert.equal(recordsOfType(outcome, 'open')[0]?.http, '2', outcome.stderr);
      const all = wires(outcome);
      assert.deepEqual(
        all.map(({ chunks, readChunks, ends }) => [chunks, readChunks, ends]),
        Array(3).fill([undefined, undefined, 'lf']),
      );
      assert.ok(all.every(({ firstRead, reads }) => firstRead >= 1 && reads >= 1));
      assert.deepEqual(all[1] && textsOf(all[1]), FIELDS);
      assertGapless([...all, ...blocks(outcome)]);
    });
  }
});
