import { setTimeout as delay } from 'node:timers/promises';
import type { HeaderPair } from '../../client/records.ts';
import { durationText, tenthsOf } from '../duration.ts';
import { quantile } from '../lateness/bursts.ts';
import { PATIENCE_MS, untilOpen } from '../lateness/let-go.ts';
import { TooBusy } from '../not-measurable.ts';
import { allEnded } from '../observation/all-ended.ts';
import { observe } from '../observation/observe.ts';
import { visitOf } from '../observation/origins-answer.ts';
import { ONE_EVENT } from '../origin/script.ts';
import { type Judgement, type Probe, probe } from '../probe.ts';
import { scripted } from '../ways/scripted.ts';
import type { ProbeContext, Way } from '../ways/way.ts';

/** One answer's head. */
interface Head {
  /** When it came, from when it was sent. */
  headMs: number;
  /** How long the request took to the origin. */
  thereMs: number;
  /** How long before the body it came; absent where it came too soon to wait for that. */
  aheadMs?: number;
}

/** The first event of each was sent `silenceMs` behind the head. */
interface HeadersFirst {
  /** Of requests that were sent at the same times along both ways; `null` where no head came. */
  heads: readonly (Head | null)[];
  /** Of an answer that says `X-Accel-Buffering: no`, behind them; absent where none was asked for. */
  xab?: Head | null;
  /** Where all of them waited for the first event: when one came behind which nothing is sent; absent where it didn't. */
  aloneMs?: number;
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
  secondsIfHeld: 8,
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
  const seen = { heads: all.slice(0, HEADS), xab: all[HEADS] ?? null, silenceMs };
  const isHeld = isUsuallyWithBody(seen) && isWithBody(seen.xab, silenceMs);
  const aloneMs = isHeld && way.name === 'proxied' ? await headAlone(way, context) : undefined;
  return aloneMs === undefined ? seen : { ...seen, aloneMs };
}

/** When a head comes that has nothing behind it: by time alone. */
async function headAlone(way: Way, context: ProbeContext): Promise<number | undefined> {
  const silence = [{ do: 'wait', ms: 2 * PATIENCE_MS }] as const;
  const seen = await untilOpen(way, context, silence, ({ head }) => head !== undefined);
  return seen?.head && seen.head.at - (seen.sentAt ?? seen.startedAt);
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
  const { head, reads, sentAt, startedAt } = await observe(pool, request, {
    forMs: silenceMs + GRACE_MS,
    // A late one is watched until the body tells whether it waited for that.
    until: (seen) =>
      seen.head !== undefined && (seen.reads.length > 0 || seen.head.at - seen.startedAt < silenceMs / 2),
    signal,
  });
  signal.throwIfAborted();
  const { atMs, headAtMs } = await visitOf(origin, key, head);
  if (head === undefined) return null;
  const { aheadMs } = origin.clock;
  return {
    headMs: Math.max(0, head.at - (headAtMs - aheadMs)),
    thereMs: Math.max(0, atMs - aheadMs - (sentAt ?? startedAt)),
    ...(reads[0] !== undefined && { aheadMs: reads[0].at - head.at }),
  };
}

/** @throws TooBusy where the machine is late by as much as what is asked for */
export function judgeHeadersFirst(direct: HeadersFirst, proxied: HeadersFirst): Judgement {
  const { silenceMs, xab, aloneMs } = proxied;
  const headMs = usualMs(proxied);
  const freed = xab === undefined ? [] : [{ k: 'xabCuresHead', v: !isWithBody(xab, silenceMs) }];
  const figures = { direct: measured(direct), proxied: measured(proxied) };
  if (aloneMs !== undefined && isUsuallyWithBody(proxied) && !isUsuallyWithBody(direct)) {
    return {
      ...figures,
      status: 'fail',
      fault: 'buffer.timer',
      summary: `the head came when the answer was over; behind one that stays open and silent it came after ${durationText(aloneMs)}: it waited for a timer, not for the body`,
      evidence: [{ k: 'headLateMs', v: Math.round(aloneMs) }],
    };
  }
  if (headMs === null) {
    return {
      ...figures,
      status: 'fail',
      fault: 'buffer.headers',
      summary: `no head came, not even behind the first event ${durationText(silenceMs)} later`,
      evidence: freed,
    };
  }
  const { leastMs, mostMs } = latenessOf(direct, proxied, headMs);
  // Heads that come with bodies directly are a client's that was late to read both.
  const isLateReader = waitedMs(direct) > 0;
  const held = isLateReader ? 0 : waitedMs(proxied);
  const lateMs = Math.max(mostMs, held);
  if (held === 0 && (isLateReader || leastMs < SOON_MS) && lateMs >= SOON_MS) {
    const range = `${durationText(leastMs)} to ${durationText(lateMs)}`;
    throw new TooBusy(`this machine was too busy: as late as it was itself, the head came ${range} late`);
  }
  const evidence = [{ k: 'headLateMs', v: Math.round(lateMs) }];
  if (lateMs < SOON_MS)
    return { ...figures, status: 'pass', summary: `the head came ${durationText(lateMs)} late`, evidence };
  if (isUsuallyWithBody(proxied)) {
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

/** It came no sooner than the first event, or not at all; by the time it took, and by how long the body took more. */
function isWithBody(head: Head | null, silenceMs: number): boolean {
  if (head === null) return true;
  const { headMs, aheadMs = 0 } = head;
  return headMs >= silenceMs - WITH_BODY_MS && aheadMs <= silenceMs / 2;
}

/** As `usualMs`: most of those that came. */
function isUsuallyWithBody({ heads, silenceMs }: HeadersFirst): boolean {
  const came = heads.filter((each) => each !== null);
  const sooner = came.filter((head) => !isWithBody(head, silenceMs));
  return 2 * sooner.length < came.length || came.length === 0;
}

/** How long most heads waited for a body that came right behind them, however long the way is; 0 where that isn't seen. */
function waitedMs(seen: HeadersFirst): number {
  if (!isUsuallyWithBody(seen)) return 0;
  const ahead = seen.heads.flatMap((head) => head?.aheadMs ?? []);
  const usual = quantile(ahead, 0.5);
  return 2 * ahead.length > seen.heads.length && usual <= WITH_BODY_MS ? seen.silenceMs - usual : 0;
}

/** The middle one of several: who holds heads holds all, a busy machine now this one and now that. */
function usualMs({ heads }: Pick<HeadersFirst, 'heads'>): number | null {
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
