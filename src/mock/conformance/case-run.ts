import { CLOSING_EVENT } from './acts.ts';
import type { Act, ConformanceCase, Setting } from './case.ts';
import { closes, isClosingEvent } from './events.ts';
import type { Observed, ObservedRequest, ReportedEvent } from './observed.ts';
import { FIRST_REQUEST_MS, returnPatienceMs } from './patience.ts';
import { notMeasured, type Verdict } from './verdict.ts';

/** More of them than any case provokes: a client that storms ends it. */
const MAX_REQUESTS = 40;
const MAX_EVENTS = 100;

export interface CaseRunOptions {
  setting: Setting;
  usualWaitMs: number | undefined;
  /** Called once, when every requirement has its verdict. */
  onOver(run: CaseRun): void;
}

/** One case under way: collects what is seen of the client until all of its requirements are judged. */
export class CaseRun {
  readonly conformanceCase: ConformanceCase;
  /** By the id of the requirement. */
  readonly verdicts = new Map<string, Verdict>();
  /** It ended because nothing came any more. */
  silent = false;
  /** Aborted when the case is over: its streams end. */
  readonly signal: AbortSignal;
  readonly #over = new AbortController();
  readonly #options: CaseRunOptions;
  readonly #requests: ObservedRequest[] = [];
  /** In the order of their numbers, which may leave gaps for a while. */
  readonly #events: ReportedEvent[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(conformanceCase: ConformanceCase, options: CaseRunOptions) {
    this.conformanceCase = conformanceCase;
    this.#options = options;
    this.signal = this.#over.signal;
    this.#rest();
  }

  get isOver(): boolean {
    return this.#over.signal.aborted;
  }

  get requests(): readonly ObservedRequest[] {
    return this.#requests;
  }

  /**
   * A request came.
   *
   * @returns what it gets; undefined where it is not for this case any more, as that is over
   */
  request(request: ObservedRequest): Act | undefined {
    const { setting } = this.#options;
    this.#requests.push(request);
    const n = this.#requests.length;
    const act = n > MAX_REQUESTS ? undefined : this.conformanceCase.act(n, setting);
    this.#look();
    if (setting === 'wire') {
      if (act === undefined) this.#judge(true);
      return this.isOver ? undefined : act;
    }
    if (this.isOver) return closingAct('eof');
    return act ?? closingAct('hold');
  }

  /** The server has ended, or is about to end, an answer. */
  answered(request: ObservedRequest, atMs: number): void {
    request.endedMs = atMs;
    this.#look();
  }

  /** @param n its number among the client's events of this case, from 1; absent: the next one */
  report(event: ReportedEvent, n = this.#events.length + 1): void {
    if (this.isOver || n > MAX_EVENTS) return;
    this.#events[n - 1] = event;
    this.#look();
  }

  /** Gives up what can't be measured any more. */
  abandon(evidence: string): void {
    for (const { id } of this.conformanceCase.requirements) {
      if (!this.verdicts.has(id)) this.verdicts.set(id, notMeasured(evidence));
    }
    this.#finish();
  }

  #rest(): void {
    clearTimeout(this.#timer);
    if (!this.isOver) this.#timer = setTimeout(() => this.#expire(), this.#patienceMs);
  }

  #expire(): void {
    this.silent = true;
    this.#judge(true);
  }

  #look(): void {
    if (this.isOver) return;
    this.#judge(this.#requests.length > MAX_REQUESTS || this.#events.length >= MAX_EVENTS);
    this.#rest();
  }

  #judge(over: boolean): void {
    if (this.isOver) return;
    const observed = this.#observe(over);
    for (const { id, judge } of this.conformanceCase.requirements) {
      if (this.verdicts.has(id)) continue;
      const verdict = judge(observed);
      if (verdict !== undefined) this.verdicts.set(id, verdict);
    }
    if (over || this.verdicts.size === this.conformanceCase.requirements.length) this.#finish();
  }

  #observe(over: boolean): Observed {
    const { setting, usualWaitMs } = this.#options;
    const gap = this.#events.findIndex((_, index) => !(index in this.#events));
    const arrived = gap < 0 ? this.#events : this.#events.slice(0, gap);
    const closing = arrived.findIndex(closes);
    // One that came with something else around it is evidence of how the client reads.
    const clean = closing >= 0 && isClosingEvent(arrived[closing] as ReportedEvent);
    const until = closing < 0 ? arrived.length : clean ? closing : closing + 1;
    return {
      requests: this.#requests,
      events: setting === 'reports' ? arrived.slice(0, until) : undefined,
      closed: closing >= 0,
      over,
      patienceMs: this.#patienceMs,
      usualWaitMs,
    };
  }

  get #patienceMs(): number {
    if (this.#requests.length === 0) return FIRST_REQUEST_MS;
    const { setting, usualWaitMs } = this.#options;
    const { patienceMs = returnPatienceMs } = this.conformanceCase;
    return patienceMs(usualWaitMs, setting);
  }

  #finish(): void {
    if (this.isOver) return;
    clearTimeout(this.#timer);
    this.#over.abort();
    this.#options.onOver(this);
  }
}

/** What a request gets that comes after all the answers of a case: proof that nothing is on its way any more. */
function closingAct(ending: 'hold' | 'eof'): Act {
  return { kind: 'stream', writes: [{ bytes: CLOSING_EVENT, afterMs: 0 }], ending, closing: false };
}
