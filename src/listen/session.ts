import type { Readable, Writable } from 'node:stream';
import { monotonicMs } from '../client/clock.ts';
import type { SseKitError } from '../client/errors.ts';
import { createPool } from '../client/pool.ts';
import { ReconnectPolicy } from '../client/reconnect.ts';
import type { ClientReason, CloseInfo, OpenInfo, Warning } from '../client/records.ts';
import { rejectionOf } from '../client/rejection.ts';
import type { SentRequest, StreamSink } from '../client/stream-sink.ts';
import type { SseEvent } from '../sse/sink.ts';
import { failureOf } from './exit-code.ts';
import { type EventView, eventView } from './filters.ts';
import type { ListenOptions } from './options.ts';
import { Output } from './output.ts';
import type { ListenPrinter, Position, Printed } from './printer.ts';
import { onFirstSignal } from './signals.ts';
import { readStateFile, StateFile } from './state-file.ts';
import { openStdin, type Source } from './stdin-source.ts';
import { type StopTest, stopTest } from './stop.ts';
import { Tally } from './tally.ts';

export interface ListenIo {
  stdin: Readable;
  stdout: Writable;
  stderr: Writable;
}

/** What a session reports through, and since when its times count. */
export interface ListenReporting {
  printer: ListenPrinter;
  /** Start of the run on the monotonic clock. */
  startedAt: number;
  /** Standard error is a terminal: the summary is wanted, and hints help. */
  attended: boolean;
}

/**
 * Tails one stream until it ends, a condition is met, or somebody interrupts; attempts follow one another as the
 * reconnect options say. Resolves with the exit code.
 *
 * @throws SseKitError for a state file that can't be used
 */
export async function runListen(
  options: ListenOptions,
  io: ListenIo,
  reporting: ListenReporting,
): Promise<number> {
  const resumeFrom =
    options.stateFile === undefined
      ? options.lastEventId
      : readStateFile(options.stateFile) || options.lastEventId;
  return new ListenSession(options, io, reporting, resumeFrom).run();
}

class ListenSession implements StreamSink {
  private readonly options: ListenOptions;
  private readonly io: ListenIo;
  private readonly printer: ListenPrinter;
  private readonly reporting: ListenReporting;
  private readonly data: Output;
  private readonly log: Output;
  private readonly pool = createPool();
  private readonly policy: ReconnectPolicy;
  private readonly view: EventView;
  private readonly stops: StopTest;
  private readonly tally: Tally;
  private readonly state: StateFile | undefined;
  private readonly timers: NodeJS.Timeout[] = [];
  private source: Source | undefined;
  private retryTimer: NodeJS.Timeout | undefined;
  private lastEventId: string;
  private conn = 0;
  private attempt = 0;
  private accepted = false;
  private saidPostResent = false;
  private lastRetry: number | undefined;
  private signal: NodeJS.Signals | undefined;
  private lastClose: CloseInfo | undefined;
  private failure: SseKitError | undefined;
  private leaving: ClientReason | undefined;
  private ended = false;
  private resolve: (exitCode: number) => void = () => {};
  private removeSignalHandlers = () => {};

  constructor(options: ListenOptions, io: ListenIo, reporting: ListenReporting, resumeFrom: string) {
    this.options = options;
    this.io = io;
    this.reporting = reporting;
    this.printer = reporting.printer;
    this.lastEventId = resumeFrom;
    this.policy = new ReconnectPolicy(options.reconnect);
    this.view = eventView(options.filters);
    this.stops = stopTest(options.stop);
    this.tally = new Tally(reporting.startedAt);
    const [pause, resume] = [() => this.source?.pause(), () => this.resumeIfDrained()];
    this.data = new Output(io.stdout, pause, resume);
    this.log = new Output(io.stderr, pause, resume);
    if (options.stateFile !== undefined) {
      this.state = new StateFile(options.stateFile, (error) => this.failWith(error));
    }
  }

