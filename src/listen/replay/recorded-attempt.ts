import type { BodyReader } from '../../client/body-reader.ts';
import { parseContentEncoding } from '../../client/content-coding.ts';
import type { SseKitError } from '../../client/errors.ts';
import type { ClientReason, Marks, OpenInfo, Warning } from '../../client/records.ts';
import type { StreamSink } from '../../client/stream-sink.ts';
import type {
  ChunkRecord,
  CloseRecord,
  CommentRecord,
  EventRecord,
  OpenRecord,
  RetryRecord,
} from '../../recording/records.ts';
import type { Source } from '../feed.ts';
import { type Counts, closeInfoOf, type Ending } from './endings.ts';
import { openBody } from './open-body.ts';
import { openInfoOf, setMarks } from './recorded-info.ts';

const NO_BYTES = new Uint8Array(0);

/** What an attempt asks of the run that it is a part of. */
export interface AttemptOwner {
  /** It may be read on, or is to be left. */
  wake(): void;
  /** It is left from outside: by a signal, not by anything that it has told. */
  leftFromOutside(ending: Ending): void;
}

/** One attempt of a recorded run, told again: its bytes are decoded as they were, or its records handed on. */
export class RecordedAttempt implements Source {
  readonly marks: Marks;
  paused = false;
  /** How it is left, as soon as somebody wants to. */
  leaving: Ending | undefined;
  closed = false;
  /** Events and comments that were told. */
  told = 0;
  readonly #sink: StreamSink;
  readonly #owner: AttemptOwner;
  readonly #limits: { maxEventSizeBytes: number; lastEventId: string };
  #info: OpenInfo | undefined;
  #reader: BodyReader | undefined;
  #coded = false;
  /** What was told of records without bytes. */
  #direct: Counts;
  #countsAtLeave: Counts | undefined;
  /** The sink is being told something, and may want to leave because of it. */
  #telling = 0;
  /** Decoding goes on until so many were told. */
  #wanted = 0;

  constructor(
    start: { at: number; lastEventId: string; maxEventSizeBytes: number },
    sink: StreamSink,
    owner: AttemptOwner,
  ) {
    this.marks = { planned: start.at, start: start.at };
    this.#sink = sink;
    this.#owner = owner;
    this.#limits = start;
    this.#direct = { events: 0, comments: 0, bytes: 0, wireBytes: 0, lastEventId: start.lastEventId };
  }

  pause(): void {
    this.paused = true;
    this.#reader?.pause();
  }

