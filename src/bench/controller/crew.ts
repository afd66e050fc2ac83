import { monotonicMs } from '../../client/clock.ts';
import { errorOf } from '../../client/error-transfer.ts';
import type { GeneratorSample, MetricsSnapshot } from '../../results/bench/snapshot.ts';
import type { FromWorker } from '../messages.ts';
import type { BenchOptions } from '../options.ts';
import { exitText, WorkerHandle } from '../worker/worker-handle.ts';

/** Longest that a worker may take to start and warm up. */
const READY_MS = 30_000;
/** All start so long after the last one is ready: the word must have reached each. */
const HEAD_START_MS = 200;
/** A worker that tells nothing for so long is lost. Freezes shorter than that show in its figures. */
const SILENT_MS = 10_000;
/** Longest that the last windows may take when the time is over. */
const END_MS = 10_000;
const LOOK_MS = 250;

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

interface Member {
  handle: WorkerHandle;
  state: 'starting' | 'ready' | 'running' | 'done' | 'lost';
  heardAt: number;
}

/** The workers of a run: started, set going at one instant, watched, and ended. */
export class Crew {
  readonly losses: WorkerLoss[] = [];
  readonly #members: Member[];
  readonly #events: CrewEvents;
  readonly #durationMs: number;
  #beganAt = 0;
  #endBy = Number.POSITIVE_INFINITY;
  #changed: () => void = () => {};

  constructor(count: number, durationMs: number, events: CrewEvents) {
    this.#durationMs = durationMs;
    this.#events = events;
    this.#members = Array.from({ length: count }, (_, number): Member => {
      const handle = new WorkerHandle(number, (message) => this.#hear(number, message));
      void handle.exited.then((exit) => this.#lose(number, exitText(exit)));
      return { handle, state: 'starting', heardAt: monotonicMs() };
    });
  }

  get pids(): (number | undefined)[] {
    return this.#members.map(({ handle }) => handle.pid);
  }

  /** Resolves when all are warm, or one is lost. */
  async prepare(options: BenchOptions): Promise<void> {
    const workers = this.#members.length;
    for (const { handle } of this.#members) {
      handle.tell({ type: 'prepare', options, worker: handle.number, workers });
    }
    const giveUpAt = monotonicMs() + READY_MS;
    await this.#until(() => {
      if (monotonicMs() > giveUpAt) {
        for (const { handle, state } of this.#members) {
          if (state === 'starting') this.#lose(handle.number, `was not ready after ${READY_MS / 1000} s`);
        }
      }
      return this.losses.length > 0 || this.#members.every(({ state }) => state === 'ready');
    });
  }

  /** Sets all going; returns when, on the monotonic clock. */
  go(): number {
    this.#beganAt = monotonicMs() + HEAD_START_MS;
    this.#endBy = this.#beganAt + this.#durationMs + END_MS;
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
    this.#endBy = Math.min(this.#endBy, monotonicMs() + END_MS);
    for (const { handle, state } of this.#members) if (state === 'running') handle.tell({ type: 'stop' });
  }

  /** Resolves when all have told everything, or are lost: soon after the run's time at the latest. */
  async finished(): Promise<void> {
    await this.#until(() => {
      this.#look(monotonicMs());
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
    member.heardAt = Math.max(member.heardAt, monotonicMs());
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
    for (const { handle, state, heardAt } of this.#members) {
      if (state !== 'running') continue;
      if (now - heardAt > SILENT_MS) this.#lose(handle.number, `stopped answering for ${SILENT_MS / 1000} s`);
      else if (now > this.#endBy) this.#lose(handle.number, `did not end within ${END_MS / 1000} s`);
    }
  }

  #lose(number: number, how: string): void {
    const member = this.#members[number];
    if (member === undefined || member.state === 'done' || member.state === 'lost') return;
    const running = member.state === 'running';
    member.state = 'lost';
    member.handle.kill();
    this.losses.push({ worker: number, how, atMs: running ? monotonicMs() - this.#beganAt : 0 });
    this.#events.left(number);
    // What the others measure is no longer the load that was planned.
    this.stop();
    this.#changed();
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
