/**
 * A server of known timing, for `bench --calibrate`: it answers at once, sends an event with the head and one each second
 * after it, and each event says when it was written, in microseconds on the monotonic clock of the machine. Raw sockets, so
 * that it costs as little as it can.
 */
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { monotonicMs } from '../../client/clock.ts';
import { growDescriptorTable } from '../worker/descriptor-table.ts';

/** Streams that have their event at the same time; together they make a second. */
const TICKS = 100;
const TICK_MS = 10;

const HEAD =
  'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-cache\r\nTransfer-Encoding: chunked\r\n\r\n';
/** Ends a request without a body, and the head of others: that is when it is answered. */
const END_OF_HEAD = '\r\n\r\n';

export interface OriginReady {
  port: number;
}

process.on('disconnect', () => process.exit());
if (!process.connected) process.exit();

growDescriptorTable(Number(process.argv[2]));

const ticks = Array.from({ length: TICKS }, () => new Set<Socket>());
let tick = 0;

const server = createServer({ noDelay: true }, (socket) => {
  // A client may leave whenever it has seen enough.
  socket.on('error', () => {});
  let head = '';
  const read = (bytes: Buffer) => {
    head += bytes.toString('latin1');
    if (!head.includes(END_OF_HEAD)) return;
    socket.off('data', read).resume();
    socket.write(HEAD + stamped());
    const streams = ticks[tick % TICKS];
    streams?.add(socket);
    socket.once('close', () => streams?.delete(socket));
  };
  socket.on('data', read);
});
server.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 }, () => {
  process.send?.({ port: (server.address() as AddressInfo).port } satisfies OriginReady);
});

const beganAt = monotonicMs();
next();

/** Times are those of a schedule: what is late once doesn't make all that follows late. */
function next(): void {
  tick += 1;
  for (const socket of ticks[tick % TICKS] ?? []) socket.write(stamped());
  setTimeout(next, Math.max(0, beganAt + tick * TICK_MS - monotonicMs()));
}

function stamped(): string {
  const event = `data: ${Math.round(monotonicMs() * 1_000)}\n\n`;
  return `${event.length.toString(16)}\r\n${event}\r\n`;
}
