import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export type HolderOrder =
  /** A stream from each of these addresses, all at once or one after the other. */
  | { do: 'open'; url: string; addresses: readonly string[]; everyMs?: number }
  /** Counts this byte in what comes, until so many have come. */
  | { do: 'await'; marks: number; mark: number }
  /** Closes the newest streams. */
  | { do: 'leave'; count: number };

export type HolderReply = { ready: true } | { ms: number } | { error: string };

/**
 * The kernel has 28,000 local ports for each source address, takes every other one first, keeps each for a minute behind its
 * connection, and finds the last ones slowly: 2 ms instead of 0.2.
 */
const MOST_PER_ADDRESS = 5_000;
/** A run's own: ports that the run before has left are not free yet. */
const NETWORK = `127.${2 + (process.pid % 190)}`;

/** Holds streams in a process of its own, in which descriptors are counted apart and nobody's time is measured. */
export class StreamHolder {
  static #made = 0;
  readonly #child: ChildProcess;
  /** Source addresses of its own: another holder's connections, also those that the kernel still remembers, take ports. */
  readonly #block = `${NETWORK}.${StreamHolder.#made++ % 256}`;
  #opened = 0;

  constructor() {
    this.#child = fork(fileURLToPath(new URL('./stream-holder-process.ts', import.meta.url)));
  }

  get pid(): number {
    const { pid } = this.#child;
    if (pid === undefined) throw new Error('the client did not start');
    return pid;
  }

  /** Opens so many more; resolves with the milliseconds until each had its headers. */
  open(url: string, count: number, everyMs?: number): Promise<number> {
    const addresses = Array.from({ length: count }, (_, index) => {
      return `${this.#block}.${2 + Math.floor((this.#opened + index) / MOST_PER_ADDRESS)}`;
    });
    this.#opened += count;
    return this.#obeyed({ do: 'open', url, addresses, ...(everyMs === undefined ? {} : { everyMs }) });
  }

  /** Resolves when it counts; `arrived` does when the byte has come so many times. */
  async expect(marks: number, mark: string): Promise<{ arrived: Promise<number> }> {
    const ready = once(this.#child, 'message');
    this.#child.send({ do: 'await', marks, mark: mark.charCodeAt(0) } satisfies HolderOrder);
    await ready;
    return { arrived: this.#reply() };
  }

  /** Closes the newest ones, without a word. */
  leave(count: number): Promise<number> {
    return this.#obeyed({ do: 'leave', count });
  }

  stop(): void {
    this.#child.kill('SIGKILL');
  }

  #obeyed(order: HolderOrder): Promise<number> {
    this.#child.send(order);
    return this.#reply();
  }

  async #reply(): Promise<number> {
    const [reply] = (await once(this.#child, 'message')) as [HolderReply];
    if ('ms' in reply) return reply.ms;
    throw new Error('error' in reply ? reply.error : 'the client answered out of turn');
  }
}
