import type { StreamEnd } from '../observer.ts';
import type { StreamEnvironment } from '../stream-plan.ts';
import type { Entry } from '../timetable.ts';
import { Frame } from './frame.ts';
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

/** One who holds too much is dropped when more comes, if it has taken nothing for so long. */
const STILL_MS = 1_000;

/** What is larger than a reader may hold leaves in parts, each when the one before was taken. */
const PART_BYTES = 64 * 1024;

/** With more in the queue it is full; one event may be more. */
const FULL_BYTES = 64 * 1024 ** 2;

/** What an operation takes by itself. */
const OP_BYTES = 256;

/**
 * Does operations on a wire in their order, lets those wait that must, and drops a reader who holds too much. It has
 * a queue only while something waits: that is for us to hold, until it is too much.
 */
export class Outlet {
  /** On the clock of the timetable. */
  lastWriteMs: number;
  readonly #wire: Wire;
  readonly #environment: StreamEnvironment;
  readonly #owner: OutletOwner;
  /** Operations behind one that waits, the first ones done; undefined: none waits. */
  #queue: Op[] | undefined;
  /** How many of them are done. */
  #done = 0;
  #queuedBytes = 0;
  /** Where it is the reader that is waited for: what it had to take, and since when it has taken no more. */
  #awaited: { heldBytes: number; sinceMs: number } | undefined;
  /** Who waits for the end of the queue. */
  #ready: (() => void)[] = [];
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

  /** Calls back when nothing waits and the reader has taken all that was written. */
  onceReady(callback: () => void): void {
    if (this.#queue === undefined) this.#onceTaken(callback);
    else this.#ready.push(callback);
  }

  #onceTaken(callback: () => void): void {
    if (this.#patience === undefined && this.#wire.heldBytes > 0) this.#havePatience();
    this.#wire.onceDrained(() => {
      this.#losePatience();
      if (!this.#over) callback();
    });
  }

  write(frame: Frame): void {
    const large = frame.byteLength > Math.max(PART_BYTES, this.#environment.maxStalledBytes);
    if (large || this.#queue !== undefined || this.#isBehind) {
      this.perform(large ? parts(frame) : [{ kind: 'write', frame }]);
      return;
    }
    this.#dropWhereStalled();
    this.#put(frame);
  }

  perform(ops: readonly Op[]): void {
    // Before an event, not behind it: one may be more than the limit, if it is taken. An ending adds nothing.
    if (ops.some(({ kind }) => kind === 'write')) this.#dropWhereStalled();
    if (this.#over) return;
    const waited = this.#queue !== undefined;
    this.#queue ??= [];
    for (const op of ops) {
      this.#queue.push(op);
      if (op.kind === 'write') this.#queuedBytes += op.frame.byteLength;
    }
    if (!waited) this.#run('first at once');
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

  /** Does what is in the queue, up to what has to wait; all of it as the reader takes it, or all but the first. */
  #run(pace?: 'first at once'): void {
    const queue = this.#queue ?? [];
    const first = this.#done;
    while (this.#queue === queue && this.#done < queue.length) {
      const op = queue[this.#done];
      if (op === undefined) break;
      if (op.kind === 'write') {
        if (this.#isBehind) return this.#waitForCompressor();
        // What has waited for long comes no faster than it is taken.
        if (this.#wire.heldBytes > BUSY_BYTES && (pace === undefined || this.#done > first))
          return this.#waitForReader();
        this.#queuedBytes -= op.frame.byteLength;
      }
      this.#done += 1;
      if (this.#mustWait(op)) return this.#shorten();
    }
    if (this.#queue === queue) this.#forgetQueue();
  }

  /** What is done need not be kept. */
  #shorten(): void {
    if (this.#queue === undefined || this.#done < 1_024 || this.#done * 2 < this.#queue.length) return;
    this.#queue = this.#queue.slice(this.#done);
    this.#done = 0;
  }

  /** Does an operation; true where those behind it have to wait. */
  #mustWait(op: Op): boolean {
    switch (op.kind) {
      case 'write':
        this.#put(op.frame);
        return false;
      case 'wait':
        return this.#waitUntil(this.#environment.timetable.now() + op.ms);
      case 'until':
        return this.#waitUntil(op.atMs);
      case 'drain':
        this.#waitForReader();
        return true;
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

  #put(frame: Frame): void {
    if (this.#stalled || this.#over) return;
    this.lastWriteMs = this.#environment.timetable.now();
    this.#wire.write(frame);
  }

  #waitUntil(dueMs: number): boolean {
    const { timetable } = this.#environment;
    if (dueMs <= timetable.now()) return false;
    this.#waits += 1;
    this.#waitEntry ??= { dueMs: 0, place: -1, run: () => this.#resume(this.#waits) };
    timetable.set(this.#waitEntry, dueMs);
    return true;
  }

  #waitForReader(): void {
    this.#waits += 1;
    const wait = this.#waits;
    this.#awaited = { heldBytes: this.#wire.heldBytes, sinceMs: this.#environment.timetable.now() };
    // Never at once: others have their turn between two parts.
    setImmediate(() => {
      if (!this.#over && wait === this.#waits) this.#onceTaken(() => this.#resume(wait));
    });
  }

  #waitForCompressor(): void {
    this.#waits += 1;
    const wait = this.#waits;
    this.#wire.onceCompressed?.(() => this.#resume(wait, 'first at once'));
  }

  /** The compressor has so much before it that more waits. */
  get #isBehind(): boolean {
    return (this.#wire.uncompressedBytes ?? 0) > BUSY_BYTES;
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
  #resume(wait: number, pace?: 'first at once'): void {
    if (this.#over || wait !== this.#waits) return;
    this.#awaited = undefined;
    this.#run(pace);
    if (this.#queue !== undefined || this.#over) return;
    this.#owner.outletFree();
    for (const callback of this.#ready.splice(0)) this.onceReady(callback);
  }

  #forgetQueue(): void {
    this.#queue = undefined;
    this.#done = 0;
    this.#queuedBytes = 0;
    this.#awaited = undefined;
    this.#waits += 1;
    if (this.#waitEntry !== undefined) this.#environment.timetable.remove(this.#waitEntry);
  }

  /** What waits for its time is in nobody's hands but ours. */
  #dropWhereStalled(): void {
    const { maxStalledBytes } = this.#environment;
    const unreadBytes = this.#wire.heldBytes - (this.#wire.uncompressedBytes ?? 0);
    if (this.#queue === undefined) {
      if (unreadBytes > maxStalledBytes) this.drop('stalled');
    } else if (this.#queuedBytes + (this.#queue.length - this.#done) * OP_BYTES > FULL_BYTES) {
      this.drop(this.#awaited === undefined ? 'overfull' : 'stalled');
    } else if (this.heldBytes > maxStalledBytes && this.#readerIsStill()) this.drop('stalled');
  }

  /** The reader is waited for, and has taken nothing for a while. */
  #readerIsStill(): boolean {
    if (this.#awaited === undefined) return false;
    const { heldBytes } = this.#wire;
    const now = this.#environment.timetable.now();
    if (heldBytes < this.#awaited.heldBytes) this.#awaited = { heldBytes, sinceMs: now };
    return now - this.#awaited.sinceMs >= STILL_MS;
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

function parts(frame: Frame): Op[] {
  const ops: Op[] = [];
  for (let start = 0; start < frame.byteLength; start += PART_BYTES) {
    if (start > 0) ops.push({ kind: 'drain' });
    ops.push({ kind: 'write', frame: new Frame(frame.bytes.subarray(start, start + PART_BYTES)) });
  }
  return ops;
}
