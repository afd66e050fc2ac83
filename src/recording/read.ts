import { byteLines } from './byte-lines.ts';
import { MAX_LINE_BYTES } from './lines.ts';
import { parseRecordLine } from './record-line.ts';
import { RecordingError } from './recording-error.ts';
import { type RecordingFile, readFrom } from './recording-file.ts';
import type { RecordingRecord } from './records.ts';

const BYTE_ORDER_MARK = /^\ufeff/;

export interface PlacedRecord {
  record: RecordingRecord;
  /** Number of its line, from 1. */
  line: number;
  /** Where its line begins, and the next one does, in the decompressed file. */
  offset: number;
  end: number;
}

export interface ReadOptions {
  /** Where to begin: the start of a line. */
  from?: { offset: number; line: number };
  /**
   * Events that a chunk of their connection has brought already come without their content, and unread: whoever decodes
   * the bytes has no use for it, and it is most of a recording.
   */
  skim?: boolean;
  /** The last line was cut off, as when the recorder was killed: it is left out. */
  onCutLine?: (line: number) => void;
}

/**
 * The records of a recording, one after the other, in bounded memory.
 *
 * @throws RecordingError for a line that is none, by its number; for a file that can't be read
 */
export function readRecords(
  file: RecordingFile,
  options: ReadOptions = {},
): AsyncGenerator<PlacedRecord, void, undefined> {
  return recordsIn(readFrom(file, options.from?.offset ?? 0), options);
}

/** The same from bytes that come from elsewhere. */
export async function* recordsIn(
  source: AsyncIterable<Buffer>,
  options: ReadOptions = {},
): AsyncGenerator<PlacedRecord, void, undefined> {
  const from = options.from ?? { offset: 0, line: 1 };
  const lines = byteLines(source, { maxBytes: MAX_LINE_BYTES, tooLong }, from);
  const skimmer = options.skim === true ? new Skimmer() : undefined;
  for await (const { bytes, number, offset, whole } of lines) {
    const skimmed = whole ? skimmer?.event(bytes) : undefined;
    if (skimmed !== undefined) {
      yield { record: skimmed, line: number, offset, end: offset + bytes.length + 1 };
      continue;
    }
    const text = number === 1 ? bytes.toString().replace(BYTE_ORDER_MARK, '') : bytes.toString();
    if (text.trim() === '') continue;
    try {
      const record = parseRecordLine(text, number);
      skimmer?.read(record);
      yield { record, line: number, offset, end: offset + bytes.length + Number(whole) };
    } catch (error) {
      if (whole || number === 1 || !(error instanceof RecordingError)) throw error;
      options.onCutLine?.(number);
    }
  }
}

const CLOSING_BRACE = 0x7d;

/** Knows the lines of events that a chunk has brought. */
class Skimmer {
  #record: Extract<RecordingRecord, { type: 'event' }> | undefined;
  #beginning = Buffer.alloc(0);

  /** The event of the line, without its content, where nothing more has to be known of it. */
  event(line: Buffer): RecordingRecord | undefined {
    if (this.#record === undefined || line[line.length - 1] !== CLOSING_BRACE) return undefined;
    return line.subarray(0, this.#beginning.length).equals(this.#beginning) ? this.#record : undefined;
  }

  read(record: RecordingRecord): void {
    if (record.type === 'chunk') {
      const { conn, t } = record;
      this.#record = { type: 'event', conn, t, data: '' };
      this.#beginning = Buffer.from(`{"type":"event","conn":${conn},"`);
    } else if (record.type === 'open' || record.type === 'close') {
      this.#record = undefined;
    }
  }
}

function tooLong(line: number): Error {
  return new RecordingError(`longer than ${MAX_LINE_BYTES / 1024 ** 2} MB`, {
    line,
    hint: 'a record is one line: is this a recording?',
  });
}
