import type { StreamEnd } from '../observer.ts';
import type { StreamEnvironment } from '../stream-plan.ts';
import type { Entry } from '../timetable.ts';
import type { Frame } from './frame.ts';
import type { Op } from './op.ts';
import type { Wire } from './wire.ts';

/** Who puts something into an outlet. */
export interface OutletOwner {
  /** Nothing waits any more. */
  outletFree(): void;
  /** The owner silences himself: nothing that he puts in leaves any more. */
  outletStalled(): void;
  /** The stream is over: called before the wire is ended, and once. */
  outletOver(end: StreamEnd): void;
}

/** Replays and bursts wait for a reader who has so much to take yet. */
const BUSY_BYTES = 64 * 1024;

/** A reader who is waited for and takes nothing for so long is dropped. */
const STALLED_MS = 30_000;

/**
 * Does operations on a wire in their order, lets those wait that must, and drops a reader who holds too much. It has
 * a queue only while something waits.
 */
export class Outlet {
  /** On the clock of the timetable. */
  lastWriteMs: number;
  readonly #wire: Wire;
  readonly #environment: StreamEnvironment;
  readonly #owner: OutletOwner;
  /** Operations behind one that waits; undefined: none waits. */
  #queue: Op[] | undefined;
  #queuedBytes = 0;
  #waitEntry: Entry | undefined;
  /** While a reader is waited for. */
  #patience: Entry | undefined;
  /** Counts the waits: one that was overtaken knows by it. */
  #waits = 0;
  #stalled = false;
  #over = false;

  constructor(wire: Wire, environment: StreamEnvironment, owner: OutletOwner) {
    this.#wire = wire;
    this.#environment = environment;
    this.#owner = owner;
    this.lastWriteMs = environment.timetable.now();
  }

  get sentBytes(): number {
    return this.#wire.sentBytes;
  }

  /** What the reader has not taken yet. */
  get heldBytes(): number {
    return this.#wire.heldBytes + this.#queuedBytes;
  }

  get busy(): boolean {
    return this.heldBytes > BUSY_BYTES;
  }

  /** Whether something waits for its time, or for the reader. */
  get waiting(): boolean {
    return this.#queue !== undefined;
  }

  /** Calls back when the reader has taken all that was written. */
  onceReady(callback: () => void): void {
    if (this.#patience === undefined && this.#wire.heldBytes > 0) this.#havePatience();
    this.#wire.onceDrained(() => {
      this.#losePatience();
      if (!this.#over) callback();
    });
  }

  write(frame: Frame): void {
    if (this.#queue !== undefined) {
      this.perform([{ kind: 'write', frame }]);
      return;
    }
    if (this.#stalled || this.#over) return;
    this.lastWriteMs = this.#environment.timetable.now();
    // One event may be more than the limit, if it is taken: what is held is measured before the next.
    const taking = this.#wire.heldBytes === 0;
    this.#wire.write(frame);
    if (!taking) this.#dropWhereStalled();
  }

  perform(ops: readonly Op[]): void {
    // What one event brings is measured when the next one comes: it may be more than the limit, if it is taken.
    if (this.#queue !== undefined) this.#dropWhereStalled();
    for (let index = 0; index < ops.length && !this.#over; index += 1) {
      const op = ops[index];
      if (op === undefined) continue;
      if (this.#queue !== undefined) this.#enqueue(op);
      else if (this.#mustWait(op)) this.#queue = [];
    }
  }

  /** A stream that ends now has no use for what waits; a process that stands still is in nobody's way. */
  overtake(ops: readonly Op[]): void {
    for (const op of ops) if (op.kind === 'freeze') this.#environment.freeze(op.ms);
    const rest = ops.filter((op) => op.kind !== 'freeze');
    if (rest.length === 0) return;
    this.#forgetQueue();
    this.perform(rest);
  }

  /** Ends in order at once, whatever waits. */
  end(reason: StreamEnd): void {
    this.#end(reason, 'end');
  }

  /** Dropped at once, whatever it has yet to take. */
  drop(reason: StreamEnd): void {
    this.#end(reason, 'reset');
  }

  /** The wire is gone: if nobody here ended it, the client left. */
  closed(): void {
    this.#end('left', undefined);
  }

  #enqueue(op: Op): void {
    this.#queue?.push(op);
    if (op.kind === 'write') this.#queuedBytes += op.frame.byteLength;
  }

  /** Does an operation; true where those behind it have to wait. */
  #mustWait(op: Op): boolean {
    switch (op.kind) {
      case 'write':
        this.write(op.frame);
        return false;
      case 'wait':
        return this.#waitUntil(this.#environment.timetable.now() + op.ms);
      case 'until':
        return this.#waitUntil(op.atMs);
      case 'drain':
        return this.#waitForReader();
      case 'freeze':
        this.#environment.freeze(op.ms);
        return false;
      case 'stall':
        this.#stalled = true;
        this.#owner.outletStalled();
        return false;
      case 'end':
        this.#end('eof', 'end');
        return false;
      case 'cut':
        this.#end('cut', 'cut');
        return false;
      case 'reset':
        this.#end('reset', 'reset');
        return false;
    }
  }

  #waitUntil(dueMs: number): boolean {
    const { timetable } = this.#environment;
    if (dueMs <= timetable.now()) return false;
    this.#waits += 1;
    this.#waitEntry ??= { dueMs: 0, place: -1, run: () => this.#resume(this.#waits) };
    timetable.set(this.#waitEntry, dueMs);
    return true;
  }

  #waitForReader(): boolean {
    this.#waits += 1;
    const wait = this.#waits;
    // Never at once: the queue is laid out after this.
    setImmediate(() => {
      if (!this.#over) this.onceReady(() => this.#resume(wait));
    });
    return true;
  }

  #havePatience(): void {
    const { timetable } = this.#environment;
    const { heldBytes } = this.#wire;
    const run = () => {
      if (this.#wire.heldBytes >= heldBytes) this.drop('stalled');
      else this.#havePatience();
    };
    this.#patience = { dueMs: 0, place: -1, run };
    timetable.set(this.#patience, timetable.now() + STALLED_MS);
  }

  #losePatience(): void {
    if (this.#patience !== undefined) this.#environment.timetable.remove(this.#patience);
    this.#patience = undefined;
  }

  /** What waited goes on, unless something has overtaken it. */
  #resume(wait: number): void {
    if (this.#over || wait !== this.#waits) return;
    const ops = this.#queue ?? [];
    this.#forgetQueue();
    this.perform(ops);
    if (this.#queue === undefined && !this.#over) this.#owner.outletFree();
  }

  #forgetQueue(): void {
    this.#queue = undefined;
    this.#queuedBytes = 0;
    this.#waits += 1;
    if (this.#waitEntry !== undefined) this.#environment.timetable.remove(this.#waitEntry);
  }

  #dropWhereStalled(): void {
    if (this.heldBytes > this.#environment.maxStalledBytes) this.drop('stalled');
  }

  #end(reason: StreamEnd, how: 'end' | 'cut' | 'reset' | undefined): void {
    if (this.#over) return;
    this.#over = true;
    this.#forgetQueue();
    this.#losePatience();
    this.#owner.outletOver(reason);
    if (how !== undefined) this.#wire[how]();
  }
}
