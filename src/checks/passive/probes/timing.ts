import type { Measured } from '../../../results/check/result.ts';
import { durationText, tenthsOf } from '../../duration.ts';
import type { FaultId } from '../../faults/fault.ts';
import type { Arrivals } from '../../lateness/arrivals.ts';
import { quantile } from '../../lateness/bursts.ts';
import { evidenceOf, LATE_MS, type Lateness, lagsOf } from '../../lateness/lateness.ts';
import { NotMeasurable } from '../../not-measurable.ts';
import type { Observation } from '../../observation/observation.ts';
import { FROM_BEST } from '../../probe.ts';
import {
  NEEDS_DIRECT,
  NEEDS_ORIGIN,
  type PassiveJudgement,
  type PassiveProbe,
  type PassiveSeen,
  WHOSE,
} from '../passive-probe.ts';
import { FEWEST_PIECES, type HeldBack, heldBack } from '../same-events.ts';
import { type Stamped, stampedEvents } from '../stamped-events.ts';
import { endMs, orLonger, streamsOf, type WaySeen } from '../stream-seen.ts';

const MOST_DRAWN = 300;

export const timing: PassiveProbe = {
  id: 'timing',
  title: 'events arrive when they are sent',
  requirement:
    'The same events arrive as they do directly, or as the times that they carry tell, three in four within 50 ms beside what the way takes; where they are held for longer than 500 ms, or each until the next, it fails.',
  judge({ proxied, direct, wallAheadMs }) {
    const compared = direct === undefined ? 'alone' : compare(proxied, direct);
    const stamped = stampsOf({ proxied, ...(direct !== undefined && { direct }), wallAheadMs });
    const isSame = typeof compared === 'object';
    // What comes late by the same looks like a stream that began later, but for the times in it.
    const isSteady = stamped?.best.steady !== undefined && isSame && isPassed(compared.best);
    if (stamped !== undefined && (!isSame || isSteady))
      return judgeStamped(stamped.best, stamped.runs, direct);
    if (isSame) return judgeCompared(compared.best, compared.runs, direct?.plain);
    if (direct === undefined && streamsOf(proxied).every(({ events }) => events.length === 0)) {
      throw new NotMeasurable(
        `no event came in ${durationText(endMs(proxied.plain))}: there was none, or it is held: ${NEEDS_DIRECT}`,
      );
    }
    throw new NotMeasurable(WHY_NOT[compared] + (compared === 'too few' ? orLonger(proxied) : ''));
  },
};

const WHY_NOT = {
  alone: `too few events came that carry the time they were made: ${NEEDS_DIRECT}`,
  'too few': `of the same events fewer than ${FEWEST_PIECES} came one by one along both ways: ${NEEDS_ORIGIN}`,
  'another stream': `the streams along the two ways have times of their own: ${NEEDS_ORIGIN}`,
};

/** Streams that have times of their own are no measure of each other, however alike they look once. */
function compare(
  proxied: WaySeen,
  direct: WaySeen,
): NonNullable<ReturnType<typeof bestOf<HeldBack>>> | 'too few' | 'another stream' {
  const first = heldBack(direct.plain, proxied.plain);
  const later =
    proxied.again === undefined || direct.again === undefined
      ? 'too few'
      : heldBack(direct.again, proxied.again);
  if (first === 'another stream' || later === 'another stream') return 'another stream';
  return bestOf([first, later].filter((each) => each !== 'too few')) ?? 'too few';
}

function stampsOf({
  proxied,
  direct,
  wallAheadMs,
}: PassiveSeen): ReturnType<typeof bestOf<Stamped>> | undefined {
  const pairs = [
    [proxied.plain, direct?.plain],
    [proxied.again, direct?.again],
  ] as const;
  const all = pairs.flatMap(([seen, straight]) =>
    seen === undefined ? [] : [stampedEvents(seen, (at) => at + wallAheadMs, straight)],
  );
  return bestOf(all.filter((each) => each !== undefined));
}

function isPassed({ lateness }: HeldBack): boolean {
  return lateness.status === 'pass';
}

/** What is measured twice counts as the better of both says. */
function bestOf<Seen extends { lateness: Lateness }>(
  all: readonly Seen[],
): { best: Seen; runs: number } | undefined {
  const [best] = [...all].sort(
    (one, other) => FROM_BEST.indexOf(one.lateness.status) - FROM_BEST.indexOf(other.lateness.status),
  );
  return best === undefined ? undefined : { best, runs: all.length };
}

function judgeCompared(
  { lateness, reference, arrivals, missing }: HeldBack,
  runs: number,
  direct: Observation | undefined,
): PassiveJudgement {
  const { status, fault, lateMs, transitMs, evidence } = lateness;
  return {
    status,
    ...(fault !== undefined && { fault }),
    summary: `${summaryOf(fault, arrivals, lateMs, missing, transitMs)}; directly they come in ${counted(reference.bursts, 'piece')}`,
    direct: figuresOf(reference, reference.arrivalsMs.length, direct?.head?.framing),
    proxied: {
      ...figuresOf(arrivals, arrivals.arrivalsMs.length - missing, arrivals.framing),
      ...(missing < arrivals.arrivalsMs.length && behindOf('Direct', arrivals)),
    },
    evidence: [
      ...evidenceOf(lateness, arrivals),
      ...(missing > 0 && fault !== undefined ? [{ k: 'eventsMissing', v: missing }] : []),
      ...evidence,
    ],
    runs,
  };
}

