import type { Readable, Writable } from 'node:stream';
import { monotonicMs } from '../client/clock.ts';
import type { SseKitError } from '../client/errors.ts';
import { createPool } from '../client/pool.ts';
import { type NextAttempt, ReconnectPolicy } from '../client/reconnect.ts';
import type { ClientReason, CloseInfo, OpenInfo, Warning } from '../client/records.ts';
import { rejectionOf } from '../client/rejection.ts';
import type { SentRequest, StreamSink } from '../client/stream-sink.ts';
import type { SseEvent } from '../sse/sink.ts';
import { Departure } from './departure.ts';
import { type EventView, eventView } from './filters.ts';
import { LastId } from './last-id.ts';
import type { ListenOptions } from './options.ts';
import { Outputs } from './outputs.ts';
import type { ListenPrinter, Position } from './printer.ts';
import { readStateFile, StateFile } from './state-file.ts';
import { openStdin, type Source } from './stdin-source.ts';
import { Tally } from './tally.ts';
import { timingOf } from './timing.ts';

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
  /** Both outputs go to a terminal, taken to be the same one. */
  oneTerminal: boolean;
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

type Wait = Extract<NextAttempt, { kind: 'wait' }>;

const STOP: NextAttempt = { kind: 'stop' };

class ListenSession implements StreamSink {
  private readonly options: ListenOptions;
  private readonly io: ListenIo;
  private readonly printer: ListenPrinter;
  private readonly startedAt: number;
  private readonly outputs: Outputs;
  private readonly pool = createPool();
  private readonly policy: ReconnectPolicy;
  private readonly view: EventView;
  private readonly tally: Tally;
  private readonly departure: Departure;
  private readonly lastId: LastId;
  private source: Source | undefined;
  private retryTimer: NodeJS.Timeout | undefined;
  private conn = 0;
  private attempt = 0;
  private accepted = false;
  private saidPostResent = false;
  private lastRetry: number | undefined;
  private resolve: (exitCode: number) => void = () => {};

  constructor(options: ListenOptions, io: ListenIo, reporting: ListenReporting, resumeFrom: string) {
    const { printer, startedAt, attended, oneTerminal } = reporting;
    this.options = options;
    this.io = io;
    this.printer = printer;
    this.startedAt = startedAt;
    this.policy = new ReconnectPolicy(options.reconnect);
    this.view = eventView(options.filters);
    this.tally = new Tally(startedAt);
    this.outputs = new Outputs(
      io,
      { oneTerminal, silent: options.silent },
      () => this.source?.pause(),
      () => this.source?.resume(),
    );
    const { outputs, tally } = this;
    const leave = (by: ClientReason) => this.leave(by);
    this.departure = new Departure({ options, printer, outputs, tally, attended, leave });
    const fail = (error: SseKitError) => this.departure.failWith(error);
    const state = options.stateFile === undefined ? undefined : new StateFile(options.stateFile, fail);
    this.lastId = new LastId(resumeFrom, outputs, state);
  }

