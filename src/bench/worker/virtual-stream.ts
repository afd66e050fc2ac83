import type { Attempt } from '../../client/attempt.ts';
import { type NextAttempt, ReconnectPolicy } from '../../client/reconnect.ts';
import type { CloseInfo, OpenInfo } from '../../client/records.ts';
import { rejectionOf } from '../../client/rejection.ts';
import type { StreamRequest } from '../../client/request.ts';
import type { StreamSink } from '../../client/stream-sink.ts';
import { type Ending, FAILURES, type MetricName } from '../../results/bench/metric.ts';
import type { SseEvent } from '../../sse/sink.ts';
import type { DeliveryWatch } from '../delivery/delivery.ts';
import { AttemptMeter } from './attempt-meter.ts';
import { jitteredMs } from './jitter.ts';
import type { Measures } from './measures.ts';
import { Outage } from './outage.ts';
import type { Slot } from './slot.ts';
import type { StreamContext } from './stream-context.ts';
import { Throttle } from './throttle.ts';

/** How a stream came to its end. */
export type Outcome = 'succeeded' | 'failed';

/** Why we left an attempt ourselves. */
type Leaving = 'life' | 'cancel' | 'drop' | 'max-time';

export type State = 'planned' | 'connecting' | 'connected' | 'waiting' | 'over';

const NEVER = 0;

/**
 * One virtual client: attempts in a row, as the reconnect options say, and what is measured on them. There are thousands
 * in a process: it holds what it needs and no more, and nothing is made for an event.
 */
export class VirtualStream implements StreamSink, Measures {
  /** Where it stands in the plan. */
  readonly slot: Slot;
  readonly startedAt: number;
  readonly #context: StreamContext;
  readonly #request: StreamRequest;
  readonly #delivery: DeliveryWatch | undefined;
  #state: State = 'planned';
  #attempt: Attempt | undefined;
  #meter: AttemptMeter | undefined;
  #outage: Outage | undefined;
  #policy: ReconnectPolicy | undefined;
  #throttle: Throttle | undefined;
  /** While it waits for its next attempt. */
  #cancelStart: (() => void) | undefined;
  #lifeTimer: NodeJS.Timeout | undefined;
  #attemptTimer: NodeJS.Timeout | undefined;
  #leaving: Leaving | undefined;
  #lastEventId: string;
  /** What the server asked for with `retry:`. */
  #retryMs: number | undefined;
  #events = 0;
  /** Some attempt had an answer that was a stream. */
  #everOpened = false;
  /** While it is out by a storm: when that began. */
  #stormBeganAt: number | undefined;
  /** When the latest event came, while the connection that brought it is complete and no other has brought one. */
  #eventBefore = NEVER;
  /** Whether it kept the rule of goodput so far; it must have an event by its end. */
  #good = true;

