import { quoted } from '../notation/invalid-value.ts';
import { nearestName } from '../notation/nearest-name.ts';
import type { Handler, PlainAnswer } from './answer.ts';
import { DEFAULT_CHANNEL, refuseForeignChannels } from './channels/channel-names.ts';
import type { Hub, PublishedEvent } from './channels/hub.ts';
import { type MockRequest, RequestError } from './request.ts';
import { TokenBucket } from './token-bucket.ts';

export interface PublishOptions {
  hub: Hub;
  /** Of published events, a second, whoever publishes. Default: no limit. */
  maxRate?: number | undefined;
  /** Monotonic milliseconds. */
  clock: () => number;
}

/**
 * `POST /publish?channel=a&channel=b`: the body is JSON `{event, data, id}`, or with `Content-Type: text/plain` the
 * data as it is. Answers `{ids, streams}`: the id that the event got, by channel, and how many streams of this
 * server carry one of them.
 *
 * @throws RequestError 400 for what is no event, 403 for the channel of another user, 413 for too long a body, 415 for a compressed one, 429 with
 *   `Retry-After` above the rate, 503 where the hub's store is out of reach
 */
export function publishHandler({ hub, maxRate, clock }: PublishOptions): Handler {
  const bucket = maxRate === undefined ? undefined : new TokenBucket(maxRate, clock());
  return async (request) => {
    const waitMs = bucket?.take(clock()) ?? 0;
    if (waitMs > 0) throw tooFast(waitMs);
    const channels = channelsOf(request);
    const event = await readEvent(request);
    const { ids, streams } = await hub.publish(channels, event);
    return json({ ids, streams });
  };
}

function channelsOf({ query, user }: MockRequest): string[] {
  for (const name of query.keys()) checkKey(name, QUERY_KEYS, 'query parameter');
  const channels = query.getAll('channel');
  // The token that is nobody's is an administrator's.
  if (user !== undefined) refuseForeignChannels(channels, user);
  return channels.length === 0 ? [DEFAULT_CHANNEL] : channels;
}

async function readEvent(request: MockRequest): Promise<PublishedEvent> {
  const coding = request.headers['content-encoding'] ?? 'identity';
  if (coding !== 'identity') {
    throw new RequestError(415, `a body in Content-Encoding ${quoted(coding)} is not read: send it as it is`);
  }
  const text = decode(await request.body());
  return isPlainText(request.headers['content-type']) ? { data: text } : eventOfJson(text);
}

function decode(body: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    // The bytes say nothing about where it went wrong that would help.
    throw new RequestError(400, 'the body is not UTF-8');
  }
}

function isPlainText(contentType = ''): boolean {
  return /^\s*text\/plain\s*(;|$)/i.test(contentType);
}

const EVENT_KEYS = ['event', 'data', 'id'];
/** Those of every request besides: who asks, and by what right. */
const QUERY_KEYS = ['channel', 'client', 'token'];

function eventOfJson(text: string): PublishedEvent {
  const body = parsed(text);
  if (!isObject(body)) throw new RequestError(400, `the body must be a JSON object: ${EXAMPLE}`);
  return publishedEvent(body);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * An event as publishers write it, with data of any kind.
 *
 * @throws RequestError 400 for what is no event
 */
export function publishedEvent(written: object): PublishedEvent {
  if (!isObject(written)) throw new RequestError(400, `an event must be an object: ${EXAMPLE}`);
  for (const name of Object.keys(written)) checkKey(name, EVENT_KEYS, 'key');
  const { event, data, id } = written as Record<string, unknown>;
  if (data === undefined) throw new RequestError(400, `data is missing: ${EXAMPLE}`);
  return { ...textKey('event', event), data: dataText(data), ...textKey('id', id) };
}

/**
 * Text as it is, anything else as JSON.
 *
 * @throws RequestError 400 for what JSON can't say
 */
function dataText(data: unknown): string {
  if (typeof data === 'string') return data;
  const json = jsonText(data);
  if (json === undefined) throw new RequestError(400, `data: a ${typeof data} is neither text nor JSON`);
  return json;
}

function jsonText(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch (error) {
    const { message } = error as Error;
    const tooDeep = error instanceof RangeError && message.includes('call stack');
    throw new RequestError(400, `data: ${tooDeep ? 'it is nested too deeply' : `no JSON: ${message}`}`);
  }
}

const EXAMPLE = '{"event": "note", "data": "hello"}';

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = (error as Error).message;
    throw new RequestError(
      400,
      `the body is not JSON (${reason}); for data as it is, send it with Content-Type: text/plain`,
    );
  }
}

function textKey(name: 'event' | 'id', value: unknown): Partial<Record<typeof name, string>> {
  if (value === undefined) return {};
  if (typeof value === 'string') return { [name]: value };
  const kind = value === null ? 'null' : Array.isArray(value) ? 'an array' : `${article(typeof value)}`;
  const instead = typeof value === 'number' ? `: write "${value}"` : '';
  throw new RequestError(400, `${name}: must be a string, not ${kind}${instead}`);
}

function article(kind: string): string {
  return kind === 'object' ? 'an object' : `a ${kind}`;
}

function checkKey(name: string, known: readonly string[], what: string): void {
  if (known.includes(name)) return;
  if (known === EVENT_KEYS && /^channels?$/.test(name)) {
    throw new RequestError(400, `${name}: the channel goes beside the event: /publish?channel=news`);
  }
  const nearest = nearestName(name, known);
  const meant = nearest === undefined ? `known are ${known.join(', ')}` : `did you mean ${nearest}?`;
  throw new RequestError(400, `${quoted(name)} is no ${what} of a published event: ${meant}`);
}

function tooFast(waitMs: number): RequestError {
  return new RequestError(429, 'published faster than is allowed here', {
    'retry-after': String(Math.ceil(waitMs / 1_000)),
  });
}

function json(value: unknown): PlainAnswer {
  return {
    kind: 'plain',
    status: 200,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
    body: `${JSON.stringify(value)}\n`,
  };
}
