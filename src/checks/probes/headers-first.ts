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
import { TooBusy } from '../too-busy.ts';
import type { ProbeContext, Way } from '../way.ts';

/** One answer's head. */
interface Head {
  /** When it came, from when it was sent. */
  headMs: number;
  /** How long the request took to the origin. */
  thereMs: number;
}

/** The first event of each was sent `silenceMs` behind the head. */
interface HeadersFirst {
  /** Of requests that were sent at the same times along both ways; `null` where no head came. */
  heads: readonly (Head | null)[];
  /** Of an answer that says `X-Accel-Buffering: no`, behind them; absent where none was asked for. */
  xab?: Head | null;
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
  return { heads: all.slice(0, HEADS), xab: all[HEADS] ?? null, silenceMs };
}

async function headOf(
  way: Way,
  { pool, origin, signal }: ProbeContext,
  { silenceMs, headers }: { silenceMs: number; headers: readonly HeaderPair[] },
): Promise<Head | null> {
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
  if (head === undefined) return null;
  const { aheadMs } = origin.clock;
  return {
    headMs: Math.max(0, head.at - (headAtMs - aheadMs)),
    thereMs: Math.max(0, atMs - aheadMs - (sentAt ?? startedAt)),
  };
}

/** @throws TooBusy where the machine is late by as much as what is asked for */
export function judgeHeadersFirst(direct: HeadersFirst, proxied: HeadersFirst): Judgement {
  const { silenceMs, xab } = proxied;
  const headMs = usualMs(proxied);
  const withBody = (ms: number | null) => ms === null || ms >= silenceMs - WITH_BODY_MS;
  const freed = xab === undefined ? [] : [{ k: 'xabCuresHead', v: !withBody(xab?.headMs ?? null) }];
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
  const { leastMs, mostMs: lateMs } = latenessOf(direct, proxied, headMs);
  if (leastMs < SOON_MS && lateMs >= SOON_MS) {
    const range = `${durationText(leastMs)} to ${durationText(lateMs)}`;
    throw new TooBusy(`this machine was too busy: as late as it was itself, the head came ${range} late`);
  }
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

/** The middle one of several: who holds heads holds all, a busy machine now this one and now that. */
function usualMs({ heads }: HeadersFirst): number | null {
  const came = heads.filter((each) => each !== null);
  return came.length === 0
    ? null
    : quantile(
        came.map(({ headMs }) => headMs),
        0.5,
      );
}

/**
 * How much later than directly the head comes, beside the way, at least and at most. A longer way is as long for the head as it
 * was for the request: no longer than the soonest of all took longer, and no shorter than each took longer than the one that was
 * sent at the same time directly. A timer runs while the machine is late, so that what is late directly needn't come on top.
 */
function latenessOf(
  direct: HeadersFirst,
  proxied: HeadersFirst,
  headMs: number,
): { leastMs: number; mostMs: number } {
  const there = theresOf(proxied);
  const without = theresOf(direct);
  const soonest = (all: readonly number[]) => Math.min(...all.filter((ms) => !Number.isNaN(ms)));
  const differences = there.map((ms, nth) => ms - (without[nth] ?? Number.NaN));
  const wayMostMs = Math.max(0, soonest(there) - soonest(without)) || 0;
  const wayLeastMs = Math.min(wayMostMs, Math.max(0, soonest(differences)));
  const directsMs = direct.heads.flatMap((head) => head?.headMs ?? []);
  return {
    leastMs: Math.max(0, headMs - wayMostMs - quantile(directsMs, 0.5)),
    mostMs: Math.max(0, headMs - wayLeastMs - quantile(directsMs, 0)),
  };
}

/** By their turn; NaN where no answer came. */
function theresOf({ heads, xab = null }: HeadersFirst): number[] {
  return [...heads, xab].map((head) => head?.thereMs ?? Number.NaN);
}

function measured(seen: HeadersFirst) {
  return { headMs: tenthsOf(usualMs(seen)) };
}
