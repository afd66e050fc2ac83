import assert from 'node:assert/strict';
import { type EncodedHistogram, LatencyHistogram } from '../../../src/stats/latency-histogram.ts';

/** The one value that was recorded; `undefined` where none was. */
export function only(encoded: EncodedHistogram | undefined): number | undefined {
  if (encoded === undefined) return undefined;
  const histogram = new LatencyHistogram();
  histogram.add(encoded);
  assert.equal(histogram.count, 1);
  return histogram.max;
}