  run(): Promise<number> {
    const { forMs, maxTimeMs } = this.options.stop;
    if (forMs !== undefined) this.timers.push(setTimeout(() => this.leave('for'), forMs));
    if (maxTimeMs !== undefined) this.timers.push(setTimeout(() => this.leave('max-time'), maxTimeMs));
    this.removeSignalHandlers = onFirstSignal((signal) => {
      this.signal = signal;
      this.leave('signal');
    });
    return new Promise((resolve) => {
      this.resolve = resolve;
      this.start();
    });
  }

  private start(): void {
    const { source } = this.options;
    this.retryTimer = undefined;
    this.conn++;
    this.attempt++;
    this.accepted = source.kind === 'stdin';
    this.tally.attemptStarted();
    if (source.kind === 'stdin') {
      const limits = { maxEventSizeBytes: source.maxEventSizeBytes, lastEventId: this.lastEventId };
      this.source = openStdin(this.io.stdin, limits, this);
      this.tally.opened(this.source.marks, '', monotonicMs());
    } else {
      const start = { lastEventId: this.lastEventId, plannedAt: monotonicMs() };
      this.source = this.pool.open(source.request, start, this);
    }
    this.tally.outages.attemptStarted(this.source.marks);
    if (this.data.full || this.log.full) this.source.pause();
  }

  // What the stream tells.

  open(info: OpenInfo, at: number): void {
    this.accepted = rejectionOf(info) === undefined;
    const wallMs = Date.now() - (monotonicMs() - at);
    this.print(this.printer.open(info, { ...this.position(at), attempt: this.attempt, wallMs }));
    if (!this.accepted) return;
    this.policy.opened();
    // The success itself counts as the first.
    this.attempt = 1;
    this.tally.opened(info.marks, this.lastEventId, at);
  }

  body(bytes: Uint8Array, at: number): void {
    this.tally.read(at);
    if (this.options.format === 'raw' && this.leaving === undefined) this.data.writeBytes(bytes);
  }

  event(event: SseEvent, at: number): void {
    if (this.leaving !== undefined) return;
    const dt = this.tally.event(event, at, this.source?.marks);
    const shown = this.view(event);
    if (shown !== undefined) {
      this.tally.shown++;
      // Spelled out: spreading position() takes a third of the time of an event.
      const place = { t: at - this.reporting.startedAt, conn: this.conn, n: this.tally.events, dt };
      this.print(this.printer.event(shown, place));
    }
    this.noteId(event.lastEventId);
    const reason = this.stops(event, this.tally.shown);
    if (reason !== undefined) this.leave(reason);
  }

  comment(text: string, at: number): void {
    if (this.leaving === undefined) this.print(this.printer.comment(text, this.position(at)));
  }

  retry(ms: number, at: number): void {
    const news = ms !== this.lastRetry;
    this.lastRetry = ms;
    if (!news) return;
    this.print(this.printer.retry(ms, this.position(at)));
    if (this.policy.serverAsked(ms).clamped) {
      this.warn(
        { code: 'retry-clamped', message: 'the wait that the server asks for is limited to 1 h' },
        at,
      );
    }
  }

  warn(warning: Warning, at: number): void {
    this.print(this.printer.warn(warning, this.position(at)));
  }

  trace(line: string): void {
    if (this.options.verbose) this.print(this.printer.note(line, this.position(monotonicMs())));
  }

  request(request: SentRequest): void {
    if (this.options.verbose) this.print(this.printer.request(request, this.position(monotonicMs())));
  }

  close(info: CloseInfo, at: number): void {
    this.lastClose = info;
    this.noteId(info.lastEventId);
    this.tally.closed(info, this.accepted, at);
    this.print(this.printer.close(info, this.position(at)));
    if (this.leaving !== undefined || info.reason === 'client') return this.end();
    const next = this.policy.next(info, this.accepted);
    if (next.kind === 'stop') return this.end();
    if (next.beyondBrowser && info.status !== undefined) this.tally.browserWouldStop(info.status);
    this.tally.outages.interrupted(info, this.accepted, at, this.tally.lastReadAt);
    this.sayPostIsResent(at);
    this.print(
      this.printer.reconnect(
        {
          attempt: this.attempt + 1,
          delayMs: next.delayMs,
          lastEventId: this.lastEventId,
          cause: next.cause,
        },
        { ...this.position(at), conn: this.conn + 1 },
      ),
    );
    this.retryTimer = setTimeout(() => this.start(), next.delayMs);
  }

