import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { SHORT_PAUSES } from '../../client/garbage-collection.ts';
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
    // From dist it is plain JavaScript; from src the loader that runs this file must run that one too.
    const source = import.meta.url.endsWith('.ts');
    const entry = `./bench-worker-process.${source ? 'ts' : 'js'}`;
    this.#child = fork(fileURLToPath(new URL(entry, import.meta.url)), {
      execArgv: [...SHORT_PAUSES, ...(source ? ['--import', 'tsx'] : [])],
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
