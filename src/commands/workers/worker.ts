import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { errorOf } from '../../client/error-transfer.ts';
import { forkBeside } from '../../processes/fork-beside.ts';
import { SHORT_PAUSES } from '../../processes/short-pauses.ts';
import type { ServeOptions } from '../serve-options.ts';
import type { FromWorker, ToWorker } from './messages.ts';
import { passWholeLines } from './whole-lines.ts';

export interface Ready {
  url: string;
  seed: number;
  notes: readonly string[];
}

export interface WorkerExit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** Longest that a worker may take to end: its streams have a second of it. */
const END_MS = 5_000;

/** A server in a process of its own, seen from the process that started it. */
export class Worker {
  /** From 1. */
  readonly number: number;
  /** Once it is ready. */
  url = '';
  /** Resolves when the process has gone and its log was passed on. */
  readonly exited: Promise<WorkerExit>;
  /** Told of what it says, but for whether it is ready. */
  onMessage: (message: FromWorker) => void = () => {};
  readonly #child: ChildProcess;

  /** @param stderr takes its log, a line at a time */
  constructor(number: number, stderr: Writable) {
    this.number = number;
    this.#child = forkBeside(import.meta.url, 'serve-worker-process', [], {
      execArgv: SHORT_PAUSES,
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      serialization: 'advanced',
    });
    const log = this.#child.stderr;
    const passed = log === null ? undefined : passWholeLines(log, stderr);
    this.exited = once(this.#child, 'exit').then(async ([code, signal]) => {
      await passed;
      return { code, signal };
    });
    // It has gone, which `exited` tells.
    this.#child.on('error', () => {});
  }

  /**
   * Lets it serve, and resolves when it does.
   *
   * @throws SseKitError for what can't be served, or where it can't listen
   */
  async serve(options: ServeOptions): Promise<Ready> {
    const first = new Promise<FromWorker>((resolve) => {
      this.#child.once('message', resolve);
    });
    this.#child.on('message', (message: FromWorker) => this.onMessage(message));
    this.tell({ type: 'serve', options, worker: this.number });
    const message = await Promise.race([first, this.exited]);
    if (!('type' in message)) throw new Error(`worker ${this.number} ${exitText(message)} while it started`);
    if (message.type === 'failed') throw errorOf(message.failure);
    if (message.type !== 'ready') throw new Error(`worker ${this.number} said ${message.type} first of all`);
    this.url = message.url;
    return message;
  }

  tell(message: ToWorker): void {
    // One that has just gone takes no message, which `exited` tells.
    if (this.#child.connected) this.#child.send(message, () => {});
  }

  /** Ends its streams in order, then the process; resolves to whether that had to be forced. */
  async end(): Promise<boolean> {
    let forced = false;
    const kill = setTimeout(() => {
      forced = true;
      this.kill();
    }, END_MS);
    this.tell({ type: 'end' });
    await this.exited;
    clearTimeout(kill);
    return forced;
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }
}

/** How a process came to its end: `was killed by SIGKILL`. */
export function exitText({ code, signal }: WorkerExit): string {
  return signal === null ? `ended with code ${code}` : `was killed by ${signal}`;
}
