import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** What the server answers every request with. */
export type Answer =
  /** One event at once, then silence. */
  | { kind: 'hello' }
  /** That many events of 120 bytes with ids from 1, in HTTP chunks of so many events, then the end. */
  | { kind: 'events'; events: number; eventsPerChunk: number }
  /** Events of 120 bytes without pause until so many bytes have left. */
  | { kind: 'bytes'; bytes: number }
  /** One line that never ends. */
  | { kind: 'line' };

export interface StreamServer {
  url: string;
  stop(): void;
}

/** Starts a server of pre-framed bytes on raw sockets, in a process of its own. */
export async function startStreamServer(answer: Answer): Promise<StreamServer> {
  const child: ChildProcess = fork(fileURLToPath(new URL('./stream-server-process.ts', import.meta.url)), [
    JSON.stringify(answer),
  ]);
  const [message] = (await once(child, 'message')) as [{ port: number }];
  return { url: `http://127.0.0.1:${message.port}/`, stop: () => void child.kill() };
}
