import { type EncodableEvent, UnencodableEventError } from '../sse/encoder.ts';
import type { ChannelEvent, Following, HubReader } from './channels/hub.ts';
import { encode } from './encoding.ts';
import { emptyFaultLine } from './faults/fault-line.ts';
import type { FaultLine, Outgoing } from './faults/line.ts';
import { Heartbeat } from './heartbeat.ts';
import type { StreamEnd } from './observer.ts';
import type { AsyncSchedule, Schedule, Step } from './step.ts';
import type { StreamEnvironment, StreamPlan } from './stream-plan.ts';
import type { Entry } from './timetable.ts';
import { Frame } from './wire/frame.ts';
import { Outlet, type OutletOwner } from './wire/outlet.ts';
import type { Wire } from './wire/wire.ts';

/** So many steps in one go; then others have their turn. */
const STEPS_AT_ONCE = 64;

/**
 * One client's stream: sends what its schedule says when it is due, what is published as it comes, keepalives into
 * silence, and lets faults have their way with all of it.
 */
export class MockStream implements HubReader, OutletOwner {
  /** Events handed to the wire, faults notwithstanding. */
  events = 0;
  /** Called once when the stream is over. */
  onEnd: ((end: StreamEnd) => void) | undefined;
  readonly #outlet: Outlet;
  readonly #plan: StreamPlan;
  readonly #environment: StreamEnvironment;
  #faults: FaultLine | undefined;
  #schedule: Schedule | AsyncSchedule | undefined;
  /** An asynchronous schedule is about to give its next step. */
  #pulling = false;
  /** What comes next, and when it is due. */
  #step: Step | undefined;
  #dueMs: number;
  /** When something else than time last held the schedule up. */
  #freeSinceMs = 0;
  #stepEntry: Entry | undefined;
  #heartbeatEntry: Entry | undefined;
  /** Of rarer things: faults at a time, a token's end. */
  #others: Entry[] | undefined;
  #following: Following | undefined;
  /** What listens for the signal that ends a stream held open. */
  #release: (() => void) | undefined;
  #end: StreamEnd | undefined;
  /** It has been told that an event was left out. */
  #leftOut = false;

  constructor(wire: Wire, plan: StreamPlan, environment: StreamEnvironment) {
    this.#plan = plan;
    this.#environment = environment;
    this.#faults = plan.faults;
    this.#schedule = plan.schedule;
    this.#outlet = new Outlet(wire, environment, this);
    this.#dueMs = environment.timetable.sharedTime(this.#outlet.lastWriteMs, plan.periodMs);
    wire.onClose = () => this.#closed();
  }

  /** What comes before anything else of the body. */
  open(): void {
    if (this.#faults !== undefined) this.#outlet.perform(this.#faults.opened());
  }

  /** Everything up to here has been written by whoever opened the stream. */
  start(): void {
    const { ttlMs, heartbeatMs } = this.#plan;
    const startMs = this.#environment.timetable.now();
    for (const { afterMs, overtakes, ops } of this.#faults?.timed ?? []) {
      this.#at(startMs + afterMs, () =>
        overtakes ? this.#outlet.overtake(ops()) : this.#outlet.perform(ops()),
      );
    }
    if (ttlMs !== Infinity) this.#at(startMs + ttlMs, () => this.end('expired'));
    if (heartbeatMs > 0) {
      this.#heartbeatEntry = new Heartbeat(this);
      this.#awaitSilence(this.#heartbeatEntry);
    }
    this.#advance(startMs);
  }

