import { compilePath } from '../../notation/json-path.ts';
import type { DeliverySnapshot, SenderClock } from '../../results/bench/delivery.ts';
import type { SseEvent } from '../../sse/sink.ts';
import { NumberSpans } from '../../stats/number-spans.ts';
import { SequenceTally } from '../../stats/sequence-tally.ts';
import type { DeliveryOptions } from '../options.ts';
import { type Looked, OneStream, type SideCounts } from './one-stream.ts';
import { OwedStreams } from './owed-streams.ts';
import { quietMs } from './publish/quiet.ts';
import { StampReader } from './publish/stamp.ts';
import { publishesInOrder } from './publish/target.ts';
import { SentAtLatency } from './sent-at-latency.ts';
import { SentTimes } from './sent-times.ts';
import { WallClock } from './wall-clock.ts';

/** Where delivery latencies go; a `LatencyHistogram` is one. */
export interface LatencySink {
  /** @param ms milliseconds */
  record(ms: number): void;
  /** Of an event that had not come when the run's time was over: it would have taken longer than that. */
  censor(ms: number): void;
}

/** What one stream is delivered. */
export interface DeliveryWatch {
  /** @param at of the read that brought it, on the monotonic clock, in milliseconds */
  event(event: SseEvent, at: number): void;
  /** An attempt was accepted. */
  opened(at: number): void;
  /** An attempt has ended. */
  interrupted(): void;
  /** The stream is over. */
  ended(at: number): void;
  /** The run's time is over, and the stream isn't. All of a process are told so together. */
  leftOpen(at: number): void;
}

/** The delivery of all streams of a process. */
export interface Delivery {
  /** The run begins then, on the monotonic clock, and lasts so long. */
  begin(atMs: number, durationMs: number): void;
  /**
   * @param stream its number, for examples
   * @param startedAt when it began, on the monotonic clock: what was sent before has no latency on it
   * @param slow reads slowly on purpose: what it has not read when it ends nobody failed to deliver
   */
  watch(stream: number, startedAt: number, slow?: boolean): DeliveryWatch;
  /** What was seen since the last time; `undefined` where nothing is audited. */
  take(): DeliverySnapshot | undefined;
  /** The run's time is over: what was held back is recorded, before the last time that it is taken. */
  finish(): void;
}

export interface AuditedDelivery extends Delivery {
  take(): DeliverySnapshot;
}

/**
 * @param wallClock is asked for with `sentAtPath` alone
 * @returns `undefined` where nothing of delivery was asked for
 * @throws InvalidValue for a path that can't be read
 */
export function createDelivery(
  options: DeliveryOptions,
  latencies: LatencySink,
  wallClock = () => new WallClock(),
): AuditedDelivery | undefined {
  const { sequence, sentAtPath, publish } = options;
  if (sequence === undefined && sentAtPath === undefined && publish === undefined) return undefined;
  return new AllStreams(options, latencies, wallClock);
}

class AllStreams implements AuditedDelivery {
  readonly #looked: Looked;
  /** Which published events are missing where: some may never have been published. */
  readonly #missingNumbers: NumberSpans | undefined;
  readonly #judgesOrder: boolean;
  #before: ReturnType<typeof countsOf> | undefined;

  constructor(
    { sequence, sentAtPath, publish }: DeliveryOptions,
    latencies: LatencySink,
    wallClock: () => WallClock,
  ) {
    const audited = sequence === undefined && publish !== undefined ? publish : undefined;
    this.#missingNumbers = audited === undefined ? undefined : new NumberSpans();
    this.#judgesOrder = audited === undefined || publishesInOrder(audited.target);
    this.#looked = {
      numbers:
        sequence?.kind === 'path' ? compilePath(sequence.path) : (sequence?.kind ?? (audited && 'stamp')),
      stamps: publish === undefined ? undefined : new StampReader(publish.run),
      sentAt:
        sentAtPath === undefined
          ? undefined
          : { path: compilePath(sentAtPath), clock: wallClock(), latency: new SentAtLatency(latencies) },
      tally: new SequenceTally(this.#missingNumbers),
      counts: { unnumbered: 0, untimed: 0, marked: 0, earlier: 0 },
      sentTimes: new SentTimes(),
      owed: publish && new OwedStreams(publish.ratePerSecond),
      gotNumbers: audited && new NumberSpans(),
      latencies,
    };
  }

  begin(atMs: number, durationMs: number): void {
    this.#looked.owed?.begin(atMs, quietMs(durationMs));
  }

  watch(stream: number, startedAt: number, slow = false): DeliveryWatch {
    return new OneStream(this.#looked, stream, startedAt, slow);
  }

  take(): DeliverySnapshot {
    const { tally, counts, owed, gotNumbers } = this.#looked;
    const now = countsOf(tally, counts);
    if (!this.#judgesOrder) now.out_of_order = 0;
    const changes = changesOf(now, this.#before);
    this.#before = now;
    const evidence = tally.takeEvidence();
    const clock = this.#clock();
    return {
      ...changes,
      ...(this.#missingNumbers === undefined ? {} : { missingNumbers: this.#missingNumbers.take() }),
      ...(gotNumbers === undefined ? {} : { gotNumbers: gotNumbers.take() }),
      ...owed?.take(),
      evidence: this.#judgesOrder ? evidence : evidence.filter(({ kind }) => kind !== 'out_of_order'),
      ...(clock === undefined ? {} : { clock }),
    };
  }

  finish(): void {
    this.#looked.sentAt?.latency.settle();
  }

  #clock(): SenderClock | undefined {
    const { sentAt } = this.#looked;
    sentAt?.clock.check();
    const known = sentAt?.latency.clock;
    return known === undefined ? undefined : { ...known, steppedMs: sentAt?.clock.steppedMs ?? 0 };
  }
}

function countsOf(
  { received, missing, duplicated, outOfOrder, replayed, jumps }: SequenceTally,
  side: SideCounts,
) {
  return { received, missing, duplicated, out_of_order: outOfOrder, replayed, jumps, ...side };
}

function changesOf<T extends Record<string, number>>(now: T, before: T | undefined): T {
  const changes = Object.entries(now).map(([name, count]) => [name, count - (before?.[name] ?? 0)]);
  return Object.fromEntries(changes) as T;
}
