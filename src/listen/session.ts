import type { Readable, Writable } from 'node:stream';
import type { SseKitError } from '../client/errors.ts';
import type { ClientReason, CloseInfo, OpenInfo, Warning } from '../client/records.ts';
import { rejectionOf } from '../client/rejection.ts';
import type { SentRequest, StreamSink } from '../client/stream-sink.ts';
import { timingOf } from '../results/timing.ts';
import type { SseEvent } from '../sse/sink.ts';
import { toMicroseconds } from '../stats/microseconds.ts';
import { Departure } from './departure.ts';
import type { Feed, Next, Source } from './feed.ts';
import { type EventView, eventView } from './filters.ts';
import { Holds } from './holds.ts';
import type { InstrumentMaker } from './instrument.ts';
import { Instruments } from './instruments.ts';
import { LastId } from './last-id.ts';
import { openFeed } from './open-feed.ts';
import type { ListenOptions } from './options.ts';
import { Outputs } from './outputs.ts';
import { type PauseListener, Pauses } from './pauses.ts';
import type { ListenPrinter, Position } from './printer.ts';
import type { RunReporter } from './run-report.ts';
import { readStateFile, StateFile } from './state-file.ts';
import { Tally } from './tally.ts';
import { Telling } from './telling.ts';

export interface ListenIo {
  stdin: Readable;
  stdout: Writable;
  stderr: Writable;
}

/** What a session reports through. */
export interface ListenReporting {
  printer: ListenPrinter;
  /** What else watches the run, in the order that it is told. */
  instruments: readonly InstrumentMaker[];
  /** What is kept of the run when it is over; absent: nothing. */
  reports?: readonly RunReporter[];
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

type Wait = Extract<Next, { kind: 'wait' }>;

const STOP: Next = { kind: 'stop' };

class ListenSession implements StreamSink {
  readonly #options: ListenOptions;
  readonly #printer: ListenPrinter;
  readonly #outputs: Outputs;
  readonly #feed: Feed;
  readonly #startedAt: number;
  readonly #instruments: Instruments;
  readonly #view: EventView;
  readonly #tally: Tally;
  readonly #departure: Departure;
  readonly #lastId: LastId;
  #source: Source | undefined;
  #cancelRetry: (() => void) | undefined;
  readonly #holds: Holds;
  /** Where they cost time that is measured. */
  readonly #pauses: Pauses | undefined;
  readonly #telling = new Telling();
  #conn = 0;
  #attempt = 0;
  #accepted = false;
  #lastRetry: number | undefined;
  /** When the last attempt ended, or the wait for the next one was left. */
  #endedAt = 0;
  #resolve: (exitCode: number) => void = () => {};
  #reject: (error: unknown) => void = () => {};
  /** Body bytes before content decoding, where an instrument looks at them. */
  readonly chunk?: NonNullable<StreamSink['chunk']>;

