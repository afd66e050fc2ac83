import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { until } from '../../e2e/harness/until.ts';

export interface RawClientOptions {
  /** Offered by ALPN. */
  protocols?: string[];
}

/** A client that says what it is told, byte for byte, and notices how its connection ends. */
export class RawClient {
  /** `fin`, or the code of the error that ended it. */
  ending: string | undefined;
  readonly socket: Socket;
  #parts: Buffer[] = [];

  constructor(url: string, { protocols = ['http/1.1'] }: RawClientOptions = {}) {
    const { protocol, hostname, port } = new URL(url);
    const at = { host: hostname.replace(/^\[(.*)\]$/, '$1'), port: Number(port), allowHalfOpen: true };
    this.socket =
      protocol === 'https:'
        ? connectTls({ ...at, rejectUnauthorized: false, ALPNProtocols: protocols })
        : connect(at);
    this.socket.setNoDelay();
    this.socket.on('data', (bytes: Buffer) => {
      this.#parts.push(bytes);
    });
    // A RST that comes together with data looks like an end in order: what is written then tells them apart.
    this.socket.on('end', () => {
      this.socket.write('\r\n', (error) => {
        this.ending ??= error ? 'ECONNRESET' : 'fin';
      });
    });
    this.socket.on('error', (error: NodeJS.ErrnoException) => {
      this.ending ??= error.code === 'EPIPE' ? 'ECONNRESET' : (error.code ?? error.message);
    });
  }

  /** Everything that came. */
  get received(): Buffer {
    const all = Buffer.concat(this.#parts);
    this.#parts = [all];
    return all;
  }

  get text(): string {
    return this.received.toString('latin1');
  }

  send(text: string | Uint8Array): this {
    this.socket.write(text);
    return this;
  }

  get(target: string, headers: Readonly<Record<string, string>> = {}, version = '1.1'): this {
    const lines = Object.entries({ Host: 'localhost', ...headers }).map(
      ([name, value]) => `${name}: ${value}\r\n`,
    );
    return this.send(`GET ${target} HTTP/${version}\r\n${lines.join('')}\r\n`);
  }

  async saw(pattern: RegExp): Promise<void> {
    await until(
      () => pattern.test(this.text) || this.ending !== undefined,
      () => `${pattern} in ${JSON.stringify(this.text.slice(-1_000))}`,
    );
    if (pattern.test(this.text)) return;
    throw new Error(`${this.ending} without ${pattern}: ${JSON.stringify(this.text.slice(-1_000))}`);
  }

  /** Waits for the end, whoever makes it: `fin`, or the code of the error. */
  async ended(): Promise<string> {
    await until(
      () => this.ending !== undefined,
      () => `an end behind ${JSON.stringify(this.text.slice(-1_000))}`,
    );
    return this.ending ?? '';
  }

  leave(): void {
    this.socket.destroy();
  }
}
