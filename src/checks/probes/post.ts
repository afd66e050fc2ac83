import { monotonicMs } from '../../client/clock.ts';
import type { StreamRequest } from '../../client/request.ts';
import type { Evidence, Measured } from '../../results/check/result.ts';
import { tenthsOf } from '../duration.ts';
import { NotMeasurable } from '../not-measurable.ts';
import { observe } from '../observation/observe.ts';
import { notAsked, wasAsked } from '../observation/origins-answer.ts';
import { ONE_EVENT } from '../origin/script.ts';
import { watchVisits } from '../origin/watch-visits.ts';
import { type Judgement, type Probe, probe } from '../probe.ts';
import { answerIn, hasEvent } from '../raw/answer-heads.ts';
import { openRaw } from '../raw/raw-exchange.ts';
import { scripted } from '../ways/scripted.ts';
import type { ProbeContext, Way } from '../ways/way.ts';

/** What came of a POST whose body went on for a while. */
interface Post {
  /** Of the answer; `null`: none came. */
  status: number | null;
  /** The origin saw the request before its body had ended. */
  originSawEarly: boolean;
  /** The first event came before the request's body had ended. */
  eventEarly: boolean;
  /** When the origin saw the request, from its first byte; `null`: never. */
  originAfterMs: number | null;
  /** … and when the first event came. */
  eventAfterMs: number | null;
  /** JSON that comes at once, with its length, never reaches the origin as the body of a POST, and text does. */
  jsonLost?: true;
}

/** The body's second half follows so much later. */
const BODY_MS = 1_500;
/** Behind its end, for the answer. */
const ANSWER_MS = 5_000;
/** As many servers as may take turns at it. */
const WHOLE_ONES = 5;

/** What clients of LLMs and MCP send: who looks into bodies looks into this one. */
const JSON_TYPE = 'application/json';
const JSON_BODY = { first: '{"first":1,', last: '"last":2}' };
/** Time for a body that has to outlast whatever every request waits for. */
const LONGEST_BODY_MS = 10_000;

export const post: Probe = probe<Post>({
  id: 'post',
  title: 'the origin gets a request while its body is being sent, and may answer it',
  requirement:
    'The origin sees a POST before its body has ended, and an event sent by then reaches the client.',
  seconds: 2,
  load: 'quiet',
  betweenClocksMs: BODY_MS,
  measure: (way, context) => measurePost(way, context, BODY_MS),
  judge: judgePost,
});

export async function measurePost(way: Way, context: ProbeContext, bodyMs: number): Promise<Post> {
  const { origin, signal } = context;
  const { key, request } = scripted(way, { steps: [ONE_EVENT, { do: 'request body' }, ONE_EVENT] });
  const exchange = await openRaw(request, signal);
  try {
    const startedAt = monotonicMs();
    const own = hasType(request) ? [] : [['Content-Type', JSON_TYPE] as const];
    exchange.sendHead({ method: 'POST', headers: [...own, ['Transfer-Encoding', 'chunked']] });
    exchange.write(chunkOf(JSON_BODY.first));
    const eventEarly = await exchange.until(() => hasEvent(exchange.reads), bodyMs, signal);
    let eventAt = eventEarly ? monotonicMs() : undefined;
    const bodyEndedAt = monotonicMs();
    exchange.write(`${chunkOf(JSON_BODY.last)}0\r\n\r\n`);
    const isAnswered = () =>
      hasEvent(exchange.reads) || (answerIn(exchange.reads).head?.status ?? 200) !== 200;
    await exchange.until(isAnswered, ANSWER_MS, signal);
    if (hasEvent(exchange.reads)) eventAt ??= monotonicMs();
    const [visit] = await watchVisits(origin, key, { forMs: 0, until: (all) => all.length > 0, signal });
    signal.throwIfAborted();
    const { head } = answerIn(exchange.reads);
    const originAt = visit === undefined ? undefined : visit.atMs - origin.clock.aheadMs;
    const originSawEarly = originAt !== undefined && originAt < bodyEndedAt;
    // It has told all it can, and is one connection less.
    exchange.close();
    const json = originSawEarly ? undefined : await askWhole(JSON_TYPE, way, context);
    // Every request takes so long (a login that is asked for, say): by a body that ends before, nothing can be told.
    const mostMs = Math.min(2 * (json?.originAfterMs ?? 0) + bodyMs, LONGEST_BODY_MS);
    if (visit !== undefined && (json?.originAfterMs ?? 0) > bodyMs / 2 && mostMs > 2 * bodyMs)
      return measurePost(way, context, mostMs);
    const jsonLost = json?.hasBody === false && (await askWhole('text/plain', way, context)).hasBody;
    if (head === undefined && visit === undefined && !jsonLost) {
      throw new NotMeasurable('a POST with a chunked body got no answer, and did not reach the origin');
    }
    // Who answers for the origin is no proxy that keeps a body: it is another server, or a cache.
    if (visit === undefined && head?.status === 200) throw new NotMeasurable(notAsked(head.status));
    if (visit === undefined && !jsonLost && !(await arePostsPassedOn(way, context))) {
      throw new NotMeasurable(`${notAsked(head?.status)}, nor for each POST with all of its body`);
    }
    return {
      status: head?.status ?? null,
      originSawEarly,
      eventEarly,
      originAfterMs: originAt === undefined ? null : originAt - startedAt,
      eventAfterMs: eventAt === undefined ? null : eventAt - startedAt,
      ...(jsonLost && { jsonLost }),
    };
  } finally {
    exchange.close();
  }
}

