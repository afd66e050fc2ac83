import { monotonicMs } from '../../client/clock.ts';
import { errorOf } from '../../client/error-transfer.ts';
import type { GeneratorSample, MetricsSnapshot } from '../../results/bench/snapshot.ts';
import type { FromWorker } from '../messages.ts';
import type { BenchOptions } from '../options.ts';
import { exitText, WorkerHandle } from '../worker/worker-handle.ts';

/** All start so long after the last one is ready: the word must have reached each. */
const HEAD_START_MS = 200;
const LOOK_MS = 250;

/** How long workers are waited for, in milliseconds. */
const PATIENCE = {
  /** Longest that a worker may take to start and warm up. */
  readyMs: 30_000,
  /** A worker that tells nothing for so long is lost. Freezes shorter than that show in its figures. */
  silentMs: 10_000,
  /** Longest that the last windows may take when the time is over. */
  endMs: 10_000,
  /** A look that comes so late was held up: what the workers said meanwhile is still to be read. */
  heldUpMs: 1_000,
};

/** A worker that died, stopped answering or could not go on. */
export interface WorkerLoss {
  /** From 0. */
  worker: number;
  /** `was killed by SIGKILL`. */
  how: string;
  /** Milliseconds since the start of the run. */
  atMs: number;
}

export interface CrewEvents {
  window(worker: number, snapshot: MetricsSnapshot, sample: GeneratorSample): void;
  /** Nothing more comes of it. */
  left(worker: number): void;
}

/** A worker, as far as a crew is concerned. */
export type CrewWorker = Pick<WorkerHandle, 'number' | 'exited' | 'tell' | 'kill'>;

/** Where a crew finds its workers, and the time. */
interface CrewSurroundings {
  start(number: number, onMessage: (message: FromWorker) => void): CrewWorker;
  /** Milliseconds on the monotonic clock. */
  now(): number;
}

const PROCESSES: CrewSurroundings = {
  start: (number, onMessage) => new WorkerHandle(number, onMessage),
  now: monotonicMs,
};

interface Member {
  handle: CrewWorker;
  state: 'starting' | 'ready' | 'running' | 'done' | 'lost';
  heardAt: number;
}

/** The workers of a run: started, set going at one instant, watched, and ended. */
export class Crew {
  readonly losses: WorkerLoss[] = [];
  readonly #members: Member[];
  readonly #events: CrewEvents;
  readonly #durationMs: number;
  readonly #now: () => number;
  #beganAt = 0;
  #endBy = Number.POSITIVE_INFINITY;
  #lookedAt = 0;
  #stopped = false;
  #changed: () => void = () => {};

  constructor(count: number, durationMs: number, events: CrewEvents, { start, now } = PROCESSES) {
    this.#durationMs = durationMs;
    this.#events = events;
    this.#now = now;
    this.#members = Array.from({ length: count }, (_, number): Member => {
      const handle = start(number, (message) => this.#hear(number, message));
      void handle.exited.then((exit) => this.#lose(number, exitText(exit)));
      return { handle, state: 'starting', heardAt: now() };
    });
  }

  /** Resolves when all are warm, one is lost, or it is stopped. */
  async prepare(options: BenchOptions): Promise<void> {
    const workers = this.#members.length;
    for (const { handle } of this.#members) {
      handle.tell({ type: 'prepare', options, worker: handle.number, workers });
    }
    const { readyMs } = PATIENCE;
    const giveUpAt = this.#now() + readyMs;
    await this.#until(() => {
      if (this.#now() > giveUpAt) {
        for (const { handle, state } of this.#members) {
          if (state === 'starting') this.#lose(handle.number, `was not ready after ${readyMs / 1000} s`);
        }
      }
      const ready = this.#members.every(({ state }) => state === 'ready');
      return this.#stopped || this.losses.length > 0 || ready;
    });
  }

  /** Sets all going; returns when, on the monotonic clock. */
  go(): number {
    this.#beganAt = this.#now() + HEAD_START_MS;
    this.#endBy = this.#beganAt + this.#durationMs + PATIENCE.endMs;
    for (const member of this.#members) {
      if (member.state !== 'ready') continue;
      member.state = 'running';
      member.heardAt = this.#beganAt;
      member.handle.tell({ type: 'go', atMs: this.#beganAt });
    }
    return this.#beganAt;
  }

  /** Has all end with what there is. */
  stop(): void {
    this.#stopped = true;
    this.#endBy = Math.min(this.#endBy, this.#now() + PATIENCE.endMs);
    for (const { handle, state } of this.#members) if (state === 'running') handle.tell({ type: 'stop' });
    this.#changed();
  }

  /** Resolves when all have told everything, or are lost: soon after the run's time at the latest. */
  async finished(): Promise<void> {
    this.#lookedAt = this.#now();
    await this.#until(() => {
      this.#look(this.#now());
      return this.#members.every(({ state }) => state === 'done' || state === 'lost');
    });
  }

  /** Ends the processes: connections close with them. */
  dismiss(): void {
    for (const { handle } of this.#members) handle.kill();
  }

  #hear(number: number, message: FromWorker): void {
    const member = this.#members[number];
    if (member === undefined || member.state === 'lost') return;
    member.heardAt = Math.max(member.heardAt, this.#now());
    switch (message.type) {
      case 'ready':
        member.state = 'ready';
        break;
      case 'window':
        this.#events.window(number, message.snapshot, message.generator);
        break;
      case 'done':
        member.state = 'done';
        this.#events.left(number);
        break;
      case 'failed':
        this.#lose(number, `failed: ${errorOf(message.failure).message}`);
    }
    this.#changed();
  }

  #look(now: number): void {
    const { silentMs, endMs, heldUpMs } = PATIENCE;
    const lateMs = now - this.#lookedAt - LOOK_MS;
    this.#lookedAt = now;
    if (lateMs > heldUpMs) return this.#excuse(lateMs);
    for (const { handle, state, heardAt } of this.#members) {
      if (state !== 'running') continue;
      if (now - heardAt > silentMs) this.#lose(handle.number, `stopped answering for ${silentMs / 1000} s`);
      else if (now > this.#endBy) this.#lose(handle.number, `did not end within ${endMs / 1000} s`);
    }
  }

  /** This process was held up, not the workers. */
  #excuse(lateMs: number): void {
    this.#endBy += lateMs;
    for (const member of this.#members) member.heardAt += lateMs;
  }

  #lose(number: number, how: string): void {
    const member = this.#members[number];
    if (member === undefined || member.state === 'done' || member.state === 'lost') return;
    const running = member.state === 'running';
    member.state = 'lost';
    member.handle.kill();
    this.losses.push({ worker: number, how, atMs: running ? this.#now() - this.#beganAt : 0 });
    this.#events.left(number);
    // What the others measure is no longer the load that was planned.
    this.stop();
  }

  async #until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, LOOK_MS);
        this.#changed = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }
}
