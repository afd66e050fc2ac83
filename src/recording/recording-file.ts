import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { pipeline, type Readable, Transform } from 'node:stream';
import { gunzipped, isGzip } from './gunzip.ts';
import { RecordingError } from './recording-error.ts';

/** A recording on disk, found to be readable. */
export interface RecordingFile {
  path: string;
  compressed: boolean;
  sizeBytes: number;
}

/**
 * @throws RecordingError for what is no ordinary file, can't be read, or is empty
 */
export async function findRecording(path: string): Promise<RecordingFile> {
  try {
    const found = await stat(path);
    if (!found.isFile()) {
      throw new RecordingError(found.isDirectory() ? 'a folder' : 'no ordinary file', {
        hint: 'a recording is read more than once: save it as a file first',
      });
    }
    const { size } = found;
    if (size === 0)
      throw new RecordingError('the file is empty', { hint: 'was the recording ended at once?' });
    return { path, sizeBytes: size, compressed: await isCompressed(path) };
  } catch (error) {
    throw asRecordingError(error);
  }
}

/** The bytes of the recording, decompressed, from an offset on. Closed with the iteration, also an early end of it. */
export async function* readFrom(
  file: RecordingFile,
  offset: number,
): AsyncGenerator<Buffer, void, undefined> {
  const bytes = file.compressed
    ? await unzipped(file, offset)
    : createReadStream(file.path, { start: offset });
  yield* blocksOf(bytes);
}

/** What a stream of bytes holds. It is closed with the iteration, also an early end of it. */
export async function* blocksOf(source: Readable): AsyncGenerator<Buffer, void, undefined> {
  try {
    for await (const block of source) yield block as Buffer;
  } catch (error) {
    throw asRecordingError(error);
  } finally {
    source.destroy();
  }
}

async function isCompressed(path: string): Promise<boolean> {
  const handle = await open(path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    return isGzip(buffer.subarray(0, bytesRead));
  } finally {
    await handle.close();
  }
}

/** There is no jumping in compressed data: what comes before the offset is thrown away. */
async function unzipped(file: RecordingFile, offset: number): Promise<Readable> {
  let toSkip = offset;
  const skip = new Transform({
    transform(block: Buffer, _encoding, done) {
      const skipped = Math.min(toSkip, block.length);
      toSkip -= skipped;
      done(null, skipped === block.length ? undefined : block.subarray(skipped));
    },
  });
  // Errors come out of the last stream, where they are read.
  return pipeline(await gunzipped(createReadStream(file.path)), skip, () => {});
}

/** What is said of a file that can't be read. */
function asRecordingError(error: unknown): RecordingError {
  if (error instanceof RecordingError) return error;
  const { code = '', message } = error as NodeJS.ErrnoException;
  const fail = (text: string, hint: string) => new RecordingError(text, { hint, cause: error });
  if (code === 'ENOENT') return fail('no such file', 'check the path');
  if (code === 'EISDIR') return fail('a folder', 'give the file of a recording');
  if (code === 'EACCES' || code === 'EPERM') return fail('no permission to read it', '');
  if (code === 'EMFILE' || code === 'ENFILE')
    return fail('no file descriptor left', 'raise the limit: ulimit -n');
  if (code.startsWith('Z_'))
    return fail(`the compressed data is damaged: ${message}`, 'gzip -t names the place');
  return fail(`can't be read: ${message}`, '');
}
