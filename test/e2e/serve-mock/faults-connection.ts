import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { until } from '../harness/until.ts';

/** A connection that keeps what came as it came: each read for itself, and how it ended. */
export class Connection {
  readonly reads: Buffer[] = [];
  /** `fin`, `ECONNRESET`, or the code of another error that ended it. */
  ending: string | undefined;
  readonly #raw: Socket;

  constructor(url: string, target = '/') {
    const { protocol, hostname, port } = new URL(url);
    this.#raw = connect({ host: hostname, port: Number(port), noDelay: true, allowHalfOpen: true });
    const socket =
      protocol === 'https:' ? connectTls({ socket: this.#raw, rejectUnauthorized: false }) : this.#raw;
    socket.on('data', (bytes: Buffer) => this.reads.push(bytes));
    for (const each of new Set<Socket>([this.#raw, socket])) {
      // A reset that comes in one poll with data looks like an end in order, to either, until something is written.
      each.on('end', () => {
        each.write('\r\n', (error) => {
          this.ending ??= error ? 'ECONNRESET' : 'fin';
        });
      });
      each.on('error', (error: NodeJS.ErrnoException) => {
        this.ending ??= error.code === 'EPIPE' ? 'ECONNRESET' : (error.code ?? error.message);
      });
    }
    socket.write(`GET ${target} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
  }

  get bytes(): Buffer {
    return Buffer.concat(this.reads);
  }

  get head(): string {
    const text = this.bytes.toString('latin1');
    return text.slice(0, text.indexOf('\r\n\r\n'));
  }

  /** The body as it came, chunks and all. */
  get raw(): Buffer {
    const end = this.bytes.indexOf('\r\n\r\n');
    return end < 0 ? Buffer.alloc(0) : this.bytes.subarray(end + 4);
  }

  get body(): ChunkedBody {
    return new ChunkedBody(this.raw);
  }

  /** Waits until something holds of what came. */
  async saw(what: string, holds: () => boolean): Promise<void> {
    await until(
      holds,
      () => `${what}; ending ${this.ending}, so far ${JSON.stringify(this.bytes.toString('latin1'))}`,
    );
  }

  async ended(): Promise<string> {
    await this.saw('an end', () => this.ending !== undefined);
    return this.ending ?? '';
  }

  leave(): void {
    this.#raw.destroy();
  }
}

/** A body in the chunked transfer coding (RFC 9112 §7.1), as far as it came. */
export class ChunkedBody {
  readonly chunks: Buffer[] = [];
  /** The last chunk is there. */
  readonly isComplete: boolean;

  constructor(raw: Buffer) {
    let at = 0;
    let size = Number.NaN;
    while (size !== 0) {
      const line = raw.indexOf('\r\n', at);
      size = line < 0 ? Number.NaN : Number.parseInt(raw.toString('latin1', at, line), 16);
      if (Number.isNaN(size) || raw.length < line + 2 + size + 2) break;
      if (size > 0) this.chunks.push(raw.subarray(line + 2, line + 2 + size));
      at = line + 2 + size + 2;
    }
    this.isComplete = size === 0;
  }

  get bytes(): Buffer {
    return Buffer.concat(this.chunks);
  }

  get text(): string {
    return this.bytes.toString('utf8');
  }
}
