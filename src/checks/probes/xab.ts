import type { FaultId } from '../faults/fault.ts';
import { type Arrivals, watchArrivals } from '../lateness/arrivals.ts';
import { LATE_MS, measuredOf } from '../lateness/lateness.ts';
import { latenessOfSmall } from '../lateness/unheld.ts';
import { type Judgement, type Probe, probe } from '../probe.ts';

const TIMER: FaultId = 'buffer.timer';

/** With and without the header, at the same time. */
interface WithAndWithout {
  without: Arrivals;
  with: Arrivals;
}

export const xab: Probe = probe<WithAndWithout>({
  id: 'xab',
  title: 'what X-Accel-Buffering: no of the origin changes',
  requirement:
    'X-Accel-Buffering: no makes nothing worse; whether it is passed on, and whether it ends the holding of events, tells who is in between.',
  seconds: 2,
  load: 'quiet',
  betweenClocksMs: LATE_MS,
  connections: 2,
  async measure(way, context) {
    const [plain, asked] = await Promise.all([
      watchArrivals(way, context),
      watchArrivals(way, context, [['X-Accel-Buffering', 'no']]),
    ]);
    return { without: plain, with: asked };
  },
  judge: judgeXab,
});

function judgeXab(direct: WithAndWithout, proxied: WithAndWithout): Judgement {
  const plain = latenessOfSmall(direct.without, proxied.without);
  const asked = latenessOfSmall(direct.with, proxied.with);
  const lost = proxied.with.accelBuffering === undefined && direct.with.accelBuffering !== undefined;
  const removed = lost && proxied.with.losesOwn !== true;
  const held = plain.status !== 'pass';
  const byTimer = plain.fault === TIMER;
  // Who lets go may stand before somebody with a timer of his own, which this header is not about.
  const cures = held && (asked.status === 'pass' || (!byTimer && asked.fault === TIMER));
  // What is held without it as well is the finding of the probe of the timing.
  const worse = !held && asked.status !== 'pass';
  const how = removed ? 'taken out' : lost ? 'lost with all the others of the origin' : 'passed on';
  const header = `X-Accel-Buffering: no was ${how}`;
  return {
    status: worse ? asked.status : 'pass',
    ...(worse && asked.fault !== undefined && { fault: asked.fault }),
    summary: held
      ? `${header}, and ${cures ? 'ends the holding of events' : 'events are held all the same'}`
      : `${header}${worse ? ', and events are held because of it' : ''}`,
    direct: measuredOf(direct.with),
    proxied: measuredOf(proxied.with),
    evidence: [
      { k: 'xabRemoved', v: removed },
      ...(held && (cures || !byTimer) ? [{ k: 'xabCures', v: cures }] : []),
    ],
  };
}
