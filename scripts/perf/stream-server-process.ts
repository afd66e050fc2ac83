import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { Answer } from './stream-server.ts';

const EVENT_BYTES = 120;
const EVENTS_PER_WRITE = 500;
const HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n';
const LAST_CHUNK = Buffer.from('0\r\n\r\n');

/** An event of an id, a name and JSON data, 120 bytes long. */
function eventText(n: number): string {
  const head = `id: ${n}\nevent: update\ndata: {"n":${n},"text":"`;
  const tail = '"}\n\n';
  return head + 'x'.repeat(EVENT_BYTES - head.length - tail.length) + tail;
}

function httpChunk(body: string): string {
  return `${body.length.toString(16)}\r\n${body}\r\n`;
}

/** Events `first` to `last`, framed, as one piece to write. */
function framed(first: number, last: number, eventsPerChunk: number): Buffer {
  let text = '';
  for (let n = first; n <= last; n += eventsPerChunk) {
    let body = '';
    for (let i = n; i < n + eventsPerChunk && i <= last; i++) body += eventText(i);
    text += httpChunk(body);
  }
  return Buffer.from(text);
}

/** The pieces to write after the head, and whether the stream ends after them. */
function bodyOf(answer: Answer): { pieces: () => Iterable<Buffer>; ends: boolean } {
  switch (answer.kind) {
    case 'hello':
      return { pieces: () => [framed(1, 1, 1)], ends: false };
    case 'events': {
      // Made before the first request: the clients' time must not hold the server's.
      const pieces: Buffer[] = [];
      for (let n = 1; n <= answer.events; n += EVENTS_PER_WRITE) {
        const last = Math.min(n + EVENTS_PER_WRITE - 1, answer.events);
        pieces.push(framed(n, last, answer.eventsPerChunk));
      }
      return { pieces: () => pieces, ends: true };
    }
    case 'bytes':
      return { pieces: () => eventsOf(answer.bytes), ends: true };
    case 'line':
      return { pieces: endlessLine, ends: false };
  }
}

function* eventsOf(bytes: number): Iterable<Buffer> {
  const piece = framed(1_000_001, 1_000_000 + EVENTS_PER_WRITE, 100);
  for (let sent = 0; sent < bytes; sent += EVENTS_PER_WRITE * EVENT_BYTES) yield piece;
}

function* endlessLine(): Iterable<Buffer> {
  yield Buffer.from(httpChunk('data: '));
  const piece = Buffer.from(httpChunk('x'.repeat(60_000)));
  while (true) yield piece;
}

async function answerTo(socket: Socket): Promise<void> {
  socket.write(HEAD);
  for (const piece of pieces()) {
    if (socket.destroyed) return;
    if (!socket.write(piece)) await drained(socket);
  }
  if (ends) socket.end(LAST_CHUNK);
}

/** Resolves with the next `drain`, or with the end of the connection. */
function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      socket.off('drain', done).off('close', done);
      resolve();
    };
    socket.on('drain', done).on('close', done);
  });
}

const { pieces, ends } = bodyOf(JSON.parse(process.argv[2] ?? '') as Answer);
const server = createServer((socket) => {
  // A client may leave whenever it has seen enough.
  socket.on('error', () => {});
  socket.once('data', () => void answerTo(socket));
});
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.once('disconnect', () => process.exit());
