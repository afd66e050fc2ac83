import { createDecoder } from '../sse/decoder.ts';
import { EventTooLargeError } from '../sse/event-too-large.ts';
import type { Decoder, DecoderEnd, SseEvent, SseSink } from '../sse/sink.ts';
import { type BodyDecoder, createBodyDecoder } from './content-coding.ts';
import { SseKitError } from './errors.ts';
import type { Marks } from './records.ts';
import type { StreamSink } from './stream-sink.ts';

/** What a body reader asks of the attempt that it reads for. */
export interface BodyReaderOwner {
  /** The body can't be read any further. */
  failed(error: SseKitError): void;
  /** Decoding lags behind the socket, or has caught up. */
  backlog(full: boolean): void;
}

export interface BodyEnd {
  decoder: DecoderEnd;
  codingComplete: boolean;
}

/** Body bytes → content decoding → events, counted and marked on the way. */
export class BodyReader implements SseSink {
  events = 0;
  comments = 0;
  bytes = 0;
  wireBytes = 0;
  private readonly decoder: Decoder;
  private readonly coding: BodyDecoder | undefined;
  private readonly sink: StreamSink;
  private readonly marks: Marks;
  private readonly owner: BodyReaderOwner;
  private broken = false;

  /** @throws SseKitError `BAD_ENCODING` for a content coding that can't be decoded */
  constructor(
    codings: readonly string[],
    limits: { maxEventSizeBytes: number; lastEventId: string },
    sink: StreamSink,
    marks: Marks,
    owner: BodyReaderOwner,
  ) {
    this.sink = sink;
    this.marks = marks;
    this.owner = owner;
    this.decoder = createDecoder(this, limits);
    if (codings.length > 0) {
      this.coding = createBodyDecoder(codings, {
        body: (bytes, at) => this.body(bytes, at),
        codingFailed: (error) => this.fail(error),
        backlog: (full) => owner.backlog(full),
      });
    }
  }

  get lastEventId(): string {
    return this.decoder.lastEventId;
  }

  data(bytes: Uint8Array, at: number, chunkEnds?: readonly number[]): void {
    this.sink.chunk?.(bytes, at, chunkEnds);
    // Whoever looks at bytes may have had enough of them.
    if (this.broken) return;
    this.wireBytes += bytes.length;
    this.sink.wire?.(bytes.length);
    if (this.coding === undefined) this.body(bytes, at);
    else this.coding.write(bytes, at);
  }

  /** Calls back when everything that came was handed over: at once where there is no coding. */
  end(done: (end: BodyEnd) => void): void {
    if (this.coding === undefined) done({ decoder: this.decoder.end(), codingComplete: true });
    else this.coding.end(({ complete }) => done({ decoder: this.decoder.end(), codingComplete: complete }));
  }

  /** Calls back when everything that came so far was handed over: at once where there is no coding. */
  whenIdle(done: () => void): void {
    if (this.coding === undefined) done();
    else this.coding.whenIdle(done);
  }

  pause(): void {
    this.coding?.pause();
  }

  resume(): void {
    this.coding?.resume();
  }

  destroy(): void {
    this.broken = true;
    this.coding?.destroy();
  }

  event(event: SseEvent, at: number): void {
    if (this.broken) return;
    this.events++;
    this.marks.firstEvent ??= at;
    this.sink.event(event, at);
  }

  comment(text: string, at: number): void {
    if (this.broken) return;
    this.comments++;
    this.marks.firstComment ??= at;
    this.sink.comment(text, at);
  }

  retry(ms: number, at: number): void {
    if (!this.broken) this.sink.retry(ms, at);
  }

  private body(bytes: Uint8Array, at: number): void {
    if (this.broken) return;
    this.bytes += bytes.length;
    this.sink.body?.(bytes, at);
    try {
      this.decoder.push(bytes, at);
    } catch (error) {
      if (!(error instanceof EventTooLargeError)) throw error;
      this.fail(
        new SseKitError('EVENT_TOO_LARGE', 12, error.message, {
          hint: '--max-event-size SIZE allows larger ones',
          cause: error,
        }),
      );
    }
  }

  private fail(error: SseKitError): void {
    this.broken = true;
    this.owner.failed(error);
  }
}
