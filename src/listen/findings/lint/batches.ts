import type { OpenInfo } from '../../../client/records.ts';
import type { SseEvent } from '../../../sse/sink.ts';
import type { EventPosition } from '../../printer.ts';
import type { Check, FindingKind, Report } from '../finding.ts';
import { seconds } from './seconds.ts';
import { timeToldIn } from './time-told.ts';

const kind = { flag: 'lint', where: 'the times of reads', once: true } as const;

const heldInBatches: FindingKind = {
  ...kind,
  severity: 'warning',
  code: 'held-in-batches',
  title: 'Events that were made one after the other come together',
  why: 'By the times in their data they were made while nothing came. Something on the way keeps them until its buffer is full: the framework, a compressor, a proxy.',
  mend: 'Flush after each event; leave text/event-stream out of compression; turn buffering off in the proxy. ssekit listen on the server itself tells on which side of the proxy it is.',
};

const compressedBatches: FindingKind = {
  ...kind,
  severity: 'note',
  code: 'compressed-batches',
  title: 'Compressed events come in batches',
  why: 'A compressor that is not flushed after each event collects them. Or the server sends them so: the times alone do not tell.',
  mend: 'Compare with a request without compression. If the batches are gone, flush the compressor after each event, or leave text/event-stream out.',
};

const BATCH_EVENTS = 3;
const BATCHES = 3;
const BATCH_MS = 1_000;

/** Events of one read. */
interface Batch {
  t: number;
  events: number;
  /** The first and the last time that their data told. */
  oldest: number;
  newest: number;
  /** Time since the read before it that brought events; nothing where there was none. */
  afterMs: number;
}

/** Events that come in batches, and whether they were made so. */
export class Batches implements Check {
  static readonly kinds = [heldInBatches, compressedBatches];
  readonly #report: Report;
  #isCompressed = false;
  #batch: Batch | undefined;
  /** Batches in a row. */
  #held = 0;
  #inARow = 0;

  constructor(report: Report) {
    this.#report = report;
  }

  open({ encoding }: OpenInfo): void {
    this.#isCompressed = encoding !== 'identity';
  }

  event({ data }: SseEvent, at: EventPosition): void {
    const told = timeToldIn(data);
    const batch = this.#batch;
    if (batch?.t === at.t) {
      batch.events += 1;
      if (told === undefined) return;
      batch.oldest = Math.min(batch.oldest, told);
      batch.newest = Math.max(batch.newest, told);
      return;
    }
    if (batch !== undefined) this.#judge(batch, at);
    const times =
      told === undefined ? { oldest: Infinity, newest: -Infinity } : { oldest: told, newest: told };
    this.#batch = { t: at.t, events: 1, ...times, afterMs: batch === undefined ? 0 : at.t - batch.t };
  }

  /** What has piled up meanwhile was held back by us. */
  resumed(): void {
    this.close();
  }

  close(): void {
    this.#batch = undefined;
    this.#held = 0;
    this.#inARow = 0;
  }

  #judge({ t, events, oldest, newest, afterMs }: Batch, at: EventPosition): void {
    const madeOverMs = newest - oldest;
    // What is older than the silence before it is a history, sent as one.
    const wasHeld = madeOverMs >= BATCH_MS && afterMs >= madeOverMs;
    this.#held = wasHeld ? this.#held + 1 : 0;
    if (this.#held >= BATCHES) {
      const message = `${events} events in one read, made over ${seconds(madeOverMs)} by their data, ${this.#held} times in a row`;
      this.#report(heldInBatches, { message }, at);
    }
    const silentMs = at.t - t;
    this.#inARow =
      this.#isCompressed && events >= BATCH_EVENTS && silentMs >= BATCH_MS ? this.#inARow + 1 : 0;
    if (this.#inARow < BATCHES) return;
    const message = `${events} events in one read, then ${seconds(silentMs)} without any, ${this.#inARow} times in a row`;
    this.#report(compressedBatches, { message }, at);
  }
}
