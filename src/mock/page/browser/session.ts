import type { ConnectionSink } from './connection.ts';
import { EventLog, type NewEntry } from './event-log.ts';
import { IdSequence, idsBetween } from './id-sequence.ts';
import { duration } from './quantities.ts';
import { RateWindow } from './rate-window.ts';
import type { StreamEvent } from './stream-parser.ts';

export type State =
  | { kind: 'connecting'; since: number }
  | { kind: 'open'; since: number }
  /** Between two attempts. `until` is unknown where the browser decides. */
  | { kind: 'reconnecting'; since: number; until: number | undefined }
  /** `status` of an answer that was no stream, where the browser tells. */
  | { kind: 'closed'; since: number; why: string; status?: number };

/** A time without the stream, from the moment that its loss was noticed. Times are milliseconds since the epoch. */
export interface Outage {
  at: number;
  why: string;
  /** '' where no event had an id before. */
  lastId: string;
  /** Attempts that failed in between. */
  failures: number;
  /** The stream was open again. */
  reopenedAt?: number;
  /** The first event after it. */
  eventAt?: number;
  /** Of the first event after it that has one. */
  firstId?: string;
  /** Ids between the two: lost where positive, come again where negative. Only where both are numbers. */
  idsBetween?: number;
  /** It was left before it was open again. */
  leftAt?: number;
}

export interface Totals {
  events: number;
  comments: number;
  /** Of the body; undefined where the browser doesn't tell. */
  bytes: number | undefined;
  connections: number;
  outages: number;
  missing: number;
  repeated: number;
}

const MAX_OUTAGES = 100;
const RATE_SECONDS = 180;

/** All that was seen since the page was opened or cleared, in bounded memory. Knows no DOM, and is told the time. */
export class Session implements ConnectionSink {
  state: State;
  totals: Totals = noTotals();
  lastEventAt: number | undefined;
  lastEventId = '';
  /** Oldest first; those beyond the newest {@link MAX_OUTAGES} are counted only. */
  outages: Outage[] = [];
  readonly log = new EventLog();
  readonly rates: RateWindow;
  readonly #now: () => number;
  readonly #changed: () => void;
  #ids = new IdSequence();
  #outage: Outage | undefined;
  #gapFrom: number | undefined;

  /**
   * @param now milliseconds since the epoch, never going back
   * @param changed called after every change
   */
  constructor(now: () => number, changed: () => void) {
    this.#now = now;
    this.#changed = changed;
    this.rates = new RateWindow(RATE_SECONDS, now());
    this.state = { kind: 'closed', since: now(), why: 'not opened yet' };
  }

  /** Another stream begins: nothing is expected to go on where the one before it ended. */
  begin(address: string): void {
    this.#leave();
    this.#mark('open', `GET ${address}`);
    this.#ids = new IdSequence();
    this.#gapFrom = undefined;
    this.lastEventId = '';
  }

  /** The user leaves the stream. */
  end(): void {
    if (this.state.kind !== 'closed') this.closed('left');
  }

  clear(): void {
    this.log.clear();
    this.rates.clear(this.#now());
    this.totals = noTotals();
    this.outages = this.#outage === undefined ? [] : [this.#outage];
  }

  connecting(): void {
    this.totals.connections += 1;
    this.state = { kind: 'connecting', since: this.#now() };
    this.#changed();
  }

  open(how: string): void {
    const now = this.#now();
    // EventSource connects again without a word.
    if (this.state.kind === 'reconnecting') this.totals.connections += 1;
    this.state = { kind: 'open', since: now };
    const outage = this.#outage;
    const after = outage === undefined ? '' : `, ${duration(now - outage.at)} after it was lost`;
    if (outage !== undefined) outage.reopenedAt = now;
    const resumed = this.lastEventId === '' ? '' : ` · resumes behind ${this.lastEventId}`;
    this.#mark('open', `connection ${this.totals.connections} open${after} · ${how}${resumed}`);
  }

  event(event: StreamEvent, lastEventId: string): void {
    const now = this.#now();
    const gapMs = this.#gapFrom === undefined ? undefined : now - this.#gapFrom;
    const verdict = event.id === undefined ? undefined : this.#see(event.id);
    this.totals.events += 1;
    this.rates.count(now);
    this.#restore(now, event.id);
    this.#gapFrom = now;
    this.lastEventAt = now;
    this.lastEventId = lastEventId;
    const { connections: connection } = this.totals;
    this.#log({ kind: 'event', at: now, gapMs, connection, ...event, lastEventId, verdict });
  }

  comment(text: string): void {
    this.totals.comments += 1;
    this.#log({ kind: 'comment', at: this.#now(), text: `: ${text}` });
  }

  retry(ms: number): void {
    this.#log({ kind: 'comment', at: this.#now(), text: `retry: ${ms}` });
  }

  bytes(count: number): void {
    this.totals.bytes = (this.totals.bytes ?? 0) + count;
  }

  lost(why: string, retryMs: number | undefined): void {
    const now = this.#now();
    const outage = this.#outage;
    if (outage === undefined || outage.reopenedAt !== undefined) this.#interrupt(now, why);
    else {
      outage.failures += 1;
      // An attempt of EventSource's own, of which it said nothing else.
      if (this.state.kind === 'reconnecting') this.totals.connections += 1;
    }
    const next = retryMs === undefined ? 'the browser reconnects' : `reconnecting in ${duration(retryMs)}`;
    this.#mark('lost', `${why} · ${next}`);
    this.state = {
      kind: 'reconnecting',
      since: now,
      until: retryMs === undefined ? undefined : now + retryMs,
    };
  }

  closed(why: string, status?: number): void {
    this.#leave();
    this.#mark('closed', `closed: ${why}`);
    this.state = { kind: 'closed', since: this.#now(), why, ...(status === undefined ? {} : { status }) };
  }

  #see(id: string) {
    const before = { missing: this.#ids.missing, repeated: this.#ids.repeated };
    const verdict = this.#ids.see(id);
    // Differences, as the totals outlive a sequence and may have been cleared.
    this.totals.missing = Math.max(0, this.totals.missing + this.#ids.missing - before.missing);
    this.totals.repeated += this.#ids.repeated - before.repeated;
    return verdict;
  }

  #interrupt(at: number, why: string): void {
    this.#outage = { at, why, lastId: this.lastEventId, failures: 0 };
    this.totals.outages += 1;
    this.outages.push(this.#outage);
    if (this.outages.length > MAX_OUTAGES) this.outages.shift();
  }

  /** An event came: an outage before it is over with the first one, and judged by the first one with an id. */
  #restore(now: number, id: string | undefined): void {
    const outage = this.#outage;
    if (outage === undefined) return;
    outage.eventAt ??= now;
    if (id === undefined && outage.lastId !== '') return;
    if (id !== undefined) {
      outage.firstId = id;
      const between = idsBetween(outage.lastId, id);
      if (between !== undefined) outage.idsBetween = between;
    }
    this.#outage = undefined;
  }

  #leave(): void {
    if (this.#outage !== undefined && this.#outage.reopenedAt === undefined)
      this.#outage.leftAt = this.#now();
    this.#outage = undefined;
  }

  #mark(tone: 'open' | 'lost' | 'closed', text: string): void {
    this.#log({ kind: 'mark', at: this.#now(), tone, text });
  }

  #log(entry: NewEntry): void {
    this.log.add(entry);
    this.#changed();
  }
}

function noTotals(): Totals {
  return { events: 0, comments: 0, bytes: undefined, connections: 0, outages: 0, missing: 0, repeated: 0 };
}
