import assert from 'node:assert/strict';
import { PassThrough, Readable } from 'node:stream';
import type { TestContext } from 'node:test';
import type { CloseInfo } from '../../src/client/records.ts';
import type { InstrumentMaker } from '../../src/listen/instrument.ts';
import type { ListenOptions } from '../../src/listen/options.ts';
import type { Consequence, ListenPrinter, ReconnectRecord } from '../../src/listen/printer.ts';
import { runListen } from '../../src/listen/session.ts';
import type { ListenSummary } from '../../src/results/listen.ts';
import type { SseEvent } from '../../src/sse/sink.ts';
import { requestOf } from '../client/recorded-attempt.ts';
import { rawServer } from '../e2e/harness/raw-server.ts';
import { head } from '../e2e/harness/wire.ts';

/** Past it a client that goes on for ever is stopped, and its case fails. */
const LONGEST_CASE_MS = 8000;

export interface Exchange {
  requestHeaders?: Record<string, string>;
  absentRequestHeaders?: string[];
  /** `{next}` in a header stands for a URL of the same server. */
  response: { status: number; headers: Record<string, string>; body: Buffer };
}

export interface HttpCase {
  exchanges: Exchange[];
  expect: {
    events?: string[];
    /** `opened`: some stream opened; `failed`: it ended for good. */
    outcome?: string;
    reconnects?: boolean;
    lastEventIds?: string[];
    reconnectDelayMs?: number;
    toleranceRatio?: number;
  };
}

/** What a session told its printer. Nothing is printed. */
export class Told implements ListenPrinter {
  readonly events: SseEvent[] = [];
  readonly opens: { status: number; t: number }[] = [];
  readonly closes: CloseInfo[] = [];
  readonly consequences: Consequence[] = [];
  readonly reconnects: ReconnectRecord[] = [];
  readonly failures: string[] = [];
  readonly warnings: string[] = [];
  /** The data of each shown event; empty: nothing goes to standard output. */
  printed = (_event: SseEvent): string => '';
  summaryTold: ListenSummary | undefined;

  open(...[info, at]: Parameters<ListenPrinter['open']>) {
    this.opens.push({ status: info.status, t: at.t });
    return {};
  }
  event(event: SseEvent) {
    this.events.push(event);
    return { data: this.printed(event) };
  }
  comment() {
    return {};
  }
  retry() {
    return {};
  }
  warn(...[warning]: Parameters<ListenPrinter['warn']>) {
    this.warnings.push(warning.code);
    return {};
  }
  close(...[info, , consequence]: Parameters<ListenPrinter['close']>) {
    this.closes.push(info);
    this.consequences.push(consequence);
    return {};
  }
  reconnect(record: ReconnectRecord) {
    this.reconnects.push(record);
    return {};
  }
  sections() {
    return {};
  }
  summary(summary: ListenSummary) {
    this.summaryTold = summary;
    return {};
  }
  failure(...[error]: Parameters<ListenPrinter['failure']>) {
    this.failures.push(error.code);
    return {};
  }
  note() {
    return {};
  }
  request() {
    return {};
  }
}

/** `listen URL --follow`, but for what a test changes. */
export function listenOptions(url: string, changes: Partial<ListenOptions> = {}): ListenOptions {
  const headers: [string, string][] = [
    ['Accept', 'text/event-stream'],
    ['Cache-Control', 'no-cache'],
  ];
  return {
    source: { kind: 'http', request: requestOf(url, { headers }) },
    format: 'data',
    lastEventId: '',
    stop: {},
    filters: { event: [], excludeEvent: [], grep: [] },
    reconnect: { retries: Number.POSITIVE_INFINITY, retryDelayMs: 3000, retryMaxMs: 30_000 },
    comments: false,
    summary: true,
    include: false,
    verbose: false,
    silent: false,
    showSecrets: false,
    color: 'never',
    ...changes,
  };
}

/** Runs a session to its end with a printer that only remembers. */
export async function listen(
  options: ListenOptions,
  io: { stdin?: Readable; stdout?: PassThrough } = {},
  told = new Told(),
  instruments: readonly InstrumentMaker[] = [],
): Promise<{ told: Told; exitCode: number; stdout: PassThrough }> {
  const stdout = io.stdout ?? new PassThrough().resume();
  const stderr = new PassThrough().resume();
  const exitCode = await runListen(
    options,
    { stdin: io.stdin ?? Readable.from([]), stdout, stderr },
    { printer: told, instruments, attended: false, oneTerminal: false },
  );
  return { told, exitCode, stdout };
}

/** Plays the exchanges in order, and checks what the client asked, saw and did. */
export async function assertHttpCase(test: TestContext, { exchanges, expect }: HttpCase): Promise<void> {
  const server = await rawServer(test, async (client) => {
    await client.request();
    const exchange = exchanges[server.requests.length - 1];
    if (exchange === undefined) {
      // Asked more often than it should be: seen in the number of requests.
      client.reset();
      return;
    }
    const { status, headers, body } = exchange.response;
    const sent = Object.entries(headers).map(([name, value]) => [
      name,
      value.replaceAll('{next}', `${server.url}/next`),
    ]);
    await client.write(head(`${status} Test`, Object.fromEntries(sent)));
    if (body.length > 0) await client.write(body);
    client.finish();
  });

  const maxEvents = expect.events?.length ?? exchanges.length;
  const endsByItself = expect.reconnects === false;
  const stop = { maxTimeMs: LONGEST_CASE_MS, ...(endsByItself ? {} : { maxEvents }) };
  const { told } = await listen(listenOptions(server.url, { stop }));

  assert.equal(server.requests.length, exchanges.length);
  for (const [index, { requestHeaders = {}, absentRequestHeaders = [] }] of exchanges.entries()) {
    const request = server.requests[index];
    for (const [name, value] of Object.entries(requestHeaders)) {
      assert.equal(request?.header(name), value, name);
    }
    for (const name of absentRequestHeaders) assert.equal(request?.header(name), undefined, name);
  }
  const { events, lastEventIds, outcome, reconnectDelayMs, toleranceRatio = 0 } = expect;
  if (events !== undefined) {
    assert.deepEqual(
      told.events.map((event) => event.data),
      events,
    );
  }
  if (lastEventIds !== undefined) {
    assert.deepEqual(
      told.events.map((event) => event.lastEventId),
      lastEventIds,
    );
  }
  if (outcome === 'opened') assert.ok(told.opens.some(({ status }) => status === 200));
  if (outcome === 'failed') assert.notEqual(told.closes.at(-1)?.reason, 'client');
  if (reconnectDelayMs !== undefined) {
    const [first, second] = told.opens;
    const wait = told.reconnects[0]?.delayMs;
    assert.ok(first !== undefined && second !== undefined && wait !== undefined);
    assert.ok(Math.abs(wait - reconnectDelayMs) <= toleranceRatio * reconnectDelayMs, `${wait} ms`);
    // The machine may be late, but not we early.
    assert.ok(second.t - first.t >= wait, `${second.t - first.t} ms`);
  }
}
