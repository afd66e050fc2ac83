import type { Act, ConformanceCase, Setting } from './case.ts';
import { CaseRun } from './case-run.ts';
import { CASES } from './cases.ts';
import type { ObservedRequest, ReportedEvent } from './observed.ts';
import { Progress } from './progress.ts';
import { type ConformanceEnd, type ConformanceResult, type ConformanceRow, countOutcomes } from './result.ts';

export interface SuiteOptions {
  /** Default: all. */
  cases?: readonly ConformanceCase[];
  /** Monotonic milliseconds. */
  now(): number;
  /** Of ssekit. */
  version: string;
  /** Told of each row when it is judged. */
  onRow?(row: ConformanceRow): void;
}

/** What an adapter is told of a case. */
export interface Briefing {
  conformanceCase: ConformanceCase;
  /** From 1. */
  number: number;
  of: number;
  /** What has been judged since the one before. */
  judged: readonly ConformanceRow[];
}

/** What a request of the client gets. */
export type Admission =
  | { kind: 'act'; act: Act; run: CaseRun; request: ObservedRequest }
  /** The client has nothing more to do here. */
  | { kind: 'stop' };

/** A second client, or a second way to run the suite, while one is under way. */
export class SuiteInUse extends Error {
  override readonly name = 'SuiteInUse';
}

/** An adapter that has its case and asks for no other for so long is gone. */
const ADAPTER_IDLE_MS = 30_000;

/** After the last case only its end is left to ask for. */
const FAREWELL_MS = 3_000;

/** So many cases in a row without a request: the client is gone, or never worked. */
const MAX_NO_SHOWS = 2;

interface Waiting {
  pending: Promise<Briefing | undefined>;
  resolve(briefing: Briefing | undefined): void;
  reject(error: SuiteInUse): void;
}

/**
 * The suite under way with one client. Two ways lead through it. An adapter asks for one case after the other, opens
 * a client for each, and reports the events that are handed over. Or one client is simply pointed at the server: then
 * each of its connections is the next step, and requests are all the evidence there is.
 */
export class ConformanceSuite {
  readonly over: Promise<ConformanceResult>;
  readonly #options: SuiteOptions;
  readonly #progress: Progress;
  /** When the client came; before, when the suite was made. */
  #startedAt = new Date();
  #startedMs: number;
  #setting: Setting | undefined;
  #run: CaseRun | undefined;
  /** Since the adapter was told. */
  #judged: ConformanceRow[] = [];
  #waiting: Waiting | undefined;
  #idle: NodeJS.Timeout | undefined;
  #noShows = 0;
  #client = { name: '', userAgent: '' };
  #ending = false;
  #result: ConformanceResult | undefined;
  #resolve: (result: ConformanceResult) => void = () => {};

