import { SseKitError } from '../../client/errors.ts';
import { MAX_WAIT_MS } from '../../client/retry-after.ts';
import type { StreamSink } from '../../client/stream-sink.ts';
import type { CloseRecord, OtherRecord, RecordingRecord } from '../../recording/records.ts';
import type { Feed, Next, Source } from '../feed.ts';
import type { PauseListener } from '../pauses.ts';
import { AttemptOrder } from './attempt-order.ts';
import { type Need, refuse, tellsOfBody } from './bytes-needed.ts';
import { CUT, cutWarning, type Ending, endOfBytes, recordedEnding } from './endings.ts';
import { isTimed, sameEnd } from './left-alike.ts';
import { RecordedAttempt } from './recorded-attempt.ts';
import type { RecordedClock } from './recorded-clock.ts';
import { warningOf } from './recorded-info.ts';
import { RecordedPauses } from './recorded-pauses.ts';
import { asSseKitError, type RecordedRun } from './recorded-run.ts';
import { sequelOf } from './sequel.ts';
import { Timeline } from './timeline.ts';

interface ReplayOptions {
  maxEventSizeBytes: number;
  /** How many times as fast as it was; `Infinity` waits for nothing. */
  speed: number;
  /** What looks at more than every recording has. */
  needs?: readonly Need[];
}

const STOP: Next = { kind: 'stop' };

/**
 * A run that was recorded, as a feed: its attempts follow one another as they did, on its own clock, and their bytes
 * are decoded anew. What it tells, and in which order, is what the recorded run was told.
 */
export function recordedFeed(run: RecordedRun, options: ReplayOptions): Feed {
  return new RecordedFeed(run, options);
}

class RecordedFeed implements Feed {
  readonly clock: RecordedClock;
  readonly hasHead: boolean;
  readonly #run: RecordedRun;
  readonly #options: ReplayOptions;
  readonly #time: Timeline;
  readonly #pauses = new RecordedPauses();
  #attempt: RecordedAttempt | undefined;
  readonly #order: AttemptOrder;
  /** What follows the attempt that ends. */
  #next: Next = STOP;
  /** Events and comments of the attempt that have records. */
  #recorded = 0;
  #over = false;
  #wake: (() => void) | undefined;
  #whenOver: Parameters<NonNullable<Feed['whenOver']>>[0] = () => {};

  constructor(run: RecordedRun, options: ReplayOptions) {
    this.#run = run;
    this.#options = options;
    this.#order = new AttemptOrder(run.first);
    this.hasHead = this.#order.hasHead;
    this.#time = this.#timeline();
    this.clock = this.#time.clock;
  }

  start({ lastEventId }: { lastEventId: string }, sink: StreamSink): Source {
    const { maxEventSizeBytes } = this.#options;
    const isFirst = this.#attempt === undefined;
    const attempt = new RecordedAttempt({ at: this.#order.startAt, lastEventId, maxEventSizeBytes }, sink, {
      wake: () => this.#wake?.(),
      leftFromOutside: (ending) => attempt.finish(ending, this.clock.now()),
    });
    this.#attempt = attempt;
    this.#recorded = 0;
    if (isFirst) void this.#play();
    return attempt;
  }

  opened(): void {}

  serverAsked(ms: number): { clamped: boolean } {
    return { clamped: ms > MAX_WAIT_MS };
  }

  next(): Next {
    return this.#next;
  }

  whenOver(told: Parameters<NonNullable<Feed['whenOver']>>[0]): void {
    this.#whenOver = told;
  }

  whenPaused(listener: PauseListener): void {
    this.#pauses.toldTo(listener);
  }

  close(): void {
    this.#over = true;
    this.#time.end();
    this.#wake?.();
  }

