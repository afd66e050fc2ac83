import { constants } from 'node:os';
import { SseKitError } from '../../client/errors.ts';
import type { ClientReason } from '../../client/records.ts';
import type { ExecFigures, SummarySections } from '../../results/sections.ts';
import { Guardian } from '../../shell/guardian.ts';
import { GRACE_MS, groupLives, signalGroup } from '../../shell/process-group.ts';
import { type ShellCommand, startShellCommand } from '../../shell/shell-command.ts';
import type { SseEvent } from '../../sse/sink.ts';
import type { Instrument, InstrumentContext, InstrumentMaker } from '../instrument.ts';
import type { ExecOptions } from '../options.ts';
import type { Outcome, RunEnd } from '../outcome.ts';
import type { EventPosition } from '../printer.ts';
import { onFirstSignal } from '../signals.ts';
import { eventEnvironment } from './environment.ts';
import { type WaitingEvent, WaitingEvents } from './waiting-events.ts';

/** What commands run in. */
export interface ExecSurroundings {
  env: NodeJS.ProcessEnv;
  /** File descriptor that their outputs go to: never standard output, which carries events. */
  output: number | 'ignore';
  /** From the start of the run: then what still runs is ended. */
  maxTimeMs: number | undefined;
}

/** Failures that are told one by one; the others are counted. */
const FAILURES_TOLD = 10;

/** Of an id, in a message. */
const LONGEST_ID = 60;

/** After this long the user is told what a run that seems over waits for. */
const PATIENCE_MS = 2_000;

/** What leaves no time for commands that wait. */
const ABANDONS: readonly (ClientReason | undefined)[] = ['signal', 'max-time', 'pipe'];

/**
 * `--exec`: runs a command for each shown event, in order, so many at a time. What waits is bounded: behind a slow
 * command the stream is not read. At the end of the run all that waits is done, unless it was interrupted.
 */
export function exec(options: ExecOptions, surroundings: ExecSurroundings): InstrumentMaker {
  return (context) => new Exec(options, surroundings, context);
}

class Exec implements Instrument {
  readonly #options: ExecOptions;
  readonly #surroundings: ExecSurroundings;
  readonly #context: InstrumentContext;
  readonly #waiting = new WaitingEvents();
  readonly #running = new Set<ShellCommand>();
  readonly #guardian = new Guardian();
  readonly #figures: ExecFigures = { started: 0, failed: 0 };
  #paused = false;
  #saidSlow = false;
  #startsSoon = false;
  /** No further command is started. */
  #abandoned = false;
  /** The process groups that were asked to end. */
  #asked: readonly number[] = [];
  #outcome: Outcome | undefined;
  #whenIdle: (() => void) | undefined;
  #unwatch = () => {};

  constructor(options: ExecOptions, surroundings: ExecSurroundings, context: InstrumentContext) {
    this.#options = options;
    this.#surroundings = surroundings;
    this.#context = context;
  }