  constructor(options: SuiteOptions) {
    this.#options = options;
    this.#progress = new Progress(options.cases ?? CASES, (row) => {
      this.#judged.push(row);
      options.onRow?.(row);
    });
    this.#startedMs = options.now();
    this.over = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  /** A client or an adapter has come. */
  get begun(): boolean {
    return this.#setting !== undefined;
  }

  /**
   * The next case, for an adapter: as soon as the one before it is over; undefined after the last.
   *
   * @throws SuiteInUse
   */
  next(name = ''): Promise<Briefing | undefined> {
    this.#choose('reports');
    if (name !== '') this.#client.name = name;
    clearTimeout(this.#idle);
    this.#waiting?.reject(new SuiteInUse('another GET /check/next has come meanwhile'));
    const { promise: pending, resolve, reject } = withResolvers<Briefing | undefined>();
    this.#waiting = { pending, resolve, reject };
    this.#brief();
    return pending;
  }

  /** Whoever waits for this next case is gone. */
  withdraw(pending: Promise<Briefing | undefined>): void {
    if (this.#waiting?.pending !== pending) return;
    this.#waiting = undefined;
    this.#watchAdapter();
  }

  /**
   * A request of the client.
   *
   * @param caseId of the case that it was sent to by an adapter; undefined: it came by itself
   * @throws SuiteInUse
   */
  admit(caseId: string | undefined, request: ObservedRequest): Admission {
    if (this.#result !== undefined) return { kind: 'stop' };
    this.#choose(caseId === undefined ? 'wire' : 'reports');
    this.#client.userAgent ||= request.userAgent ?? '';
    return caseId === undefined ? this.#walk(request) : this.#answer(caseId, request);
  }

  /**
   * An event was handed over.
   *
   * @returns whether its case is over, so that the client can be closed
   */
  report(caseId: string, event: ReportedEvent, n: number | undefined): boolean {
    const run = this.#run;
    if (run === undefined || run.conformanceCase.id !== caseId) return true;
    run.report(event, n);
    return run.isOver;
  }

  hasCase(caseId: string): boolean {
    return this.#progress.cases.some(({ id }) => id === caseId);
  }

  /** Ends the suite, whatever is still to come. */
  end(how: ConformanceEnd, evidence = 'the run ended before'): void {
    if (this.#result !== undefined) return;
    clearTimeout(this.#idle);
    const ended = this.#setting === undefined ? 'no-client' : how;
    this.#ending = true;
    this.#run?.abandon(evidence);
    this.#progress.giveUp(evidence);
    const { rows } = this.#progress;
    const { now, version } = this.#options;
    this.#result = {
      kind: 'client-conformance',
      version: 1,
      ssekit: version,
      startedAt: this.#startedAt.toISOString(),
      durationMs: Math.round(now() - this.#startedMs),
      client: { ...this.#client },
      evidence: this.#setting ?? null,
      ended,
      counts: countOutcomes(rows),
      rows,
    };
    this.#waiting?.resolve(undefined);
    this.#waiting = undefined;
    this.#resolve(this.#result);
  }

  #choose(setting: Setting): void {
    if (this.#setting === undefined) {
      this.#setting = setting;
      this.#startedAt = new Date();
      this.#startedMs = this.#options.now();
    }
    if (this.#setting === setting) return;
    throw new SuiteInUse(
      setting === 'wire'
        ? 'the suite is being run by an adapter: its clients are sent to a place of their own'
        : 'the suite is being run by a client without an adapter',
    );
  }

  // --- With an adapter

  /** Starts the next case for the adapter that waits for it. */
  #brief(): void {
    if (this.#result !== undefined) {
      this.#waiting?.resolve(undefined);
      this.#waiting = undefined;
      return;
    }
    if (this.#waiting === undefined || (this.#run !== undefined && !this.#run.isOver)) return;
    const conformanceCase = this.#progress.upcoming('reports');
    if (conformanceCase === undefined) {
      this.end('complete');
      return;
    }
    const { resolve } = this.#waiting;
    this.#waiting = undefined;
    this.#start(conformanceCase, 'reports');
    const { number, cases } = this.#progress;
    const judged = this.#judged;
    this.#judged = [];
    resolve({ conformanceCase, number, of: cases.length, judged });
  }

  #answer(caseId: string, request: ObservedRequest): Admission {
    const run = this.#run;
    if (run === undefined || run.conformanceCase.id !== caseId) return { kind: 'stop' };
    const again = run.isOver && run.requests.length > 0;
    const act = again ? undefined : run.request(request);
    return act === undefined ? { kind: 'stop' } : { kind: 'act', act, run, request };
  }

  #watchAdapter(): void {
    clearTimeout(this.#idle);
    if (this.#result !== undefined || this.#waiting !== undefined) return;
    const done = this.#progress.upcoming('reports') === undefined && this.#run?.isOver === true;
    this.#idle = setTimeout(
      () => this.end(done ? 'complete' : 'left', 'the adapter did not ask for it'),
      done ? FAREWELL_MS : ADAPTER_IDLE_MS,
    );
  }

  // --- With a client alone

  /** The request ends the case under way, or is its next one; what ends a case begins the next. */
  #walk(request: ObservedRequest): Admission {
    for (;;) {
      const run = this.#run !== undefined && !this.#run.isOver ? this.#run : this.#startNext();
      if (run === undefined) {
        this.end('complete');
        return { kind: 'stop' };
      }
      const act = run.request(request);
      if (act !== undefined) return { kind: 'act', act, run, request };
    }
  }

  #startNext(): CaseRun | undefined {
    const conformanceCase = this.#progress.upcoming('wire');
    return conformanceCase === undefined ? undefined : this.#start(conformanceCase, 'wire');
  }

  /** A client that is alone comes no more: because it was told so, or because it gave up. */
  #fellSilent(run: CaseRun): void {
    const verdicts = [...run.verdicts.values()];
    if (verdicts.every(({ outcome }) => outcome === 'pass')) {
      this.end('complete', `needs an adapter: it had stopped before, at ${run.conformanceCase.id}`);
    } else {
      this.end('left', `it came no more after ${run.conformanceCase.id}`);
    }
  }

  // --- One case

  #start(conformanceCase: ConformanceCase, setting: Setting): CaseRun {
    const { usualWaitMs } = this.#progress;
    const run = new CaseRun(conformanceCase, {
      setting,
      usualWaitMs,
      onOver: (each) => this.#finished(each),
    });
    this.#run = run;
    return run;
  }

  #finished(run: CaseRun): void {
    this.#progress.finished(run);
    if (this.#result !== undefined || this.#ending) return;
    if (this.#setting === 'wire') {
      // A request that ends a case begins the next.
      if (run.silent) this.#fellSilent(run);
      return;
    }
    this.#noShows = run.requests.length === 0 ? this.#noShows + 1 : 0;
    if (this.#noShows >= MAX_NO_SHOWS) {
      this.end('left', 'the client made no request any more');
    } else {
      this.#watchAdapter();
      this.#brief();
    }
  }
}

/** `Promise.withResolvers` of later versions of JavaScript. */
function withResolvers<T>() {
  let resolve: (value: T) => void = () => {};
  let reject: (reason: Error) => void = () => {};
  const promise = new Promise<T>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}