  constructor(context: StreamContext, slot: Slot, plannedAt: number) {
    const { traits, arrival } = slot;
    this.#context = context;
    this.slot = slot;
    this.#request = context.requests.requestFor(arrival.index);
    this.#lastEventId = context.requests.lastEventIdFor(arrival.index);
    this.startedAt = context.now();
    this.#delivery = context.delivery?.watch(
      arrival.index,
      this.startedAt,
      traits.slowBytesPerSecond !== undefined,
    );
    context.recorder.counts.started += 1;
    if (traits.cancelAfterMs !== undefined) {
      this.#lifeTimer = setTimeout(() => this.#leave('cancel'), traits.cancelAfterMs);
    }
    this.#start(plannedAt, true);
  }

  /** Whether it was any use to the plan: a slot waits after one that was not. */
  get everOpened(): boolean {
    return this.#everOpened;
  }

  /** What it was asked to leave by the plan: its end is a success. */
  leave(): void {
    this.#leave('life');
  }

  /**
   * The storm: it is cut, and comes back as its policy says.
   *
   * @param beganAt of the storm: its recovery counts from then
   */
  drop(beganAt: number): void {
    if (this.#state !== 'connected') return;
    this.#context.recorder.cut(this.#context.now() - beganAt);
    this.#stormBeganAt = beganAt;
    this.#leave('drop');
  }

  /**
   * The run's time is over: what is still under way counts as open. Nothing is told of it any more.
   *
   * @param heardUntil from then on there was nothing to be heard, by no fault of the server's
   */
  finish(at: number, heardUntil: number): void {
    if (this.#state === 'over') return;
    const attempt = this.#attempt;
    if (attempt !== undefined) this.#context.recorder.ended('open', at - attempt.marks.start);
    this.#meter?.ended('left', at, heardUntil);
    this.#delivery?.leftOpen(at);
    this.#conclude('open', at, heardUntil);
  }

  record(metric: MetricName, ms: number): void {
    this.#context.recorder.record(metric, ms);
    const { goodput } = this.#context;
    if (goodput !== undefined && this.#good && !goodput.keeps(metric, ms)) this.#good = false;
  }

  censor(metric: MetricName, ms: number): void {
    this.#context.recorder.censor(metric, ms);
    const { goodput } = this.#context;
    if (goodput !== undefined && this.#good && !goodput.mayKeep(metric, ms)) this.#good = false;
  }

  lose(metric: MetricName, ms: number): void {
    this.#context.recorder.lose(metric, ms);
    if (this.#context.goodput?.limits(metric) === true) this.#good = false;
  }

  #start(plannedAt: number, inPlan: boolean): void {
    const context = this.#context;
    const { pool, recorder, life, now } = context;
    this.#leaving = undefined;
    this.#setState('connecting');
    recorder.counts.attempts += 1;
    const localAddress = context.localAddressFor(this.slot.arrival.index);
    const attempt = pool.open(
      this.#request,
      { lastEventId: this.#lastEventId, plannedAt, localAddress },
      this,
    );
    this.#attempt = attempt;
    this.#outage?.attemptStarted(attempt.marks.start);
    if (life.maxTimeMs !== undefined) {
      this.#attemptTimer = setTimeout(() => this.#leave('max-time'), life.maxTimeMs);
    }
    const { slowBytesPerSecond } = this.slot.traits;
    this.#meter = new AttemptMeter(this, attempt.marks, { slow: slowBytesPerSecond !== undefined, inPlan });
    if (slowBytesPerSecond !== undefined) this.#throttle = new Throttle(attempt, slowBytesPerSecond, now);
  }

  open(info: OpenInfo, at: number): void {
    if (this.#state === 'over') return;
    if (rejectionOf(info) !== undefined) {
      if (this.#stormBeganAt !== undefined) this.#context.refusedInStorm(info.status);
      return;
    }
    this.#setState('connected');
    this.#delivery?.opened(at);
    this.#everOpened = true;
    const { counts } = this.#context.recorder;
    counts.opened += 1;
    if (info.http === '2') counts.http2 += 1;
    this.#meter?.opened(at);
    this.#policy?.opened();
    this.#outage?.restored(at, this);
    if (this.#stormBeganAt !== undefined) {
      this.#context.recorder.recovered(at - this.#stormBeganAt);
      this.#stormBeganAt = undefined;
    }
    const { forMs } = this.#context.life;
    if (forMs !== undefined && this.#lifeTimer === undefined) {
      this.#lifeTimer = setTimeout(() => this.#leave('life'), forMs);
    }
  }

  body(bytes: Uint8Array, at: number): void {
    if (this.#state === 'over') return;
    const { counts } = this.#context.recorder;
    counts.bytes += bytes.length;
    if (this.#meter?.read(at) === true) counts.reads += 1;
    this.#throttle?.took(bytes.length);
  }

  wire(bytes: number): void {
    this.#context.recorder.counts.wireBytes += bytes;
  }

  event(event: SseEvent, at: number): void {
    // What is left of the read in which it left.
    if (this.#leaving !== undefined || this.#state === 'over') return;
    const { counts } = this.#context.recorder;
    counts.events += 1;
    this.#events += 1;
    const which = this.#meter?.event(at);
    if (which === 'beside') counts.coalescedEvents += 1;
    if (which === 'first') this.#recovered(at);
    this.#delivery?.event(event, at);
    const { maxEvents, untilData } = this.#context.life;
    if (maxEvents !== undefined && this.#events >= maxEvents) this.#leave('life');
    else if (untilData?.includes(event.data)) this.#leave('life');
  }

  comment(): void {
    this.#context.recorder.counts.comments += 1;
    this.#meter?.comment();
  }

  retry(ms: number): void {
    this.#retryMs = ms;
    this.#policy?.serverAsked(ms);
  }

  warn(): void {}

  close(info: CloseInfo, at: number): void {
    if (this.#state === 'over') return;
    const { recorder, reconnect } = this.#context;
    const leaving = this.#leaving;
    const ending: Ending = info.reason;
    const accepted = this.#meter?.accepted ?? false;
    const failed = FAILURES.has(ending) || leaving === 'max-time' || info.by === 'error';
    this.#attempt = undefined;
    this.#lastEventId = info.lastEventId;
    clearTimeout(this.#attemptTimer);
    this.#throttle?.stop();
    this.#throttle = undefined;
    recorder.ended(ending, at - info.marks.start);
    if (failed) {
      recorder.counts.failedAttempts += 1;
      recorder.error(info.error ?? TOO_LONG);
    }
    this.#endMeter(ending, leaving, at);
    if (!accepted) this.#outage?.attemptFailed(at);
    this.#delivery?.interrupted();
    if (leaving === 'life' || leaving === 'cancel') return this.#end('succeeded', at);
    // What we cut ourselves comes back as what the network cut.
    const next = this.#next(leaving === undefined ? info : { ...info, reason: 'reset' }, accepted);
    if (next.kind === 'stop') return this.#end(failed ? 'failed' : 'succeeded', at);
    if (accepted) this.#interrupted(at);
    this.#wait(at, jitteredMs(next, this.#retryMs, reconnect.jitter * this.#context.random()));
  }

  /** The first event of a connection: what was out is back. */
  #recovered(at: number): void {
    this.#outage?.over(at, this);
    this.#outage = undefined;
    if (this.#eventBefore === NEVER) return;
    this.record('event_gap', at - this.#eventBefore);
    this.#eventBefore = NEVER;
  }

  #endMeter(ending: Ending, leaving: Leaving | undefined, at: number): void {
    const left = leaving !== undefined || ending === 'client';
    const how = left ? 'left' : ending === 'eof' || ending === 'no_content' ? 'complete' : 'broken';
    // Nothing came for as long as we were to wait: how long it would have taken nobody knows.
    const silent = this.#meter?.ended(ending === 'idle' && !this.#meter.accepted ? 'left' : how, at);
    if (how === 'complete') this.#eventBefore = this.#meter?.eventAt || this.#eventBefore;
    this.#meter = undefined;
    if (silent === undefined || left) return;
    this.#context.recorder.cutAfter(ending, silent);
    this.record('silence_before_end', silent);
  }

  #next(info: CloseInfo, accepted: boolean): NextAttempt {
    const { mode } = this.#context.reconnect;
    // The HTML standard fails the connection on any other answer than a stream (section 9.2.3).
    const givenUp = mode === 'browser' && info.status !== undefined && !accepted;
    return mode === 'none' || givenUp ? { kind: 'stop' } : this.#policyOf().next(info, accepted);
  }

  #interrupted(at: number): void {
    // Connected again, and cut before an event had come.
    this.#outage?.cutShort('censor', at, this);
    this.#outage = new Outage(at);
    this.#context.recorder.counts.outages += 1;
  }

  #wait(at: number, delayMs: number): void {
    const plannedAt = at + delayMs;
    this.#setState('waiting');
    this.#cancelStart = this.#context.startAt(plannedAt, () => {
      if (this.#state === 'waiting') this.#start(plannedAt, false);
    });
  }

  #leave(leaving: Leaving): void {
    if (this.#state === 'over') return;
    if (this.#attempt !== undefined) {
      this.#leaving = leaving;
      this.#attempt.close('signal');
    } else if (leaving === 'life' || leaving === 'cancel') {
      this.#end('succeeded', this.#context.now());
    }
  }

  #end(outcome: Outcome, at: number): void {
    this.#delivery?.ended(this.#context.now());
    this.#conclude(outcome, at);
    this.#context.ended(this, outcome);
  }

  /** However the stream ends: everything that is still under way is settled here. */
  #conclude(outcome: Outcome | 'open', at: number, heardUntil = at): void {
    const { recorder, goodput } = this.#context;
    if (this.#eventBefore !== NEVER)
      this[outcome === 'failed' ? 'lose' : 'censor'](
        'event_gap',
        Math.max(0, heardUntil - this.#eventBefore),
      );
    this.#cancelStart?.();
    for (const timer of [this.#lifeTimer, this.#attemptTimer]) clearTimeout(timer);
    this.#throttle?.stop();
    this.#outage?.cutShort(outcome === 'failed' ? 'lose' : 'censor', at, this);
    recorder.counts[outcome] += 1;
    if (!this.#everOpened) recorder.counts.neverOpened += 1;
    this.#setState('over');
    // What the end of the run cut before it was decided says nothing.
    const undecided = outcome === 'open' && this.#good && this.#events === 0;
    if (goodput === undefined || undecided) return;
    recorder.goodput.of += 1;
    if (this.#good && this.#events > 0 && outcome !== 'failed') recorder.goodput.good += 1;
  }

  #policyOf(): ReconnectPolicy {
    if (this.#policy === undefined) {
      const { retryDelayMs, retryMaxMs } = this.#context.reconnect;
      const settings = { retries: Number.POSITIVE_INFINITY, retryDelayMs, retryMaxMs };
      this.#policy = new ReconnectPolicy(settings, this.#context.random);
      if (this.#retryMs !== undefined) this.#policy.serverAsked(this.#retryMs);
    }
    return this.#policy;
  }

  #setState(state: State): void {
    this.#context.moved(this.#state, state);
    this.#state = state;
  }
}

/** `-m`: the attempt took longer than it may. */
const TOO_LONG = { code: 'MAX_TIME', exitCode: 28, message: 'an attempt took longer than --max-time' };
