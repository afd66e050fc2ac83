import type { Handler, PlainAnswer, StreamAnswer } from '../../../src/mock/answer.ts';
import type { MockRequest } from '../../../src/mock/request.ts';
import type { Step } from '../../../src/mock/step.ts';
import type { EncodableEvent } from '../../../src/sse/encoder.ts';
import { seededRandom } from '../../../src/stats/random.ts';

export interface Asked {
  method?: string;
  /** Path and query. */
  target?: string;
  headers?: Record<string, string>;
  /** JSON, unless it is text. */
  body?: unknown;
  lastEventId?: string;
  connection?: number;
  seed?: number;
  client?: string;
}

/** A request as the server would hand it over. */
export function requestOf(asked: Asked = {}): MockRequest {
  const { target = '/', headers = {}, body, lastEventId = '', connection = 1, seed = 0 } = asked;
  const { client = '127.0.0.1' } = asked;
  const { pathname, searchParams } = new URL(target, 'http://mock');
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  return {
    method: asked.method ?? (body === undefined ? 'GET' : 'POST'),
    path: decodeURIComponent(pathname),
    query: searchParams,
    target,
    headers,
    httpVersion: '1.1',
    secure: false,
    client,
    remoteAddress: '127.0.0.1',
    connection,
    params: {},
    user: undefined,
    lastEventId,
    random: seededRandom(seed, 'connection', connection),
    body: () => Promise.resolve(Buffer.from(text)),
    onLeave: () => {},
  };
}

export async function streamOf(handler: Handler, asked: Asked = {}): Promise<StreamAnswer> {
  const answer = await handler(requestOf(asked));
  if (answer.kind !== 'stream') throw new Error(`not a stream: ${JSON.stringify(answer)}`);
  return answer;
}

export async function plainOf(handler: Handler, asked: Asked = {}): Promise<PlainAnswer & { json: unknown }> {
  const answer = await handler(requestOf(asked));
  if (answer.kind !== 'plain') throw new Error(`not a plain answer: ${answer.kind}`);
  const text = answer.body === undefined ? '' : Buffer.from(answer.body).toString();
  return { ...answer, json: text === '' ? undefined : JSON.parse(text) };
}

/** What a stream sends, with the time at which each thing is due; at most so many steps. */
export function drained(answer: StreamAnswer, most = 10_000, startMs = 0): Sent[] {
  const sent: Sent[] = [];
  let atMs = 0;
  for (let count = 0; count < most; count += 1) {
    const next = answer.schedule.next();
    if (next.done === true) return sent;
    atMs += next.value.afterMs;
    sent.push(sentOf(next.value, atMs, startMs + atMs));
  }
  return sent;
}

export interface Sent {
  atMs: number;
  step: Step;
  /** Empty for what is no event. */
  event: EncodableEvent;
}

function sentOf(step: Step, atMs: number, nowMs: number): Sent {
  if (step.kind !== 'event') return { atMs, step, event: { data: '' } };
  return { atMs, step, event: typeof step.event === 'function' ? step.event(nowMs) : step.event };
}

/** The data of each event, as JSON. */
export function jsonOf(sent: readonly Sent[]): Record<string, unknown>[] {
  return sent.map(({ event }) => JSON.parse(event.data) as Record<string, unknown>);
}
