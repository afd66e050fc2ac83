import type { ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import type { Frame } from './frame.ts';
import { dropUnlessTaken, endLingering } from './reader-patience.ts';
import type { Wire } from './wire.ts';

/** A body over HTTP/2: one stream among others on its connection, each with a window of its own. */
export class Http2Wire implements Wire {
  onClose: (() => void) | undefined;
  closed = false;
  sentBytes = 0;
  readonly #stream: ServerHttp2Stream;
  readonly #socket: Socket;
  readonly #raw: Socket;
  /** Waits until the connection has taken everything. */
  #draining: (() => void)[] | undefined;
  /** We have ended the body, one way or the other. */
  #over = false;
  /** With a reader who has yet to take what is left. */
  #patience: NodeJS.Timeout | undefined;

  /**
   * @param stream its head has been sent
   * @param socket what its connection is carried by
   * @param raw the TCP connection: the socket, or what is below its TLS
   */
  constructor(stream: ServerHttp2Stream, socket: Socket, raw: Socket) {
    this.#stream = stream;
    this.#socket = socket;
    this.#raw = raw;
    stream.once('close', () => {
      this.closed = true;
      clearInterval(this.#patience);
      this.#draining = undefined;
      this.onClose?.();
    });
  }

  /** What waits for the stream's window, the connection's, and the kernel: a write is over when it has passed all. */
  get heldBytes(): number {
    return this.#stream.writableLength;
  }

  write(frame: Frame): void {
    if (this.closed || this.#over || frame.byteLength === 0) return;
    this.sentBytes += frame.byteLength;
    this.#stream.write(frame.bytes, this.#written);
  }

  onceDrained(callback: () => void): void {
    if (this.closed) return;
    if (this.heldBytes === 0) callback();
    else {
      this.#draining ??= [];
      this.#draining.push(callback);
    }
  }

  /** END_STREAM. */
  end(): void {
    if (this.closed || this.#over) return;
    this.#over = true;
    this.#stream.end();
    this.#patience = dropUnlessTaken(this, () =>
      this.#stream.destroy(new Error('nobody read it to its end')),
    );
  }

  /**
   * The connection ends in order under the stream: its client sees neither END_STREAM nor RST_STREAM nor GOAWAY, but
   * the end of the connection. The other streams of the connection end with it.
   */
  cut(): void {
    if (this.closed || this.#over) return;
    this.#over = true;
    this.onceDrained(() => endLingering(this.#socket, this.#raw));
    this.#patience = dropUnlessTaken(this, () => this.#raw.destroy());
  }

  /** RST_STREAM with INTERNAL_ERROR; the other streams of the connection go on. */
  reset(): void {
    // `close(code)` would send END_STREAM before it: some clients take that for an end in order.
    if (!this.closed) this.#stream.destroy(new Error('reset'));
  }

  readonly #written = (error?: Error | null): void => {
    if (error || this.#draining === undefined || this.heldBytes > 0) return;
    const callbacks = this.#draining;
    this.#draining = undefined;
    for (const callback of callbacks) if (!this.closed) callback();
  };
}
