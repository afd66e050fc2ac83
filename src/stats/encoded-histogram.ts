import { createRequire } from 'node:module';
import { inflateSync } from 'node:zlib';
import type { JsHistogram } from 'hdr-histogram-js';
import { MAX_MICROSECONDS } from './cells.ts';

/** As in `cells.ts`: the package's index takes ten times as long to load. */
const require = createRequire(import.meta.url);
const { JsHistogram: Decoder } = require('hdr-histogram-js/dist/JsHistogram.js') as {
  JsHistogram: { decode(bytes: Uint8Array): JsHistogram };
};
require('hdr-histogram-js/dist/JsHistogram.encoding.js');

/** V2, and V2 compressed; the fourth hexadecimal digit of the last byte but one may differ (size of words). */
const PLAIN = 0x1c849303;
const COMPRESSED = 0x1c849304;
const WORD_SIZE = 0xf0;

const COMPRESSED_HEAD = 8;
const PLAIN_HEAD = 40;

/** Every cell of our layout takes nine bytes at most: more than this is no distribution of ours. */
const LARGEST_BYTES = 512 * 1024;

/**
 * How many values a distribution in its encoding holds (V2, compressed, base64), as `LatencyHistogram.toBase64` writes it.
 * Nothing in it is trusted: its parts may be anybody's.
 *
 * @returns `undefined` for what is no such distribution, or a damaged one
 * @see https://github.com/HdrHistogram/HdrHistogram, AbstractHistogram.encodeIntoByteBuffer
 */
export function encodedCount(base64: string): number | undefined {
  try {
    const bytes = plainBytes(Buffer.from(base64, 'base64'));
    return bytes === undefined ? undefined : Decoder.decode(bytes).totalCount;
  } catch {
    // What can't be inflated or decoded.
    return undefined;
  }
}

/** Inflated, where its head is that of our own layout: another one could ask for any amount of memory. */
function plainBytes(bytes: Buffer): Buffer | undefined {
  if (bytes.length < COMPRESSED_HEAD || (bytes.readInt32BE(0) & ~WORD_SIZE) !== COMPRESSED) return undefined;
  const length = bytes.readInt32BE(4);
  if (length !== bytes.length - COMPRESSED_HEAD) return undefined;
  const plain = inflateSync(bytes.subarray(COMPRESSED_HEAD), { maxOutputLength: LARGEST_BYTES });
  if (plain.length < PLAIN_HEAD || (plain.readInt32BE(0) & ~WORD_SIZE) !== PLAIN) return undefined;
  const isOurs =
    plain.readInt32BE(4) === plain.length - PLAIN_HEAD &&
    plain.readInt32BE(12) === 3 &&
    plain.readBigInt64BE(16) === 1n &&
    plain.readBigInt64BE(24) === BigInt(MAX_MICROSECONDS);
  return isOurs ? plain : undefined;
}