  /** Its channels hand over from now on; they are left when the stream is over. */
  follow(join: (reader: HubReader) => Following): void {
    if (this.#isOver) return;
    const following = join(this);
    if (this.#isOver) following.stop();
    else this.#following = following;
  }

  /** A comment of the server's own, beside the schedule. */
  remark(text: string): void {
    this.#send({ kind: 'comment', text });
  }

  announceRetry(ms: number): void {
    this.#send({ kind: 'retry', ms });
  }

  /** Something that was decided before the stream began: an event beside the schedule. */
  announce(event: EncodableEvent): void {
    this.#sendEvent(event, undefined, false);
  }

  /** Ends in order, whatever was still to come. */
  end(reason: StreamEnd): void {
    this.#finish(reason, 'end');
  }

  // --- HubReader

  take(channelEvent: ChannelEvent): void {
    const { withChannelIds, lineEnd } = this.#plan;
    if (this.#faults === undefined && lineEnd === 'lf') {
      this.events += 1;
      this.#outlet.write(withChannelIds ? channelEvent.frame : channelEvent.frameWithoutId);
    } else {
      this.#sendEvent(withChannelIds ? channelEvent.event : channelEvent.eventWithoutId, undefined, false);
    }
  }

  get busy(): boolean {
    return this.#outlet.busy;
  }

  onceReady(callback: () => void): void {
    this.#outlet.onceReady(callback);
  }

  overrun(): void {
    this.#outlet.drop('overrun');
  }

  // --- OutletOwner

  outletFree(): void {
    this.#goOn();
  }

  outletStalled(): void {
    this.#quieten();
  }

  outletOver(end: StreamEnd): void {
    this.#end = end;
    this.#leave();
  }

  // --- Schedule

  /** Of the body, before compression. */
  get sentBytes(): number {
    return this.#outlet.sentBytes;
  }

  get #isOver(): boolean {
    return this.#end !== undefined;
  }

  /** A schedule that throws ends its own stream, and nothing else. */
  #advance(now: number): void {
    try {
      this.#takeSteps(now);
    } catch (error) {
      this.#fail(error);
    }
  }

  #takeSteps(now: number): void {
    const { timetable, lateness } = this.#environment;
    for (let count = 0; !this.#isOver && this.#schedule !== undefined; count += 1) {
      if (this.#step === undefined && !this.#pull(this.#schedule)) return;
      const step = this.#step;
      if (step === undefined) return;
      if (this.#outlet.waiting) return; // `outletFree` goes on
      if (step.afterMs === 0 && this.busy) {
        this.#outlet.onceReady(() => this.#goOn());
        return;
      }
      // Many may be due together, as after a pause of the whole process: a reader who takes them must get to do so.
      const enough = count >= STEPS_AT_ONCE || (count > 0 && this.busy);
      if (this.#dueMs > now || enough) {
        this.#stepEntry ??= { dueMs: 0, place: -1, run: (at) => this.#advance(at) };
        timetable.set(this.#stepEntry, Math.max(this.#dueMs, now));
        return;
      }
      // What the reader, or a fault, held up was not late by our fault; what is due at once has no time of its own.
      if (step.afterMs > 0 && this.#dueMs >= this.#freeSinceMs) lateness.note(now - this.#dueMs);
      this.#step = undefined;
      this.#act(step);
    }
  }

  /** What held the schedule up does so no longer. */
  #goOn(): void {
    this.#freeSinceMs = this.#environment.timetable.now();
    this.#advance(this.#freeSinceMs);
  }

  /** Takes the next step from the schedule; false where there is none yet. */
  #pull(schedule: Schedule | AsyncSchedule): boolean {
    if (this.#pulling) return false;
    const next = schedule.next();
    if (!(next instanceof Promise)) return this.#pulled(next);
    this.#pulling = true;
    next.then(
      (result) => {
        this.#pulling = false;
        if (!this.#isOver && this.#schedule === schedule && this.#pulled(result)) this.#goOn();
      },
      (error) => this.#fail(error),
    );
    return false;
  }

  #pulled(next: IteratorResult<Step, void>): boolean {
    if (next.done !== true) {
      this.#step = next.value;
      if (this.#plan.live) this.#dueMs = this.#environment.timetable.now();
      else this.#dueMs += next.value.afterMs;
      return true;
    }
    this.#schedule = undefined;
    this.#heldOpen();
    return false;
  }

  /** The schedule has come to its end. */
  #heldOpen(): void {
    const { hold } = this.#plan;
    if (hold === true) return;
    if (hold === false || hold.aborted) this.#finish('eof', 'end');
    else {
      this.#release = () => this.#finish('eof', 'end');
      hold.addEventListener('abort', this.#release, { once: true });
    }
  }

  #act(step: Step): void {
    switch (step.kind) {
      case 'event': {
        const event = typeof step.event === 'function' ? step.event(Date.now()) : step.event;
        this.#sendEvent(event, step.n, step.done ?? false, this.#dueMs);
        return;
      }
      case 'comment':
      case 'retry':
      case 'bytes':
        this.#send(step, this.#dueMs);
        return;
      case 'fault':
        this.#faults ??= emptyFaultLine(this.#plan.faultContext);
        this.#outlet.perform(this.#faults.strike(step.fault));
        return;
      case 'end':
        this.#finish(step.how, step.how === 'eof' ? 'end' : step.how);
    }
  }

  // --- Sending

  #sendEvent(event: EncodableEvent, n: number | undefined, done: boolean, dueMs?: number): void {
    this.events += 1;
    this.#send({ kind: 'event', n: n ?? this.events, event, done }, dueMs);
  }

  #send(item: Outgoing, dueMs = this.#environment.timetable.now()): void {
    try {
      if (this.#faults !== undefined) this.#outlet.perform(this.#faults.send(item, dueMs));
      else this.#outlet.write(new Frame(encode(item, this.#plan.lineEnd)));
    } catch (error) {
      if (error instanceof UnencodableEventError) this.#leaveOut(error);
      else this.#fail(error);
    }
  }

  /** A template may make what the format can't carry: the stream goes on without it, and says so once. */
  #leaveOut({ message }: UnencodableEventError): void {
    if (!this.#leftOut)
      this.#environment.warn(`an event was left out, as the like of it will be: ${message}`);
    this.#leftOut = true;
  }

  #fail(error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    this.#environment.warn(`a stream was reset, as it could not be made: ${reason}`);
    this.#outlet.drop('reset');
  }

