import type { BodyReader } from '../../client/body-reader.ts';
import { parseContentEncoding } from '../../client/content-coding.ts';
import { readRecords } from '../../recording/read.ts';
import type { RecordingFile } from '../../recording/recording-file.ts';
import type { CloseRecord, OpenRecord, RecordingRecord } from '../../recording/records.ts';
import type { SseEvent } from '../../sse/sink.ts';
import { openBody } from '../replay/open-body.ts';

/** An event of a recorded run, with its place there. */
export interface RecordedEvent {
  event: string;
  /** Only where the event's block had one. */
  id: string | undefined;
  data: string;
  /** Number of the event in the run, as its own record tells it, else counted; from 1. */
  n: number;
  /** Milliseconds since the start of the run. */
  t: number;
  /** Number of its connection in the recording, from 1. */
  conn: number;
}

export type RunItem =
  | { kind: 'begin'; conn: number; open: OpenRecord | undefined }
  | { kind: 'event'; event: RecordedEvent }
  | { kind: 'comment' }
  | { kind: 'retry'; ms: number }
  /** `close` is missing where the recording ends before the connection did. */
  | { kind: 'end'; conn: number; close: CloseRecord | undefined };

/** Larger events stand in no recording: a line is no longer than that. */
const MAX_EVENT_BYTES = 64 * 1024 * 1024;

type ChunkRecord = Extract<RecordingRecord, { type: 'chunk' }>;

/** Attempts follow one another: connections without an end, beyond so many, have none. */
const MOST_AT_ONCE = 50;

/** So much of a body is read before it is taken for one whose events were not written down. */
const HELD_BYTES = 1024 * 1024;

/**
 * What was received in a recorded run, in its order, in bounded memory: the events that were written down, which are
 * those that the run took; decoded from the bytes of the body where there are only those.
 *
 * @param note is told what its user should know of the file, a sentence each
 * @throws RecordingError for a line that is none, by its number; for a file that can't be read
 */
export async function* recordedRun(
  file: RecordingFile,
  note: (text: string) => void,
): AsyncGenerator<RunItem, void, undefined> {
  const underWay = new Map<number, Connection>();
  let connections = 0;
  let events = 0;
  const found = ({ items }: Connection) =>
    items.splice(0).map((item) => {
      if (item.kind === 'event') events = item.event.n = Math.max(item.event.n, events + 1);
      return item;
    });
  const onCutLine = (line: number) => note(`line ${line}, the last, was cut off: it is left out`);
  for await (const { record } of readRecords(file, { onCutLine })) {
    if (record.type === 'other' || record.type === 'reconnect') continue;
    let connection = underWay.get(record.conn);
    if (connection === undefined) {
      for (const [conn, oldest] of underWay) {
        if (underWay.size < MOST_AT_ONCE) break;
        underWay.delete(conn);
        await oldest.finish(undefined);
        yield* found(oldest);
      }
      connections++;
      const open = record.type === 'open' ? record : undefined;
      connection = new Connection(connections, open, note);
      underWay.set(record.conn, connection);
      yield { kind: 'begin', conn: connections, open };
    }
    await connection.take(record);
    // Recordings that were put behind each other count from 1 again.
    if (record.type === 'close') underWay.delete(record.conn);
    yield* found(connection);
  }
  for (const connection of underWay.values()) {
    await connection.finish(undefined);
    yield* found(connection);
  }
}

/** A connection while its lines are read. */
class Connection {
  /** What was found since they were taken last. */
  readonly items: RunItem[] = [];
  readonly #conn: number;
  readonly #open: OpenRecord | undefined;
  readonly #note: (text: string) => void;
  #body: RecordedBody | undefined;
  /** Which lines tell of the body; `undefined` while only bytes have come, and few. */
  #source: 'chunks' | 'blocks' | undefined;
  #held: ChunkRecord[] = [];
  #heldBytes = 0;
  /** Comments and retries that were written down beside the bytes that are held. */
  #undecided: RunItem[] = [];

  constructor(conn: number, open: OpenRecord | undefined, note: (text: string) => void) {
    this.#conn = conn;
    this.#open = open;
    this.#note = note;
  }

