import { readRecords } from './read.ts';
import { RecordingError } from './recording-error.ts';
import { findRecording, type RecordingFile } from './recording-file.ts';
import type { RecordingRecord } from './records.ts';

/** One attempt of the recorded run, as an index knows it. */
export interface RecordedConnection {
  /** Where its first record is, and where its last one ends. */
  from: { offset: number; line: number };
  end: number;
  conn: number;
  opened: boolean;
  closed: boolean;
  /** Lines that hold bytes of the body as they came. */
  chunks: number;
  /** Lines that hold what was decoded from it. */
  blocks: number;
}

/** A run with more attempts than this is replayed up to here. */
const MAX_CONNECTIONS = 100_000;

/** A recording whose lines are no more than this is kept in memory, for all of its readers. */
const KEPT_BYTES = 16 * 1024 * 1024;

/**
 * A recording, read through once: every line is known to be right, and where the lines of each connection are. Small
 * ones are kept in memory; of a large one each reading has its own way through the file.
 */
export class Recording {
  readonly connections: readonly RecordedConnection[];
  /** What its user should know of the file, a sentence each. */
  readonly notes: readonly string[];
  readonly #file: RecordingFile;
  /** The records of each connection, where they are kept. */
  readonly #kept: ReadonlyMap<RecordedConnection, readonly RecordingRecord[]> | undefined;

  private constructor(file: RecordingFile, index: RecordingIndex) {
    this.#file = file;
    this.connections = index.connections;
    this.notes = index.notes;
    this.#kept = index.kept;
  }

  /** @throws RecordingError for a file that is no recording, with the line that shows it */
  static async open(path: string): Promise<Recording> {
    const file = await findRecording(path);
    const index = new RecordingIndex();
    const onCutLine = (line: number) => {
      index.notes.push(`line ${line} of the recording, its last, was cut off: it is left out`);
    };
    for await (const { record, line, offset, end } of readRecords(file, { onCutLine })) {
      index.add(record, { line, offset, end });
    }
    index.finish();
    if (index.connections.length === 0) {
      throw new RecordingError('there is no connection in it', {
        hint: 'a recording has at least an "open" line: `ssekit listen --record FILE URL` writes one',
      });
    }
    return new Recording(file, index);
  }

  /**
   * The records of one connection in their order, those of other types left out.
   *
   * @throws RecordingError where the file is not what it was when it was read first
   */
  async *records(connection: RecordedConnection): AsyncGenerator<RecordingRecord, void, undefined> {
    const kept = this.#kept?.get(connection);
    if (kept !== undefined) {
      yield* kept;
      return;
    }
    const { from, conn } = connection;
    let reached = from.offset;
    for await (const { record, offset, end } of readRecords(this.#file, { from, onCutLine })) {
      if (offset >= connection.end) break;
      reached = end;
      if (record.type !== 'other' && record.conn === conn) yield record;
    }
    // The last line may have got its line ending since.
    const toGo = connection.end - reached;
    if (toGo !== 0 && toGo !== -1) {
      throw new RecordingError('the file has changed since it was read first', {
        hint: 'start the server again to serve it as it is now',
      });
    }
  }
}

/** It was told when the file was read first, unless it belongs to a connection: then that one ends before its end. */
function onCutLine(): void {}

/** What is found out about a recording while it is read through. */
class RecordingIndex {
  connections: RecordedConnection[] = [];
  readonly notes: string[] = [];
  kept: Map<RecordedConnection, RecordingRecord[]> | undefined = new Map();
  #keptBytes = 0;
  readonly #underWay = new Map<number, RecordedConnection>();
  #leftOut = false;

  add(record: RecordingRecord, at: { line: number; offset: number; end: number }): void {
    if (record.type === 'other') return;
    const connection = this.#underWay.get(record.conn) ?? this.#begin(record.conn, at);
    if (connection === undefined) return;
    connection.end = at.end;
    if (record.type === 'open') connection.opened = true;
    else if (record.type === 'chunk') connection.chunks += 1;
    else if (record.type === 'close') {
      connection.closed = true;
      // Recordings that were put behind each other count from 1 again.
      this.#underWay.delete(record.conn);
    } else if (record.type !== 'reconnect') connection.blocks += 1;
    this.#keep(connection, record, at.end - at.offset);
  }

  /** An attempt of which only the announcement was written down is none. */
  finish(): void {
    this.connections = this.connections.filter(({ opened, closed, chunks, blocks }) => {
      return opened || closed || chunks + blocks > 0;
    });
    if (this.#leftOut) this.notes.push(`only the first ${MAX_CONNECTIONS} recorded connections are used`);
  }

  #begin(conn: number, { line, offset, end }: { line: number; offset: number; end: number }) {
    if (this.connections.length >= MAX_CONNECTIONS) {
      this.#leftOut = true;
      return undefined;
    }
    const from = { offset, line };
    const begun = { conn, from, end, opened: false, closed: false, chunks: 0, blocks: 0 };
    this.connections.push(begun);
    this.#underWay.set(conn, begun);
    return begun;
  }

  #keep(connection: RecordedConnection, record: RecordingRecord, bytes: number): void {
    if (this.kept === undefined) return;
    this.#keptBytes += bytes;
    if (this.#keptBytes > KEPT_BYTES) {
      this.kept = undefined;
      return;
    }
    const records = this.kept.get(connection);
    if (records === undefined) this.kept.set(connection, [record]);
    else records.push(record);
  }
}
