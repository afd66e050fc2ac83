import type { RawConnection } from './raw-connection.ts';
import { until } from './until.ts';

/**
 * HTTP/2 frames by hand (RFC 9113 §4), for endings that node:http2 as a server can't make: it sends END_STREAM in
 * front of every RST_STREAM, and lets nobody cut a connection under an open stream.
 */
const TYPE = { DATA: 0, HEADERS: 1, RST_STREAM: 3, SETTINGS: 4, GOAWAY: 7 } as const;
const END_HEADERS = 0x4;
const ACK = 0x1;
const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
/** The client's first stream. */
const STREAM = 1;

/** `:status: 200` from the static table, and `content-type` (entry 31) with a literal value (RFC 7541). */
const HEADERS = Buffer.concat([
  Buffer.from([0x88, 0x0f, 31 - 15]),
  Buffer.from([17]),
  Buffer.from('text/event-stream'),
]);

/** Takes the client's first request and answers it with a stream that stays open. */
export async function openHttp2Stream(client: RawConnection, body: string): Promise<void> {
  await until(
    () => client.hasLeft || client.received.includes(PREFACE),
    () => "HTTP/2's preface",
  );
  await client.write(
    Buffer.concat([
      frame(TYPE.SETTINGS, 0, 0),
      frame(TYPE.SETTINGS, ACK, 0),
      frame(TYPE.HEADERS, END_HEADERS, STREAM, HEADERS),
      frame(TYPE.DATA, 0, STREAM, Buffer.from(body)),
    ]),
  );
}

export function resetStream(client: RawConnection, code: number): Promise<void> {
  return client.write(frame(TYPE.RST_STREAM, 0, STREAM, uint32(code)));
}

/** The connection will take no more streams; with a code other than 0 something was wrong. */
export function goAway(client: RawConnection, code: number): Promise<void> {
  return client.write(frame(TYPE.GOAWAY, 0, 0, Buffer.concat([uint32(STREAM), uint32(code)])));
}

function frame(type: number, flags: number, stream: number, payload: Uint8Array = Buffer.alloc(0)): Buffer {
  const header = Buffer.alloc(9);
  header.writeUIntBE(payload.length, 0, 3);
  header.writeUInt8(type, 3);
  header.writeUInt8(flags, 4);
  header.writeUInt32BE(stream, 5);
  return Buffer.concat([header, payload]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
