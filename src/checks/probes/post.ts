import { monotonicMs } from '../../client/clock.ts';
import type { Evidence, Measured } from '../../results/check/result.ts';
import { tenthsOf } from '../duration.ts';
import { NotMeasurable } from '../not-measurable.ts';
import { observe } from '../observe.ts';
import { ONE_EVENT } from '../origin/script.ts';
import { watchVisits } from '../origin/watch-visits.ts';
import { notAsked, wasAsked } from '../origins-answer.ts';
import { type Judgement, type Probe, probe } from '../probe.ts';
import { answerIn, hasEvent } from '../raw/answer-heads.ts';
import { openRaw } from '../raw/raw-exchange.ts';
import { scripted } from '../scripted.ts';
import type { ProbeContext, Way } from '../way.ts';

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
}

/** The body's second half follows so much later. */
const BODY_MS = 1_500;
/** Behind its end, for the answer. */
const ANSWER_MS = 5_000;

const CHUNKS = { first: '6\r\nfirst\n\r\n', last: '5\r\nlast\n\r\n0\r\n\r\n' };

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
    exchange.sendHead({ method: 'POST', headers: [['Transfer-Encoding', 'chunked']] });
    exchange.write(CHUNKS.first);
    const eventEarly = await exchange.until(() => hasEvent(exchange.reads), bodyMs, signal);
    let eventAt = eventEarly ? monotonicMs() : undefined;
    const bodyEndedAt = monotonicMs();
    exchange.write(CHUNKS.last);
    if (await exchange.until(() => hasEvent(exchange.reads), ANSWER_MS, signal)) eventAt ??= monotonicMs();
    const [visit] = await watchVisits(origin, key, { forMs: 0, until: (all) => all.length > 0, signal });
    signal.throwIfAborted();
    const { head } = answerIn(exchange.reads);
    if (head === undefined && visit === undefined) {
      throw new NotMeasurable('a POST with a chunked body got no answer, and did not reach the origin');
    }
    if (visit === undefined && !(await isPostPassedOn(way, context))) {
      throw new NotMeasurable(`${notAsked(head?.status)}, nor for a POST with all of its body`);
    }
    const originAt = visit === undefined ? undefined : visit.atMs - origin.clock.aheadMs;
    return {
      status: head?.status ?? null,
      originSawEarly: originAt !== undefined && originAt < bodyEndedAt,
      eventEarly,
      originAfterMs: originAt === undefined ? null : originAt - startedAt,
      eventAfterMs: eventAt === undefined ? null : eventAt - startedAt,
    };
  } finally {
    exchange.close();
  }
}

/** Whether the origin is asked for the same at all, where its body comes at once and with its length. */
async function isPostPassedOn(way: Way, { pool, origin, signal }: ProbeContext): Promise<boolean> {
  const { key, request } = scripted(way, { steps: [ONE_EVENT] });
  const body = Buffer.from('firstlast');
  await observe(pool, { ...request, method: 'POST', body }, { forMs: ANSWER_MS, signal });
  return wasAsked(origin, key);
}

function judgePost(direct: Post, proxied: Post): Judgement {
  const figures = { direct: measured(direct), proxied: measured(proxied) };
  const evidence: Evidence[] = [
    { k: 'originSawEarly', v: proxied.originSawEarly },
    { k: 'eventEarly', v: proxied.eventEarly },
  ];
  if (proxied.originSawEarly || !direct.originSawEarly) {
    return {
      ...figures,
      status: 'pass',
      summary: proxied.eventEarly
        ? 'an event came while the body of the request was still being sent'
        : 'the origin sees the request before its body has ended; its answer is held, as that to any request may be',
      evidence,
    };
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
