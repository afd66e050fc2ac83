import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import type { Writable } from 'node:stream';
import { SseKitError } from '../../client/errors.ts';

/** Bytes that wait for the disk; lines beyond are left out. */
const MAX_WAITING_BYTES = 4 * 1024 * 1024;

/** A file that whole lines are appended to, in bounded memory: what the disk can't take is counted, not kept. */
export class LineFile {
  readonly #out: Writable;
  readonly #lostLine: (lines: number) => string;
  readonly #maxWaitingBytes: number;
  #lost = 0;
  #failed = false;

  /**
   * @param lostLine tells in a line of its own how many are missing at its place
   * @param warn told once where nothing can be written any more
   */
  constructor(
    out: Writable,
    lostLine: (lines: number) => string,
    warn: (message: string) => void,
    maxWaitingBytes = MAX_WAITING_BYTES,
  ) {
    this.#out = out;
    this.#lostLine = lostLine;
    this.#maxWaitingBytes = maxWaitingBytes;
    out.on('error', (error) => {
      if (!this.#failed) warn(`nothing more is written to the request log: ${error.message}`);
      this.#failed = true;
    });
    out.on('drain', () => this.#tellLost());
  }

  /** @throws SseKitError exit 23 for a file that can't be written */
  static async open(
    path: string,
    ...rest: [(lines: number) => string, (message: string) => void]
  ): Promise<LineFile> {
    const out = createWriteStream(path, { flags: 'a' });
    try {
      await once(out, 'open');
    } catch (error) {
      const { code = 'WRITE_FAILED', message } = error as NodeJS.ErrnoException;
      const reason = REASONS[code] ?? message;
      throw new SseKitError(code, 23, `can't write to ${path}: ${reason}`, {
        hint: 'Choose another file with --log-requests.',
        cause: error,
      });
    }
    return new LineFile(out, ...rest);
  }

  write(line: string): void {
    if (this.#failed) return;
    if (this.#out.writableLength > this.#maxWaitingBytes) {
      this.#lost += 1;
      return;
    }
    this.#tellLost();
    this.#out.write(`${line}\n`);
  }

  /** Resolves when all lines are written, or can't be. */
  async close(): Promise<void> {
    this.#tellLost();
    if (this.#failed) return;
    await new Promise<void>((resolve) => {
      // Also where it fails meanwhile, which has been told.
      this.#out.once('close', resolve);
      this.#out.end();
    });
  }

  #tellLost(): void {
    if (this.#lost === 0 || this.#failed) return;
    this.#out.write(`${this.#lostLine(this.#lost)}\n`);
    this.#lost = 0;
  }
}

const REASONS: Record<string, string | undefined> = {
  ENOENT: 'its folder does not exist',
  EACCES: 'no permission',
  EISDIR: 'it is a folder',
  ENOSPC: 'the disk is full',
  EROFS: 'the disk is read-only',
};
