/** What is shown of an answer that is not a stream: enough for its message, whatever it sends. */
const MAX_BYTES = 2048;
/** An error page comes at once or not at all. */
const MAX_WAIT_MS = 1000;

/** Collects the beginning of the body of an answer that is not a stream, for a bounded time. */
export class ErrorBody {
  private readonly parts: Uint8Array[] = [];
  private size = 0;
  private readonly timer: NodeJS.Timeout;
  private done: (() => void) | undefined;

  constructor(done: () => void) {
    this.done = done;
    this.timer = setTimeout(() => this.finish(), MAX_WAIT_MS);
  }

  add(bytes: Uint8Array): void {
    this.parts.push(Buffer.from(bytes.subarray(0, MAX_BYTES - this.size)));
    this.size += bytes.length;
    if (this.size >= MAX_BYTES) this.finish();
  }

  /** The body ended, or enough of it is here. */
  finish(): void {
    clearTimeout(this.timer);
    const { done } = this;
    this.done = undefined;
    done?.();
  }

  cancel(): void {
    this.done = undefined;
    clearTimeout(this.timer);
  }

  get text(): string {
    return Buffer.concat(this.parts).toString('utf8');
  }
}
