import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { RunningCli } from '../../harness/cli.ts';
import { rawServer } from '../../harness/raw-server.ts';
import { chunk, head, LAST_CHUNK, streamHead } from '../../harness/wire.ts';
import { assertGapless, blocks, chunkParts, startWire, textsOf, wires } from './shown.ts';

describe('one chunk is not one event', () => {
  test('but may be a third of one', async (t) => {
    const server = await rawServer(t, async (client) => {
      await client.request();
      const parts = ['event: a\r\nda', 'ta: x\r', '\n\r\n'];
      await client.write(`${streamHead.chunked}${parts.map(chunk).join('')}${LAST_CHUNK}`);
    });
    const outcome = await startWire(server.url).ended;
    const [wire] = wires(outcome);
    assert.ok(wire);
    assert.deepEqual(chunkParts(wire), ['event: a\r\nda', 'ta: x\r', '\n\r\n']);
    assert.deepEqual([wire.offset, wire.bytes, wire.chunks, wire.ends], [0, 21, 3, 'crlf']);
    assert.deepEqual(
      wire.cuts?.map((cut) => [cut.offset, cut.chunk]),
      [
        [12, 2],
        [18, 3],
      ],
    );
  });

  test('or three of them', async (t) => {
    const server = await rawServer(t, async (client) => {
      await client.request();
      const events = 'data: a\n\ndata: b\n\ndata: c\n\n';
      await client.write(`${streamHead.chunked}${chunk(events)}${chunk('data: d\n\n')}${LAST_CHUNK}`);
    });
    const found = wires(await startWire(server.url).ended);
    assert.deepEqual(
      found.map(({ offset, firstChunk, chunks, cuts }) => ({ offset, firstChunk, chunks, cuts })),
      [
        { offset: 0, firstChunk: 1, chunks: 1, cuts: undefined },
        { offset: 9, firstChunk: 1, chunks: 1, cuts: undefined },
        { offset: 18, firstChunk: 1, chunks: 1, cuts: undefined },
        { offset: 27, firstChunk: 2, chunks: 1, cuts: undefined },
      ],
    );
  });

  test('and comes in as many reads as the network makes of it', async (t) => {
    const server = await rawServer(t, async (client) => {
      await client.request();
      // A comment is told as soon as its line has ended: then its read is over.
      await client.write(`${streamHead.chunked}1e;x=y\r\n: one\ndat`);
      await cli.printed(/"text":"one"/);
      await client.write('a: x\n: two\n');
      await cli.printed(/"text":"two"/);
      await client.write('\ndata: y\n\n');
      await cli.printed(/"n":2/);
      await client.write('\r');
      await client.write('\n3');
      await client.write(`\r\n: z\r\n${LAST_CHUNK}`);
    });
    const cli: RunningCli = startWire(server.url);
    const outcome = await cli.ended;
    const [first, second] = wires(outcome);
    assert.ok(first && second);
    assert.deepEqual([first.reads, first.firstRead, first.chunks, first.firstChunk], [3, 1, 1, 1]);
    assert.deepEqual(textsOf(first), [': one', 'data: x', ': two', '']);
    assert.deepEqual(
      first.cuts?.map((cut) => [cut.offset, cut.read, cut.chunk]),
      [
        [9, 2, undefined],
        [20, 3, undefined],
      ],
    );
    const times = first.cuts?.map((cut) => cut.t ?? 0) ?? [];
    assert.ok((times[0] ?? 0) > 0 && (times[1] ?? 0) > (times[0] ?? 0));
    assert.deepEqual([second.reads, second.firstRead, second.chunks, second.firstChunk], [1, 3, 1, 1]);
    const [rest] = blocks(outcome);
    assert.deepEqual([rest?.unfinished, rest?.firstChunk, rest && textsOf(rest)], [true, 2, [': z']]);
    assertGapless([...wires(outcome), ...blocks(outcome)]);
  });
});

test('the LF behind an event that its CR has ended is shown before the next one', async (t) => {
  const server = await rawServer(t, async (client) => {
    await client.request();
    await client.write(`${streamHead.chunked}${chunk('data: a\r\n\r')}`);
    await cli.printed(/"data":"a"/);
    await client.write(`${chunk('\n')}${chunk('data: b\r\n\r\n')}${LAST_CHUNK}`);
  });
  const cli: RunningCli = startWire(server.url);
  const outcome = await cli.ended;
  const [first, second] = wires(outcome);
  assert.deepEqual(
    [first?.bytes, first?.ends, first?.chunks, first?.lines.at(-1)?.end],
    [10, 'crlf', 1, 'cr'],
  );
  assert.deepEqual([second?.lateLf, second?.offset, second?.ends], [10, 11, 'crlf']);
  assert.deepEqual([second?.firstRead, second?.firstChunk, second?.cuts], [2, 3, undefined]);
  assertGapless(wires(outcome));
});

test('a body without chunks has none', async (t) => {
  for (const start of [streamHead.length(9), streamHead.close]) {
    const server = await rawServer(t, async (client) => {
      await client.request();
      await client.write(`${start}data: a\n\n`);
      client.finish();
    });
    const [wire] = wires(await startWire(server.url).ended);
    assert.deepEqual([wire?.reads, wire?.chunks, wire?.firstChunk], [1, undefined, undefined]);
  }
});

test('interim answers and trailers are no chunks', async (t) => {
  const server = await rawServer(t, async (client) => {
    await client.request();
    const hints = head('103 Early Hints', { Link: '</a>' });
    await client.write(`${hints}${streamHead.chunked}${chunk('data: a\n\n')}0\r\n5: x\r\n\r\n`);
  });
  const outcome = await startWire(server.url).ended;
  assert.equal(outcome.code, 0, outcome.stderr);
  assert.deepEqual(
    wires(outcome).map(({ chunks, firstChunk }) => [chunks, firstChunk]),
    [[1, 1]],
  );
});