  resume(): void {
    this.paused = false;
    if (this.#wanted > this.told) this.#reader?.resume();
    this.#owner.wake();
  }

  close(by: ClientReason): void {
    this.#leave({ reason: 'client', by, pendingBytes: 0 });
  }

  /** Has something done that the sink hears of. */
  tell(act: () => void): void {
    this.#telling++;
    try {
      act();
    } finally {
      this.#telling--;
    }
  }

  warn(warning: Warning, at: number): void {
    this.tell(() => this.#sink.warn(warning, at));
  }

  open(record: OpenRecord, at: number): void {
    setMarks(this.marks, record.timing);
    this.marks.headers ??= at;
    const info = openInfoOf(record, this.marks);
    this.#info = info;
    this.tell(() => this.#sink.open(info, at));
  }

  chunk({ bytes, ends }: ChunkRecord, at: number): void {
    this.marks.firstByte ??= at;
    const reader = this.#reader ?? this.#startReading();
    this.tell(() => reader?.data(bytes, at, ends));
  }

  event(record: EventRecord, at: number): void {
    const { event = 'message', id, data, bytes = 0, reads = 1 } = record;
    const counts = this.#direct;
    counts.lastEventId = record.lastEventId ?? id ?? counts.lastEventId;
    const { lastEventId } = counts;
    this.#read(bytes, at);
    counts.events++;
    this.marks.firstEvent ??= at;
    this.tell(() => this.#sink.event({ event, id, data, lastEventId, bytes, reads }, at));
    this.told++;
  }

  comment({ text }: CommentRecord, at: number): void {
    this.#read(0, at);
    this.#direct.comments++;
    this.marks.firstComment ??= at;
    this.tell(() => this.#sink.comment(text, at));
    this.told++;
  }

  retry({ ms }: RetryRecord, at: number): void {
    this.#read(0, at);
    this.tell(() => this.#sink.retry(ms, at));
  }

  /** The answer has come. */
  get isOpen(): boolean {
    return this.#info !== undefined;
  }

  /** Whether its bytes are known; else its records are all that there is. */
  get hasBytes(): boolean {
    return this.#reader !== undefined;
  }

  get counts(): Counts {
    if (this.#countsAtLeave !== undefined) return this.#countsAtLeave;
    const reader = this.#reader;
    if (reader === undefined) return { ...this.#direct };
    const { events, comments, bytes, wireBytes, lastEventId } = reader;
    return { events, comments, bytes, wireBytes, lastEventId };
  }

  /** It ends, or is to be left. */
  get stopped(): boolean {
    return this.closed || this.leaving !== undefined;
  }

  /**
   * Decodes what came until so many events and comments were told, no further: other reads came in between. Resolves
   * also where there is nothing left to decode.
   *
   * @param turn resolves when the owner was woken
   */
  decode(count: number, turn: () => Promise<void>): void | Promise<void> {
    // Without a coding everything is told at once.
    if (this.#coded && this.#reader !== undefined) return this.#decode(this.#reader, count, turn);
  }

  async #decode(reader: BodyReader, count: number, turn: () => Promise<void>): Promise<void> {
    this.#wanted = count;
    let idle = false;
    while (this.told < count && !idle && !this.stopped) {
      reader.whenIdle(() => {
        idle = true;
        this.#owner.wake();
      });
      if (!this.paused) reader.resume();
      if (!idle) await turn();
    }
    reader.pause();
  }

  /** Decodes the rest; resolves with what the end left unfinished. */
  async end(turn: () => Promise<void>) {
    const reader = this.#reader;
    if (reader === undefined) return undefined;
    this.#wanted = Number.POSITIVE_INFINITY;
    if (!this.paused) reader.resume();
    let ended: Parameters<Parameters<BodyReader['end']>[0]>[0] | undefined;
    reader.end((end) => {
      ended = end;
      this.#owner.wake();
    });
    while (ended === undefined && !this.stopped) await turn();
    return ended;
  }

  /** What the recording says that it came to, and nothing else tells. */
  learn({ timing, bytes, wireBytes = bytes }: CloseRecord): void {
    setMarks(this.marks, timing);
    if (this.hasBytes) return;
    for (const counts of [this.#direct, this.#countsAtLeave ?? this.#direct]) {
      if (bytes !== undefined) counts.bytes = bytes;
      if (wireBytes !== undefined) counts.wireBytes = wireBytes;
    }
  }

  /** Tells its end, which was at that time. */
  finish(ending: Ending, at: number): void {
    if (this.closed) return;
    const counts = this.counts;
    this.closed = true;
    this.#reader?.destroy();
    this.marks.end = at;
    this.#sink.close(closeInfoOf(ending, { counts, open: this.#info, marks: this.marks }), at);
  }

  /** A record without bytes of its own is a read too. */
  #read(bytes: number, at: number): void {
    this.marks.firstByte ??= at;
    this.#direct.bytes += bytes;
    this.#direct.wireBytes += bytes;
    this.tell(() => this.#sink.body?.(NO_BYTES, at));
  }

  #startReading(): BodyReader | undefined {
    const codings = this.#info === undefined ? [] : parseContentEncoding(this.#info.encoding);
    const owner = {
      failed: (error: SseKitError) => this.#failed(error),
      backlog: () => {},
    };
    const reader = openBody(codings, this.#limits, this.#heard(), this.marks, owner);
    this.#reader = reader;
    this.#coded = codings.length > 0;
    // What is decoded waits for its turn.
    if (this.#coded) reader?.pause();
    return reader;
  }

  /** The sink, with an ear for what it is told. */
  #heard(): StreamSink {
    const sink = this.#sink;
    return {
      open: () => {},
      close: () => {},
      warn: (warning, at) => sink.warn(warning, at),
      chunk: (bytes, at, ends) => sink.chunk?.(bytes, at, ends),
      body: (bytes, at) => sink.body?.(bytes, at),
      event: (event, at) => {
        this.#telling++;
        sink.event(event, at);
        this.#counted();
      },
      comment: (text, at) => {
        this.#telling++;
        sink.comment(text, at);
        this.#counted();
      },
      retry: (ms, at) => sink.retry(ms, at),
    };
  }

  #counted(): void {
    this.#telling--;
    this.told++;
    if (!this.#coded || this.told < this.#wanted) return;
    this.#reader?.pause();
    this.#owner.wake();
  }

  #failed(error: SseKitError): void {
    const tooLarge = error.code === 'EVENT_TOO_LARGE';
    this.tell(() =>
      this.#leave(
        tooLarge
          ? { reason: 'client', by: 'error', error, pendingBytes: 0 }
          : { reason: 'protocol', error, pendingBytes: 0 },
      ),
    );
  }

  #leave(ending: Ending): void {
    if (this.leaving !== undefined || this.closed) return;
    this.#countsAtLeave = this.counts;
    this.leaving = ending;
    this.#reader?.destroy();
    if (this.#telling === 0) this.#owner.leftFromOutside(ending);
    else this.#owner.wake();
  }
}
