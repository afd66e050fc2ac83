import { type EncodableEvent, encodeComment, encodeEvent, UnencodableEventError } from '../sse/encoder.ts';
import type { LineEnd } from './answer.ts';
import type { ChannelEvent, Following, HubReader } from './channels/hub.ts';
import type { FaultLine, Outgoing } from './faults/line.ts';
import type { Lateness } from './lateness.ts';
import type { StreamEnd } from './observer.ts';
import type { Schedule, Step } from './step.ts';
import type { Entry, Timetable } from './timetable.ts';
import { Frame } from './wire/frame.ts';
import type { Op } from './wire/op.ts';
import type { Wire } from './wire/wire.ts';

/** What all streams of a server share. */
export interface StreamEnvironment {
  timetable: Timetable;
  lateness: Lateness;
  /** User-space bytes that a reader may hold; with more it is dropped. */
  maxStalledBytes: number;
  /** Lets the whole process stand still. */
  freeze(ms: number): void;
  warn(message: string): void;
}

/** An answer with the server's defaults filled in. */
export interface StreamPlan {
  schedule: Schedule;
  hold: boolean;
  heartbeatMs: number;
  heartbeat: EncodableEvent | undefined;
  lineEnd: LineEnd;
  withChannelIds: boolean;
  faults: FaultLine | undefined;
  /** Ends in order after so long. */
  ttlMs?: number;
}

/** Steps that are due at once wait for a reader who has so much to take yet. */
const BUSY_BYTES = 64 * 1024;

/** A reader who takes nothing for so long while steps wait for it is dropped. */
const STALLED_MS = 30_000;

/** So many steps in one go; then others have their turn. */
const STEPS_AT_ONCE = 64;

const LINE_ENDS: Record<LineEnd, string> = { lf: '\n', cr: '\r', crlf: '\r\n' };

/**
 * One client's stream: sends what its schedule says when it is due, what is published as it comes, keepalives into
 * silence, and lets faults have their way with all of it.
 */
export class MockStream implements HubReader {
  /** Events handed to the wire, faults notwithstanding. */
  events = 0;
  /** Called once when the stream is over. */
  onEnd: ((end: StreamEnd) => void) | undefined;
  readonly #wire: Wire;
  readonly #plan: StreamPlan;
  readonly #environment: StreamEnvironment;
  /** What comes next, and when it is due. */
  #schedule: Schedule | undefined;
  #step: Step | undefined;
  #dueMs: number;
  #stepEntry: Entry | undefined;
  #heartbeatEntry: Entry | undefined;
  #lastWriteMs: number;
  /** Operations that wait for one before them; undefined: none waits. */
  #queue: Op[] | undefined;
  #queuedBytes = 0;
  /** Of operations so far: one that was overtaken knows by it. */
  #waits = 0;
  #end: StreamEnd | undefined;
  #following: Following | undefined;
  /** Entries of rarer things: faults at a time, a token's end, waits. */
  #others: Entry[] | undefined;
  #silenced = false;

  constructor(wire: Wire, plan: StreamPlan, environment: StreamEnvironment) {
    this.#wire = wire;
    this.#plan = plan;
    this.#environment = environment;
    this.#schedule = plan.schedule;
    this.#dueMs = environment.timetable.now();
    this.#lastWriteMs = this.#dueMs;
    wire.onClose = () => this.#closed();
  }

  /** Everything up to here has been written by whoever opened the stream. */
  start(): void {
    const { faults, ttlMs, heartbeatMs } = this.#plan;
    if (faults !== undefined) {
      this.#perform(faults.opened());
      for (const { afterMs, overtakes, ops } of faults.timed) {
        this.#after(afterMs, () => (overtakes ? this.#overtake(ops()) : this.#perform(ops())));
      }
    }
    if (ttlMs !== undefined) this.#after(ttlMs, () => this.end('expired'));
    if (heartbeatMs > 0) {
      const entry: Entry = { dueMs: 0, place: -1, run: (now) => this.#beat(now) };
      this.#heartbeatEntry = entry;
      this.#environment.timetable.set(entry, this.#lastWriteMs + heartbeatMs);
    }
    this.#advance(this.#environment.timetable.now());
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

  take(published: ChannelEvent): void {
    const withId = this.#plan.withChannelIds;
    if (this.#plan.faults === undefined && this.#plan.lineEnd === 'lf') {
      this.events += 1;
      this.#write(withId ? published.frame : published.frameWithoutId);
      return;
    }
    this.#sendEvent(withId ? published.event : published.eventWithoutId, undefined, false);
  }

  get busy(): boolean {
    return this.#wire.heldBytes + this.#queuedBytes > BUSY_BYTES;
  }

  onceReady(callback: () => void): void {
    this.#wire.onceDrained(() => {
      if (!this.#isOver) callback();
    });
  }

  overrun(): void {
    this.#drop('overrun');
  }

  // --- Schedule

  get #isOver(): boolean {
    return this.#end !== undefined;
  }