  /** Silence has lasted for as long as it may, or would have, had nothing been written. */
  beat(now: number): void {
    const { heartbeatMs, heartbeat } = this.#plan;
    const outlet = this.#outlet;
    if (now - outlet.lastWriteMs > heartbeatMs - 1) {
      outlet.lastWriteMs = now;
      // Into a connection that has yet to take bytes, silence is not ours.
      if (!outlet.waiting && outlet.heldBytes === 0) this.#send({ kind: 'heartbeat', event: heartbeat });
    }
    if (this.#heartbeatEntry !== undefined) this.#awaitSilence(this.#heartbeatEntry);
  }

  #awaitSilence(entry: Entry): void {
    const { timetable } = this.#environment;
    const { heartbeatMs } = this.#plan;
    timetable.set(entry, timetable.sharedTime(this.#outlet.lastWriteMs + heartbeatMs, heartbeatMs));
  }

  // --- Ending

  /** Lets faults give up what they held back, then ends as `how`. */
  #finish(reason: StreamEnd, how: 'end' | 'cut' | 'reset'): void {
    if (this.#isOver) return;
    this.#quieten();
    // Who stops the server, or a token that is over, waits for nothing.
    if (reason === 'closing' || reason === 'expired') this.#outlet.end(reason);
    else this.#outlet.perform(this.#faults?.finish(how) ?? [{ kind: how }]);
  }

  #closed(): void {
    this.#outlet.closed();
    const { onEnd } = this;
    this.onEnd = undefined;
    onEnd?.(this.#end ?? 'left');
  }

  #leave(): void {
    this.#quieten();
    for (const entry of this.#others ?? []) this.#environment.timetable.remove(entry);
    this.#others = undefined;
    this.#following?.stop();
    this.#following = undefined;
    const { hold } = this.#plan;
    if (this.#release !== undefined && typeof hold === 'object')
      hold.removeEventListener('abort', this.#release);
  }

  /** Nothing more comes by itself. */
  #quieten(): void {
    const { timetable } = this.#environment;
    this.#schedule?.return?.();
    this.#schedule = undefined;
    if (this.#stepEntry !== undefined) timetable.remove(this.#stepEntry);
    if (this.#heartbeatEntry !== undefined) timetable.remove(this.#heartbeatEntry);
  }

  #at(dueMs: number, run: () => void): void {
    const entry: Entry = {
      dueMs: 0,
      place: -1,
      run: () => {
        this.#others = this.#others?.filter((each) => each !== entry);
        try {
          run();
        } catch (error) {
          this.#fail(error);
        }
      },
    };
    this.#others = [...(this.#others ?? []), entry];
    this.#environment.timetable.set(entry, dueMs);
  }
}
