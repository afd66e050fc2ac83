import { createDecoder, type DecoderOptions } from '../../src/sse/decoder.ts';
import type { DecoderEnd, SseEvent, SseSink } from '../../src/sse/sink.ts';

type Told =
  | { type: 'event'; event: SseEvent; at: number }
  | { type: 'comment'; text: string; at: number }
  | { type: 'retry'; ms: number; at: number };

/** All that a decoder told, in its order. */
export class RecordingSink implements SseSink {
  readonly told: Told[] = [];

  event(event: SseEvent, at: number): void {
    this.told.push({ type: 'event', event, at });
  }
  comment(text: string, at: number): void {
    this.told.push({ type: 'comment', text, at });
  }
  retry(ms: number, at: number): void {
    this.told.push({ type: 'retry', ms, at });
  }

  get events(): SseEvent[] {
    return this.told.flatMap((record) => (record.type === 'event' ? [record.event] : []));
  }
  get comments(): string[] {
    return this.told.flatMap((record) => (record.type === 'comment' ? [record.text] : []));
  }
  get retries(): number[] {
    return this.told.flatMap((record) => (record.type === 'retry' ? [record.ms] : []));
  }
}

export interface Decoded {
  sink: RecordingSink;
  end: DecoderEnd;
  lastEventId: string;
}

/**
 * Decodes chunks that all belong to one read, the way a socket gives them: each in the same buffer, which is
 * overwritten after the push. So a decoder that keeps what it was lent fails every test.
 */
export function decodeChunks(chunks: readonly Uint8Array[], options?: DecoderOptions): Decoded {
  const sink = new RecordingSink();
  const decoder = createDecoder(sink, options);
  for (const chunk of chunks) {
    const lent = Buffer.from(chunk);
    decoder.push(lent, 0);
    lent.fill('!');
  }
  return { sink, end: decoder.end(), lastEventId: decoder.lastEventId };
}

export function decodeWhole(stream: string | readonly number[], options?: DecoderOptions): Decoded {
  return decodeChunks([bytesOf(stream)], options);
}

/** Text as UTF-8, or bytes as they are. */
export function bytesOf(stream: string | readonly number[]): Buffer {
  return typeof stream === 'string' ? Buffer.from(stream) : Buffer.from([...stream]);
}

/** The stream cut before each of the offsets, which ascend. */
export function cut(stream: Uint8Array, ...offsets: readonly number[]): Uint8Array[] {
  return [0, ...offsets].map((from, i) => stream.subarray(from, offsets[i] ?? stream.length));
}

export function byteByByte(stream: Uint8Array): Uint8Array[] {
  return Array.from(stream, (_, i) => stream.subarray(i, i + 1));
}