function chunkOf(text: string): string {
  return `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
}

function hasType({ headers }: StreamRequest): boolean {
  return headers.some(([name]) => name.toLowerCase() === 'content-type');
}

/** A POST whose body comes at once and with its length: whether that reaches the origin, and after how long the head does. */
async function askWhole(type: string, way: Way, { pool, origin, signal }: ProbeContext) {
  const { key, request } = scripted(way, { steps: [{ do: 'request body' }, ONE_EVENT] });
  const headers = request.headers.filter(([name]) => name.toLowerCase() !== 'content-type');
  const body = Buffer.from(JSON_BODY.first + JSON_BODY.last);
  const { sentAt, startedAt } = await observe(
    pool,
    { ...request, method: 'POST', headers: [...headers, ['Content-Type', type]], body },
    { forMs: ANSWER_MS, until: ({ events }) => events.length > 0, signal },
  );
  signal.throwIfAborted();
  const [visit] = await origin.visits(key);
  if (visit === undefined) return { hasBody: false };
  const originAfterMs = visit.atMs - origin.clock.aheadMs - (sentAt ?? startedAt);
  return { hasBody: visit.bodyFromMs !== undefined, originAfterMs };
}

/**
 * Whether the origin is asked for the same each time, where its body comes at once and with its length: where there are other
 * servers besides, they have taken one in a while, too.
 */
async function arePostsPassedOn(way: Way, { pool, origin, signal }: ProbeContext): Promise<boolean> {
  const body = Buffer.from(JSON_BODY.first + JSON_BODY.last);
  for (let time = 0; time < WHOLE_ONES; time += 1) {
    const { key, request } = scripted(way, { steps: [ONE_EVENT] });
    await observe(
      pool,
      { ...request, method: 'POST', body },
      { forMs: ANSWER_MS, until: ({ events }) => events.length > 0, signal },
    );
    if (!(await wasAsked(origin, key))) return false;
  }
  return true;
}

/** @throws NotMeasurable where the origin saw it no sooner directly: a machine so busy tells nothing of a proxy */
function judgePost(direct: Post, proxied: Post): Judgement {
  const figures = { direct: measured(direct), proxied: measured(proxied) };
  const evidence: Evidence[] = [
    { k: 'originSawEarly', v: proxied.originSawEarly },
    { k: 'eventEarly', v: proxied.eventEarly },
  ];
  if (proxied.originSawEarly) {
    return {
      ...figures,
      status: 'pass',
      summary: proxied.eventEarly
        ? 'an event came while the body of the request was still being sent'
        : 'the origin sees the request before its body has ended; its answer is held, as that to any request may be',
      evidence,
    };
  }
  if (proxied.jsonLost === true && direct.jsonLost !== true) {
    return {
      ...figures,
      status: 'fail',
      fault: 'request.body-lost',
      summary: 'a POST with JSON as its body did not reach the origin with that body, and one with text did',
      evidence: [...evidence, { k: 'jsonLost', v: true }],
    };
  }
  if (!direct.originSawEarly) {
    throw new NotMeasurable('the origin saw the request no sooner directly than when its body had ended');
  }
  if (proxied.status !== null && proxied.status !== 200) {
    return {
      ...figures,
      status: 'warn',
      fault: 'buffer.request-body',
      summary: `a POST with a chunked body was answered with HTTP ${proxied.status}, and the origin ${proxied.originAfterMs === null ? 'never saw it' : 'saw it late'}`,
      evidence: [...evidence, { k: 'status', v: proxied.status }],
    };
  }
  return {
    ...figures,
    // A stream is mostly asked for by GET, or by a small POST.
    status: 'warn',
    fault: 'buffer.request-body',
    summary: `the origin ${proxied.originAfterMs === null ? 'never saw' : 'saw'} the request${proxied.originAfterMs === null ? '' : ` ${Math.round(proxied.originAfterMs)} ms after it began, when its body had ended`}; directly it took ${Math.round(direct.originAfterMs ?? 0)} ms; it matters only to large uploads, and those that are sent bit by bit`,
    evidence,
  };
}

function measured({ status, originAfterMs, eventAfterMs, ...seen }: Post): Measured {
  return { ...seen, status, originAfterMs: tenthsOf(originAfterMs), eventAfterMs: tenthsOf(eventAfterMs) };
}