  /** @param timedMs when the timer that brought us here was due; a step at that time was late by our fault alone */
  #advance(now: number, timedMs = Number.NaN): void {
    const { timetable, lateness } = this.#environment;
    for (let count = 0; !this.#isOver && this.#schedule !== undefined; count += 1) {
      if (this.#step === undefined && !this.#pull(this.#schedule)) return;
      const step = this.#step;
      if (step === undefined) return;
      if (this.#queue !== undefined) return; // goes on when the queue is empty
      if (step.afterMs === 0 && this.busy) {
        this.#waitUntilReady();
        return;
      }
      if (this.#dueMs > now || count >= STEPS_AT_ONCE) {
        this.#stepEntry ??= { dueMs: 0, place: -1, run: (at) => this.#advance(at, this.#dueMs) };
        timetable.set(this.#stepEntry, Math.max(this.#dueMs, now));
        return;
      }
      if (this.#dueMs === timedMs) lateness.note(now - this.#dueMs);
      this.#step = undefined;
      this.#act(step);
    }
  }

  /** Takes the next step from the schedule; false where there is none. */
  #pull(schedule: Schedule): boolean {
    const next = schedule.next();
    if (next.done !== true) {
      this.#step = next.value;
      this.#dueMs += next.value.afterMs;
      return true;
    }
    this.#schedule = undefined;
    if (!this.#plan.hold) this.#finish('eof', 'end');
    return false;
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
        this.#perform(this.#plan.faults?.strike(step.fault) ?? []);
        return;
      case 'end':
        this.#finish(step.how, step.how === 'eof' ? 'end' : step.how);
    }
  }

  /** Steps that are due wait for the reader; one who takes nothing for long is dropped. */
  #waitUntilReady(): void {
    const { timetable } = this.#environment;
    let held = this.#wire.heldBytes;
    const patience: Entry = {
      dueMs: 0,
      place: -1,
      run: (now) => {
        if (this.#wire.heldBytes >= held) this.#drop('stalled');
        else timetable.set(patience, now + STALLED_MS);
        held = this.#wire.heldBytes;
      },
    };
    this.#others = [...(this.#others ?? []), patience];
    timetable.set(patience, timetable.now() + STALLED_MS);
    this.onceReady(() => {
      timetable.remove(patience);
      this.#others = this.#others?.filter((each) => each !== patience);
      this.#advance(timetable.now());
    });
  }

  // --- Sending

  #sendEvent(event: EncodableEvent, n: number | undefined, done: boolean, dueMs?: number): void {
    this.events += 1;
    this.#send({ kind: 'event', n: n ?? this.events, event, done }, dueMs);
  }

  #send(item: Outgoing, dueMs = this.#environment.timetable.now()): void {
    const { faults, lineEnd } = this.#plan;
    try {
      if (faults !== undefined) this.#perform(faults.send(item, dueMs));
      else this.#write(new Frame(encode(item, lineEnd)));
    } catch (error) {
      // A template may make what the format can't carry: the stream goes on without it.
      if (!(error instanceof UnencodableEventError)) throw error;
      this.#environment.warn(`an event was left out: ${error.message}`);
    }
  }

  #write(frame: Frame): void {
    if (this.#queue !== undefined) {
      this.#enqueue([{ kind: 'write', frame }]);
      return;
    }
    if (this.#silenced) return;
    this.#lastWriteMs = this.#environment.timetable.now();
    this.#wire.write(frame);
    this.#dropWhereStalled();
  }

  #perform(ops: readonly Op[]): void {
    if (this.#queue !== undefined) {
      this.#enqueue(ops);
      return;
    }
    for (let index = 0; index < ops.length && !this.#isOver; index += 1) {
      const op = ops[index];
      if (op === undefined || !this.#mustWait(op)) continue;
      this.#queue = [];
      this.#enqueue(ops.slice(index + 1));
      return;
    }
  }

