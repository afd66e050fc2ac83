/** A client that holds thousands of streams and does as little as it can with each, so that servers can be measured. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { HolderOrder, HolderReply } from './stream-holder.ts';

/** What is read goes into the same memory for all connections. */
const READ_BUFFER = Buffer.alloc(64 * 1024);
/** Connections that are being opened at a time. */
const AT_ONCE = 100;

const sockets = new Set<Socket>();
let marks = 0;
let awaited: { marks: number; mark: number; reached(): void } | undefined;

process.on('message', (order: HolderOrder) => {
  obey(order).then(
    (reply) => process.send?.(reply),
    (error: Error) => process.send?.({ error: error.message } satisfies HolderReply),
  );
});
process.once('disconnect', () => process.exit());

async function obey(order: HolderOrder): Promise<HolderReply> {
  const started = performance.now();
  switch (order.do) {
    case 'open':
      if (order.everyMs === undefined) await openAll(order.url, order.addresses);
      else await openInTurn(order.url, order.addresses, order.everyMs);
      break;
    case 'await':
      await seen(order.marks, order.mark);
      break;
    case 'leave':
      await leave(order.count);
  }
  return { ms: performance.now() - started };
}

/** @param addresses where each comes from */
async function openAll(url: string, addresses: readonly string[]): Promise<void> {
  let next = 0;
  const worker = async () => {
    for (let address = addresses[next++]; address !== undefined; address = addresses[next++]) {
      await open(url, address);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

async function openInTurn(url: string, addresses: readonly string[], everyMs: number): Promise<void> {
  const started = performance.now();
  const opening: Promise<void>[] = [];
  for (const [index, address] of addresses.entries()) {
    const waitMs = started + index * everyMs - performance.now();
    if (waitMs > 0) await sleep(waitMs);
    opening.push(open(url, address));
  }
  await Promise.all(opening);
}

/** Resolves when the first bytes of the answer have come. */
function open(url: string, localAddress: string): Promise<void> {
  const { hostname, port, pathname, search } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect({
      host: hostname,
      port: Number(port),
      localAddress,
      onread: {
        buffer: READ_BUFFER,
        callback(length, bytes) {
          resolve();
          const mark = awaited?.mark;
          if (mark === undefined) return true;
          const end = bytes.subarray(0, length);
          for (let at = end.indexOf(mark); at >= 0; at = end.indexOf(mark, at + 1)) marks += 1;
          if (awaited !== undefined && marks >= awaited.marks) awaited.reached();
          return true;
        },
      },
    });
    sockets.add(socket);
    socket.once('error', reject);
    socket.once('close', () => {
      sockets.delete(socket);
      reject(new Error(`${url} closed the connection`));
    });
    socket.write(
      `GET ${pathname}${search} HTTP/1.1\r\nHost: ${hostname}\r\nAccept: text/event-stream\r\n\r\n`,
    );
  });
}

/** Resolves when so many events have come since the last time, all streams together. */
async function seen(count: number, mark: number): Promise<void> {
  await new Promise<void>((reached) => {
    marks = 0;
    awaited = { marks: count, mark, reached };
    // Whoever ordered it may go on.
    process.send?.({ ready: true } satisfies HolderReply);
  });
  awaited = undefined;
}

async function leave(count: number): Promise<void> {
  const leaving = [...sockets].slice(-count);
  await Promise.all(
    leaving.map((socket) => {
      const closed = once(socket, 'close');
      socket.destroy();
      return closed;
    }),
  );
}
