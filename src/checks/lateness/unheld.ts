import type { FaultId } from '../faults/fault.ts';
import type { Arrivals } from './arrivals.ts';
import { gapsOf } from './gaps.ts';
import { firstOfBursts, LATE_MS, type Lateness, lagsOf, latenessOf, offBeat } from './lateness.ts';
import { evidenceOfLetGo, faultOfLetGo } from './let-go.ts';

/** Of the origin's small events. */
export interface SmallLateness extends Lateness {
  /** Where many are late, though nothing holds them: how many came at once by themselves. */
  unheld?: number;
}

/** So great a share of all shows that nothing holds the others: of a timer's a few are sent right before it lets go. */
const FEWEST_UNHELD = 0.25;
/** Who comes alone comes so long behind the one before. */
const ALONE_MS = LATE_MS / 2;

/**
 * Judges small events, of which none fills a buffer by itself: a proxy that a busy machine keeps waiting is late with this one
 * and that, and passes others on at once, as nobody does who holds them.
 */
export function latenessOfSmall(direct: Arrivals, proxied: Arrivals): SmallLateness {
  const lateness = withoutUnheld(direct, proxied);
  const { letGo } = proxied;
  if (!isUntold(lateness.fault) || letGo === undefined) return lateness;
  return { ...lateness, fault: faultOfLetGo(letGo), evidence: evidenceOfLetGo(letGo) };
}

/** They are held, all of them came, and neither a beat nor what they wait for shows: it may be time that lets them go. */
export function showsNoTime(proxied: Arrivals): boolean {
  const { arrivalsMs, sentMs, expected, framing } = proxied;
  // Who says how long an answer is has all of it in hand.
  if (arrivalsMs.length < expected || framing === 'length') return false;
  return isUntold(withoutUnheld({ ...proxied, arrivalsMs: sentMs }, proxied).fault);
}

function isUntold(fault: FaultId | undefined): boolean {
  return fault === 'buffer.threshold' || fault === 'buffer.until-end';
}

function withoutUnheld(direct: Arrivals, proxied: Arrivals): SmallLateness {
  const lateness = latenessOf(direct, proxied);
  const { fault, transitMs, lateMs, timerMs } = lateness;
  if (fault !== 'buffer.threshold' && fault !== 'buffer.timer') return lateness;
  const unheld = cameUnheld(proxied, transitMs);
  if (unheld < FEWEST_UNHELD * proxied.expected) return lateness;
  if (timerMs !== undefined && keepsBeat(proxied, timerMs)) return lateness;
  return { status: 'pass', lateMs, transitMs, unheld, evidence: [] };
}

/** How many came at once, and alone; of the first and the last the head and the end may have let go. */
function cameUnheld(arrivals: Arrivals, transitMs: number): number {
  const { sentMs, arrivalsMs } = arrivals;
  const isUnheld = (lagMs: number, index: number) => {
    const at = arrivalsMs[index] ?? 0;
    const beforeAt = arrivalsMs[index - 1];
    if (beforeAt === undefined || index === arrivalsMs.length - 1) return false;
    const isAlone = beforeAt - transitMs <= (sentMs[index] ?? at) && at - beforeAt > ALONE_MS;
    return isAlone && lagMs - transitMs < LATE_MS;
  };
  return lagsOf(arrivals).filter(isUnheld).length;
}

/** Whether what comes keeps a beat far better than what was sent: events that come as they were sent have one of 100 ms, too. */
function keepsBeat(arrivals: Arrivals, beatMs: number): boolean {
  const firsts = firstOfBursts(arrivals);
  const came = firsts.map(({ at }) => at);
  const sent = firsts.map(({ at, lagMs }) => at - lagMs);
  return offBeat(gapsOf(came), beatMs) < offBeat(gapsOf(sent), beatMs) / 2;
}
