import { SseKitError } from '../client/errors.ts';
import { openRecordingOutput, type RecordingOutput } from '../recording/recording-output.ts';
import type { InstrumentContext } from './instrument.ts';
import { Output } from './output.ts';

/** Bytes of compressed data that hold nothing yet, and one. */
const GZIP_HEAD = 11;

/** A recording's file, seen from the run: it pauses what is read while the disk is slow, and fails it with the disk. */
export class RecordingFileSink {
  readonly #output: Output;
  readonly #file: RecordingOutput;
  #told = false;
  /** A file with less in it has nothing that could be read. */
  #leastBytes = 0;

  /** @throws SseKitError exit 23 for a file that can't be opened */
  constructor(path: string, context: Pick<InstrumentContext, 'fail' | 'pause' | 'resume'>) {
    try {
      this.#file = openRecordingOutput(path, (error) => {
        this.#told = true;
        context.fail(this.#failure(error));
      });
    } catch (error) {
      throw new SseKitError('RECORD_UNWRITABLE', 23, `--record ${path}: ${reasonOf(error)}`, {
        hint: 'nothing was connected to; is the folder there and writable?',
        cause: error,
      });
    }
    this.#output = new Output(this.#file.stream, context.pause, context.resume);
  }

  /** What is written first can be read as soon as it is there as a whole. */
  write(text: string): void {
    if (this.#leastBytes === 0)
      this.#leastBytes = this.#file.compressed ? GZIP_HEAD : Buffer.byteLength(text);
    this.#output.write(text);
  }

  /** @throws SseKitError exit 23, where what is left can't be written */
  async finish(): Promise<void> {
    this.#output.flush();
    try {
      await this.#file.finish();
    } catch (error) {
      if (!this.#told) throw this.#failure(error);
    }
  }

  #failure(error: unknown): SseKitError {
    const { path, bytesWritten } = this.#file;
    const message = `--record ${path}: ${reasonOf(error)}; ${bytesWritten} bytes were written`;
    return new SseKitError('RECORD_FAILED', 23, message, {
      hint:
        bytesWritten < this.#leastBytes
          ? 'nothing of the run is in it'
          : 'the recording can be read up to there',
      cause: error,
    });
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'the folder is not there',
  ENOTDIR: 'a part of the path is no folder',
  EISDIR: 'it is a folder',
  EACCES: 'writing it is not permitted',
  EPERM: 'writing it is not permitted',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space is left on the disk',
  EDQUOT: 'the quota of the disk is used up',
  EFBIG: 'the file would be larger than is allowed',
};

function reasonOf(error: unknown): string {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return REASONS[code] ?? message;
}
