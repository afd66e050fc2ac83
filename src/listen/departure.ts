import { SseKitError } from '../client/errors.ts';
import { mayRetry } from '../client/reconnect.ts';
import type { ClientReason, CloseInfo } from '../client/records.ts';
import type { SummarySections } from '../results/sections.ts';
import type { SseEvent } from '../sse/sink.ts';
import type { RunClock } from './clock.ts';
import { watchExits } from './exits.ts';
import type { Instruments } from './instruments.ts';
import type { ListenOptions } from './options.ts';
import { failed, type Outcome, outcomeOf, type RunEnd } from './outcome.ts';
import type { Outputs } from './outputs.ts';
import type { ListenPrinter, Position } from './printer.ts';
import type { RunReport, RunReporter } from './run-report.ts';
import { type StopTest, stopTest } from './stop.ts';
import type { Tally } from './tally.ts';

/** What a departure works with. */
export interface Surroundings {
  options: ListenOptions;
  clock: RunClock;
  printer: ListenPrinter;
  outputs: Outputs;
  tally: Tally;
  instruments: Instruments;
  reports: readonly RunReporter[];
  /** Standard error is a terminal: the summary is wanted, and hints help. */
  attended: boolean;
  /** Leaves the attempt under way, or the wait for the next one. */
  leave(by: ClientReason): void;
}

/** What is known of a run that is over. */
interface RunLeft {
  lastEventId: string;
  sections: SummarySections;
  /** When it ended, on its clock, and where in the run that is. */
  at: number;
  place: Position;
}

/** How a run ends: why it is left, what it comes to, and the last words on it. */
export class Departure {
  /** Why we leave; `undefined` while we don't. */
  by: ClientReason | undefined;
  readonly #around: Surroundings;
  readonly #stops: StopTest;
  readonly #endWatch: () => void;
  #everOpened = false;
  /** What the attempt before failed with. */
  #earlierError: SseKitError | undefined;
  #signal: NodeJS.Signals | undefined;
  #ownFailure: SseKitError | undefined;
  #lastClose: CloseInfo | undefined;
  #outcome: Outcome | undefined;
  /** Failures that no line has told. */
  readonly #untold: SseKitError[] = [];

  constructor(around: Surroundings) {
    this.#around = around;
    this.#stops = stopTest(around.options.stop);
    const { clock, options, outputs } = around;
    const watched = { stop: options.stop, output: outputs.stdout };
    this.#endWatch = watchExits(watched, clock, (by, signal) => this.leave(by, signal));
  }

  /** Leaves for a reason of ours; the first one counts. */
  leave(by: ClientReason, signal?: NodeJS.Signals): void {
    if (this.by !== undefined || this.#outcome !== undefined) return;
    this.by = by;
    this.#signal = signal;
    if (by === 'pipe') this.#around.outputs.silence();
    this.#around.leave(by);
  }

  /** Leaves because we can't go on. */
  failWith(error: SseKitError): void {
    if (this.#outcome === undefined) {
      this.#ownFailure ??= error;
      this.leave('error');
      return;
    }
    // What the run came to has been told already: keeping the last id is the last thing it does.
    this.#outcome = failed(error);
    this.#untold.push(error);
  }

  /** Some attempt's answer is a stream. */
  opened(): void {
    this.#everOpened = true;
  }

  /** Leaves where the event is what the run was waiting for. */
  received(event: SseEvent): void {
    const by = this.#stops(event, this.#around.tally.shown);
    if (by !== undefined) this.leave(by);
  }

  /** An attempt has ended, and another will follow. */
  interrupted(close: CloseInfo, at: Position): void {
    const { outputs, printer } = this.#around;
    this.#earlierError = close.error;
    outputs.print(printer.close(close, at, { final: false, failure: close.error }));
  }

  /** The last attempt has ended: tells it, and what it means for the run. */
  ended(close: CloseInfo, at: Position): void {
    const { options, outputs, printer } = this.#around;
    this.#lastClose = close;
    const { failure } = this.#decide(close, close.recorded === true ? (close.by ?? 'signal') : undefined);
    outputs.print(printer.close(close, at, { final: true, failure }));
    if (options.silent && failure !== undefined) this.#untold.push(failure);
  }

  /** The run was left between two attempts, or the one that it replays: there is no record to tell it with. */
  endedBetween(by: ClientReason): void {
    const { failure } = this.#decide(undefined, this.by === undefined ? by : undefined);
    if (failure !== undefined) this.#untold.push(failure);
  }

  /** Has the run kept by whoever does; what they can't write fails it. */
  async report({ lastEventId, sections, at }: RunLeft): Promise<void> {
    const { clock, reports, tally } = this.#around;
    if (reports.length === 0) return;
    const { exitCode: exit = 0, failure } = this.#outcome ?? {};
    const run: RunReport = {
      startedAtMs: clock.wallMs(clock.startedAt),
      close: this.#lastClose,
      by: this.by,
      failure,
      summary: { ...tally.summary({ lastEventId, exit, at }), ...sections },
    };
    for (const keep of reports) {
      await keep(run).catch((error: unknown) => {
        if (!(error instanceof SseKitError)) throw error;
        this.failWith(error);
      });
    }
  }

  /** Says the last words; returns the exit code. */
  conclude({ lastEventId, sections, at, place }: RunLeft): number {
    const { outputs, printer, tally } = this.#around;
    const exit = this.#outcome?.exitCode ?? 0;
    for (const failure of this.#untold) outputs.printError(printer.failure(failure));
    const advice = this.#advice();
    if (advice !== undefined) outputs.print(printer.note(advice, place));
    outputs.print(printer.sections(sections));
    if (this.#wantsSummary()) {
      const summary = tally.summary({ lastEventId, exit, at });
      outputs.print(printer.summary({ ...summary, ...sections }));
    }
    outputs.flush();
    this.#endWatch();
    return exit;
  }

  #decide(close: CloseInfo | undefined, recordedBy: ClientReason | undefined): Outcome {
    const end: RunEnd = {
      close,
      by: this.by ?? (recordedBy === undefined ? close?.by : undefined),
      signal: this.#signal,
      ownFailure: this.#ownFailure,
      opened: this.#everOpened,
      earlierError: this.#earlierError,
      events: this.#around.tally.events,
      untilWanted: this.#stops.awaits,
      recordedBy,
    };
    this.#outcome = this.#around.instruments.judge(outcomeOf(end), end);
    return this.#outcome;
  }

  /** What reconnecting could have done, for whoever reads one connection on a terminal. */
  #advice(): string | undefined {
    const { attended, options } = this.#around;
    if (!attended || options.reconnect.retries > 0 || options.source.kind !== 'http') return undefined;
    const close = this.#lastClose;
    if (this.by !== undefined || close === undefined || !mayRetry(close)) return undefined;
    if (close.reason === 'status') return '--retry N tries again, --follow for ever';
    // What is joined is an answer, and it has been given.
    if (options.join !== undefined && close.reason === 'eof') return undefined;
    return this.#everOpened ? 'one connection was read; --follow reconnects' : undefined;
  }

  #wantsSummary(): boolean {
    const { attended, options } = this.#around;
    return (
      options.summary ??
      (options.format === 'ndjson' || options.expect !== undefined || (attended && !options.silent))
    );
  }
}
