import { Agent, request } from 'node:http';
import type { ServerHttp2Stream } from 'node:http2';
import type { TestContext } from 'node:test';
import { http2Server } from '../e2e/harness/http2-server.ts';

/** What an HTTP/2 front does wrong. */
interface FrontFaults {
  /** Streams of a connection that are started at a time; any others wait. */
  startsAtMost?: number;
  /** Streams that are asked for at once are started so far apart. */
  startsEveryMs?: number;
  /** Answers a stream with that status, by which it is, from 0. */
  answersItself?: (nth: number) => number | undefined;
  /** The origin isn't told of a stream that was cancelled. */
  ignoreCancel?: boolean;
  /** While one stream takes no more, the others get nothing. */
  stallsAll?: boolean;
  /** Nothing of a body is passed on before its end. */
  buffers?: boolean;
  maxConcurrentStreams?: number;
}

/** Starts a proxy that speaks HTTP/2, by prior knowledge, to the client and HTTP/1.1 to the origin; it ends with the test. */
export async function startHttp2Front(
  test: TestContext,
  originUrl: string,
  {
    startsAtMost = Number.POSITIVE_INFINITY,
    startsEveryMs = 0,
    answersItself,
    ignoreCancel,
    stallsAll,
    buffers,
    ...settings
  }: FrontFaults = {},
): Promise<string> {
  const agent = new Agent();
  test.after(() => agent.destroy());
  const waiting: (() => void)[] = [];
  const full = new Set<ServerHttp2Stream>();
  let started = 0;
  let asked = 0;
  let queued = 0;

  const relay = (stream: ServerHttp2Stream, path: string) => {
    const upstream = request(new URL(path, originUrl), { agent });
    upstream.on('error', () => {});
    stream.once('close', () => {
      full.delete(stream);
      started -= 1;
      waiting.shift()?.();
      if (ignoreCancel !== true) upstream.destroy();
    });
    upstream.once('response', (response) => {
      response.on('error', () => {});
      if (stream.destroyed) return;
      stream.respond({ ':status': response.statusCode ?? 502, 'content-type': 'text/event-stream' });
      response.on('data', (chunk: Buffer) => {
        const isHeldUp = stallsAll === true && full.size > 0 && !full.has(stream);
        if (stream.destroyed || buffers === true || isHeldUp) return;
        if (stream.write(chunk)) return;
        full.add(stream);
        response.pause();
        stream.once('drain', () => {
          full.delete(stream);
          response.resume();
        });
      });
      response.once('end', () => stream.end());
    });
    upstream.end();
  };
  const server = await http2Server(
    test,
    (stream) => {
      const path = server.requests.at(-1)?.[':path'] ?? '/';
      const nth = asked;
      asked += 1;
      const status = answersItself?.(nth);
      if (status !== undefined) {
        stream.respond({ ':status': status });
        stream.end('no\n');
        return;
      }
      const start = () => {
        started += 1;
        if (startsEveryMs === 0) {
          relay(stream, path);
          return;
        }
        setTimeout(() => {
          queued -= 1;
          relay(stream, path);
        }, queued * startsEveryMs);
        queued += 1;
      };
      if (started < startsAtMost) start();
      else waiting.push(start);
    },
    undefined,
    settings,
  );
  return `${server.url}/`;
}
