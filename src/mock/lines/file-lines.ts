import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { SseKitError, usageError } from '../../client/errors.ts';
import { InvalidValue } from '../../notation/invalid-value.ts';
import { byteLines } from '../../recording/byte-lines.ts';
import { type LineEvent, lineEvent } from './line-event.ts';

/** All the streams of a server share what was read; a larger file is for standard input. */
const MAX_FILE_BYTES = 64 * 1024 * 1024;

/** Each of them costs memory beside its text. */
const MAX_EVENTS = 1_000_000;

/** An event as large as `listen` takes by default. */
const MAX_LINE_BYTES = 16 * 1024 * 1024;

/**
 * The events of a file, a line each.
 *
 * @throws SseKitError exit 2 for a file that can't be read, is too large or has no event, and for a line that can't be
 *   one, by its number
 */
export async function readLineEvents(path: string): Promise<LineEvent[]> {
  await checkFile(path);
  const tooLong = (line: number) =>
    usageError(
      `--lines ${path}: line ${line} is longer than ${inMb(MAX_LINE_BYTES)}`,
      'An event is one line.',
    );
  const events: LineEvent[] = [];
  try {
    const lines = byteLines(createReadStream(path), { maxBytes: MAX_LINE_BYTES, tooLong });
    for await (const { bytes, number, offset } of lines) {
      // A pipe tells its size by its end.
      if (offset + bytes.length > MAX_FILE_BYTES) throw tooLarge(path, inMb(MAX_FILE_BYTES));
      if (events.length === MAX_EVENTS) throw tooLarge(path, `${MAX_EVENTS} events`);
      const found = inLine(path, number, () => lineEvent(textOfLine(bytes, number)));
      if (found !== undefined) events.push(found);
    }
  } catch (error) {
    throw asUnreadable(path, error);
  }
  if (!events.some(({ event }) => event !== undefined)) {
    throw usageError(`--lines ${path}: there is no event in it`, 'Write one a line, text or JSON.');
  }
  return events;
}

/** A line's text: without the CR of CRLF, and the first one without a byte order mark. */
export function textOfLine(bytes: Buffer, number: number): string {
  const text = bytes.toString().replace(/\r$/, '');
  return number === 1 ? text.replace(/^\ufeff/, '') : text;
}

async function checkFile(path: string): Promise<void> {
  try {
    const found = await stat(path);
    if (found.isDirectory())
      throw usageError(`--lines ${path}: a folder`, 'Name a file, or - for standard input.');
    if (found.size <= MAX_FILE_BYTES) return;
  } catch (error) {
    throw asUnreadable(path, error);
  }
  throw tooLarge(path, inMb(MAX_FILE_BYTES));
}

function tooLarge(path: string, most: string): SseKitError {
  return usageError(
    `--lines ${path}: larger than ${most}`,
    'A file is kept in memory; publish a larger one as it is read: --lines - < FILE.',
  );
}

function inLine<T>(path: string, line: number, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof InvalidValue)) throw error;
    throw usageError(`--lines ${path}: line ${line}: ${error.message}`, error.hint);
  }
}

function asUnreadable(path: string, error: unknown): SseKitError {
  if (error instanceof SseKitError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  return code === 'ENOENT'
    ? usageError(`--lines ${path}: no such file`, 'Check the path; - is standard input.')
    : usageError(`--lines ${path}: ${message}`);
}

function inMb(bytes: number): string {
  return `${bytes / 1024 ** 2} MB`;
}
