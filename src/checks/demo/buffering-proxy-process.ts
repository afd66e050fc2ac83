/** The process of the proxy behind `check-proxy demo:`. It tells its parent where it listens, and ends with it. */
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tellParent } from '../../processes/tell-parent.ts';

/** As much as nginx holds by default on most machines: a page of memory. */
const BUFFER_BYTES = 4096;

/** Of one connection (RFC 9110 §7.6.1). */
const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'upgrade']);

// Ctrl-C reaches every process of a terminal: the parent decides when to end, and its end is ours.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});

process.on('disconnect', () => process.exit());
const origin = process.argv[2];
if (!process.connected || origin === undefined) process.exit();

const server = createServer((incoming, outgoing) => pass(incoming, outgoing, new URL(origin)));
server.on('error', ({ message }) => tellParent({ error: message }));
server.listen(0, '127.0.0.1', () => {
  tellParent({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` });
});

/** Passes a request on, and holds its answer back until a buffer is full, unless `X-Accel-Buffering: no` asks otherwise. */
function pass(incoming: IncomingMessage, outgoing: ServerResponse, { hostname, port }: URL): void {
  const { method, url: path, headers } = incoming;
  const upstream = request({ hostname, port, method, path, headers: passable(headers) }, (answer) => {
    const wish = answer.headers['x-accel-buffering'];
    outgoing.writeHead(answer.statusCode ?? 502, asWritten(answer));
    const limitBytes = wish === 'no' ? 0 : BUFFER_BYTES;
    if (limitBytes === 0) outgoing.flushHeaders();
    let held: Buffer = Buffer.alloc(0);
    answer.on('data', (bytes: Buffer) => {
      held = Buffer.concat([held, bytes]);
      if (held.length < limitBytes) return;
      const whole = limitBytes === 0 ? held.length : held.length - (held.length % limitBytes);
      const room = outgoing.write(held.subarray(0, whole));
      held = held.subarray(whole);
      if (!room) answer.pause();
    });
    outgoing.on('drain', () => answer.resume());
    answer.once('end', () => outgoing.end(held));
    // An origin that dies in the middle of its answer is told to the client, by the same kind of end.
    answer.once('error', () => outgoing.destroy());
  });
  upstream.on('error', () => {
    if (outgoing.headersSent) outgoing.destroy();
    else outgoing.writeHead(502).end();
  });
  outgoing.once('close', () => upstream.destroy());
  incoming.on('error', () => upstream.destroy());
  incoming.pipe(upstream);
}

function passable(headers: IncomingMessage['headers']): IncomingMessage['headers'] {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.has(name)));
}

/** Names and values by turns, in the origin's spelling: who lowers names is taken for a proxy of his own. */
function asWritten({ rawHeaders }: IncomingMessage): string[] {
  return rawHeaders.filter((_text, at) => {
    const name = rawHeaders[at - (at % 2)]?.toLowerCase() ?? '';
    return !HOP_BY_HOP.has(name) && name !== 'x-accel-buffering';
  });
}
