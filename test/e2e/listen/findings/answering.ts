import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { rawServer } from '../../harness/raw-server.ts';

/** What a server answers; everything may be left out. */
export interface Answering {
  /** Instead of those of a healthy stream; a value of '' takes one away. */
  headers?: Record<string, string>;
  version?: '1.0' | '1.1';
  /** After the head, each in a chunk of its own where the body is chunked. */
  body?: string | Buffer;
  /** The stream ends after it, instead of waiting for the client to leave. */
  ends?: boolean;
  headAfterMs?: number;
}

const HEALTHY: Record<string, string> = {
  'Content-Type': 'text/event-stream',
  'Cache-Control': 'no-cache, no-transform',
  'X-Accel-Buffering': 'no',
  'Transfer-Encoding': 'chunked',
};

/** Of which there is nothing to say but that it has one connection of six. */
export const HEALTHY_BODY = 'retry: 3000\nid: 1\ndata: x\n\n';

export function headOf({ headers = {}, version = '1.1' }: Answering): string {
  const all = Object.entries({ ...HEALTHY, ...headers }).filter(([, value]) => value !== '');
  return `HTTP/${version} 200 OK\r\n${all.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
}

export function framed({ headers = {} }: Answering, body: string | Buffer): Buffer {
  const bytes = Buffer.from(body as string, 'latin1');
  if ((headers['Transfer-Encoding'] ?? 'chunked') !== 'chunked') return bytes;
  return Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]);
}

/** A server that answers every request so. */
export function answering(test: TestContext, answer: Answering) {
  return rawServer(test, async (client) => {
    await client.request();
    await sleep(answer.headAfterMs ?? 0);
    const body = framed(answer, answer.body ?? HEALTHY_BODY);
    await client.write(Buffer.concat([Buffer.from(headOf(answer)), body]));
    if (answer.ends === true) {
      await client.write(framed(answer, ''));
      client.finish();
    } else {
      await client.left();
    }
  });
}
