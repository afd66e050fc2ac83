import type { Evidence } from '../../results/check/result.ts';
import { durationText } from '../duration.ts';
import { type Arrivals, NONE_CAME, watchArrivals } from '../lateness/arrivals.ts';
import { evidenceOf, HELD_MS, LATE_MS, measuredOf } from '../lateness/lateness.ts';
import { letGoText, watchLetGo } from '../lateness/let-go.ts';
import { latenessOfSmall, type SmallLateness, showsNoTime } from '../lateness/unheld.ts';
import { GivenUp } from '../not-measurable.ts';
import { type Judgement, type Probe, probe } from '../probe.ts';
import type { ProbeContext, Way } from '../ways/way.ts';

interface Timing extends Arrivals {
  /** None came, but an error of the proxy's in place of an answer that the origin had begun. */
  givenUp?: Pick<GivenUp, 'status' | 'afterMs'>;
}

export const timing: Probe = probe<Timing>({
  id: 'timing',
  title: 'small events arrive when they are sent',
  requirement: `Of small events, 100 ms apart, three in four arrive within ${LATE_MS} ms of when they would without the proxy, or those that come at once show that none is held; where they are held, and for longer than ${HELD_MS} ms or each until the next, it fails.`,
  seconds: 2,
  secondsIfHeld: 8,
  load: 'quiet',
  betweenClocksMs: LATE_MS,
  async measure(way, context) {
    const arrivals = await watchTiming(way, context);
    const letGo = way.name === 'proxied' && showsNoTime(arrivals) && (await watchLetGo(way, context));
    return letGo ? { ...arrivals, letGo } : arrivals;
  },
  judge: judgeTiming,
});

async function watchTiming(way: Way, context: ProbeContext): Promise<Timing> {
  try {
    return await watchArrivals(way, context);
  } catch (error) {
    if (!(error instanceof GivenUp) || way.name === 'direct') throw error;
    return { ...NONE_CAME, givenUp: error };
  }
}

export function judgeTiming(direct: Arrivals, proxied: Timing): Judgement {
  const lateness = latenessOfSmall(direct, proxied);
  const { status, fault, evidence } = lateness;
  return {
    status,
    ...(fault !== undefined && { fault }),
    summary: summaryOf(lateness, proxied),
    direct: measuredOf(direct),
    proxied: measuredOf(proxied),
    evidence: [
      ...(proxied.givenUp === undefined ? evidenceOf(lateness, proxied) : []),
      ...(fault !== undefined && proxied.framing === 'length' ? [{ k: 'framing', v: 'length' }] : []),
      ...evidenceOfGivenUp(proxied),
      ...evidence,
    ],
  };
}

/** Who has an answer in hand from its beginning, and gives it up, waits for its end. */
function evidenceOfGivenUp({ givenUp }: Timing): Evidence[] {
  if (givenUp === undefined) return [];
  return [
    { k: 'givenUpWith', v: givenUp.status },
    { k: 'givenUpAfterMs', v: Math.round(givenUp.afterMs) },
  ];
}

function summaryOf(
  { fault, lateMs, transitMs, timerMs, eachAsLong, unheld }: SmallLateness,
  { arrivalsMs, expected, bursts, endMs, letGo, givenUp }: Timing,
): string {
  const sent = `${expected} events, 100 ms apart,`;
  const late = durationText(lateMs);
  const inPieces = `${sent} came in ${bursts} ${bursts === 1 ? 'piece' : 'pieces'}`;
  switch (fault) {
    case 'buffer.until-end':
      if (givenUp !== undefined)
        return `of ${sent} none came: ${durationText(givenUp.afterMs)} after the origin had begun to answer the proxy answered HTTP ${givenUp.status} itself, as it waits for the end`;
      if (arrivalsMs.length === 0)
        return `of ${sent} none came${endMs === undefined ? '' : ', though the answer ended'}`;
      if (arrivalsMs.length < expected) return `of ${sent} ${arrivalsMs.length} came, and ${late} late`;
      return `${inPieces} when the last had been sent, the first of them ${late} late`;
    case 'buffer.one-behind':
      return `${sent} came one behind: each when the next was sent, up to ${late} late`;
    case 'buffer.timer':
      if (eachAsLong === true)
        return `${sent} came as far apart as they were sent, each ${late} later than the head: each is held for as long`;
      if (timerMs === undefined && letGo !== undefined)
        return `${inPieces}, up to ${late} late; ${letGoText(letGo)}`;
      return `${inPieces} at regular times, up to ${late} late`;
    case 'headers.late':
    case 'buffer.threshold':
      if (fault === 'headers.late' && letGo !== undefined)
        return `${inPieces}, up to ${late} late; ${letGoText(letGo)}`;
      return `${inPieces}, up to ${late} late`;
    default: {
      if (unheld !== undefined)
        return `${inPieces}, up to ${late} late; ${unheld} that came at once by themselves show that nothing holds the others`;
      const far = transitMs >= LATE_MS ? ` on a way that takes ${durationText(transitMs)}` : '';
      return `${inPieces}, three in four no more than ${durationText(Math.max(1, lateMs))} late${far}`;
    }
  }
}
