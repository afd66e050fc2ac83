import type { Measured } from '../../../results/check/result.ts';
import type { Arrivals } from '../../arrivals.ts';
import { quantile } from '../../bursts.ts';
import { durationText, tenthsOf } from '../../duration.ts';
import type { FaultId } from '../../faults/fault.ts';
import { evidenceOf, type Lateness } from '../../lateness.ts';
import { NotMeasurable } from '../../not-measurable.ts';
import type { Observation } from '../../observation.ts';
import { FROM_BEST } from '../../probe.ts';
import {
  NEEDS_DIRECT,
  NEEDS_ORIGIN,
  type PassiveJudgement,
  type PassiveProbe,
  WHOSE,
} from '../passive-probe.ts';
import { type HeldBack, heldBack } from '../same-events.ts';
import { type Stamped, stampedEvents } from '../stamped-events.ts';
import { endMs, streamsOf, type WaySeen } from '../stream-seen.ts';

const MOST_DRAWN = 300;

export const timing: PassiveProbe = {
  id: 'timing',
  title: 'events arrive when they are sent',
  requirement:
    'The same events arrive as they do directly, or as the times that they carry tell: 95 % within 50 ms; later than 500 ms fails.',
  judge({ proxied, direct, wallAheadMs }) {
    const compared = direct === undefined ? undefined : compare(proxied, direct);
    if (compared !== undefined && direct !== undefined) {
      return judgeCompared(compared.best, compared.runs, direct.plain);
    }
    const stamped = bestOf(
      [proxied.plain, proxied.again]
        .flatMap((seen) => (seen === undefined ? [] : [stampedEvents(seen, (at) => at + wallAheadMs)]))
        .filter((each) => each !== undefined),
    );
    if (stamped !== undefined) return judgeStamped(stamped.best, stamped.runs);
    if (direct === undefined && streamsOf(proxied).every(({ events }) => events.length === 0)) {
      throw new NotMeasurable(
        `no event came in ${durationText(endMs(proxied.plain))}: there was none, or it is held: ${NEEDS_DIRECT}`,
      );
    }
    throw new NotMeasurable(
      direct === undefined
        ? `too few events came that carry the time they were made: ${NEEDS_DIRECT}`
        : `too few of the same events came along both ways: ${NEEDS_ORIGIN}`,
    );
  },
};

/** Streams that have times of their own are no measure of each other, however alike they look once. */
function compare(proxied: WaySeen, direct: WaySeen): ReturnType<typeof bestOf<HeldBack>> {
  const first = heldBack(direct.plain, proxied.plain);
  const later =
    proxied.again === undefined || direct.again === undefined
      ? 'too few'
      : heldBack(direct.again, proxied.again);
  if (first === 'another stream' || later === 'another stream') return undefined;
  return bestOf([first, later].filter((each) => each !== 'too few'));
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
  direct: Observation,
): PassiveJudgement {
  const { status, fault, lateMs, evidence } = lateness;
  return {
    status,
    ...(fault !== undefined && { fault }),
    summary: `${summaryOf(fault, arrivals, lateMs, missing)}; directly they come in ${counted(reference.bursts, 'piece')}`,
    direct: figuresOf(reference, reference.arrivalsMs.length, direct.head?.framing),
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

function judgeStamped({ lateness, arrivals }: Stamped, runs: number): PassiveJudgement {
  const { status, fault, lateMs, evidence } = lateness;
  const whose =
    fault === undefined ? ', by the times that they carry' : ` than the times that they carry, ${WHOSE}`;
  return {
    status,
    ...(fault !== undefined && { fault }),
    summary: `${summaryOf(fault, arrivals, lateMs, 0)}${whose}`,
    direct: {},
    proxied: {
      ...figuresOf(arrivals, arrivals.arrivalsMs.length, arrivals.framing),
      ...behindOf('Stamp', arrivals),
    },
    evidence: [...evidenceOf(lateness, arrivals), ...evidence],
    runs,
  };
}

function summaryOf(
  fault: FaultId | undefined,
  { arrivalsMs, bursts }: Arrivals,
  lateMs: number,
  missing: number,
): string {
  const events = counted(arrivalsMs.length, 'event');
  const late = durationText(Math.max(1, lateMs));
  const owed = missing > 0 ? `, ${missing} not at all` : '';
  const pieces = counted(bursts, 'piece');
  switch (fault) {
    case 'buffer.until-end':
      return missing === arrivalsMs.length
        ? `of ${events} none came`
        : `${events} came in ${pieces} when the last had been sent${owed}, ${late} later`;
    case 'buffer.one-behind':
      return `${events} came one behind, each with the next${owed}, ${late} later`;
    case 'buffer.timer':
      return `${events} came in ${pieces} at regular times${owed}, up to ${late} later`;
    case 'buffer.threshold':
      return `${events} came in ${pieces}${owed}, up to ${late} later`;
    default:
      return `${events} came in ${pieces}, no more than ${late} late`;
  }
}

function figuresOf({ arrivalsMs, bursts, framing }: Arrivals, events: number, head = framing): Measured {
  return {
    events,
    bursts,
    framing: head,
    arrivalsMs: arrivalsMs.slice(0, MOST_DRAWN).map((ms) => tenthsOf(ms)),
  };
}

function behindOf(what: 'Direct' | 'Stamp', { sentMs, arrivalsMs }: Arrivals): Measured {
  const lags = arrivalsMs.map((at, index) => at - (sentMs[index] ?? at));
  return {
    [`behind${what}P50Ms`]: tenthsOf(quantile(lags, 0.5)),
    [`behind${what}P95Ms`]: tenthsOf(quantile(lags, 0.95)),
  };
}

function counted(n: number, one: string): string {
  return `${n} ${one}${n === 1 ? '' : 's'}`;
}