  private sayPostIsResent(at: number): void {
    const { source } = this.options;
    if (source.kind !== 'http' || source.request.body === undefined || this.saidPostResent) return;
    this.saidPostResent = true;
    this.warn({ code: 'body-resent', message: 'the request body is sent again with each attempt' }, at);
  }

  // Leaving.

  /** Ends the run for a reason of ours. */
  private leave(by: ClientReason): void {
    if (this.leaving !== undefined || this.ended) return;
    this.leaving = by;
    if (this.retryTimer !== undefined) {
      // Between two attempts there is nothing to close: the run ends as if the next one had been left.
      clearTimeout(this.retryTimer);
      return this.end();
    }
    this.source?.close(by);
  }

  /** Ends the run because we can't go on. */
  private failWith(error: SseKitError): void {
    this.failure ??= error;
    this.leave('error');
  }

  private end(): void {
    if (this.ended) return;
    this.ended = true;
    for (const timer of this.timers) clearTimeout(timer);
    this.pool.close();
    if (this.state === undefined) this.conclude();
    else void this.saveId(this.state).then(() => this.conclude());
  }

  /** Keeps the last id for good once its event has left the process. */
  private async saveId(state: StateFile): Promise<void> {
    await new Promise<void>((resolve) => this.data.whenWritten(() => resolve()));
    await state.close();
  }

  /** Says how the run ended; that the last id could not be kept is part of it. */
  private conclude(): void {
    const failure = this.failure ?? this.runFailure();
    const exitCode = failure?.exitCode ?? 0;
    this.printFailure(failure);
    this.mentionFollow(exitCode);
    if (this.wantsSummary()) {
      const summary = this.tally.summary({
        lastEventId: this.lastEventId,
        exit: exitCode,
        at: monotonicMs(),
      });
      this.print(this.printer.summary(summary));
    }
    this.data.flush();
    this.log.flush();
    this.removeSignalHandlers();
    this.resolve(exitCode);
  }

  private runFailure(): SseKitError | undefined {
    const close = this.lastClose;
    if (close === undefined) return undefined;
    return failureOf({
      close: this.leaving === undefined ? close : { ...close, reason: 'client', by: this.leaving },
      events: this.tally.events,
      untilWanted: this.stops.awaits,
      ...(this.signal === undefined ? {} : { signal: this.signal }),
    });
  }

  private printFailure(failure: SseKitError | undefined): void {
    if (failure === undefined || failure.code === 'INTERRUPTED') return;
    const { format, silent } = this.options;
    const toldByClose = failure === this.lastClose?.error || failure.code === 'NO_EVENT';
    if (format === 'ndjson' || silent || (!toldByClose && failure.code !== 'MAX_TIME')) {
      this.log.write(this.printer.failure(failure).log ?? '');
    }
  }

  private mentionFollow(exitCode: number): void {
    const { reconnect, source, silent } = this.options;
    if (!this.reporting.attended || silent || reconnect.retries > 0 || source.kind === 'stdin') return;
    if (this.leaving !== undefined || !this.accepted || exitCode === 2) return;
    this.print(
      this.printer.note('one connection was read; --follow reconnects', this.position(monotonicMs())),
    );
  }

  private wantsSummary(): boolean {
    const { summary, format, silent } = this.options;
    return summary ?? (format === 'ndjson' || (this.reporting.attended && !silent));
  }

  // Small change.

  /** Keeps the id for the next attempt now, for the next run once its event has been written out. */
  private noteId(id: string): void {
    if (id === this.lastEventId) return;
    this.lastEventId = id;
    const { state } = this;
    if (state === undefined) return;
    this.data.whenWritten((written) => {
      if (written) state.update(id);
    });
  }

  private print(printed: Printed): void {
    if (printed.data !== undefined) this.data.write(printed.data);
    if (printed.log !== undefined && !this.options.silent) this.log.write(printed.log);
  }

  private position(at: number): Position {
    return { t: at - this.reporting.startedAt, conn: this.conn };
  }

  private resumeIfDrained(): void {
    if (!this.data.full && !this.log.full) this.source?.resume();
  }
}