  constructor(options: ListenOptions, io: ListenIo, reporting: ListenReporting, resumeFrom: string) {
    const { printer, attended, oneTerminal, reports = [] } = reporting;
    this.#options = options;
    this.#printer = printer;
    this.#view = eventView(options.filters);
    this.#feed = openFeed(options, () => io.stdin);
    const { clock } = this.#feed;
    this.#startedAt = clock.startedAt;
    this.#tally = new Tally(clock.startedAt);
    this.#holds = new Holds(
      () => this.#pause(),
      () => this.#resume(),
    );
    const { add: pause, remove: resume } = this.#holds;
    this.#outputs = new Outputs(io, { oneTerminal, silent: options.silent }, pause, resume);
    const outputs = this.#outputs;
    const tally = this.#tally;
    this.#instruments = new Instruments(
      reporting.instruments.map((make) =>
        make({
          clock,
          position: (at) => this.#position(at),
          leave: (by) => this.#telling.afterwards(() => this.#departure.leave(by)),
          fail: (error) => this.#telling.afterwards(() => this.#departure.failWith(error)),
          warn: (warning, at) => this.warn(warning, at),
          printBlock: (block, at) => outputs.print(printer.block?.(block, at) ?? {}),
          pause,
          resume,
        }),
      ),
    );
    const instruments = this.#instruments;
    const heldUp: PauseListener = {
      paused: (since) => {
        tally.paused();
        instruments.paused(this.#position(since));
      },
      resumed: (at) => {
        tally.resumed(at);
        instruments.resumed(this.#position(at));
      },
    };
    if (this.#feed.whenPaused === undefined) this.#pauses = new Pauses(clock, heldUp);
    else this.#feed.whenPaused(heldUp);
    if (instruments.readChunks) {
      this.chunk = (bytes, at, ends) => {
        clock.reached(at);
        if (this.#departure.by === undefined) instruments.chunk(bytes, this.#position(at), ends);
      };
    }
    const leave = (by: ClientReason) => this.#leave(by);
    this.#departure = new Departure({
      options,
      clock,
      printer,
      outputs,
      tally,
      instruments,
      reports,
      attended,
      leave,
    });
    const fail = (error: SseKitError) => this.#departure.failWith(error);
    const state = options.stateFile === undefined ? undefined : new StateFile(options.stateFile, fail);
    this.#lastId = new LastId(resumeFrom, outputs, state);
  }

  run(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      this.#feed.whenOver?.((how) => {
        if ('failure' in how) this.#departure.failWith(how.failure);
        else this.#endBetween(how.by);
      });
      this.#start();
    });
  }

  #start(): void {
    const { clock, hasHead } = this.#feed;
    this.#cancelRetry = undefined;
    this.#conn++;
    this.#attempt++;
    this.#accepted = !hasHead;
    this.#tally.attemptStarted();
    this.#source = this.#feed.start({ lastEventId: this.#lastId.current }, this);
    if (!hasHead) {
      this.#departure.opened();
      this.#tally.opened(this.#source.marks, '', clock.startedAt);
    }
    this.#tally.outages.attemptStarted(this.#source.marks);
    if (this.#holds.any) this.#source.pause();
    this.#instruments.attempt(this.#source.marks, this.#position(this.#source.marks.start));
  }

  #pause(): void {
    this.#source?.pause();
    this.#pauses?.begin();
  }

  #resume(): void {
    // Whatever waits may be read within the next call.
    this.#pauses?.end();
    this.#source?.resume();
  }

  open(info: OpenInfo, at: number): void {
    this.#feed.clock.reached(at);
    if (this.#departure.by !== undefined) return;
    this.#accepted = rejectionOf(info) === undefined;
    const wallMs = this.#feed.clock.wallMs(at);
    const timing = timingOf(info.marks);
    const place = { ...this.#position(at), attempt: this.#attempt, wallMs, timing };
    this.#telling.begin();
    this.#instruments.open(info, place, this.#accepted);
    this.#outputs.print(this.#printer.open(info, place));
    this.#instruments.opened();
    if (this.#accepted) {
      this.#feed.opened();
      this.#departure.opened();
      // The success itself counts as the first.
      this.#attempt = 1;
      this.#tally.opened(info.marks, this.#lastId.current, at);
    }
    this.#telling.end();
  }

  body(bytes: Uint8Array, at: number): void {
    this.#feed.clock.reached(at);
    if (this.#departure.by !== undefined) return;
    this.#tally.read(at);
    if (this.#instruments.readBody) this.#instruments.body(bytes, this.#position(at));
    if (this.#options.format === 'raw') this.#outputs.writeBytes(bytes);
  }

  event(event: SseEvent, at: number): void {
    if (this.#departure.by !== undefined) return;
    const dt = this.#tally.event(event, at, this.#source?.marks);
    const shown = this.#view(event);
    if (shown !== undefined || !this.#instruments.none) {
      // Spelled out: spreading position() takes a third of the time of an event.
      const t = toMicroseconds(at - this.#startedAt);
      const place = { t, conn: this.#conn, n: this.#tally.events, dt };
      // Most runs are not watched: that spares a twentieth of the time of an event.
      if (!this.#instruments.none) {
        this.#telling.begin();
        this.#instruments.event(event, place, shown);
      }
      if (shown !== undefined) {
        this.#tally.shown++;
        this.#outputs.print(this.#printer.event(shown, place, this.#instruments.wire?.()));
      }
    }
    this.#lastId.note(event.lastEventId);
    this.#telling.end();
    this.#departure.received(event);
  }

  comment(text: string, at: number): void {
    if (this.#departure.by !== undefined) return;
    const place = this.#position(at);
    this.#telling.begin();
    this.#instruments.comment(text, place);
    this.#outputs.print(this.#printer.comment(text, place));
    this.#telling.end();
  }

  retry(ms: number, at: number): void {
    const news = ms !== this.#lastRetry;
    this.#lastRetry = ms;
    this.#instruments.retry(ms, this.#position(at));
    if (!news) return;
    this.#outputs.print(this.#printer.retry(ms, this.#position(at)));
    if (this.#feed.serverAsked(ms).clamped) {
      const message = 'the wait that the server asks for is limited to 1 h';
      this.warn({ code: 'retry-clamped', message }, at);
    }
  }

  warn(warning: Warning, at: number): void {
    this.#instruments.warn(warning, this.#position(at));
    this.#outputs.print(this.#printer.warn(warning, this.#position(at)));
  }

  trace(line: string): void {
    if (this.#options.verbose)
      this.#outputs.print(this.#printer.note(line, this.#position(this.#feed.clock.now())));
  }

  request(request: SentRequest): void {
    if (this.#options.verbose)
      this.#outputs.print(this.#printer.request(request, this.#position(this.#feed.clock.now())));
  }

  close(info: CloseInfo, at: number): void {
    this.#endedAt = at;
    this.#lastId.note(info.lastEventId);
    this.#tally.closed(info, this.#accepted, at);
    this.#source = undefined;
    const next = this.#departure.by === undefined ? this.#feed.next(info, this.#accepted) : STOP;
    this.#instruments.close(info, this.#position(at), next.kind === 'stop');
    // An instrument may have seen enough.
    const { by } = this.#departure;
    if (next.kind === 'stop' || by !== undefined) {
      if (next.kind !== 'stop' && by !== undefined) this.#leftBetween(by);
      this.#departure.ended(info, this.#position(at));
      this.#end().catch(this.#reject);
      return;
    }
    this.#departure.interrupted(info, this.#position(at));
    if (next.kind === 'wait') this.#reconnect(info, next, at);
    else this.#endBetween(next.by);
  }

  #reconnect(info: CloseInfo, next: Wait, at: number): void {
    const { cause, delayMs, beyondBrowser, warnings } = next;
    if (beyondBrowser && info.status !== undefined) this.#tally.browserWouldStop(info.status);
    this.#tally.outages.interrupted(info, this.#accepted, at, this.#tally.silentMs);
    for (const warning of warnings) this.warn(warning, at);
    const lastEventId = this.#lastId.current;
    const place = { ...this.#position(at), conn: this.#conn + 1 };
    const record = { attempt: this.#attempt + 1, delayMs, lastEventId, cause };
    this.#instruments.reconnect(record, place);
    this.#outputs.print(this.#printer.reconnect(record, place));
    const { clock } = this.#feed;
    this.#cancelRetry = clock.alarm(clock.now() + delayMs, () => this.#start());
    // Somebody wanted to leave meanwhile.
    if (this.#departure.by !== undefined) this.#leave(this.#departure.by);
  }

  #leave(by: ClientReason): void {
    if (this.#cancelRetry === undefined) this.#source?.close(by);
    else this.#endBetween(by);
  }

  #endBetween(by: ClientReason): void {
    this.#cancelRetry?.();
    this.#endedAt = this.#feed.clock.now();
    this.#leftBetween(by);
    this.#departure.endedBetween(by);
    this.#end().catch(this.#reject);
  }

  /** Another attempt would have followed. */
  #leftBetween(by: ClientReason): void {
    this.#instruments.left(by, { ...this.#position(this.#endedAt), conn: this.#conn + 1 });
  }

  async #end(): Promise<void> {
    this.#feed.close();
    this.#pauses?.close();
    if (this.#options.stateFile !== undefined) await this.#lastId.save();
    const { sections, failure } = await this.#instruments.conclude();
    if (failure !== undefined) this.#departure.failWith(failure);
    const left = {
      lastEventId: this.#lastId.current,
      sections,
      at: this.#endedAt,
      place: this.#position(this.#endedAt),
    };
    await this.#departure.report(left);
    this.#resolve(this.#departure.conclude(left));
  }

  #position(at: number): Position {
    return { t: toMicroseconds(at - this.#startedAt), conn: this.#conn };
  }
}
