import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { forkBeside } from '../../processes/fork-beside.ts';
import type { OriginReady } from './origin-process.ts';

/** Streams that one of the processes serves: it may open only so many files. */
const STREAMS_PER_ORIGIN = 15_000;

/** The embedded servers of a calibration. They end with this process, however that ends. */
export class Origins {
  readonly urls: readonly string[];
  readonly #children: readonly ChildProcess[];

  private constructor(children: readonly ChildProcess[], urls: readonly string[]) {
    this.#children = children;
    this.urls = urls;
  }

  /** @param streams open at a time */
  static async start(streams: number): Promise<Origins> {
    const origins = Math.max(1, Math.ceil(streams / STREAMS_PER_ORIGIN));
    const children = Array.from({ length: origins }, () => startOne(Math.ceil(streams / origins)));
    const ready = await Promise.all(children.map((child) => readyOf(child)));
    return new Origins(
      children,
      ready.map(({ port }) => `http://127.0.0.1:${port}/`),
    );
  }

  stop(): void {
    for (const child of this.#children) child.kill('SIGKILL');
  }
}

function startOne(streams: number): ChildProcess {
  return forkBeside(import.meta.url, 'origin-process', [String(streams)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
}

async function readyOf(child: ChildProcess): Promise<OriginReady> {
  const exited = once(child, 'exit').then(([code, signal]) => {
    throw new Error(`the server to calibrate against could not start: ${signal ?? `code ${code}`}`);
  });
  // It is ended when the calibration is over.
  exited.catch(() => {});
  const [message] = (await Promise.race([once(child, 'message'), exited])) as [OriginReady];
  return message;
}
