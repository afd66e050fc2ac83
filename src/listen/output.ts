import type { Writable } from 'node:stream';

/** Characters that go out at once: joining more of them in memory costs more than a further write. */
const FULL_PIECE = 60_000;

/**
 * An output that is written once per socket read, not once per event: what is said within one turn of the event
 * loop goes out together. While a reader is slow, `onFull` and `onDrained` let the sources pause, so that nothing
 * piles up here.
 */
export class Output {
  private readonly stream: Writable;
  private readonly onFull: () => void;
  private readonly onDrained: () => void;
  private text = '';
  private scheduled = false;
  /** The stream holds as much as it should until it has drained. */
  private waiting = false;
  /** Who wants to know when what was written so far has been handed to the operating system. */
  private readonly afterWrite: ((written: boolean) => void)[] = [];

  constructor(stream: Writable, onFull: () => void, onDrained: () => void) {
    this.stream = stream;
    this.onFull = onFull;
    this.onDrained = onDrained;
  }

  /** Whether more would pile up. */
  get full(): boolean {
    return this.waiting;
  }

  write(text: string): void {
    this.text += text;
    if (this.text.length >= FULL_PIECE) this.flush();
    else this.schedule();
  }

  /** For bytes that pass through untouched; a copy of them is kept until it has been written. */
  writeBytes(bytes: Uint8Array): void {
    this.flush();
    this.send(Buffer.from(bytes));
  }

  /** Calls back when all that was written so far has left the process; with `false` where it could not. */
  whenWritten(done: (written: boolean) => void): void {
    this.afterWrite.push(done);
    this.schedule();
  }

  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    queueMicrotask(this.flush);
  }

  readonly flush = (): void => {
    this.scheduled = false;
    if (this.text === '' && this.afterWrite.length === 0) return;
    const { text } = this;
    this.text = '';
    this.send(text);
  };

  private send(chunk: string | Uint8Array): void {
    const waiting = this.afterWrite.splice(0);
    if (this.stream.destroyed) {
      for (const done of waiting) done(false);
      return;
    }
    const sent =
      waiting.length === 0
        ? this.stream.write(chunk)
        : this.stream.write(chunk, (error) => {
            for (const done of waiting) done(!error);
          });
    if (sent || this.waiting) return;
    this.waiting = true;
    this.onFull();
    this.stream.once('drain', () => {
      this.waiting = false;
      this.onDrained();
    });
  }
}
