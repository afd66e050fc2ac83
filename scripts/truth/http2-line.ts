import { constants, type ServerHttp2Stream } from 'node:http2';
import type { Line } from './line.ts';

/** One stream of HTTP/2: what is said in the words of HTTP/1.1 it can't say. */
export class Http2Line implements Line {
  readonly #stream: ServerHttp2Stream;

  constructor(stream: ServerHttp2Stream) {
    this.#stream = stream;
  }

  get gone(): boolean {
    return this.#stream.destroyed;
  }

  write(bytes: string): never {
    throw new Error(`these are bytes of HTTP/1.1: ${bytes}`);
  }

  headers(): void {
    this.#stream.respond({ ':status': 200, 'content-type': 'text/event-stream' });
  }

  text(text: string): void {
    this.#stream.write(text);
  }

  finish(): void {
    this.#stream.end();
  }

  reset(): void {
    this.#stream.close(constants.NGHTTP2_INTERNAL_ERROR);
  }

  pour(): never {
    throw new Error('what HTTP/2 takes is up to its windows');
  }
}
