import { byteLines } from './byte-lines.ts';
import { parseRecordLine } from './record-line.ts';
import { RecordingError } from './recording-error.ts';
import { type RecordingFile, readFrom } from './recording-file.ts';
import type { RecordingRecord } from './records.ts';

/** Longest line: an event of the largest size that `listen` takes, with its data written twice. */
const MAX_LINE_BYTES = 64 * 1024 * 1024;

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
  for await (const { bytes, number, offset, whole } of lines) {
    const text = number === 1 ? bytes.toString().replace(BYTE_ORDER_MARK, '') : bytes.toString();
    if (text.trim() === '') continue;
    try {
      yield {
        record: parseRecordLine(text, number),
        line: number,
        offset,
        end: offset + bytes.length + Number(whole),
      };
    } catch (error) {
      if (whole || number === 1 || !(error instanceof RecordingError)) throw error;
      options.onCutLine?.(number);
    }
  }
}

function tooLong(line: number): Error {
  return new RecordingError(`longer than ${MAX_LINE_BYTES / 1024 ** 2} MB`, {
    line,
    hint: 'a record is one line: is this a recording?',
  });
}
