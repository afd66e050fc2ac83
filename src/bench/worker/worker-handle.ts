import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { forkBeside } from '../../processes/fork-beside.ts';
import { SHORT_PAUSES } from '../../processes/short-pauses.ts';
import type { FromWorker, ToWorker } from '../messages.ts';

export interface WorkerExit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A process that makes load, seen from the one that started it. */
export class WorkerHandle {
  /** From 0. */
  readonly number: number;
  /** Resolves when the process has gone. */
  readonly exited: Promise<WorkerExit>;
  readonly #child: ChildProcess;

  constructor(number: number, onMessage: (message: FromWorker) => void) {
    this.number = number;
    this.#child = forkBeside(import.meta.url, 'bench-worker-process', [], {
      execArgv: SHORT_PAUSES,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      serialization: 'advanced',
    });
    this.exited = once(this.#child, 'exit').then(([code, signal]) => ({ code, signal }));
    // It could not be started, or has gone, which `exited` tells.
    this.#child.on('error', () => {});
    this.#child.on('message', onMessage);
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  tell(message: ToWorker): void {
    // One that has just gone takes no message, which `exited` tells.
    if (this.#child.connected) this.#child.send(message, () => {});
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }
}

/** How a process came to its end: `was killed by SIGKILL`. */
export function exitText({ code, signal }: WorkerExit): string {
  return signal === null ? `ended with code ${code}` : `was killed by ${signal}`;
}
