/**
 * A server whose every act is known: it does with each connection what its script says, over HTTP/1.1 byte for byte on raw
 * sockets, and stamps what it does on the clock that all processes of the machine share.
 */
import { createSecureServer, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { growDescriptorTable } from '../../src/bench/worker/descriptor-table.ts';
import { monotonicMs } from '../../src/client/clock.ts';
import { selfSignedCertificate } from '../../src/mock/http/certificate.ts';
import { Http2Line } from './http2-line.ts';
import { Http1Line, type Line } from './line.ts';
import { play, type Serving } from './play.ts';
import type { Repertoire } from './script.ts';
import type { FromServer, ToServer } from './server-process.ts';

/** Streams that start while the server is frozen wait to be accepted. */
const BACKLOG = 4_096;

/** Most streams of a case, so that none is accepted late for a table that grows. */
const STREAMS = 4_096;

interface Accepted {
  tcp: Socket;
  connection: number;
  at: number;
  securedAt?: number;
}

const { scripts, transport } = JSON.parse(process.argv[2] ?? '') as Repertoire;
const served: Serving[] = [];
/** Attempts of each stream so far. */
const attempts = new Map<number, number>();
/** Connections that are open, by the port that they come from. */
const accepted = new Map<number | undefined, Accepted>();
let connections = 0;

function accept(socket: Socket): void {
  const from = socket.remotePort;
  const connection = { tcp: socket, connection: connections++, at: monotonicMs() };
  accepted.set(from, connection);
  // Thousands of sockets that nobody needs any more are work for the collector. The port may be another's by now.
  socket.once('close', () => {
    if (accepted.get(from) === connection) accepted.delete(from);
  });
}

function secured(socket: Socket): void {
  const known = accepted.get(socket.remotePort);
  if (known !== undefined) known.securedAt = monotonicMs();
}

/** A connection of HTTP/1.1, when bytes may come. */
function listen(socket: Socket): void {
  // A client may leave whenever it has seen enough.
  socket.on('error', () => {});
  const from = socket.remotePort;
  let request = '';
  const read = (bytes: Buffer) => {
    request += bytes.toString('latin1');
    if (!request.includes('\r\n\r\n')) return;
    socket.off('data', read).resume();
    const path = /^\S+ (\S*) /.exec(request)?.[1] ?? '';
    const lastEventId = /^last-event-id: *(.*)$/im.exec(request)?.[1]?.trim() ?? '';
    const serving = answer(new Http1Line(socket, accepted.get(from)?.tcp ?? socket), {
      from,
      path,
      lastEventId,
    });
    for (const sign of ['end', 'close']) socket.once(sign, () => left(serving));
  };
  socket.on('data', read);
}

function listenHttp2(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
  stream.on('error', () => {});
  const { ':path': path = '', 'last-event-id': lastEventId = '' } = headers;
  const from = stream.session?.socket.remotePort;
  const serving = answer(new Http2Line(stream), { from, path, lastEventId: String(lastEventId) });
  stream.once('close', () => left(serving));
}

interface Request {
  /** The port at the other end. */
  from: number | undefined;
  path: string;
  lastEventId: string;
}

function answer(line: Line, { from, path, lastEventId }: Request): Serving {
  const askedAt = monotonicMs();
  const stream = Number(/(\d+)$/.exec(path)?.[1] ?? 0);
  const attempt = attempts.get(stream) ?? 0;
  attempts.set(stream, attempt + 1);
  const { connection = -1, at = Number.NaN, securedAt } = accepted.get(from) ?? {};
  const serving: Serving = {
    ...{ stream, attempt, connection, acceptedAt: at, askedAt, lastEventId, stamps: [] },
    ...(securedAt === undefined ? {} : { securedAt }),
  };
  if (served.length === 0) tell({ asked: true });
  served.push(serving);
  const script = scripts[stream % scripts.length] ?? [];
  play(line, script[Math.min(attempt, script.length - 1)] ?? [], serving);
  return serving;
}

function left(serving: Serving): void {
  serving.leftAt ??= monotonicMs();
}

function tell(message: FromServer<readonly Serving[]>): void {
  process.send?.(message);
}

async function serverFor(): Promise<Server> {
  if (transport === 'http') return createServer({ noDelay: true }, listen);
  const certificate = await selfSignedCertificate();
  if (transport === 'https') {
    return createTlsServer({ ...certificate, noDelay: true }).on('secureConnection', listen);
  }
  return createSecureServer({ ...certificate, noDelay: true }).on('stream', listenHttp2);
}

growDescriptorTable(STREAMS);
const server = await serverFor();
server.prependListener('connection', accept).prependListener('secureConnection', secured);
server.listen({ port: 0, host: '127.0.0.1', backlog: BACKLOG }, () => {
  tell({ port: (server.address() as AddressInfo).port });
});
process.on('message', (order: ToServer) => {
  if (order === 'tell') return tell({ told: served });
  served.length = 0;
  attempts.clear();
});
process.once('disconnect', () => process.exit());