  /** A stream that ends now has no use for what waits; a process that stands still is in nobody's way. */
  #overtake(ops: readonly Op[]): void {
    for (const op of ops) {
      if (op.kind === 'freeze') this.#environment.freeze(op.ms);
    }
    const rest = ops.filter((op) => op.kind !== 'freeze');
    if (rest.length === 0) return;
    this.#queue = undefined;
    this.#queuedBytes = 0;
    this.#perform(rest);
  }

  #enqueue(ops: readonly Op[]): void {
    for (const op of ops) {
      this.#queue?.push(op);
      if (op.kind === 'write') this.#queuedBytes += op.frame.byteLength;
    }
    this.#dropWhereStalled();
  }

  /** What waited goes on, unless something has overtaken it. */
  #resume(wait: number): void {
    if (this.#isOver || wait !== this.#waits) return;
    const ops = this.#queue ?? [];
    this.#queue = undefined;
    this.#queuedBytes = 0;
    this.#perform(ops);
    if (this.#queue === undefined) this.#advance(this.#environment.timetable.now());
  }

  /** Does an operation; true where those behind it have to wait for `#resume`. */
  #mustWait(op: Op): boolean {
    switch (op.kind) {
      case 'write':
        this.#write(op.frame);
        return false;
      case 'wait':
        this.#wait(op.ms);
        return true;
      case 'until': {
        const waitMs = op.atMs - this.#environment.timetable.now();
        if (waitMs > 0) this.#wait(waitMs);
        return waitMs > 0;
      }
      case 'drain': {
        this.#waits += 1;
        const wait = this.#waits;
        // Never at once: the queue that waits for it is laid out after this.
        setImmediate(() => this.#wire.onceDrained(() => this.#resume(wait)));
        return true;
      }
      case 'freeze':
        this.#environment.freeze(op.ms);
        return false;
      case 'stall':
        this.#silenced = true;
        this.#quieten();
        return false;
      case 'end':
        this.#over('eof', () => this.#wire.end());
        return false;
      case 'cut':
        this.#over('cut', () => this.#wire.cut());
        return false;
      case 'reset':
        this.#over('reset', () => this.#wire.reset());
        return false;
    }
  }

  #wait(ms: number): void {
    this.#waits += 1;
    const wait = this.#waits;
    this.#after(ms, () => this.#resume(wait));
  }

  #beat(now: number): void {
    const { heartbeatMs, heartbeat } = this.#plan;
    if (now - this.#lastWriteMs > heartbeatMs - 1) {
      // Into a connection that has yet to take bytes, silence is not ours.
      const waiting = this.#queue !== undefined || this.#wire.heldBytes > 0;
      this.#lastWriteMs = now;
      if (!waiting) this.#send({ kind: 'heartbeat', event: heartbeat });
    }
    if (this.#heartbeatEntry !== undefined) {
      this.#environment.timetable.set(this.#heartbeatEntry, this.#lastWriteMs + heartbeatMs);
    }
  }

  // --- Ending

  /** Lets faults give up what they held back, then ends as `how`. */
  #finish(reason: StreamEnd, how: 'end' | 'cut' | 'reset'): void {
    if (this.#isOver) return;
    this.#quieten();
    const held = this.#plan.faults?.finish(how) ?? [{ kind: how } as const];
    if (this.#queue === undefined && held.length === 1 && held[0]?.kind === how && !this.#silenced) {
      this.#over(reason, () => this.#wire[how]());
      return;
    }
    // A stream that stalls, or is in the midst of a wait, ends all the same when the server does.
    if (reason === 'closing' || reason === 'expired') this.#over(reason, () => this.#wire[how]());
    else this.#perform(held);
  }

  /** Dropped at once, whatever it has yet to take. */
  #drop(reason: StreamEnd): void {
    this.#over(reason, () => this.#wire.reset());
  }

  #dropWhereStalled(): void {
    if (this.#wire.heldBytes + this.#queuedBytes > this.#environment.maxStalledBytes) this.#drop('stalled');
  }

  #over(reason: StreamEnd, act: () => void): void {
    if (this.#isOver) return;
    this.#end = reason;
    this.#leave();
    act();
  }

  #closed(): void {
    this.#end ??= 'left';
    this.#leave();
    const { onEnd } = this;
    this.onEnd = undefined;
    onEnd?.(this.#end);
  }

  #leave(): void {
    this.#quieten();
    for (const entry of this.#others ?? []) this.#environment.timetable.remove(entry);
    this.#others = undefined;
    this.#queue = undefined;
    this.#following?.stop();
    this.#following = undefined;
  }

  /** Nothing more comes by itself. */
  #quieten(): void {
    const { timetable } = this.#environment;
    this.#schedule?.return?.();
    this.#schedule = undefined;
    if (this.#stepEntry !== undefined) timetable.remove(this.#stepEntry);
    if (this.#heartbeatEntry !== undefined) timetable.remove(this.#heartbeatEntry);
  }

  #after(ms: number, run: () => void): void {
    const { timetable } = this.#environment;
    const entry: Entry = {
      dueMs: 0,
      place: -1,
      run: () => {
        this.#others = this.#others?.filter((each) => each !== entry);
        run();
      },
    };
    this.#others = [...(this.#others ?? []), entry];
    timetable.set(entry, timetable.now() + ms);
  }
}

/** The bytes of what a stream sends, where no fault changes them. */
export function encode(item: Outgoing, lineEnd: LineEnd): string | Buffer {
  if ('bytes' in item) return Buffer.from(item.bytes);
  const text = textOf(item);
  return lineEnd === 'lf' ? text : text.replaceAll('\n', LINE_ENDS[lineEnd]);
}

function textOf(item: Exclude<Outgoing, { kind: 'bytes' }>): string {
  switch (item.kind) {
    case 'event':
      return encodeEvent(item.event);
    case 'comment':
      return encodeComment(item.text);
    case 'retry':
      return `retry: ${item.ms}\n\n`;
    case 'heartbeat':
      return item.event === undefined ? encodeComment('keep-alive') : encodeEvent(item.event);
  }
}