  #timeline(): Timeline {
    const isStopped = () => this.#stopped;
    return new Timeline(this.#run.startedAtMs ?? Date.now(), this.#options.speed, {
      get stopped() {
        return isStopped();
      },
      // Whoever wants to leave is told when and where that is by the recording, not by the alarm.
      ring: (until) => this.#attempt?.tell(() => this.clock.ring(until)),
    });
  }

  async #play(): Promise<void> {
    const { records, name } = this.#run;
    // Whoever started it has to get what it was started for first.
    await undefined;
    try {
      while (!this.#over) {
        const record = await records.next();
        if (this.#over) break;
        const work = record === undefined ? this.#ranOut() : this.#take(record);
        if (work !== undefined) await work;
        const { leaving, closed = true } = this.#attempt ?? {};
        if (!this.#over && !closed && leaving !== undefined) await this.#leave(leaving);
      }
    } catch (error) {
      this.#break(asSseKitError(name, error));
    }
    // A failure to close what was only read harms nobody.
    await records.close().catch(() => {});
  }

  /** Nothing more of the attempt under way is to be told. Between two attempts none is: what is next may begin. */
  get #stopped(): boolean {
    return this.#over || (this.#attempt?.closed === false && this.#attempt.leaving !== undefined);
  }

  #take(record: RecordingRecord): void | Promise<void> {
    const attempt = this.#attempt;
    if (attempt === undefined || attempt.closed) return undefined;
    if (record.type === 'other') return this.#takeOther(record, attempt);
    const isAnother = record.conn !== this.#order.conn || (record.type === 'open' && attempt.isOpen);
    if (isAnother) return this.#takeEarly(record);
    if (record.type === 'close') return this.#end(record, attempt);
    const at = this.#order.at(record.t);
    if (!attempt.hasBytes && record.type !== 'chunk') this.#missBytes(record);
    // Most records need no waiting, and are told without any.
    if (attempt.paused || !this.#time.isFree(at)) return this.#takeLater(record, at, attempt);
    this.clock.moveTo(at);
    return this.#tell(record, at, attempt);
  }

  #missBytes(record: RecordingRecord): void {
    const { needs = [] } = this.#options;
    if (needs.length > 0 && tellsOfBody(record)) refuse(this.#run, needs);
  }

  async #takeLater(record: RecordingRecord, at: number, attempt: RecordedAttempt): Promise<void> {
    await this.#time.moveTo(at);
    await this.#whilePaused(attempt);
    // What makes it leave may be in the recording too: the record is still to be looked at.
    if (this.#stopped) this.#run.records.putBack(record);
    else await this.#tell(record, at, attempt);
  }

  #tell(record: RecordingRecord, at: number, attempt: RecordedAttempt): void | Promise<void> {
    switch (record.type) {
      case 'open':
        if (record.ts !== undefined) this.clock.set(at, Date.parse(record.ts));
        return attempt.open(record, at);
      case 'chunk':
        return attempt.chunk(record, at);
      case 'retry':
        return attempt.hasBytes ? undefined : attempt.retry(record, at);
      case 'event':
      case 'comment':
        this.#recorded++;
        if (attempt.hasBytes) return attempt.decode(this.#recorded, this.#turn);
        return record.type === 'event' ? attempt.event(record, at) : attempt.comment(record, at);
      default:
        return undefined;
    }
  }

  /** Warnings of the connection are told again, and when the run did not read. */
  #takeOther(record: OtherRecord, attempt: RecordedAttempt): void | Promise<void> {
    const turn = this.#pauses.timeOf(record);
    if (turn !== undefined) return this.#takePause(record, this.#order.at(turn));
    const warning = warningOf(record);
    if (warning === undefined) return undefined;
    const { t } = record.value;
    attempt.warn(warning, typeof t === 'number' ? this.#order.at(t) : this.clock.now());
    return undefined;
  }

  async #takePause(record: OtherRecord, at: number): Promise<void> {
    await this.#time.moveTo(at);
    if (this.#stopped) this.#run.records.putBack(record);
    else this.#pauses.turn(at);
  }

  /** The recorder was killed, and what it wrote is put in front of another recording. */
  #takeEarly(record: Exclude<RecordingRecord, OtherRecord>): Promise<void> {
    if (record.type !== 'open') {
      throw this.#order.overlap(record, this.#run.name);
    }
    this.#run.records.putBack(record);
    return this.#cut();
  }

  async #end(record: CloseRecord, attempt: RecordedAttempt): Promise<void> {
    const at = this.#order.at(record.t);
    if (!attempt.hasBytes) this.#missBytes(record);
    const { reason, by, events = Number.POSITIVE_INFINITY } = record;
    const isOurs = reason === 'client';
    // What was still being decoded when it was left was not told.
    if (isOurs) await attempt.decode(this.#recorded + events - attempt.counts.events, this.#turn);
    await (isOurs && isTimed(by) ? this.#time.leaveAt(at) : this.#time.moveTo(at));
    await this.#whilePaused(attempt);
    const ended = isOurs || reason === 'idle' || this.#stopped ? undefined : await attempt.end(this.#turn);
    if (this.#stopped) {
      this.#run.records.putBack(record);
      return;
    }
    attempt.learn(record);
    await this.#close(attempt, recordedEnding(record, ended), at);
  }

  /** Tells the end of an attempt, and goes on to what follows it. */
  async #close(attempt: RecordedAttempt, ending: Ending, at: number): Promise<void> {
    const sequel = await sequelOf(this.#run.records);
    if (this.#over) return;
    if (this.#order.isAnotherRecording(sequel.first)) this.#pauses.end(at);
    this.#next = this.#order.next(sequel, ending.reason, at);
    attempt.finish(ending, at);
    if (this.#over || this.#next.kind !== 'wait') return;
    // As the run reckons, whatever the times in the recording are.
    const due = this.clock.now() + this.#next.delayMs;
    if (sequel.left !== undefined)
      return this.#leaveBetween(this.#order.at(sequel.left.t), due, sequel.left.by);
    if (sequel.first === undefined) {
      this.#warnOfCut(attempt);
      return this.#whenOver({ by: 'signal' });
    }
    this.#order.conn = sequel.first.conn;
    await this.#time.moveTo(Math.max(this.#order.startAt, due));
    if (!this.#over) this.clock.ring(this.clock.now());
  }

  /** It is left for what it was told: when the recorded run was, where that was left at the same place. */
  async #leave(leaving: Ending): Promise<void> {
    const attempt = this.#attempt;
    if (attempt === undefined) return;
    const seen = { conn: this.#order.conn, recorded: this.#recorded };
    const same = await sameEnd(this.#run.records, leaving, attempt, seen);
    if (this.#over || attempt.closed) return;
    if (same === undefined) {
      this.#next = STOP;
      attempt.finish(leaving, this.clock.now());
      return;
    }
    this.clock.moveTo(this.#order.at(same.t));
    attempt.learn(same);
    await this.#close(attempt, leaving, this.clock.now());
  }

  async #ranOut(): Promise<void> {
    const attempt = this.#attempt;
    if (attempt === undefined || attempt.closed) return;
    if (this.#run.ending === 'recorded') return this.#cut();
    const ended = await attempt.end(this.#turn);
    if (this.#stopped) return;
    await this.#close(attempt, endOfBytes(ended, attempt.counts.events), this.clock.now());
  }

  /** No record tells how the attempt ended. */
  async #cut(): Promise<void> {
    const attempt = this.#attempt;
    if (attempt === undefined) return;
    await attempt.decode(Number.POSITIVE_INFINITY, this.#turn);
    if (this.#stopped) return;
    this.#warnOfCut(attempt);
    if (this.#stopped) return;
    await this.#close(attempt, CUT, this.clock.now());
  }

  #warnOfCut(attempt: RecordedAttempt): void {
    attempt.warn(cutWarning(this.#run.cutLine()), this.clock.now());
  }

  #break(error: unknown): void {
    if (!(error instanceof SseKitError)) {
      queueMicrotask(() => {
        throw error;
      });
      return;
    }
    const attempt = this.#attempt;
    if (this.#over || attempt === undefined) return;
    this.#next = STOP;
    if (attempt.closed) this.#whenOver({ failure: error });
    else attempt.finish({ reason: 'client', by: 'error', error, pendingBytes: 0 }, this.clock.now());
  }

  async #leaveBetween(at: number, due: number, by: Parameters<typeof isTimed>[0]): Promise<void> {
    // The next attempt was not made any more, however late its time was noticed.
    const until = Math.min(at, due - 0.001);
    if (isTimed(by)) await this.#time.leaveAt(at, until);
    else await this.#time.moveTo(Math.min(at, due));
    this.clock.moveTo(at);
    if (!this.#over) this.#whenOver({ by: by ?? 'signal' });
  }

  async #whilePaused(attempt: RecordedAttempt): Promise<void> {
    if (!attempt.paused) return;
    await this.#time.whilePaused(async () => {
      while (attempt.paused && !this.#stopped) await this.#turn();
    });
  }

  /** Resolves when there is something to look at again. */
  readonly #turn = (): Promise<void> =>
    new Promise((resolve) => {
      this.#wake = resolve;
    });
}
