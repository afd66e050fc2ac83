import type { Socket } from 'node:net';
import { until } from './until.ts';

/** A request as its bytes came. */
export interface RawRequest {
  /** Connection that it came on, from 1. */
  connection: number;
  method: string;
  target: string;
  /** Everything before the blank line. */
  head: string;
  /** Names as they were written. */
  headers: [name: string, value: string][];
  body: Buffer;
  /** The value of the only header of this name, `undefined` where it was not sent. */
  header(name: string): string | undefined;
}

/** One connection of a raw server: what the client sent, and ways to answer it. */
export class RawConnection {
  /** Number of the connection, from 1. */
  readonly number: number;
  readonly #raw: Socket;
  readonly #stream: Socket;
  readonly #log: RawRequest[];
  /** What came and was not read; put together when somebody looks, not with each piece. */
  #pieces: Buffer[] = [];
  #left = false;

  /** @param stream the socket itself, or TLS over it */
  constructor(raw: Socket, stream: Socket, number: number, log: RawRequest[]) {
    this.number = number;
    this.#raw = raw;
    this.#stream = stream;
    this.#log = log;
    const leave = () => {
      this.#left = true;
    };
    stream.on('data', (bytes: Buffer) => {
      this.#pieces.push(bytes);
    });
    // The client's end, in order or not; tests look at what the client says of it.
    for (const socket of new Set([raw, stream]))
      socket.on('error', leave).on('end', leave).on('close', leave);
  }

  get hasLeft(): boolean {
    return this.#left;
  }

  /** Bytes that came and were not read as a request. */
  get received(): Buffer {
    if (this.#pieces.length !== 1) this.#pieces = [Buffer.concat(this.#pieces)];
    return this.#pieces[0] as Buffer;
  }

  /** Resolves when the client has closed its side, in order or not. */
  async left(): Promise<void> {
    await until(() => this.#left, 'the client to leave', 60_000);
  }

  /** Reads the next request with its body. */
  async request(): Promise<RawRequest> {
    const blank = await this.#find('\r\n\r\n');
    const text = this.#taken(blank).toString('latin1');
    this.#taken(4);
    const [line = '', ...fields] = text.split('\r\n');
    const [method = '', target = ''] = line.split(' ');
    const headers = fields.map((field): [string, string] => {
      const colon = field.indexOf(':');
      return [field.slice(0, colon), field.slice(colon + 1).trim()];
    });
    const header = (name: string) =>
      headers.find(([other]) => other.toLowerCase() === name.toLowerCase())?.[1];
    const body = await this.#take(Number(header('content-length') ?? 0));
    const request = { connection: this.number, method, target, head: text, headers, body, header };
    this.#log.push(request);
    return request;
  }

  /** Resolves when the kernel has taken the bytes. */
  write(bytes: string | Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#stream.write(bytes, (error) => (error ? reject(error) : resolve()));
    });
  }

  /** FIN: our side is done. */
  finish(): void {
    this.#stream.end();
  }

  /** FIN without TLS's own goodbye, as when a process dies. */
  cut(): void {
    this.#raw.destroy();
  }

  /** RST. */
  reset(): void {
    this.#raw.resetAndDestroy();
  }

  async #find(mark: string): Promise<number> {
    await until(() => this.#left || this.received.includes(mark), 'a request');
    const index = this.received.indexOf(mark);
    if (index < 0) throw new Error('the client left before its request was complete');
    return index;
  }

  #taken(bytes: number): Buffer {
    const { received } = this;
    this.#pieces = [received.subarray(bytes)];
    return received.subarray(0, bytes);
  }

  async #take(bytes: number): Promise<Buffer> {
    await until(() => this.#left || this.received.length >= bytes, 'a request body');
    return this.#taken(bytes);
  }
}
