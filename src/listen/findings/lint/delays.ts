import type { OpenInfo } from '../../../client/records.ts';
import { CR, LF } from '../../../sse/line-ends.ts';
import type { SseEvent } from '../../../sse/sink.ts';
import type { EventPosition, Position } from '../../printer.ts';
import type { Check, FindingKind, Report } from '../finding.ts';
import { seconds } from './seconds.ts';

const kind = { flag: 'lint', where: 'the times of reads' } as const;

const lateHeaders: FindingKind = {
  ...kind,
  severity: 'warning',
  code: 'late-headers',
  title: 'The headers wait for the first event',
  why: 'A page hears of the open stream (onopen) only with the headers (HTML §9.2.3). Many frameworks, and proxies, keep them back until something is written.',
  mend: 'Flush the headers at once: res.flushHeaders(), or write a comment (":\\n\\n") first. In a proxy: turn buffering off.',
};

const longSilence: FindingKind = {
  ...kind,
  severity: 'warning',
  code: 'silence',
  title: 'More than 30 s without a byte',
  why: 'Proxies and load balancers close what is silent for their limit, often 60 s, and a client can not tell silence from a dead connection. HTML §9.2.7 advises a comment every 15 s or so.',
  mend: 'Write a comment (":\\n\\n") every 15 s while there is nothing to say.',
};

const splitWrites: FindingKind = {
  ...kind,
  severity: 'note',
  code: 'split-writes',
  title: 'Small events come in several pieces',
  why: 'Each write of the server may be a packet, a chunk and a wake-up of its own, and the event is late until the last of them is there.',
  mend: 'Write each event as a whole, with its blank line.',
  once: true,
};

const heldBack: FindingKind = {
  ...kind,
  severity: 'warning',
  code: 'held-back',
  title: 'Reads end in the middle of an event, whose rest comes much later',
  why: 'Nobody writes half a line and waits. Something on the way, a compressor or a proxy, sends when its buffer is full, not when an event is there.',
  mend: 'Flush after each event, in a compressor too (res.flush()); leave text/event-stream out of compression; turn buffering off in the proxy.',
};

const LATE_HEADERS_MS = 1_000;
const SILENCE_MS = 30_000;
/** A packet's worth: what is larger may well be split on its way. */
const SMALL_BYTES = 1_400;
const MANY_READS = 3;
const SPLIT_EVENTS = 3;
/** Longer than a packet takes that was lost and sent again. */
const LONG_WAIT_MS = 500;
/** An event that is larger may wait for the network. */
const HELD_BYTES = 16_384;
const HELD_EVENTS = 2;

/** Whether things arrive when they are sent, as far as their times tell. Standard input has none that mean anything. */
export class Delays implements Check {
  static readonly kinds = [lateHeaders, longSilence, heldBack, splitWrites];
  readonly #report: Report;
  /** When the headers or the last bytes of the connection came; `undefined` where times mean nothing. */
  #heardAt: number | undefined;
  /** Headers that came late, until the first read behind them. */
  #late: { t: number; afterMs: number } | undefined;
  #insideLine = false;
  /** The longest wait inside a line of the event at hand. */
  #waitMs = 0;
  #split = 0;
  #held = 0;
  #encoding = 'identity';

  constructor(report: Report) {
    this.#report = report;
  }

  open({ marks, encoding }: OpenInfo, { t }: Position): void {
    const { sent, headers } = marks;
    this.#heardAt = t;
    this.#encoding = encoding;
    const afterMs = sent === undefined || headers === undefined ? 0 : headers - sent;
    this.#late = afterMs >= LATE_HEADERS_MS ? { t, afterMs } : undefined;
  }

  read(bytes: Uint8Array, at: Position): void {
    const heardAt = this.#heardAt;
    if (heardAt === undefined) return;
    this.#headers(at);
    this.#silence(at);
    if (this.#insideLine && at.t > heardAt) this.#waitMs = Math.max(this.#waitMs, at.t - heardAt);
    this.#heardAt = at.t;
    const last = bytes.at(-1);
    // Nobody knows where a read ended of which there are no bytes.
    this.#insideLine = last !== undefined && last !== LF && last !== CR;
  }

  resumed({ t }: Position): void {
    if (this.#heardAt !== undefined) this.#heardAt = t;
  }

  event(event: SseEvent, at: EventPosition): void {
    if (this.#heardAt !== undefined) this.#pieces(event, at);
  }

  close(_info: unknown, at: Position): void {
    this.#silence(at);
    this.#heardAt = undefined;
    this.#late = undefined;
    this.#insideLine = false;
    this.#waitMs = 0;
  }

  #headers(at: Position): void {
    const late = this.#late;
    this.#late = undefined;
    if (late?.t !== at.t) return;
    const message = `they came after ${seconds(late.afterMs)}, in one read with the beginning of the stream`;
    this.#report(lateHeaders, { message }, at);
  }

  #silence(at: Position): void {
    const silentMs = at.t - (this.#heardAt ?? at.t);
    if (silentMs > SILENCE_MS) this.#report(longSilence, { message: `no byte for ${seconds(silentMs)}` }, at);
  }

  #pieces({ bytes, reads }: SseEvent, at: EventPosition): void {
    if (reads >= MANY_READS && bytes <= SMALL_BYTES) {
      this.#split += 1;
      const message = `event ${at.n}: ${bytes} bytes in ${reads} reads, and so were others before it`;
      if (this.#split >= SPLIT_EVENTS) this.#report(splitWrites, { message }, at);
    }
    const waitMs = this.#waitMs;
    this.#waitMs = 0;
    if (waitMs < LONG_WAIT_MS || bytes > HELD_BYTES) return;
    this.#held += 1;
    if (this.#held < HELD_EVENTS) return;
    const coded = this.#encoding === 'identity' ? '' : `; the stream is compressed (${this.#encoding})`;
    const message = `event ${at.n}: a read ended inside a line of it, and the rest came ${seconds(waitMs)} later${coded}`;
    this.#report(heldBack, { message }, at);
  }
}
