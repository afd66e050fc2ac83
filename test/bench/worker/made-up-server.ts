import type { TestContext } from 'node:test';
import type { BenchOptions } from '../../../src/bench/options.ts';
import { StreamRequests } from '../../../src/bench/recipe.ts';
import { Fleet } from '../../../src/bench/worker/fleet.ts';
import { GoodputWatch } from '../../../src/bench/worker/goodput-watch.ts';
import { WindowRecorder } from '../../../src/bench/worker/window-recorder.ts';
import type { Attempt, AttemptStart } from '../../../src/client/attempt.ts';
import { SseKitError } from '../../../src/client/errors.ts';
import type { ConnectionPool } from '../../../src/client/pool.ts';
import type { CloseInfo, CloseReason, Marks, OpenInfo } from '../../../src/client/records.ts';
import type { StreamRequest } from '../../../src/client/request.ts';
import type { StreamSink } from '../../../src/client/stream-sink.ts';
import { noCounts } from '../../../src/results/bench/figures.ts';
import type { MetricsSnapshot } from '../../../src/results/bench/snapshot.ts';

/** One attempt, and what its server does. */
export class MadeUpAttempt implements Attempt {
  readonly marks: Marks;
  readonly start: AttemptStart;
  paused = false;
  ended = false;
  readonly #sink: StreamSink;
  readonly #now: () => number;
  #lastEventId: string;
  #events = 0;
  #status: number | undefined;
  #retryAfterMs: number | undefined;

  constructor(start: AttemptStart, sink: StreamSink, now: () => number) {
    this.start = start;
    this.#sink = sink;
    this.#now = now;
    this.#lastEventId = start.lastEventId;
    this.marks = { planned: start.plannedAt, start: now() };
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
  }

  close(): void {
    this.end('client');
  }

  /** A `retry:` line. */
  askForWait(ms: number): void {
    this.#sink.retry?.(ms, this.#now());
  }

  answer(status = 200, retryAfterMs?: number): void {
    const at = this.#now();
    this.#status = status;
    this.#retryAfterMs = retryAfterMs;
    this.marks.headers = at;
    const info: OpenInfo = {
      url: 'http://made-up/',
      method: 'GET',
      status,
      statusText: '',
      headers: [],
      http: '1.1',
      framing: 'chunked',
      encoding: 'identity',
      contentType: 'text/event-stream',
      redirects: [],
      requestHeaders: [],
      marks: this.marks,
    };
    this.#sink.open(info, at);
    if (status !== 200) this.end('status');
  }

  /** Events that come in one read. */
  send(...data: string[]): void {
    const at = this.#now();
    this.#sink.body?.(Buffer.from('x'.repeat(10 * data.length)), at);
    for (const text of data) {
      if (this.ended) return;
      this.#events += 1;
      this.#lastEventId = text;
      this.#sink.event(
        { event: 'message', data: text, id: text, lastEventId: text, bytes: 10, reads: 1 },
        at,
      );
    }
  }

  end(reason: CloseReason): void {
    if (this.ended) return;
    this.ended = true;
    const at = this.#now();
    this.marks.end = at;
    const fails = reason !== 'eof' && reason !== 'client';
    const info: CloseInfo = {
      reason,
      events: this.#events,
      comments: 0,
      bytes: 0,
      wireBytes: 0,
      pendingBytes: 0,
      lastEventId: this.#lastEventId,
      marks: this.marks,
      ...(this.#status === undefined ? {} : { status: this.#status }),
      ...(this.#retryAfterMs === undefined ? {} : { retryAfterMs: this.#retryAfterMs }),
      ...(fails ? { error: new SseKitError(`MADE_UP_${reason}`.toUpperCase(), 56, reason) } : {}),
    };
    this.#sink.close(info, at);
  }
}

export const OPTIONS: BenchOptions = {
  request: {
    urls: ['http://made-up/'],
    method: 'GET',
    headers: [],
    connection: {
      http: '1.1',
      family: 0,
      resolve: [],
      connectTo: [],
      proxy: { noProxy: [] },
      tls: { insecure: false },
      connectTimeoutMs: 0,
    },
    maxRedirects: 0,
    idleTimeoutMs: 0,
    maxEventSizeBytes: 1024,
    lastEventId: '',
  },
  load: { model: 'closed', connections: 1, rampUpMs: 0 },
  durationMs: 60_000,
  warmUpMs: 0,
  life: {},
  reconnect: { mode: 'persistent', retryDelayMs: 1_000, retryMaxMs: 8_000, jitter: 0 },
  behaviour: {},
  delivery: {},
  workers: 1,
  thresholds: [],
  abortOnFail: false,
  seed: 1,
};

/** A fleet whose server and clock are the test's. */
export class MadeUpServer {
  readonly fleet: Fleet;
  readonly attempts: MadeUpAttempt[] = [];
  readonly #recorder = new WindowRecorder();
  readonly #test: TestContext;
  readonly #immediates: (() => void)[] = [];
  #now = 0;

  constructor(test: TestContext, changes: Partial<BenchOptions> = {}) {
    const options = { ...OPTIONS, ...changes };
    test.mock.timers.enable({ apis: ['setTimeout'] });
    // Node 20 never gets out of a mocked setImmediate that a timer sets.
    test.mock.method(globalThis, 'setImmediate', (run: (...args: unknown[]) => void, ...args: unknown[]) => {
      this.#immediates.push(() => run(...args));
    });
    this.#test = test;
    this.fleet = new Fleet({
      options,
      part: { worker: 0, workers: 1 },
      recorder: this.#recorder,
      pool: this.#pool(),
      requests: new StreamRequests(options.request),
      now: () => this.#now,
      goodput: options.goodput && new GoodputWatch(options.goodput),
    });
    this.fleet.begin(0);
  }

  get latest(): MadeUpAttempt {
    const attempt = this.attempts.at(-1);
    if (attempt === undefined) throw new Error('nothing was asked for yet');
    return attempt;
  }

  arrive(count = 1): void {
    for (let index = 0; index < count; index += 1) this.fleet.arrive({ index, atMs: this.#now });
  }

  /** A millisecond at a time, as timers set others. */
  pass(ms: number): void {
    for (let passed = 0; passed < ms; passed += 1) {
      this.#now += 1;
      this.#tick();
    }
  }

  /** Timers run ahead of the clock, as they do that are set late in a turn of the loop. */
  passEarly(ms: number): void {
    for (let passed = 0; passed < ms; passed += 1) this.#tick();
  }

  /** The process gets no time on a core: the clock goes on, and no timer fires. */
  stall(ms: number): void {
    this.#now += ms;
  }

  /** What was measured since the last time. */
  take(): MetricsSnapshot {
    return this.#recorder.take(0, this.#now, this.fleet.population);
  }

  /** The counts of it that aren't 0. */
  counts(): Partial<MetricsSnapshot['counts']> {
    const { counts } = this.take();
    return Object.fromEntries(
      Object.keys(noCounts())
        .map((name) => [name, counts[name as keyof typeof counts]] as const)
        .filter(([, count]) => count !== 0),
    );
  }

  #tick(): void {
    this.#test.mock.timers.tick(1);
    for (let run = this.#immediates.shift(); run !== undefined; run = this.#immediates.shift()) run();
  }

  #pool(): ConnectionPool {
    return {
      open: (_request: StreamRequest, start: AttemptStart, sink: StreamSink) => {
        const attempt = new MadeUpAttempt(start, sink, () => this.#now);
        this.attempts.push(attempt);
        return attempt;
      },
      size: 0,
      close() {},
    };
  }
}
