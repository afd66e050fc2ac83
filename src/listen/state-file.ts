import { accessSync, constants, readFileSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { SseKitError } from '../client/errors.ts';
import { replaceFile } from './replace-file.ts';

/** At most so often is the file written. */
const WRITE_EVERY_MS = 100;
/** An id longer than any server's header limit means that this is some other file. */
const MAX_ID_BYTES = 64 * 1024;

/**
 * The last event id kept in a file; `''` where the file does not exist yet.
 *
 * @throws SseKitError exit 2 for a file that holds something else; exit 23 where nothing could be kept in it
 */
export function readStateFile(path: string): string {
  const file = followLinks(path);
  checkWritable(path, file);
  const id = readText(path, file).replace(/\r?\n$/, '');
  if (Buffer.byteLength(id) > MAX_ID_BYTES || /[\r\n\0]/.test(id)) {
    throw new SseKitError('STATE_INVALID', 2, `--state ${path}: this is no file of a last event id`, {
      hint: 'it holds one line, the id; remove it to start afresh',
    });
  }
  return id;
}

/** The file that a path leads to, also where the file at the end of a link does not exist yet. */
function followLinks(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    if (!isMissing(error)) throw unreadable(path, error);
  }
  try {
    return followLinks(resolve(dirname(path), readlinkSync(path)));
  } catch (error) {
    if (error instanceof SseKitError) throw error;
    // No link, then: a file that is still to be made.
    return path;
  }
}

/** Told before the first request, not after the first event: what is no file must not be replaced by one. */
function checkWritable(path: string, file: string): void {
  try {
    const state = statSync(file, { throwIfNoEntry: false });
    if (state !== undefined && !state.isFile()) {
      throw unreadable(path, new Error(state.isDirectory() ? 'it is a folder' : 'it is no ordinary file'));
    }
    // Renaming asks only for the folder's permission; a file that is write-protected is meant to stay.
    if (state !== undefined) accessSync(file, constants.W_OK);
    accessSync(dirname(file), constants.W_OK | constants.X_OK);
  } catch (error) {
    throw error instanceof SseKitError ? error : unwritable(path, error);
  }
}

function readText(path: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (isMissing(error)) return '';
    throw unreadable(path, error);
  }
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}

function unreadable(path: string, error: unknown): SseKitError {
  return new SseKitError('STATE_UNREADABLE', 2, `--state ${path}: ${(error as Error).message}`, {
    hint: 'give a file that can be read and written, or one that does not exist yet',
    cause: error,
  });
}

function unwritable(path: string, error: unknown): SseKitError {
  return new SseKitError('STATE_UNWRITABLE', 23, `--state ${path}: ${(error as Error).message}`, {
    hint: 'the last event id could not be kept; is the folder there and writable, and the disk not full?',
    cause: error,
  });
}

/**
 * Keeps the last event id in a file, at most every 100 ms and once at the end. Each write goes to a file beside
 * it that is then renamed: after a crash the file is whole, old or new. A link stays a link, and a file keeps its
 * permissions.
 */
export class StateFile {
  private readonly path: string;
  /** Where the path led when the run began. */
  private readonly file: string;
  private readonly onError: (error: SseKitError) => void;
  private pending: string | undefined;
  private written: string | undefined;
  private writing: Promise<void> = Promise.resolve();
  private timer: NodeJS.Timeout | undefined;
  private failed = false;

  constructor(path: string, onError: (error: SseKitError) => void) {
    this.path = path;
    this.file = followLinks(path);
    this.onError = onError;
  }

  /** The id of the last event that has been written out. */
  update(id: string): void {
    if (this.failed || id === this.pending) return;
    // It could not be read again, nor sent to a server; the one before it loses nothing.
    if (Buffer.byteLength(id) > MAX_ID_BYTES) return;
    this.pending = id;
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      void this.flush();
    }, WRITE_EVERY_MS);
  }

  /** Writes what is still to be written. */
  async close(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    await this.flush();
  }

  /** One write at a time: each uses the same file beside. */
  private flush(): Promise<void> {
    this.writing = this.writing.then(() => this.replace());
    return this.writing;
  }

  private async replace(): Promise<void> {
    const id = this.pending;
    if (id === undefined || id === this.written || this.failed) return;
    try {
      await replaceFile(this.file, `${id}\n`);
      this.written = id;
    } catch (error) {
      this.failed = true;
      this.onError(unwritable(this.path, error));
    }
  }
}