  event(_event: SseEvent, { n }: EventPosition, shown: SseEvent | undefined): void {
    if (shown === undefined || this.#abandoned) return;
    this.#waiting.add({ event: shown, n });
    this.#startSoon();
    if (this.#paused || !this.#waiting.full) return;
    this.#paused = true;
    this.#context.pause();
    if (this.#saidSlow) return;
    this.#saidSlow = true;
    const message =
      'the command is slower than the stream, which waits for it: times are those of its reading';
    this.#warn('exec-slow', message);
  }

  judge(outcome: Outcome, { by }: RunEnd): Outcome {
    this.#outcome = outcome;
    if (ABANDONS.includes(by)) this.#abandon();
    // Until the last command has ended: the run itself listens to signals no more.
    else this.#watchExits();
    return outcome;
  }

  async conclude(): Promise<SummarySections> {
    const tell = setTimeout(() => this.#sayWaiting(), PATIENCE_MS);
    await this.#idle();
    clearTimeout(tell);
    this.#unwatch();
    this.#guardian.close();
    const { failed, started } = this.#figures;
    // A run that has come to something else has a better reason.
    if (failed > 0 && this.#outcome?.exitCode === 0) {
      const message = `the command of --exec failed for ${failed} of ${started} events`;
      const hint = 'a command whose failure does not matter may end with: || true';
      this.#context.fail(new SseKitError('EXEC_FAILED', 1, message, { hint }));
    }
    return { exec: this.#figures };
  }

  /** Not at once: what was said of an event is to be printed before its command prints something. */
  #startSoon(): void {
    if (this.#startsSoon) return;
    this.#startsSoon = true;
    setImmediate(() => {
      this.#startsSoon = false;
      this.#startNext();
    });
  }

  #startNext(): void {
    while (this.#running.size < this.#options.parallel) {
      const next = this.#waiting.take();
      if (next === undefined) break;
      this.#start(next);
    }
    if (this.#paused && this.#waiting.drained) {
      this.#paused = false;
      this.#context.resume();
    }
    if (this.#running.size === 0 && this.#waiting.count === 0) this.#whenIdle?.();
  }

  #start({ event, n }: WaitingEvent): void {
    const { env, output } = this.#surroundings;
    this.#guardian.begin();
    const command = startShellCommand(this.#options.command, {
      env: { ...env, ...eventEnvironment(event, n) },
      input: event.data,
      output,
    });
    this.#figures.started++;
    this.#running.add(command);
    this.#guard();
    const { id } = event;
    void command.ended.then((failure) => {
      this.#running.delete(command);
      this.#guard();
      // What we end ourselves has not failed.
      if (failure !== undefined && !this.#abandoned) this.#failed(failure, n, id);
      this.#startNext();
    });
  }

  #failed(failure: string, n: number, id: string | undefined): void {
    const figures = this.#figures;
    figures.failed++;
    const what = `${failure} for event #${n}${id === undefined ? '' : ` (id ${shortened(id)})`}`;
    figures.firstFailure ??= what;
    if (figures.failed > FAILURES_TOLD) return;
    const last = figures.failed === FAILURES_TOLD ? '; further failures are only counted' : '';
    this.#warn('exec-failed', `the command of --exec ${what}${last}`);
  }

  #watchExits(): void {
    const { maxTimeMs } = this.#surroundings;
    const endWatch = onFirstSignal((signal) => {
      const exitCode = 128 + constants.signals[signal];
      this.#giveUp(new SseKitError('INTERRUPTED', exitCode, `interrupted by ${signal}: ${this.#left()}`));
    });
    const { clock } = this.#context;
    const limit =
      maxTimeMs === undefined
        ? undefined
        : setTimeout(
            () => {
              const message = `the time limit was reached (--max-time): ${this.#left()}`;
              this.#giveUp(new SseKitError('MAX_TIME', 28, message));
            },
            clock.startedAt + maxTimeMs - clock.now(),
          );
    this.#unwatch = () => {
      endWatch();
      clearTimeout(limit);
    };
  }

  #giveUp(why: SseKitError): void {
    if (this.#running.size === 0 && this.#waiting.count === 0) return;
    this.#abandon();
    this.#outcome = { exitCode: why.exitCode, failure: why };
    this.#context.fail(why);
  }

  /** Ends what runs, and starts nothing more. */
  #abandon(): void {
    this.#abandoned = true;
    const dropped = this.#waiting.drop();
    if (dropped > 0) this.#figures.notRun = dropped;
    const ended = [...this.#running];
    if (ended.length > 0) this.#figures.stopped = ended.length;
    const groups = this.#groups();
    this.#asked = groups;
    for (const each of groups) signalGroup(each, 'SIGTERM');
    this.#guard();
    const kill = setTimeout(() => {
      for (const each of groups) signalGroup(each, 'SIGKILL');
    }, GRACE_MS);
    void Promise.all(ended.map((each) => each.ended)).then(() => clearTimeout(kill));
  }

  #idle(): Promise<void> {
    if (this.#running.size === 0 && this.#waiting.count === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#whenIdle = resolve;
    });
  }

  /** What a command has started may outlive it: where it was asked to end, it is watched until nothing is left. */
  #guard(): void {
    if (this.#abandoned) this.#guardian.watch(this.#asked.filter(groupLives), true);
    else this.#guardian.watch(this.#groups(), false);
  }

  #groups(): number[] {
    return [...this.#running].flatMap(({ pid }) => pid ?? []);
  }

  #sayWaiting(): void {
    if (this.#abandoned) return;
    this.#warn('exec-waiting', `the run is over but for the command: ${this.#left()}; Ctrl-C leaves them`);
  }

  #left(): string {
    return `${this.#running.size} running, ${this.#waiting.count} waiting`;
  }

  #warn(code: string, message: string): void {
    this.#context.warn({ code, message }, this.#context.clock.now());
  }
}

function shortened(id: string): string {
  return id.length > LONGEST_ID ? `${id.slice(0, LONGEST_ID)}…` : id;
}
