/**
 * A server whose every act is known: it does with each connection what its script says, byte for byte on raw sockets,
 * and stamps what it does on the clock that all processes of the machine share.
 */
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { growDescriptorTable } from '../../src/bench/worker/descriptor-table.ts';
import { monotonicMs } from '../../src/client/clock.ts';
import type { FromServer, Script, ServedAttempt, Stamp, Step, ToServer } from './script.ts';

/** Streams that start while the server is frozen wait to be accepted. */
const BACKLOG = 4_096;

/** Most streams of a case, so that none is accepted late for a table that grows. */
const STREAMS = 4_096;

const script = JSON.parse(process.argv[2] ?? '') as Script;
const served: ServedAttempt[] = [];
/** Attempts of each stream so far. */
const attempts = new Map<number, number>();

function serve(socket: Socket): void {
  const acceptedAt = monotonicMs();
  // A client may leave whenever it has seen enough.
  socket.on('error', () => {});
  let request = '';
  const read = (bytes: Buffer) => {
    request += bytes.toString('latin1');
    if (!request.includes('\r\n\r\n')) return;
    socket.off('data', read).resume();
    answer(socket, request, acceptedAt);
  };
  socket.on('data', read);
}

function answer(socket: Socket, request: string, acceptedAt: number): void {
  const stream = Number(/^\S+ \S*?(\d+) /.exec(request)?.[1] ?? 0);
  const attempt = attempts.get(stream) ?? 0;
  attempts.set(stream, attempt + 1);
  const lastEventId = /^last-event-id: *(.*)$/im.exec(request)?.[1]?.trim() ?? '';
  const stamps: Stamp[] = [];
  if (served.length === 0) tell({ asked: true });
  served.push({ stream, attempt, acceptedAt, lastEventId, stamps });
  play(socket, script[Math.min(attempt, script.length - 1)] ?? [], stamps);
}

function play(socket: Socket, [step, ...rest]: readonly Step[], stamps: Stamp[]): void {
  if (step === undefined) return;
  const now = () => {
    if (socket.destroyed) return;
    stamps.push({ name: step.name, at: monotonicMs() });
    perform(socket, step);
    play(socket, rest, stamps);
  };
  if (step.afterMs === 0) now();
  else setTimeout(now, step.afterMs);
}

function perform(socket: Socket, { write, and }: Step): void {
  if (and === 'pour') return pour(socket, Buffer.from(write ?? ''));
  if (write !== undefined) socket.write(write);
  if (and === 'finish') socket.end();
  if (and === 'reset') socket.resetAndDestroy();
}

/** One piece at a time, so that all who read get their share. */
function pour(socket: Socket, piece: Buffer): void {
  socket.write(piece, (error) => {
    if (!error && !socket.destroyed) pour(socket, piece);
  });
}

function tell(message: FromServer): void {
  process.send?.(message);
}

growDescriptorTable(STREAMS);
const server = createServer({ noDelay: true }, serve);
server.listen({ port: 0, host: '127.0.0.1', backlog: BACKLOG }, () => {
  tell({ port: (server.address() as AddressInfo).port });
});
process.on('message', (_: ToServer) => tell({ served }));
process.once('disconnect', () => process.exit());
