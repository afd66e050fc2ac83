import { createWriteStream, openSync } from 'node:fs';
import { pipeline, type Writable } from 'node:stream';
import { constants, createGzip } from 'node:zlib';

/** So much may wait to be written before whoever writes is asked to stop for a while. */
const HIGH_WATER_BYTES = 1024 * 1024;

/** Compressed data can be read up to the last flush, should the recorder be killed; each flush costs some bytes. */
const FLUSH_EVERY_MS = 1000;

/** A file that a recording is written to, while it is made. */
export interface RecordingOutput {
  readonly path: string;
  readonly compressed: boolean;
  /** Takes what is to be written; says when it has enough, as every stream does. */
  readonly stream: Writable;
  /** Bytes that are in the file. */
  readonly bytesWritten: number;
  /** Resolves when everything is written; rejects where it could not be. */
  finish(): Promise<void>;
}

/**
 * Opens the file at once, replacing what was in it; compressed where its name ends in `.gz`. What is written goes to
 * the operating system without waiting for more, so that a recorder that is killed leaves what it had.
 *
 * @param onError the file can't be written any more; `finish` then rejects too
 * @throws Error of the system, where it can't be opened
 */
export function openRecordingOutput(path: string, onError: (error: Error) => void): RecordingOutput {
  const fd = openSync(path, 'w');
  const file = createWriteStream(path, { fd, highWaterMark: HIGH_WATER_BYTES });
  const compressed = path.toLowerCase().endsWith('.gz');
  const stream = compressed ? gzipInto(file) : file;
  const finished = new Promise<void>((resolve, reject) => {
    file.once('finish', resolve);
    file.once('error', (error) => {
      reject(error);
      onError(error);
    });
  });
  // Whoever was told needs not ask again.
  finished.catch(() => {});
  return {
    path,
    compressed,
    stream,
    get bytesWritten() {
      return file.bytesWritten;
    },
    finish() {
      stream.end();
      return finished;
    },
  };
}

function gzipInto(file: Writable): Writable {
  const gzip = createGzip();
  let flushedBytes = 0;
  const timer = setInterval(() => {
    if (gzip.bytesWritten === flushedBytes) return;
    flushedBytes = gzip.bytesWritten;
    gzip.flush(constants.Z_SYNC_FLUSH);
  }, FLUSH_EVERY_MS);
  gzip.once('close', () => clearInterval(timer));
  // What goes wrong with the file is heard there.
  pipeline(gzip, file, () => {});
  return gzip;
}