  async take(record: RecordingRecord): Promise<void> {
    switch (record.type) {
      case 'chunk':
        await this.#chunk(record);
        return;
      case 'close':
        await this.finish(record);
        return;
      case 'event':
        this.#decideForBlocks();
        return this.#block({ kind: 'event', event: writtenEvent(record, this.#conn) });
      case 'comment':
        return this.#block({ kind: 'comment' });
      case 'retry':
        return this.#block({ kind: 'retry', ms: record.ms });
    }
  }

  async finish(close: CloseRecord | undefined): Promise<void> {
    if (this.#source === undefined && this.#held.length > 0) await this.#decodeHeld();
    await this.#body?.end();
    this.items.push({ kind: 'end', conn: this.#conn, close });
  }

  #block(item: RunItem): void {
    // The bytes of a line come before it: where there are none yet, there will be none.
    if (this.#held.length === 0) this.#decideForBlocks();
    if (this.#source === 'blocks') this.items.push(item);
    else if (this.#source === undefined) this.#undecided.push(item);
  }

  #decideForBlocks(): void {
    if (this.#source !== undefined) return;
    this.#source = 'blocks';
    this.#held = [];
    this.items.push(...this.#undecided.splice(0));
  }

  async #chunk(record: ChunkRecord): Promise<void> {
    if (this.#source === 'blocks' || !this.#isStream()) return;
    if (this.#source === 'chunks') return this.#decode(record);
    this.#held.push(record);
    this.#heldBytes += record.bytes.length;
    if (this.#heldBytes > HELD_BYTES) await this.#decodeHeld();
  }

  async #decodeHeld(): Promise<void> {
    this.#source = 'chunks';
    this.#undecided = [];
    for (const record of this.#held.splice(0)) await this.#decode(record);
  }

  #decode({ bytes, t, enc }: ChunkRecord): Promise<void> {
    this.#body ??= new RecordedBody(this.#codings(enc), this.#conn, this.items, this.#note);
    return this.#body.data(bytes, t);
  }

  /** The body of an error page holds no events. */
  #isStream(): boolean {
    const type = this.#open?.headers['content-type'];
    return this.#open === undefined || /^text\/event-stream\b/i.test([type ?? ''].flat().join());
  }

  #codings(enc: string | undefined): string[] {
    return parseContentEncoding(enc ?? [this.#open?.headers['content-encoding'] ?? ''].flat().join());
  }
}

function writtenEvent(
  { event = 'message', id, data, t, ...further }: Extract<RecordingRecord, { type: 'event' }>,
  conn: number,
): RecordedEvent {
  const { n } = further as { n?: unknown };
  // Its own number tells which events a filter left out.
  return { event, id, data, n: Number.isSafeInteger(n) ? Number(n) : 0, t, conn };
}

/** Body bytes as they came → events, as `listen` makes them. */
class RecordedBody {
  readonly #reader: BodyReader | undefined;
  #broken = false;
  #full = false;
  #goOn: (() => void) | undefined;

  constructor(codings: string[], conn: number, items: RunItem[], note: (text: string) => void) {
    const fail = (error: Error) => {
      this.#broken = true;
      this.#goOn?.();
      note(`connection ${conn} can't be read to its end: ${error.message}`);
    };
    const sink = {
      event: ({ event, id, data }: SseEvent, t: number) =>
        void items.push({ kind: 'event', event: { event, id, data, n: 0, t, conn } }),
      comment: () => void items.push({ kind: 'comment' }),
      retry: (ms: number) => void items.push({ kind: 'retry', ms }),
      open: () => {},
      warn: () => {},
      close: () => {},
    };
    const limits = { maxEventSizeBytes: MAX_EVENT_BYTES, lastEventId: '' };
    const backlog = (full: boolean) => {
      this.#full = full;
      if (!full) this.#goOn?.();
    };
    const marks = { planned: 0, start: 0 };
    this.#reader = openBody(codings, limits, sink, marks, { failed: fail, backlog });
  }

  /** Resolves when more is wanted. */
  async data(bytes: Uint8Array, t: number): Promise<void> {
    if (this.#broken) return;
    this.#reader?.data(bytes, t);
    if (!this.#full || this.#broken) return;
    await new Promise<void>((resolve) => {
      this.#goOn = resolve;
    });
  }

  async end(): Promise<void> {
    if (this.#broken) return;
    await new Promise<void>((resolve) => {
      this.#goOn = resolve;
      this.#reader?.end(() => resolve());
    });
  }
}
