import type { Attempt } from '../../client/attempt.ts';
import { type NextAttempt, ReconnectPolicy } from '../../client/reconnect.ts';
import type { CloseInfo, OpenInfo } from '../../client/records.ts';
import { rejectionOf } from '../../client/rejection.ts';
import type { StreamRequest } from '../../client/request.ts';
import type { StreamSink } from '../../client/stream-sink.ts';
import { type Ending, FAILURES, type MetricName } from '../../results/bench/metric.ts';
import type { SseEvent } from '../../sse/sink.ts';
import type { DeliveryWatch } from '../delivery/delivery.ts';
import { Outage } from './outage.ts';
import { type Measures, SilenceWatch } from './silence-watch.ts';
import type { Slot } from './slot.ts';
import type { StreamContext } from './stream-context.ts';
import { Throttle } from './throttle.ts';

/** How a stream came to its end. */
export type Outcome = 'succeeded' | 'failed';

/** Why we left an attempt ourselves. */
type Leaving = 'life' | 'cancel' | 'drop' | 'max-time';

export type State = 'planned' | 'connecting' | 'connected' | 'waiting' | 'over';

const NEVER = 0;

/** Of a reader that is slow on purpose: its silences are of its own making. */
const NO_MEASURES: Measures = { record() {}, censor() {} };

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
  #watch: SilenceWatch | undefined;
  #outage: Outage | undefined;
  #policy: ReconnectPolicy | undefined;
  #throttle: Throttle | undefined;
  #timer: NodeJS.Timeout | undefined;
  #lifeTimer: NodeJS.Timeout | undefined;
  #attemptTimer: NodeJS.Timeout | undefined;
  #leaving: Leaving | undefined;
  #lastEventId: string;
  /** What the server asked for with `retry:`. */
  #retryMs: number | undefined;
  #accepted = false;
  #firstByte = false;
  #eventOfAttempt = false;
  #events = 0;
  #droppedAt = NEVER;
  /** Whether it kept the rule of goodput so far; it must have an event by its end. */
  #good = true;

  constructor(context: StreamContext, slot: Slot, plannedAt: number) {
    const { traits, arrival } = slot;
    this.#context = context;
    this.slot = slot;
    this.#request = context.requests.requestFor(arrival.index);
    this.#lastEventId = context.requests.lastEventIdFor(arrival.index);
    this.startedAt = context.now();
    this.#delivery = context.delivery?.watch(arrival.index, this.startedAt);
    context.recorder.counts.started += 1;
    if (traits.cancelAfterMs !== undefined) {
      this.#lifeTimer = setTimeout(() => this.#leave('cancel'), traits.cancelAfterMs);
    }
    this.#start(plannedAt);
  }

  get state(): State {
    return this.#state;
  }

  /** What it was asked to leave by the plan: its end is a success. */
  leave(): void {
    this.#leave('life');
  }

  /** The storm: it is cut, and comes back as its policy says. */
  drop(): void {
    if (this.#state !== 'connected') return;
    this.#context.recorder.storm.cut += 1;
    this.#droppedAt = this.#context.now();
    this.#leave('drop');
  }

  /** The run's time is over: what is still under way counts as open. Nothing is told of it any more. */
  finish(at: number): void {
    if (this.#state === 'over') return;
    this.#stopTimers();
    const { recorder } = this.#context;
    const attempt = this.#attempt;
    if (attempt !== undefined) {
      recorder.ended('open', at - attempt.marks.start);
      this.#censorMarks(attempt.marks.start, attempt.marks.planned, at);
      this.#watch?.end(at);
    }
    this.#outage?.cutShort(at, this);
    this.#delivery?.leftOpen(at);
    this.#setState('over');
    recorder.counts.open += 1;
    this.#judgeGoodput('succeeded');
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

  #start(plannedAt: number): void {
    const context = this.#context;
    const { pool, recorder, life, now } = context;
    this.#accepted = false;
    this.#firstByte = false;
    this.#eventOfAttempt = false;
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
    this.record('start_delay', attempt.marks.start - plannedAt);
    this.#outage?.attemptStarted(attempt.marks.start);
    if (life.maxTimeMs !== undefined) {
      this.#attemptTimer = setTimeout(() => this.#leave('max-time'), life.maxTimeMs);
    }
    const { slowBytesPerSecond } = this.slot.traits;
    if (slowBytesPerSecond !== undefined) this.#throttle = new Throttle(attempt, slowBytesPerSecond, now);
  }

  open(info: OpenInfo, at: number): void {
    if (this.#state === 'over') return;
    if (rejectionOf(info) !== undefined) {
      if (this.#droppedAt !== NEVER) this.#context.refusedInStorm(info.status);
      return;
    }
    const { marks } = info;
    this.#accepted = true;
    this.#setState('connected');
    this.#context.recorder.counts.opened += 1;
    if (marks.dns !== undefined) this.record('time_to_dns', marks.dns - marks.start);
    if (marks.tcp !== undefined) this.record('time_to_tcp', marks.tcp - marks.start);
    if (marks.tls !== undefined) this.record('time_to_tls', marks.tls - marks.start);
    this.record('time_to_headers', at - marks.start);
    this.record('time_to_headers_from_planned', at - marks.planned);
    this.#policy?.opened();
    this.#outage?.restored(at, this);
    if (this.#droppedAt !== NEVER) {
      this.#context.recorder.recovered(at - this.#droppedAt);
      this.#droppedAt = NEVER;
    }
    this.#watch = new SilenceWatch(this.#throttle === undefined ? this : NO_MEASURES, at);
    const { forMs } = this.#context.life;
    if (forMs !== undefined && this.#lifeTimer === undefined) {
      this.#lifeTimer = setTimeout(() => this.#leave('life'), forMs);
    }
  }

  body(bytes: Uint8Array, at: number): void {
    if (this.#state === 'over') return;
    const { counts } = this.#context.recorder;
    counts.bytes += bytes.length;
    if (!this.#firstByte) {
      this.#firstByte = true;
      const marks = this.#attempt?.marks;
      if (marks !== undefined) {
        this.record('time_to_first_byte', at - marks.start);
        this.record('time_to_first_byte_from_planned', at - marks.planned);
      }
    }
    if (this.#watch?.read(at)) counts.reads += 1;
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
    if (this.#watch?.event(at) === false) counts.coalescedEvents += 1;
    if (!this.#eventOfAttempt) this.#firstEvent(at);
    this.#delivery?.event(event, at);
    const { maxEvents, untilData } = this.#context.life;
    if (maxEvents !== undefined && this.#events >= maxEvents) this.#leave('life');
    else if (untilData?.includes(event.data)) this.#leave('life');
  }

  comment(): void {
    this.#context.recorder.counts.comments += 1;
    this.#watch?.comment();
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
    this.#attempt = undefined;
    this.#lastEventId = info.lastEventId;
    clearTimeout(this.#attemptTimer);
    recorder.ended(ending, at - info.marks.start);
    const failed = FAILURES.has(ending) || leaving === 'max-time' || info.by === 'error';
    if (failed) {
      recorder.counts.failedAttempts += 1;
      recorder.error(info.error ?? TOO_LONG);
    }
    this.#endOfMeasuring(info, ending, leaving, at);
    this.#delivery?.interrupted();
    if (leaving === 'life' || leaving === 'cancel') return this.#end('succeeded');
    // What we cut ourselves comes back as what the network cut.
    const next = this.#next(leaving === undefined ? info : { ...info, reason: 'reset' });
    if (next.kind === 'stop') return this.#end(failed ? 'failed' : 'succeeded');
    this.#interrupted(at, leaving);
    const jitter = 1 - reconnect.jitter * this.#context.random();
    this.#wait(at, next.delayMs * jitter);
  }

  #firstEvent(at: number): void {
    this.#eventOfAttempt = true;
    const marks = this.#attempt?.marks;
    if (marks !== undefined) {
      this.record('time_to_first_event', at - marks.start);
      this.record('time_to_first_event_from_planned', at - marks.planned);
    }
    this.#outage?.over(at, this);
    this.#outage = undefined;
  }

  #endOfMeasuring(info: CloseInfo, ending: Ending, leaving: Leaving | undefined, at: number): void {
    const { marks } = info;
    if (ending === 'client' || ending === 'idle') this.#censorMarks(marks.start, marks.planned, at);
    const silent = this.#watch?.end(at);
    const slow = this.#throttle !== undefined;
    this.#throttle?.stop();
    this.#throttle = undefined;
    this.#watch = undefined;
    if (silent !== undefined && !slow && leaving === undefined && ending !== 'client') {
      this.#context.recorder.cutAfter(ending, silent);
      this.record('silence_before_end', silent);
    }
    if (!this.#accepted) this.#outage?.attemptFailed(at);
  }

  /** An attempt that was left before a mark would have taken longer to reach it. */
  #censorMarks(start: number, planned: number, at: number): void {
    if (!this.#accepted) this.#censorBoth('time_to_headers', start, planned, at);
    if (!this.#firstByte) this.#censorBoth('time_to_first_byte', start, planned, at);
    if (!this.#eventOfAttempt) this.#censorBoth('time_to_first_event', start, planned, at);
  }

  #censorBoth(
    metric: 'time_to_headers' | 'time_to_first_byte' | 'time_to_first_event',
    start: number,
    planned: number,
    at: number,
  ): void {
    this.censor(metric, at - start);
    this.censor(`${metric}_from_planned`, at - planned);
  }

  #next(info: CloseInfo): NextAttempt {
    switch (this.#context.reconnect.mode) {
      case 'none':
        return { kind: 'stop' };
      case 'browser':
        // The HTML standard fails the connection on any other answer than a stream (section 9.2.3).
        if (info.status !== undefined && !this.#accepted) return { kind: 'stop' };
        return this.#policyOf().next(info, this.#accepted);
      case 'persistent':
        return this.#policyOf().next(info, this.#accepted);
    }
  }

  #interrupted(at: number, leaving: Leaving | undefined): void {
    if (!this.#accepted) return;
    const { recorder } = this.#context;
    // Connected again, and cut before an event had come.
    this.#outage?.cutShort(at, this);
    this.#outage = new Outage(at);
    recorder.counts.outages += 1;
    if (leaving === 'drop') this.record('detect', 0);
  }

  #wait(at: number, delayMs: number): void {
    this.#setState('waiting');
    this.#startWhenDue(at + delayMs);
  }

  /** Timers count from when the loop last looked at the clock: one that fires early is set again. */
  #startWhenDue(plannedAt: number): void {
    const context = this.#context;
    const leftMs = plannedAt - context.now();
    if (leftMs > 0) this.#timer = setTimeout(() => this.#startWhenDue(plannedAt), leftMs);
    else context.queueStart(() => this.#state === 'waiting' && this.#start(plannedAt));
  }

  #leave(leaving: Leaving): void {
    if (this.#state === 'over') return;
    if (this.#attempt === undefined) {
      if (leaving === 'life' || leaving === 'cancel') {
        this.#outage?.cutShort(this.#context.now(), this);
        this.#end('succeeded');
      }
      return;
    }
    this.#leaving = leaving;
    this.#attempt.close('signal');
  }

  #end(outcome: Outcome): void {
    this.#stopTimers();
    this.#delivery?.ended();
    this.#context.recorder.counts[outcome] += 1;
    this.#setState('over');
    this.#judgeGoodput(outcome);
    this.#context.ended(this, outcome);
  }

  #judgeGoodput(outcome: Outcome): void {
    const { goodput, recorder } = this.#context;
    if (goodput === undefined) return;
    recorder.goodput.of += 1;
    if (this.#good && this.#events > 0 && outcome === 'succeeded') recorder.goodput.good += 1;
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

  #stopTimers(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#lifeTimer);
    clearTimeout(this.#attemptTimer);
    this.#throttle?.stop();
  }
}

/** `-m`: the attempt took longer than it may. */
const TOO_LONG = { code: 'MAX_TIME', exitCode: 28, message: 'an attempt took longer than --max-time' };
