import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { deflateSync } from 'node:zlib';
import { encodedCount } from '../../src/stats/encoded-histogram.ts';
import { LatencyHistogram } from '../../src/stats/latency-histogram.ts';

function distribution(count: number): string {
  const histogram = new LatencyHistogram();
  for (let n = 0; n < count; n += 1) histogram.record(n * 1.7);
  // Beyond an hour.
  histogram.record(4_000_000);
  return histogram.toBase64();
}

/** Compressed, behind the head that says so. */
function packed(plain: Buffer): string {
  const compressed = deflateSync(plain);
  const head = Buffer.alloc(8);
  head.writeInt32BE(0x1c849314, 0);
  head.writeInt32BE(compressed.length, 4);
  return Buffer.concat([head, compressed]).toString('base64');
}

/** The head of a distribution, with these parts. */
function head({ payload = 0, digits = 3, highest = 3_600_000_000n }): Buffer {
  const bytes = Buffer.alloc(40);
  bytes.writeInt32BE(0x1c849313, 0);
  bytes.writeInt32BE(payload, 4);
  bytes.writeInt32BE(digits, 12);
  bytes.writeBigInt64BE(1n, 16);
  bytes.writeBigInt64BE(highest, 24);
  bytes.writeBigInt64BE(1n, 32);
  return bytes;
}

describe('the number of values in an encoded distribution', () => {
  test('is that of what was recorded', () => {
    assert.equal(encodedCount(new LatencyHistogram().toBase64()), 0);
    assert.equal(encodedCount(distribution(5000)), 5001);
    assert.equal(encodedCount(packed(head({}))), 0);
  });

  test('is not known of a damaged one, wherever it is', () => {
    const whole = distribution(500);
    for (let at = 0; at < whole.length - 2; at += 7) {
      const other = whole[at] === 'A' ? 'B' : 'A';
      const damaged = `${whole.slice(0, at)}${other}${whole.slice(at + 1)}`;
      assert.equal(encodedCount(damaged), undefined, `changed at ${at}`);
      assert.equal(encodedCount(whole.slice(0, at)), undefined, `cut off at ${at}`);
    }
  });

  test('is not known of one of another layout, which may ask for any amount of memory', () => {
    assert.equal(encodedCount(packed(head({ digits: 5 }))), undefined);
    assert.equal(encodedCount(packed(head({ highest: 2n ** 52n }))), undefined);
    assert.equal(encodedCount(packed(head({ payload: 9 }))), undefined);
    assert.equal(encodedCount(packed(Buffer.alloc(100_000_000))), undefined);
  });
});