  run(): Promise<number> {
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
      const limits = { maxEventSizeBytes: source.maxEventSizeBytes, lastEventId: this.lastId.current };
      this.source = openStdin(this.io.stdin, limits, this);
      this.departure.opened();
      this.tally.opened(this.source.marks, '', monotonicMs());
    } else {
      const start = { lastEventId: this.lastId.current, plannedAt: monotonicMs() };
      this.source = this.pool.open(source.request, start, this);
    }
    this.tally.outages.attemptStarted(this.source.marks);
    if (this.outputs.full) this.source.pause();
  }

  open(info: OpenInfo, at: number): void {
    this.accepted = rejectionOf(info) === undefined;
    const wallMs = Date.now() - (monotonicMs() - at);
    const timing = timingOf(info.marks);
    this.outputs.print(
      this.printer.open(info, { ...this.position(at), attempt: this.attempt, wallMs, timing }),
    );
    if (!this.accepted) return;
    this.policy.opened();
    this.departure.opened();
    // The success itself counts as the first.
    this.attempt = 1;
    this.tally.opened(info.marks, this.lastId.current, at);
  }

  body(bytes: Uint8Array, at: number): void {
    this.tally.read(at);
    if (this.options.format === 'raw' && this.departure.by === undefined) this.outputs.writeBytes(bytes);
  }

  event(event: SseEvent, at: number): void {
    if (this.departure.by !== undefined) return;
    const dt = this.tally.event(event, at, this.source?.marks);
    const shown = this.view(event);
    if (shown !== undefined) {
      this.tally.shown++;
      // Spelled out: spreading position() takes a third of the time of an event.
      const place = { t: at - this.startedAt, conn: this.conn, n: this.tally.events, dt };
      this.outputs.print(this.printer.event(shown, place));
    }
    this.lastId.note(event.lastEventId);
    this.departure.received(event);
  }

  comment(text: string, at: number): void {
    if (this.departure.by === undefined) this.outputs.print(this.printer.comment(text, this.position(at)));
  }

  retry(ms: number, at: number): void {
    const news = ms !== this.lastRetry;
    this.lastRetry = ms;
    if (!news) return;
    this.outputs.print(this.printer.retry(ms, this.position(at)));
    if (this.policy.serverAsked(ms).clamped) {
      const message = 'the wait that the server asks for is limited to 1 h';
      this.warn({ code: 'retry-clamped', message }, at);
    }
  }

  warn(warning: Warning, at: number): void {
    this.outputs.print(this.printer.warn(warning, this.position(at)));
  }

  trace(line: string): void {
    if (this.options.verbose) this.outputs.print(this.printer.note(line, this.position(monotonicMs())));
  }

  request(request: SentRequest): void {
    if (this.options.verbose) this.outputs.print(this.printer.request(request, this.position(monotonicMs())));
  }

  close(info: CloseInfo, at: number): void {
    this.lastId.note(info.lastEventId);
    this.tally.closed(info, this.accepted, at);
    const next = this.departure.by === undefined ? this.policy.next(info, this.accepted) : STOP;
    if (next.kind === 'wait') {
      this.departure.interrupted(info, this.position(at));
      this.reconnect(info, next, at);
    } else {
      this.departure.ended(info, this.position(at));
      void this.end();
    }
  }

  private reconnect(info: CloseInfo, next: Wait, at: number): void {
    const { cause, delayMs, beyondBrowser } = next;
    if (beyondBrowser && info.status !== undefined) this.tally.browserWouldStop(info.status);
    this.tally.outages.interrupted(info, this.accepted, at, this.tally.lastReadAt);
    if (cause === 'retry-after' && info.retryAfterClamped === true) {
      const message = 'the wait that Retry-After asks for is limited to 1 h';
      this.warn({ code: 'retry-after-clamped', message }, at);
    }
    this.sayPostIsResent(at);
    const lastEventId = this.lastId.current;
    const place = { ...this.position(at), conn: this.conn + 1 };
    this.outputs.print(
      this.printer.reconnect({ attempt: this.attempt + 1, delayMs, lastEventId, cause }, place),
    );
    this.retryTimer = setTimeout(() => this.start(), delayMs);
  }

  private sayPostIsResent(at: number): void {
    const { source } = this.options;
    if (source.kind !== 'http' || source.request.body === undefined || this.saidPostResent) return;
    this.saidPostResent = true;
    this.warn({ code: 'body-resent', message: 'the request body is sent again with each attempt' }, at);
  }

  private leave(by: ClientReason): void {
    if (this.retryTimer === undefined) {
      this.source?.close(by);
      return;
    }
    clearTimeout(this.retryTimer);
    this.departure.endedBetween();
    void this.end();
  }

  private async end(): Promise<void> {
    this.pool.close();
    if (this.options.stateFile !== undefined) await this.lastId.save();
    this.resolve(this.departure.conclude(this.lastId.current, this.position(monotonicMs())));
  }

  private position(at: number): Position {
    return { t: at - this.startedAt, conn: this.conn };
  }
}
