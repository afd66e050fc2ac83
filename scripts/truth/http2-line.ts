import type { ServerHttp2Stream } from 'node:http2';
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

  end(): void {
    this.#stream.end();
  }

  finish(): never {
    throw new Error('a stream of HTTP/2 has no FIN of its own');
  }

  reset(): void {
    // RST_STREAM alone, with INTERNAL_ERROR: `close` would send END_STREAM ahead of it.
    this.#stream.destroy(new Error('reset, as the script has it'));
  }

  pour(): never {
    throw new Error('what HTTP/2 takes is up to its windows');
  }
}
