import type { Random } from '../../stats/random.ts';
import type { LineEnd } from '../answer.ts';
import type { Op } from '../wire/op.ts';
import { Block } from './block.ts';
import { Body } from './body.ts';
import { effectiveFaults } from './contradiction.ts';
import type { EventFault, FaultKind, FaultSetting, HeadFault, LastingFault, MomentFault } from './kind.ts';
import { FAULT_KINDS, requireFaultKind } from './kinds.ts';
import type { FaultContext, FaultLine, Outgoing, ResponseHead, TimedFault } from './line.ts';
import type { Piece } from './piece.ts';
import type { FaultSpec } from './spec.ts';
import { Watch } from './watch.ts';

/** The faults that befall a connection; nothing where there are none. */
export function createFaultLine(specs: readonly FaultSpec[], context: FaultContext): FaultLine | undefined {
  const own = specs.filter((spec) => concerns(spec, context));
  return own.length === 0 ? undefined : new Line(effectiveFaults(own), context);
}

/** A line without faults so far, for a stream whose schedule strikes. */
export function emptyFaultLine(context: FaultContext): FaultLine {
  return new Line([], context);
}

/** What a fault does to a block; those of a lower rank come first. */
interface Change {
  readonly rank: number;
  change(block: Block): void;
}

/** Decides, before anything has changed a block, what one fault does to it. */
type Judge = (block: Block, endByte: number) => Change | undefined;

/** A fault on its connection. */
interface Taken<Kind extends FaultKind> {
  kind: Kind;
  spec: FaultSpec;
  rank: number;
  watch: Watch;
  /** Of the fault alone: others don't shift what it draws. One for whether, one for how much. */
  drawsWhether: Random;
  drawsHowMuch: Random;
}

class Line implements FaultLine {
  readonly timed: TimedFault[] = [];
  readonly #context: FaultContext;
  readonly #setting: FaultSetting;
  readonly #body = new Body();
  readonly #heads: ((head: ResponseHead) => void)[] = [];
  readonly #starts: (() => Piece[])[] = [];
  #ending: (() => Piece[]) | undefined;
  readonly #judges: Judge[] = [];
  /** What lasts, by kind: one that begins takes the place of the one before it. */
  readonly #lasting = new Map<string, Change>();
  /** What the schedule struck with, by kind; it waits for the next event. */
  readonly #struck = new Map<string, Change>();
  /** Events that let the next one pass. */
  #passed: Block[] = [];
  /** Faults that were written alike so far: each draws for itself. */
  readonly #alike = new Map<string, number>();

  constructor(specs: readonly FaultSpec[], context: FaultContext) {
    this.#context = context;
    this.#setting = { errorEvent: context.errorEvent, lineEnd: lineEndOf(specs) ?? context.lineEnd };
    for (const spec of specs) this.#take(spec);
  }

