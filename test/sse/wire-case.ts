import assert from 'node:assert/strict';
import { byteByByte, cut, type Decoded, decodeChunks } from './recording-sink.ts';

/** What a browser makes of a stream. */
export interface WireExpectation {
  events: { type: string; data: string; lastEventId: string }[];
  /** The last valid `retry`, or null. */
  retry: number | null;
  /** Comments without their leading space. */
  comments: string[];
  /** What the next request would send as `Last-Event-ID`. */
  finalLastEventId: string;
}

const EVERY_OFFSET_UP_TO = 300;
const SAMPLED_OFFSETS = 40;

/** Fails unless the stream gives what is expected whole, byte by byte, and cut in two at each (sampled) offset. */
export function assertDecodesAnyhow(stream: Uint8Array, expected: WireExpectation, lastEventId = ''): void {
  const check = (chunks: readonly Uint8Array[], how: string) =>
    assert.deepEqual(summarise(decodeChunks(chunks, { lastEventId })), expected, how);
  check([stream], 'whole');
  check(byteByByte(stream), 'byte by byte');
  const step = stream.length <= EVERY_OFFSET_UP_TO ? 1 : Math.ceil(stream.length / SAMPLED_OFFSETS);
  for (let offset = 1; offset < stream.length; offset += step) check(cut(stream, offset), `cut at ${offset}`);
}

function summarise({ sink, lastEventId }: Decoded): WireExpectation {
  return {
    events: sink.events.map(({ event, data, lastEventId }) => ({ type: event, data, lastEventId })),
    retry: sink.retries.at(-1) ?? null,
    comments: sink.comments,
    finalLastEventId: lastEventId,
  };
}
