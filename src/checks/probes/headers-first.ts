import { setTimeout as delay } from 'node:timers/promises';
import type { HeaderPair } from '../../client/records.ts';
import { allEnded } from '../all-ended.ts';
import { quantile } from '../bursts.ts';
import { durationText, tenthsOf } from '../duration.ts';
import { observe } from '../observe.ts';
import { ONE_EVENT } from '../origin/script.ts';
import { visitOf } from '../origins-answer.ts';
import { type Judgement, type Probe, probe } from '../probe.ts';
import { scripted } from '../scripted.ts';
import type { ProbeContext, Way } from '../way.ts';

/** When the head came, from when it was sent; `null` where none came. The first event was sent `silenceMs` behind it. */
interface HeadersFirst {
  /** The middle one of several: who holds heads holds all, a busy machine now this one and now that. */
  headMs: number | null;
  /** How long a request takes to the origin, the soonest of them: what one took longer was the machine's. */
  thereMs: number;
  /** Of an answer that says `X-Accel-Buffering: no`; absent where none was asked for. */
  xabHeadMs?: number | null;
  silenceMs: number;
}

const SILENCE_MS = 1_500;
/** Answers that are waited for, one after the other: what is late by the machine is late once. */
const HEADS = 3;
const STAGGER_MS = 120;
const NO_HEADERS: readonly HeaderPair[] = [];
/** What one more answer has, to see whether that lets its head go: nginx holds heads where it holds events, and lets both go. */
const ACCEL_BUFFERING: readonly HeaderPair[] = [['X-Accel-Buffering', 'no']];
/** The head is to be there by then; kernels that are told to wait for more do so for 200 ms. */
const SOON_MS = 100;
/** It came with the body, give or take so much. */
const WITH_BODY_MS = 250;
/** Behind the end of the answer: who has no head by now gets none. */
const GRACE_MS = 5_000;

export const headersFirst: Probe = probe<HeadersFirst>({
  id: 'headers-first',
  title: 'the head of an answer arrives before its first event',
  requirement: `The head of an answer reaches the client within ${SOON_MS} ms, though the body is silent for ${SILENCE_MS / 1_000} s.`,
  seconds: 2,
  load: 'quiet',
  betweenClocksMs: SOON_MS,
  connections: HEADS + 1,
  measure: (way, context) => measureHeadersFirst(way, context, SILENCE_MS),
  judge: judgeHeadersFirst,
});

export async function measureHeadersFirst(
  way: Way,
  context: ProbeContext,
  silenceMs: number,
): Promise<HeadersFirst> {
  const asked = [...Array.from({ length: HEADS }, () => NO_HEADERS), ACCEL_BUFFERING];
  const heads = asked.map(async (headers, nth) => {
    await delay(nth * STAGGER_MS, undefined, { signal: context.signal });
    return headOf(way, context, { silenceMs, headers });
  });
  const all = await allEnded(heads);
  const xabHeadMs = all.at(-1)?.headMs ?? null;
  const came = all.slice(0, HEADS).filter((each) => each !== undefined);
  if (came.length === 0) return { headMs: null, thereMs: 0, xabHeadMs, silenceMs };
  const headsMs = came.map(({ headMs }) => headMs);
  return {
    headMs: quantile(headsMs, 0.5),
    thereMs: Math.min(...came.map(({ thereMs }) => thereMs)),
    xabHeadMs,
    silenceMs,
  };
}

async function headOf(
  way: Way,
  { pool, origin, signal }: ProbeContext,
  { silenceMs, headers }: { silenceMs: number; headers: readonly HeaderPair[] },
): Promise<{ headMs: number; thereMs: number } | undefined> {
  const { key, request } = scripted(way, {
    headers,
    steps: [{ do: 'wait', ms: silenceMs }, ONE_EVENT],
  });
  const { head, sentAt, startedAt } = await observe(pool, request, {
    forMs: silenceMs + GRACE_MS,
    until: (seen) => seen.head !== undefined,
    signal,
  });
  signal.throwIfAborted();
  const { atMs, headAtMs } = await visitOf(origin, key, head);
  if (head === undefined) return undefined;
  const { aheadMs } = origin.clock;
  return {
    headMs: Math.max(0, head.at - (headAtMs - aheadMs)),
    thereMs: Math.max(0, atMs - aheadMs - (sentAt ?? startedAt)),
  };
}

export function judgeHeadersFirst(direct: HeadersFirst, proxied: HeadersFirst): Judgement {
  const { silenceMs, headMs, xabHeadMs } = proxied;
  const withBody = (ms: number | null) => ms === null || ms >= silenceMs - WITH_BODY_MS;
  const freed = xabHeadMs === undefined ? [] : [{ k: 'xabCuresHead', v: !withBody(xabHeadMs) }];
  const figures = { direct: measured(direct), proxied: measured(proxied) };
  if (headMs === null) {
    return {
      ...figures,
      status: 'fail',
      fault: 'buffer.headers',
      summary: `no head came, not even behind the first event ${durationText(silenceMs)} later`,
      evidence: freed,
    };
  }
  // A longer way is as long for the head as it was for the request.
  const wayMs = Math.max(0, proxied.thereMs - direct.thereMs);
  const lateMs = Math.max(0, headMs - wayMs - (direct.headMs ?? 0));
  const evidence = [{ k: 'headLateMs', v: Math.round(lateMs) }];
  if (lateMs < SOON_MS)
    return { ...figures, status: 'pass', summary: `the head came ${durationText(lateMs)} late`, evidence };
  if (withBody(headMs)) {
    return {
      ...figures,
      status: 'fail',
      fault: 'buffer.headers',
      summary: `the head waited for the first event, ${durationText(lateMs)} later: until then a client is still connecting`,
      evidence: [...evidence, ...freed],
    };
  }
  return {
    ...figures,
    status: 'warn',
    fault: 'buffer.timer',
    summary: `the head came ${durationText(lateMs)} late, and before the first event: it waited for a timer, not for the body`,
    evidence,
  };
}

function measured({ headMs }: HeadersFirst) {
  return { headMs: tenthsOf(headMs) };
}