  head(head: ResponseHead): void {
    for (const change of this.#heads) change(head);
  }

  opened(): Op[] {
    return [...this.#body.open(), ...this.#body.push(this.#starts.flatMap((start) => start()))];
  }

  send(item: Outgoing, dueMs: number): Op[] {
    if (this.#body.isOver) return [];
    const block = new Block(item, dueMs, this.#setting.lineEnd);
    const endByte = this.#body.offset + block.byteLength;
    for (const each of this.#changesTo(block, endByte)) each.change(block);
    return this.#body.push(this.#inTurn(block).flatMap((each) => this.#piecesOf(each)));
  }

  finish(how: 'end' | 'cut' | 'reset'): Op[] {
    const held = this.#passed.flatMap((block) => this.#piecesOf(block));
    this.#passed = [];
    const ending = how === 'end' ? this.#ending?.() : undefined;
    return this.#body.push([...held, ...(ending ?? [{ kind: how }])]);
  }

  strike(spec: FaultSpec): Op[] {
    if (this.#body.isOver || !concerns(spec, this.#context)) return [];
    const taken = this.#taken(spec);
    const { kind } = taken;
    switch (kind.scope) {
      case 'head':
        break; // it has gone
      case 'moment':
        return this.#body.push(kind.happen(spec.value, this.#setting));
      case 'lasting':
        this.#begin({ ...taken, kind });
        return this.#body.push([]);
      case 'event':
        if (kind.atTime !== undefined) return this.#body.push(kind.atTime(spec.value, this.#setting));
        this.#struck.set(kind.name, changeOf({ ...taken, kind }));
    }
    return [];
  }

  // --- Taking in faults

  #take(spec: FaultSpec): void {
    const taken = this.#taken(spec);
    const { kind } = taken;
    switch (kind.scope) {
      case 'head':
        return this.#takeHead({ ...taken, kind });
      case 'event':
        return this.#takeEvent({ ...taken, kind });
      case 'moment':
        return this.#takeMoment({ ...taken, kind });
      case 'lasting':
        return this.#takeLasting({ ...taken, kind });
    }
  }

  #taken(spec: FaultSpec): Taken<FaultKind> {
    const kind = requireFaultKind(spec.kind);
    const alike = (this.#alike.get(spec.text) ?? 0) + 1;
    this.#alike.set(spec.text, alike);
    const drawsWhether = this.#context.draws(`${spec.text} ${alike} whether`);
    const drawsHowMuch = this.#context.draws(`${spec.text} ${alike} how much`);
    const watch = new Watch(spec.when, drawsWhether);
    return { kind, spec, rank: FAULT_KINDS.indexOf(kind), watch, drawsWhether, drawsHowMuch };
  }

  #takeHead(taken: Taken<HeadFault>): void {
    const { kind, spec } = taken;
    if (befalls(taken)) this.#heads.push((head) => kind.change(head, spec.value));
  }

  #takeEvent(taken: Taken<EventFault>): void {
    const { kind, spec, watch } = taken;
    const { value, when } = spec;
    const change = changeOf(taken);
    if (when === undefined && kind.withoutWhen === 'start') {
      this.#starts.push(() => kind.atStart?.(value, this.#setting) ?? []);
    } else if (when === undefined && kind.withoutWhen === 'everything') {
      this.#judges.push(() => change);
    } else if (when?.kind === 'byte' && kind.atByte !== undefined) {
      this.#body.addPoint(when.offset, () => kind.atByte?.(value) ?? []);
    } else if (when?.kind === 'time' && kind.atTime !== undefined) {
      this.#happenAt(when.ms, () => kind.atTime?.(value, this.#setting) ?? []);
    } else {
      if (when?.kind === 'time') this.#actAt(when.ms, () => watch.arm());
      this.#judges.push((block, endByte) => (watch.means(block, endByte) ? change : undefined));
    }
  }

  #takeMoment({ kind, spec, rank, watch }: Taken<MomentFault>): void {
    const { value, when } = spec;
    const betweenEvents = kind.betweenEvents === true;
    const happen = () => kind.happen(value, this.#setting);
    const change: Change = { rank, change: (block) => block.after.push(...happen()) };
    if (when === undefined) this.#ending = happen;
    else if (when.kind === 'byte' && !betweenEvents) this.#body.addPoint(when.offset, happen);
    else if (when.kind === 'time') {
      this.timed.push({ afterMs: when.ms, overtakes: !betweenEvents, ops: () => this.#body.push(happen()) });
    } else this.#judges.push((block, endByte) => (watch.means(block, endByte) ? change : undefined));
  }

  #takeLasting(taken: Taken<LastingFault>): void {
    const { spec, watch } = taken;
    const { when } = spec;
    if (when?.kind === 'time') this.#actAt(when.ms, () => this.#begin(taken));
    else if (when?.kind === 'event' || when?.kind === 'byte') {
      let begun = false;
      this.#judges.push((block, endByte) => {
        if (begun || !watch.hasCome(block, endByte)) return undefined;
        begun = true;
        this.#begin(taken);
        return undefined;
      });
    } else if (befalls(taken)) this.#begin(taken);
  }
  #begin({ kind, spec, rank }: Taken<LastingFault>): void {
    const lasting = kind.begin(spec.value);
    const { change } = lasting;
    if (change !== undefined) this.#lasting.set(kind.name, { rank, change });
    this.#body.setStage(rank, lasting);
  }

  #happenAt(afterMs: number, happen: () => Piece[]): void {
    this.timed.push({ afterMs, overtakes: false, ops: () => this.#body.push(happen()) });
  }

  #actAt(afterMs: number, act: () => void): void {
    this.#happenAt(afterMs, () => {
      act();
      return [];
    });
  }

  // --- Giving out

  #changesTo(block: Block, endByte: number): Change[] {
    const judged = this.#judges.map((judge) => judge(block, endByte)).filter((each) => each !== undefined);
    const struck = block.n === undefined ? [] : [...this.#struck.values()];
    if (block.n !== undefined) this.#struck.clear();
    return [...judged, ...this.#lasting.values(), ...struck].sort((a, b) => a.rank - b.rank);
  }

  /** What leaves now that this block has come. */
  #inTurn(block: Block): Block[] {
    if (block.n === undefined || block.isEmpty) return [block];
    if (block.swapped && this.#passed.length === 0) {
      this.#passed = [block];
      return [];
    }
    const blocks = [block, ...this.#passed];
    this.#passed = [];
    return blocks;
  }

  #piecesOf(block: Block): Piece[] {
    return block.pieces(this.#context.splitGapMs);
  }
}

function changeOf({ kind, spec, rank, drawsHowMuch }: Taken<EventFault>): Change {
  return { rank, change: (block) => kind.change(block, spec.value, drawsHowMuch) };
}

function concerns({ connection }: FaultSpec, context: FaultContext): boolean {
  return connection === undefined || connection === context.connection;
}

/** Whether a fault of a whole connection befalls this one. */
function befalls({ spec: { when }, drawsWhether }: Taken<FaultKind>): boolean {
  return when?.kind !== 'chance' || drawsWhether() < when.p;
}

/** How lines end, where a fault of the whole stream says so. */
function lineEndOf(specs: readonly FaultSpec[]): LineEnd | undefined {
  const said = specs.map(({ kind: name, value, when }) => {
    const kind = requireFaultKind(name);
    return kind.scope === 'event' && when === undefined ? kind.lineEnd?.(value) : undefined;
  });
  return said.findLast((lineEnd) => lineEnd !== undefined);
}
