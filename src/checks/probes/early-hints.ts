import { monotonicMs } from '../../client/clock.ts';
import { headerValue } from '../../client/headers.ts';
import type { Measured } from '../../results/check/result.ts';
import { tenthsOf } from '../duration.ts';
import { NotMeasurable } from '../not-measurable.ts';
import { notAsked, wasAsked } from '../observation/origins-answer.ts';
import { ONE_EVENT } from '../origin/script.ts';
import { type Judgement, type Probe, probe } from '../probe.ts';
import { answerIn, hasEvent } from '../raw/answer-heads.ts';
import { openRaw, type RawExchange } from '../raw/raw-exchange.ts';
import { scripted } from '../ways/scripted.ts';
import type { ProbeContext, Way } from '../ways/way.ts';

/** What came of an answer that 103 went ahead of, and when the same came without it. */
interface Hinted {
  /** The client got the 103. */
  hinted: boolean;
  /** Of the answer itself; `null`: none came. */
  status: number | null;
  /** When its event came, from the request; `null`: never. */
  eventMs: number | null;
  /** The answer's end came. */
  ended: boolean;
  /** The same where no 103 went ahead. */
  plainEventMs: number | null;
  plainEnded: boolean;
}

/** A stream stays open behind its event: what is only passed on when it ends is late by so much. */
const OPEN_MS = 1_000;
/** Later by so much than without 103. */
const HELD_MS = 500;
const WATCH_MS = 5_000;

interface Pace {
  openMs: number;
  watchMs: number;
}

export const earlyHints: Probe = probe<Hinted>({
  id: '1xx',
  title: 'an answer arrives that 103 Early Hints went ahead of',
  requirement: 'The 103 is passed on or left out, and the answer behind it arrives as soon as one without.',
  seconds: 2,
  load: 'quiet',
  connections: 2,
  measure: (way, context) => measureEarlyHints(way, context, { openMs: OPEN_MS, watchMs: WATCH_MS }),
  judge: judgeEarlyHints,
});

export async function measureEarlyHints(way: Way, context: ProbeContext, pace: Pace): Promise<Hinted> {
  const [hinted, plain] = await Promise.all([ask(way, context, pace, true), ask(way, context, pace, false)]);
  if (!plain.asked || !hinted.asked)
    throw new NotMeasurable(notAsked(plain.asked ? hinted.status : plain.status));
  if (plain.status === null) throw new NotMeasurable('no answer came, without 103 either');
  if (plain.status !== 200) throw new NotMeasurable(`the answer was HTTP ${plain.status} without 103, too`);
  const { asked: _, ...behindHints } = hinted;
  return { ...behindHints, plainEventMs: plain.eventMs, plainEnded: plain.ended };
}

/** By hand, since the client tells nothing of what comes before an answer. */
async function ask(
  way: Way,
  { origin, signal }: ProbeContext,
  { openMs, watchMs }: Pace,
  earlyHints: boolean,
): Promise<Omit<Hinted, 'plainEventMs' | 'plainEnded'> & { asked: boolean }> {
  const { key, request } = scripted(way, {
    earlyHints,
    steps: [ONE_EVENT, { do: 'wait', ms: openMs }],
  });
  const exchange = await openRaw(request, signal);
  try {
    const sentAt = monotonicMs();
    exchange.sendHead();
    const hasCome = await exchange.until(() => hasEvent(exchange.reads), watchMs, signal);
    const eventMs = hasCome ? monotonicMs() - sentAt : null;
    const ended = await exchange.until(() => isOver(exchange), watchMs, signal);
    signal.throwIfAborted();
    const { interim, head } = answerIn(exchange.reads);
    return {
      hinted: interim.some(({ status }) => status === 103),
      status: head?.status ?? null,
      eventMs,
      ended,
      asked: await wasAsked(origin, key),
    };
  } finally {
    exchange.close();
  }
}

/** By its framing, or by the end of the connection. */
function isOver({ reads, end }: RawExchange): boolean {
  const { head, body } = answerIn(reads);
  const lengthBytes = head === undefined ? undefined : headerValue(head.headers, 'content-length');
  return (
    end !== undefined || body.toString('latin1').endsWith('0\r\n\r\n') || body.length === Number(lengthBytes)
  );
}

/** @throws NotMeasurable where the direct way doesn't show it, either: a machine so busy tells nothing of a proxy */
function judgeEarlyHints(direct: Hinted, proxied: Hinted): Judgement {
  if (direct.eventMs === null && proxied.eventMs === null) {
    throw new NotMeasurable('behind 103 Early Hints no event came directly, either');
  }
  const figures = { direct: measured(direct), proxied: measured(proxied) };
  const evidence = [{ k: 'hintPassed', v: proxied.hinted }];
  const lateMs = delayOf(proxied) - delayOf(direct);
  const isEndLost = !proxied.ended && proxied.plainEnded && direct.ended;
  if (lateMs <= HELD_MS && !isEndLost) {
    return {
      ...figures,
      status: 'pass',
      summary: `103 Early Hints ${proxied.hinted ? 'passed' : 'left out'}, and the answer came as soon as without`,
      evidence,
    };
  }
  return {
    ...figures,
    status: 'warn',
    fault: 'early-hints.broken',
    summary: `behind 103 Early Hints ${outcomeOf(proxied, lateMs)}`,
    // Most send none.
    onlyIf: 'only if the application sends 103 Early Hints',
    evidence: [...evidence, { k: 'answer', v: proxied.status ?? 'none' }],
  };
}

/** What 103 costs: endless where the event never came. */
function delayOf({ eventMs, plainEventMs }: Hinted): number {
  return eventMs === null ? Number.POSITIVE_INFINITY : eventMs - (plainEventMs ?? 0);
}

function outcomeOf({ status }: Hinted, lateMs: number): string {
  if (status === null) return 'no answer came';
  if (status !== 200) return `came HTTP ${status} instead of the answer`;
  if (lateMs <= HELD_MS) return 'the answer came, and its end did not: the client waits on';
  return Number.isFinite(lateMs)
    ? `the answer came ${Math.round(lateMs)} ms later than without`
    : 'no event of the answer came';
}

function measured({ eventMs, plainEventMs, ...rest }: Hinted): Measured {
  return { ...rest, eventMs: tenthsOf(eventMs), plainEventMs: tenthsOf(plainEventMs) };
}
