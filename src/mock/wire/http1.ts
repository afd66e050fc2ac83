import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Frame } from './frame.ts';
import { dropUnlessTaken, endLingering } from './reader-patience.ts';
import type { Wire } from './wire.ts';

/**
 * A body over HTTP/1.1 or 1.0. `node:http` has written the head; the body goes to the socket directly, in frames that
 * were encoded once, as a response's own `write` encodes each chunk again for each stream.
 */
export class Http1Wire implements Wire {
  onClose: (() => void) | undefined;
  closed = false;
  sentBytes = 0;
  readonly #response: ServerResponse;
  readonly #socket: Socket;
  readonly #raw: Socket;
  readonly #chunked: boolean;
  /** We have ended the body, one way or the other. */
  #over = false;
  /** With a reader who has yet to take what is left. */
  #patience: NodeJS.Timeout | undefined;

  /**
   * @param response its head has been flushed
   * @param raw the TCP connection under the socket: the same, but for TLS
   */
  constructor(response: ServerResponse, socket: Socket, raw: Socket) {
    this.#response = response;
    this.#socket = socket;
    this.#raw = raw;
    this.#chunked = response.chunkedEncoding;
    // The response closes when it is complete, too: then the connection may serve another.
    response.on('close', () => {
      this.closed = true;
      clearInterval(this.#patience);
      this.onClose?.();
    });
  }

  get heldBytes(): number {
    return this.#socket.writableLength;
  }

  write(frame: Frame): void {
    // A chunk without bytes would be the last one.
    if (this.closed || this.#over || frame.byteLength === 0) return;
    // The client has ended its half, which is how some leave; `node:http` has answered in kind.
    if (!this.#socket.writable) {
      this.#raw.destroy();
      return;
    }
    this.sentBytes += frame.byteLength;
    this.#socket.write(this.#chunked ? frame.chunk : frame.bytes);
  }

  onceDrained(callback: () => void): void {
    if (this.closed) return;
    if (this.#socket.writableLength === 0) callback();
    else
      this.#socket.write('', () => {
        if (!this.closed) callback();
      });
  }

  end(): void {
    if (this.closed || this.#over) return;
    this.#over = true;
    // Behind what the reader has yet to take: `node:http` thinks a connection idle, and may end it, once this was said.
    this.onceDrained(() => this.#response.end());
    this.#patience = dropUnlessTaken(this, () => this.#raw.destroy());
  }

  cut(): void {
    if (this.closed || this.#over) return;
    this.#over = true;
    endLingering(this.#socket, this.#raw);
    this.#patience = dropUnlessTaken(this, () => this.#raw.destroy());
  }

  reset(): void {
    if (!this.closed) this.#raw.resetAndDestroy();
  }
}
