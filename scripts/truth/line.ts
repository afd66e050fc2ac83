import type { Socket } from 'node:net';
import { chunk, HEAD, LAST_CHUNK } from './script.ts';

/** Where a turn is played: a connection of HTTP/1.1, or one stream of HTTP/2. */
export interface Line {
  /** Nobody is there any more. */
  readonly gone: boolean;
  /** Bytes as they are. */
  write(bytes: string): void;
  headers(): void;
  text(text: string): void;
  end(): void;
  /** FIN, whatever is missing. */
  finish(): void;
  reset(): void;
  /** Resolves when the system has taken the bytes; `false`: it never will. */
  pour(bytes: Buffer): Promise<boolean>;
}

export class Http1Line implements Line {
  readonly #socket: Socket;
  readonly #tcp: Socket;

  /** @param tcp what TLS runs on, or the same one */
  constructor(socket: Socket, tcp: Socket) {
    this.#socket = socket;
    this.#tcp = tcp;
  }

  get gone(): boolean {
    return this.#socket.destroyed;
  }

  write(bytes: string): void {
    this.#socket.write(bytes);
  }

  headers(): void {
    this.write(HEAD);
  }

  text(text: string): void {
    this.write(chunk(text));
  }

  end(): void {
    this.#socket.end(LAST_CHUNK);
  }

  finish(): void {
    this.#socket.end();
  }

  reset(): void {
    this.#tcp.resetAndDestroy();
  }

  pour(bytes: Buffer): Promise<boolean> {
    return new Promise((resolve) => {
      this.#socket.write(bytes, (error) => resolve(!error && !this.gone));
    });
  }
}