function judgeStamped(
  { lateness, arrivals, isClockKnown, steady, isMadeOnce }: Stamped,
  runs: number,
  direct: WaySeen | undefined,
): PassiveJudgement {
  const { fault, evidence } = lateness;
  // Where each way has another server, it may be their clocks that differ.
  const isSure = steady !== 'as long' || isMadeOnce;
  return {
    status: isSure ? lateness.status : 'warn',
    ...(fault !== undefined && { fault }),
    summary: stampedText(lateness, arrivals, { isClockKnown, steady, isSure, isAlone: direct === undefined }),
    direct: {},
    proxied: {
      ...figuresOf(arrivals, arrivals.arrivalsMs.length, arrivals.framing),
      ...behindOf(isClockKnown ? 'Stamp' : 'Soonest', arrivals),
    },
    evidence: [...evidenceOf(lateness, arrivals), ...evidence],
    runs,
  };
}

function stampedText(
  { fault, lateMs, transitMs }: Lateness,
  arrivals: Arrivals,
  known: Pick<Stamped, 'isClockKnown'> & {
    steady: Stamped['steady'] | undefined;
    isSure: boolean;
    isAlone: boolean;
  },
): string {
  const { isClockKnown, steady, isSure, isAlone } = known;
  const byTimes = 'by the times that they carry';
  if (steady === 'as long') {
    const doubt = isSure ? '' : '; unless the two ways lead to servers whose clocks differ';
    return `each of ${counted(arrivals.arrivalsMs.length, 'event')} came ${durationText(lateMs)} later than directly, ${byTimes}, and the head came sooner: they are held for a time${doubt}`;
  }
  if (fault === undefined)
    return `${onTimeText(arrivals, lateMs, isClockKnown ? transitMs : 0, isClockKnown)}, ${byTimes}`;
  const said = summaryOf(fault, arrivals, lateMs, 0, transitMs);
  if (isClockKnown) return `${said} than directly, ${byTimes}`;
  return `${said} than others, ${byTimes}${isAlone ? `: held ${WHOSE}` : ''}`;
}

/** @param isMeasured how late they came is known, and not only how much later than each other */
function onTimeText(
  { arrivalsMs, bursts }: Arrivals,
  lateMs: number,
  transitMs: number,
  isMeasured: boolean,
): string {
  const came = `${counted(arrivalsMs.length, 'event')} came in ${counted(bursts, 'piece')}`;
  const late = `three in four no more than ${durationText(Math.max(1, lateMs + (transitMs < LATE_MS ? transitMs : 0)))} later`;
  if (!isMeasured) return `${came}, ${late} than the soonest`;
  return transitMs < LATE_MS
    ? `${came}, ${late} than directly`
    : `${came}, each ${durationText(transitMs)} later than directly, and ${late} than that`;
}

function summaryOf(
  fault: FaultId | undefined,
  arrivals: Arrivals,
  lateMs: number,
  missing: number,
  transitMs: number,
): string {
  const { arrivalsMs, bursts } = arrivals;
  const events = counted(arrivalsMs.length, 'event');
  const late = durationText(Math.max(1, lateMs));
  const owed = missing > 0 ? `, ${missing} not at all` : '';
  const pieces = counted(bursts, 'piece');
  switch (fault) {
    case 'buffer.until-end':
      return missing === arrivalsMs.length
        ? `of ${events} none came in ${durationText(arrivalsMs.at(-1) ?? 0)}, held for the end of the answer or for a buffer to fill, which is not told apart`
        : `${events} came in ${pieces} when the last had been sent${owed}, ${late} later`;
    case 'buffer.one-behind':
      return `${events} came one behind, each with the next${owed}, ${late} later`;
    case 'buffer.timer':
      return `${events} came in ${pieces} at regular times${owed}, up to ${late} later`;
    case 'buffer.threshold':
      return `${events} came in ${pieces}${owed}, up to ${late} later`;
    default:
      return onTimeText(arrivals, lateMs, transitMs, true);
  }
}

function figuresOf({ arrivalsMs, bursts, framing }: Arrivals, events: number, head = framing): Measured {
  return {
    events,
    bursts,
    framing: head,
    // Those that did not come stand behind the others, and are drawn nowhere.
    arrivalsMs: arrivalsMs.slice(0, Math.min(events, MOST_DRAWN)).map((ms) => tenthsOf(ms)),
  };
}

function behindOf(what: 'Direct' | 'Stamp' | 'Soonest', arrivals: Arrivals): Measured {
  const lags = lagsOf(arrivals);
  return {
    [`behind${what}P50Ms`]: tenthsOf(quantile(lags, 0.5)),
    [`behind${what}P95Ms`]: tenthsOf(quantile(lags, 0.95)),
  };
}

function counted(n: number, one: string): string {
  return `${n} ${one}${n === 1 ? '' : 's'}`;
}
