import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { threshold } from '../../../../src/checks/passive/probes/threshold.ts';
import { judge, live, unsaid, verdict } from '../judging.ts';
import { every, seen, stream, way } from '../streams.ts';

describe('threshold', () => {
  const inPieces = (bytes: number, last = 100) =>
    way(
      stream({
        eventsMs: every(20, 400),
        // The first piece has the head beside it.
        reads: every(400, 21).map((at, index) => ({
          at,
          bytes: [bytes - 160][index] ?? (index === 20 ? last : bytes),
        })),
      }),
    );

  test('knows buffers by their sizes, and any size that there is not directly', () => {
    assert.equal(verdict(threshold, seen(inPieces(4_096))), 'fail buffer.threshold');
    assert.equal(verdict(threshold, seen(inPieces(5_000))), 'pass');
    assert.equal(verdict(threshold, seen(inPieces(5_003), way(live))), 'fail buffer.threshold');
    // Of 125 events each, which a timer may let go together.
    assert.equal(verdict(threshold, seen(inPieces(5_000), way(live))), 'pass');
    assert.equal(verdict(threshold, seen(inPieces(4_096), inPieces(4_096))), 'pass');
    assert.deepEqual(judge(threshold, seen(inPieces(16_384))).evidence, [
      { k: 'modalBurstBytes', v: 16_384, n: 19, of: 19 },
    ]);
  });

  test('takes pieces of several whole events for what an application may write, where nothing tells', () => {
    const eights = (firstBytes: number) =>
      way(
        stream({
          eventsMs: every(500, 21).flatMap((at) => Array.from({ length: 8 }, () => at)),
          data: (index) => `${index}`.padStart(500, 'x'),
          reads: every(500, 21).map((at, index) => ({ at, bytes: index === 0 ? firstBytes : 4_096 })),
        }),
      );
    unsaid(threshold, seen(eights(4_096)), /^events came 4096 bytes at a time, 8 whole ones of 512 bytes: /);
    // The head has taken room in the first buffer.
    assert.equal(verdict(threshold, seen(eights(3_936))), 'fail buffer.threshold');
    assert.equal(verdict(threshold, seen(eights(4_096), eights(4_096))), 'pass');
  });

  test('knows the size of a buffer of which a busy machine reads several at once', () => {
    const reads = [3_936, 8_192, 4_096, 12_288, 8_192, 4_096, 8_192, 12_288, 100];
    const torn = stream({
      eventsMs: every(20, 150),
      reads: reads.map((bytes, index) => ({ at: 400 * (index + 1), bytes })),
    });
    assert.deepEqual(judge(threshold, seen(way(torn), way(live))).evidence, [
      { k: 'modalBurstBytes', v: 4_096, n: 7, of: 7 },
    ]);
  });

  test('lets events have one size, and says nothing of three pieces', () => {
    assert.equal(verdict(threshold, seen(way(live))), 'pass');
    unsaid(threshold, seen(way(stream({ eventsMs: [100, 900] }))), /too little came/);
  });
});
