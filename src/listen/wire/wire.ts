import type { CloseInfo, OpenInfo } from '../../client/records.ts';
import type { SseEvent } from '../../sse/sink.ts';
import type { Instrument, InstrumentContext } from '../instrument.ts';
import type { EventPosition, OpenPosition, Position } from '../printer.ts';
import { BlockScanner, type ScannedBlock } from './block-scanner.ts';
import type { WireBlock } from './wire-block.ts';

/** A read may hold thousands of blocks without an event between them: so many wait to be printed, and no more. */
const MANY_WAITING = 1_000;

/** `--wire`: shows each event with the bytes that made it, and what makes no event as well. */
export function wire(context: InstrumentContext): Instrument {
  return new WireView(context);
}

/**
 * Scans each read before the decoder does: what it finds waits in a queue, the blocks with data until the decoder tells
 * their events, one for each, and the others until the events before them have been printed.
 */
class WireView implements Instrument {
  readonly #context: InstrumentContext;
  #scanner = this.#newScanner(false);
  #queue: ScannedBlock[] = [];
  #next = 0;
  #conn = 1;
  #shown: WireBlock | undefined;
  #flushing = false;

  constructor(context: InstrumentContext) {
    this.#context = context;
  }

  open({ encoding }: OpenInfo, { conn }: OpenPosition): void {
    this.#conn = conn;
    this.#scanner = this.#newScanner(encoding !== 'identity');
  }

  chunk(bytes: Uint8Array, { t }: Position, ends?: readonly number[]): void {
    this.#scanner.arrived(bytes, t, ends);
  }

  body(bytes: Uint8Array, { t }: Position): void {
    this.#printOthers();
    this.#scanner.push(bytes, t);
    this.#printSoon();
  }

  event(_event: SseEvent, _at: EventPosition, shown: SseEvent | undefined): void {
    this.#printOthers();
    const block = this.#queue[this.#next]?.block;
    this.#next++;
    this.#shown = shown === undefined ? undefined : block;
    this.#printSoon();
  }

  wire(): WireBlock | undefined {
    return this.#shown;
  }

  close({ reason }: CloseInfo, at: Position): void {
    // A stream that we left may go on: nothing of it is unfinished.
    if (reason !== 'client') {
      this.#scanner.end(at.t);
      this.#printOthers();
    }
    this.#queue = [];
    this.#next = 0;
    this.#scanner = this.#newScanner(false);
  }

  #newScanner(encoded: boolean): BlockScanner {
    return new BlockScanner(encoded, (scanned) => {
      this.#queue.push(scanned);
      if (this.#queue.length - this.#next > MANY_WAITING) this.#printOthers();
    });
  }

  /** Those that stand before the next event. */
  #printOthers(): void {
    for (let next = this.#queue[this.#next]; next?.isEvent === false; next = this.#queue[this.#next]) {
      this.#next++;
      this.#context.printBlock(next.block, { t: next.t, conn: this.#conn });
    }
    if (this.#next < this.#queue.length) return;
    this.#queue = [];
    this.#next = 0;
  }

  /** Once the decoder is through with the read: its comments come before the blocks that they stand in. */
  #printSoon(): void {
    if (this.#flushing) return;
    this.#flushing = true;
    queueMicrotask(() => {
      this.#flushing = false;
      this.#printOthers();
    });
  }
}
