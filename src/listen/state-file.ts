import { readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { SseKitError } from '../client/errors.ts';

/** At most so often is the file written. */
const WRITE_EVERY_MS = 100;
/** An id longer than any server's header limit means that this is some other file. */
const MAX_ID_BYTES = 64 * 1024;

/** The last event id kept in a file; `''` where the file does not exist yet. */
export function readStateFile(path: string): string {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw new SseKitError('STATE_UNREADABLE', 2, `--state ${path}: ${(error as Error).message}`, {
      hint: 'give a file that can be read and written, or one that does not exist yet',
      cause: error,
    });
  }
  const id = text.replace(/\r?\n$/, '');
  if (Buffer.byteLength(id) > MAX_ID_BYTES || /[\r\n\0]/.test(id)) {
    throw new SseKitError('STATE_INVALID', 2, `--state ${path}: this is no file of a last event id`, {
      hint: 'it holds one line, the id; remove it to start afresh',
    });
  }
  return id;
}

/**
 * Keeps the last event id in a file, at most every 100 ms and once at the end. Each write goes to a file beside
 * it that is then renamed: after a crash the file is whole, old or new.
 */
export class StateFile {
  private readonly path: string;
  private readonly onError: (error: SseKitError) => void;
  private pending: string | undefined;
  private written: string | undefined;
  private writing: Promise<void> = Promise.resolve();
  private timer: NodeJS.Timeout | undefined;
  private failed = false;

  constructor(path: string, onError: (error: SseKitError) => void) {
    this.path = path;
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
    const beside = `${this.path}.${process.pid}.tmp`;
    try {
      await writeFile(beside, `${id}\n`);
      await rename(beside, this.path);
      this.written = id;
    } catch (error) {
      this.failed = true;
      this.onError(
        new SseKitError('STATE_UNWRITABLE', 23, `--state ${this.path}: ${(error as Error).message}`, {
          hint: 'the last event id could not be kept; is the folder writable, and the disk not full?',
          cause: error,
        }),
      );
    }
  }
}
