import type { JsonPath } from '../../notation/json-path.ts';
import type { SseEvent } from '../../sse/sink.ts';
import type { NumberSpans } from '../../stats/number-spans.ts';
import { SequenceAudit } from '../../stats/sequence-audit.ts';
import type { SequenceTally } from '../../stats/sequence-tally.ts';
import type { DeliveryWatch, LatencySink } from './delivery.ts';
import { numberOfId, numberTold } from './event-number.ts';
import type { OwedStreams } from './owed-streams.ts';
import type { StampReader } from './publish/stamp.ts';
import { timeTold } from './sent-at.ts';
import type { SentAtLatency } from './sent-at-latency.ts';
import type { SentTimes } from './sent-times.ts';
import type { WallClock } from './wall-clock.ts';

/** What is counted beside the audit. */
export interface SideCounts {
  unnumbered: number;
  untimed: number;
  marked: number;
  earlier: number;
}

/** What is looked at in events; absent is what nobody asked for. */
export interface Looked {
  /** Where the number that is audited comes from. */
  readonly numbers: 'id' | JsonPath | 'stamp' | undefined;
  readonly stamps: StampReader | undefined;
  readonly sentAt: { path: JsonPath; clock: WallClock; latency: SentAtLatency } | undefined;
  readonly tally: SequenceTally;
  readonly counts: SideCounts;
  readonly sentTimes: SentTimes;
  /** Of what we publish ourselves. */
  readonly owed: OwedStreams | undefined;
  /** Published numbers that came on any stream. */
  readonly gotNumbers: NumberSpans | undefined;
  readonly latencies: LatencySink;
}

const NONE = -1;

/** The delivery of one stream. There are thousands: it holds what it must, and nothing is made for an event. */
export class OneStream implements DeliveryWatch {
  readonly #looked: Looked;
  readonly #startedAt: number;
  readonly #audit: SequenceAudit | undefined;
  readonly #stream: number;
  /** Reads slowly on purpose. */
  readonly #slow: boolean;
  #openedAt = NONE;
  /** When the first event of our own publisher came. */
  #firstAt = NONE;
  /** Highest number of our own publisher. */
  #highest = NONE;
  /** Whatever of it was sent later did not come, nor does the audit miss it. */
  #owedSince = NONE;

  constructor(looked: Looked, stream: number, startedAt: number, slow: boolean) {
    this.#looked = looked;
    this.#stream = stream;
    this.#slow = slow;
    this.#startedAt = startedAt;
    this.#audit = looked.numbers === undefined ? undefined : new SequenceAudit(looked.tally, stream);
  }

  opened(at: number): void {
    if (this.#openedAt === NONE) this.#openedAt = at;
  }

  event(event: SseEvent, at: number): void {
    const { numbers, stamps, sentAt } = this.#looked;
    if (stamps !== undefined) this.#stamps(stamps, event.data, at);
    if (numbers === 'id') this.#number(numberOfId(event.id), at);
    const path = typeof numbers === 'function' ? numbers : undefined;
    if (path === undefined && sentAt === undefined) return;
    const json = parsed(event.data);
    if (path !== undefined) this.#number(numberTold(path(json)), at);
    if (sentAt !== undefined) this.#sentAt(sentAt, json, at);
  }

  interrupted(): void {
    this.#audit?.interrupted();
  }

  ended(at: number): void {
    const { numbers, owed, sentTimes } = this.#looked;
    const gaps = numbers === 'stamp' && this.#audit?.hasGaps === true;
    // Several are published at a time: one may be late behind a higher one.
    this.#audit?.ended(gaps ? owed && sentTimes.lastSentBy(owed.owedUntil(at), this.#highest) : undefined);
    // What a slow reader has not read by its end is of its own making.
    if (owed === undefined || this.#slow) return;
    if (this.#highest !== NONE) owed.behind(this.#stream, this.#highest, this.#owedSince, at);
    else if (this.#openedAt !== NONE) owed.unreached(this.#stream, this.#openedAt, at);
  }

  leftOpen(at: number): void {
    this.ended(at);
    if (this.#highest === NONE) return;
    const { sentTimes, latencies } = this.#looked;
    for (const sentMs of sentTimes.above(this.#highest)) latencies.censor(at - sentMs);
  }

  #number(number: number | undefined, at: number): void {
    if (number === undefined) {
      this.#looked.counts.unnumbered += 1;
      return;
    }
    this.#audit?.event(number);
    // What was lost before, its own numbers tell.
    if (this.#highest !== NONE) this.#owedSince = at;
  }

  /** A server may put several of what was published into one event. */
  #stamps(stamps: StampReader, data: string, at: number): void {
    const { numbers, counts, sentTimes, gotNumbers, latencies } = this.#looked;
    for (let end = stamps.find(data); end !== -1; end = stamps.find(data, end)) {
      const { n, sentMs } = stamps;
      counts.marked += 1;
      if (sentTimes.learned(n, sentMs)) gotNumbers?.add(n, n, 1);
      if (this.#firstAt === NONE) this.#firstAt = at;
      if (n > this.#highest) {
        this.#highest = n;
        // As with early ones: several are sent at a time.
        this.#owedSince = Math.max(sentMs, this.#firstAt);
      }
      if (numbers === 'stamp') this.#audited(n, sentMs);
      if (sentMs < this.#startedAt) counts.earlier += 1;
      else latencies.record(at - sentMs);
    }
  }

  /**
   * Several events are published at a time, and which of them the server takes first is open: one of a higher number may
   * have passed before the stream was there. What was sent, or due, when it was there for certain is expected.
   */
  #audited(n: number, sentMs: number): void {
    if (sentMs < this.#firstAt) this.#audit?.early(n);
    else this.#audit?.event(n, this.#looked.owed?.dueUpTo(this.#firstAt));
  }

  #sentAt({ path, clock, latency }: NonNullable<Looked['sentAt']>, json: unknown, at: number): void {
    const { counts } = this.#looked;
    const sentAt = timeTold(path(json));
    const now = clock.at(at);
    if (sentAt === undefined) counts.untimed += 1;
    else if (now - sentAt > at - this.#startedAt) counts.earlier += 1;
    else latency.add(sentAt, now);
  }
}

function parsed(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    // Text that is no JSON has no such part, which is counted.
    return undefined;
  }
}
