import type { JsonPath } from '../../notation/json-path.ts';
import type { SseEvent } from '../../sse/sink.ts';
import { SequenceAudit } from '../../stats/sequence-audit.ts';
import type { SequenceTally } from '../../stats/sequence-tally.ts';
import type { DeliveryWatch, LatencySink } from './delivery.ts';
import { numberOfId, numberTold } from './event-number.ts';
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
  readonly latencies: LatencySink;
}

const NONE = -1;

/** The delivery of one stream. There are thousands: it holds what it must, and nothing is made for an event. */
export class OneStream implements DeliveryWatch {
  readonly #looked: Looked;
  readonly #startedAt: number;
  readonly #audit: SequenceAudit | undefined;
  /** When the first event of our own publisher came. */
  #firstAt = NONE;
  /** Highest number of our own publisher. */
  #highest = NONE;

  constructor(looked: Looked, stream: number, startedAt: number) {
    this.#looked = looked;
    this.#startedAt = startedAt;
    this.#audit = looked.numbers === undefined ? undefined : new SequenceAudit(looked.tally, stream);
  }

  event(event: SseEvent, at: number): void {
    const { numbers, stamps, sentAt } = this.#looked;
    if (stamps !== undefined) this.#stamps(stamps, event.data, at);
    if (numbers === 'id') this.#number(numberOfId(event.id));
    const path = typeof numbers === 'function' ? numbers : undefined;
    if (path === undefined && sentAt === undefined) return;
    const json = parsed(event.data);
    if (path !== undefined) this.#number(numberTold(path(json)));
    if (sentAt !== undefined) this.#sentAt(sentAt, json, at);
  }

  interrupted(): void {
    this.#audit?.interrupted();
  }

  ended(): void {
    this.#audit?.ended();
  }

  leftOpen(at: number): void {
    this.#audit?.ended();
    if (this.#highest === NONE) return;
    const { sentTimes, latencies } = this.#looked;
    for (const sentMs of sentTimes.above(this.#highest)) latencies.censor(at - sentMs);
  }

  #number(number: number | undefined): void {
    if (number === undefined) this.#looked.counts.unnumbered += 1;
    else this.#audit?.event(number);
  }

  /** A server may put several of what was published into one event. */
  #stamps(stamps: StampReader, data: string, at: number): void {
    const { numbers, counts, sentTimes, latencies } = this.#looked;
    for (let end = stamps.find(data); end !== -1; end = stamps.find(data, end)) {
      const { n, sentMs } = stamps;
      counts.marked += 1;
      sentTimes.learned(n, sentMs);
      if (n > this.#highest) this.#highest = n;
      if (numbers === 'stamp') this.#audited(n, sentMs, at);
      if (sentMs < this.#startedAt) counts.earlier += 1;
      else latencies.record(at - sentMs);
    }
  }

  /**
   * Several events are published at a time, and which of them the server takes first is open: one of a higher number may
   * have passed before the stream was there. What was sent when it was there for certain is expected.
   */
  #audited(n: number, sentMs: number, at: number): void {
    if (this.#firstAt === NONE) this.#firstAt = at;
    if (sentMs < this.#firstAt) this.#audit?.early(n);
    else this.#audit?.event(n);
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
