import { until } from '../../e2e/harness/until.ts';
import { RawClient } from './raw-client.ts';

/** HTTP/2 frames as they come and go (RFC 9113, section 4), for what `node:http2` as a client hides. */
export const TYPE = {
  DATA: 0,
  HEADERS: 1,
  RST_STREAM: 3,
  SETTINGS: 4,
  PING: 6,
  GOAWAY: 7,
  WINDOW_UPDATE: 8,
} as const;

const END_STREAM = 0x1;
const END_HEADERS = 0x4;
const ACK = 0x1;
const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
const INITIAL_WINDOW_SIZE = 4;
const FRAME_HEAD = 9;

export interface ReceivedFrame {
  type: number;
  flags: number;
  stream: number;
  payload: Buffer;
}

/** A client of HTTP/2 that opens windows only when it is told to. */
export class RawHttp2Client {
  readonly raw: RawClient;
  /** Whole frames so far. */
  readonly frames: ReceivedFrame[] = [];
  #rest: Buffer = Buffer.alloc(0);
  #next = 1;

  /** @param streamWindow bytes that each stream may send before it is allowed more; the connection's own is 64 KB */
  constructor(url: string, streamWindow = 65_535) {
    this.raw = new RawClient(url, { protocols: ['h2'] });
    this.raw.socket.on('data', (bytes: Buffer) => this.#read(Buffer.concat([this.#rest, bytes])));
    const settings = Buffer.alloc(6);
    settings.writeUInt16BE(INITIAL_WINDOW_SIZE, 0);
    settings.writeUInt32BE(streamWindow, 2);
    this.raw.send(PREFACE);
    this.#send(TYPE.SETTINGS, 0, 0, settings);
    this.#send(TYPE.SETTINGS, ACK, 0);
  }

  /** Sends a GET and returns the number of its stream. */
  get(path: string): number {
    const stream = this.#next;
    this.#next += 2;
    const literal = (text: string) => Buffer.concat([Buffer.from([text.length]), Buffer.from(text)]);
    const block = Buffer.concat([
      // From the static table of HPACK (RFC 7541): GET, http, and by their names path and authority.
      Buffer.from([0x82, 0x86, 0x04]),
      literal(path),
      Buffer.from([0x01]),
      literal('localhost'),
    ]);
    this.#send(TYPE.HEADERS, END_HEADERS | END_STREAM, stream, block);
    return stream;
  }

  /** Allows so many bytes more; stream 0 is the connection. */
  allow(stream: number, bytes: number): void {
    this.#send(TYPE.WINDOW_UPDATE, 0, stream, uint32(bytes));
  }

  framesOf(stream: number, type: number): ReceivedFrame[] {
    return this.frames.filter((frame) => frame.stream === stream && frame.type === type);
  }

  body(stream: number): string {
    return Buffer.concat(this.framesOf(stream, TYPE.DATA).map(({ payload }) => payload)).toString('utf8');
  }

  /** Waits for text in a stream's body. */
  async saw(stream: number, text: string): Promise<void> {
    await until(
      () => this.body(stream).includes(text),
      () => `${text} in stream ${stream}, which had ${JSON.stringify(this.body(stream).slice(-200))}`,
    );
  }

  /** How a stream ended so far: `END_STREAM`, the code of its RST_STREAM, or not. */
  ending(stream: number): 'END_STREAM' | number | undefined {
    const ended = this.frames.some(
      ({ type, flags, stream: own }) =>
        own === stream && (type === TYPE.DATA || type === TYPE.HEADERS) && (flags & END_STREAM) !== 0,
    );
    if (ended) return 'END_STREAM';
    return this.framesOf(stream, TYPE.RST_STREAM)[0]?.payload.readUInt32BE(0);
  }

  #read(bytes: Buffer): void {
    let at = 0;
    while (at + FRAME_HEAD <= bytes.length) {
      const end = at + FRAME_HEAD + bytes.readUIntBE(at, 3);
      if (end > bytes.length) break;
      this.frames.push({
        type: bytes.readUInt8(at + 3),
        flags: bytes.readUInt8(at + 4),
        stream: bytes.readUInt32BE(at + 5) & 0x7fffffff,
        payload: bytes.subarray(at + FRAME_HEAD, end),
      });
      at = end;
    }
    this.#rest = bytes.subarray(at);
  }

  #send(type: number, flags: number, stream: number, payload: Uint8Array = Buffer.alloc(0)): void {
    const head = Buffer.alloc(FRAME_HEAD);
    head.writeUIntBE(payload.length, 0, 3);
    head.writeUInt8(type, 3);
    head.writeUInt8(flags, 4);
    head.writeUInt32BE(stream, 5);
    this.raw.send(Buffer.concat([head, payload]));
  }
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
