import type { TestContext } from 'node:test';
import type { Attempt } from '../../src/client/attempt.ts';
import { monotonicMs } from '../../src/client/clock.ts';
import { createPool } from '../../src/client/pool.ts';
import type { CloseInfo, OpenInfo, Warning } from '../../src/client/records.ts';
import type { ConnectionOptions, StreamRequest } from '../../src/client/request.ts';
import type { SentRequest, StreamSink } from '../../src/client/stream-sink.ts';
import type { SseEvent } from '../../src/sse/sink.ts';
import { until } from '../e2e/harness/until.ts';

/** A limit that only a hanging test reaches: attempts are expected to end by themselves. */
const NEVER_MS = 10_000;

export interface RequestChanges extends Partial<Omit<StreamRequest, 'url' | 'connection'>> {
  connection?: Partial<ConnectionOptions>;
}

/** A GET of a stream without proxies that trusts any certificate, but for what a test changes. */
export function requestOf(url: string, changes: RequestChanges = {}): StreamRequest {
  return {
    method: 'GET',
    headers: [['Accept', 'text/event-stream']],
    maxRedirects: 20,
    idleTimeoutMs: NEVER_MS,
    maxEventSizeBytes: 1024 * 1024,
    ...changes,
    url: new URL(url),
    connection: {
      http: 'auto',
      family: 0,
      resolve: [],
      connectTo: [],
      proxy: { noProxy: [] },
      tls: { insecure: true },
      connectTimeoutMs: NEVER_MS,
      ...changes.connection,
    },
  };
}

/** All that an attempt told, in its order, each with its time. */
export class Recording implements StreamSink {
  readonly events: { event: SseEvent; at: number }[] = [];
  readonly comments: { text: string; at: number }[] = [];
  readonly chunks: { bytes: Buffer; at: number; ends: readonly number[] | undefined }[] = [];
  readonly opens: OpenInfo[] = [];
  readonly warnings: Warning[] = [];
  readonly requests: SentRequest[] = [];
  readonly retries: number[] = [];
  /** Names of everything told, in order, without chunks and body. */
  readonly order: string[] = [];
  /** Called at each event, inside the call that brings it. */
  onEvent: () => void = () => {};
  closeInfo: CloseInfo | undefined;

  open(info: OpenInfo): void {
    this.order.push('open');
    this.opens.push(info);
  }
  event(event: SseEvent, at: number): void {
    this.order.push('event');
    this.events.push({ event, at });
    this.onEvent();
  }
  comment(text: string, at: number): void {
    this.order.push('comment');
    this.comments.push({ text, at });
  }
  retry(ms: number): void {
    this.retries.push(ms);
  }
  warn(warning: Warning): void {
    this.warnings.push(warning);
  }
  chunk(bytes: Uint8Array, at: number, ends?: readonly number[]): void {
    this.chunks.push({ bytes: Buffer.from(bytes), at, ends });
  }
  request(request: SentRequest): void {
    this.requests.push(request);
  }
  close(info: CloseInfo): void {
    this.order.push('close');
    if (this.closeInfo !== undefined) throw new Error('closed twice');
    this.closeInfo = info;
  }

  get data(): string[] {
    return this.events.map(({ event }) => event.data);
  }

  /** What the attempt ended with, once it has. */
  async ended(): Promise<CloseInfo> {
    await until(
      () => this.closeInfo !== undefined,
      () => `the attempt to end; so far: ${this.order.join(' ')}`,
    );
    if (this.closeInfo === undefined) throw new Error('unreachable: it has ended');
    return this.closeInfo;
  }

  async received(events: number): Promise<void> {
    await until(
      () => this.events.length >= events || this.closeInfo !== undefined,
      () => `${events} events; so far: ${this.order.join(' ')}`,
    );
    if (this.events.length < events) throw new Error(`ended before ${events} events`);
  }
}

/** Starts an attempt, which is left at the end of the test if it is still under way. */
export function start(
  test: TestContext,
  request: StreamRequest,
  lastEventId = '',
): { recording: Recording; attempt: Attempt } {
  const recording = new Recording();
  const pool = createPool();
  const attempt = pool.open(request, { lastEventId, plannedAt: monotonicMs() }, recording);
  test.after(() => pool.close());
  return { recording, attempt };
}

/** Runs an attempt to its end. */
export async function attempt(
  test: TestContext,
  url: string,
  changes: RequestChanges = {},
): Promise<{ recording: Recording; close: CloseInfo }> {
  const { recording } = start(test, requestOf(url, changes));
  return { recording, close: await recording.ended() };
}
