import { setTimeout as delay } from 'node:timers/promises';
import { monotonicMs } from '../../client/clock.ts';
import type { Evidence, Measured } from '../../results/check/result.ts';
import { Crowd } from '../crowd.ts';
import { durationText } from '../duration.ts';
import { fateOf, fatesText, usualFate } from '../fate.ts';
import { NotMeasurable } from '../not-measurable.ts';
import type { Observation } from '../observation.ts';
import { type Judgement, type Probe, probe } from '../probe.ts';
import type { ProbeContext, Way } from '../way.ts';

interface Capacity {
  streams: number;
  /** Streams of other probes that were open besides, along both ways. */
  besides: number;
  /** Those that had an event while all were open. */
  served: number;
  /** Those that the origin was asked for: as many may be served by a proxy that holds events back. */
  asked: number;
  /** The last of those that had an event waited so long for it. */
  slowestMs: number | null;
  /** What became of the others, and how often: `waits`, `status 503`, `eof`, `connect_error`, … */
  others: Readonly<Record<string, number>>;
  /** Others were refused, and one that came later was served beside all that ran: their number is not what is limited. */
  servedLater: boolean;
}

/** Who has had no event by then is not served. */
const PATIENCE_MS = 5_000;
/** Where some were refused, one more is tried so often, beside those that run. */
const TRY_EVERY_MS = 1_000;

export const capacity: Probe = probe<Capacity>({
  id: 'capacity',
  title: 'many streams are open at once',
  requirement: `As many streams as --max-connections says are open at once, and each has its first event within ${PATIENCE_MS / 1_000} s.`,
  seconds: 6,
  load: 'heavy',
  connections: ({ maxConnections }) => maxConnections,
  measure: (way, context) => measureCapacity(way, context, PATIENCE_MS),
  judge: judgeCapacity,
});

export async function measureCapacity(
  way: Way,
  context: ProbeContext,
  patienceMs: number,
): Promise<Capacity> {
  const { origin, pool, options, signal } = context;
  const besides = pool.size;
  const streams = options.maxConnections;
  const crowd = new Crowd(way, context, 2 * patienceMs);
  const untilMs = monotonicMs() + 2 * patienceMs - TRY_EVERY_MS;
  await Promise.all(Array.from({ length: streams }, () => crowd.join(patienceMs)));
  const asked = (await origin.visits(crowd.key)).length;
  const servedLater = crowd.refused > 0 && (await isOneMoreServed(crowd, untilMs, signal));
  const seen = await crowd.leave();
  return { streams, besides, asked, servedLater, ...countsOf(seen.slice(0, streams)) };
}

/** Whether one that comes later is served beside all that run: where one has ended, its place was free. */
async function isOneMoreServed(crowd: Crowd, untilMs: number, signal: AbortSignal): Promise<boolean> {
  const { open } = crowd;
  while (open > 0 && !signal.aborted && monotonicMs() < untilMs) {
    await delay(TRY_EVERY_MS, undefined, { signal }).catch(() => {});
    if ((await crowd.join(TRY_EVERY_MS)) && crowd.open > open) return true;
  }
  return false;
}

function countsOf(all: readonly Observation[]): Pick<Capacity, 'served' | 'slowestMs' | 'others'> {
  const waits: number[] = [];
  const others: Record<string, number> = {};
  for (const seen of all) {
    const [first] = seen.events;
    if (first !== undefined) waits.push(first.at - seen.startedAt);
    else others[fateOf(seen)] = (others[fateOf(seen)] ?? 0) + 1;
  }
  return { served: waits.length, slowestMs: waits.length === 0 ? null : Math.max(...waits), others };
}

function judgeCapacity(direct: Capacity, proxied: Capacity): Judgement {
  const plateau = placesOf(proxied);
  const figures = { direct: measured(direct), proxied: measured(proxied) };
  const [fate, times] = usualFate(proxied.others) ?? [];
  if (plateau < Math.min(proxied.streams, placesOf(direct))) {
    if (proxied.servedLater) {
      throw new NotMeasurable(
        `of ${proxied.streams} streams at once ${plateau} were served (${fatesText(proxied.others)}), and one that came later was served beside them: it is not their number that is limited`,
      );
    }
    const besides = proxied.besides === 0 ? '' : `, besides ${proxied.besides} of other probes`;
    const evidence: Evidence[] = [
      { k: 'plateau', v: plateau, n: plateau, of: proxied.streams },
      { k: 'streamsBesides', v: proxied.besides },
      ...(fate === undefined || times === undefined
        ? []
        : [{ k: 'othersFate', v: fate, n: times, of: proxied.streams - proxied.served }]),
    ];
    return {
      ...figures,
      evidence,
      status: 'fail',
      fault: 'capacity.limit',
      summary: `${plateau} of ${proxied.streams} streams were served at once${besides}; the others: ${fatesText(proxied.others)}`,
    };
  }
  return { ...figures, evidence: [], status: 'pass', summary: summaryOf(proxied, plateau) };
}

/** Where no event came through at all, they are held back, which is another probe's finding: the origin knows whom it serves. */
function placesOf({ served, asked, streams }: Capacity): number {
  return served > 0 ? served : Math.min(asked, streams);
}

function summaryOf({ streams, slowestMs }: Capacity, plateau: number): string {
  const all =
    plateau === streams ? `${streams} streams` : `${plateau} of ${streams} streams, as many as directly,`;
  const slowest = slowestMs === null ? '' : `, the last first event after ${durationText(slowestMs)}`;
  return `${all} were open at once${slowest}`;
}

function measured({ streams, served, asked, slowestMs }: Capacity): Measured {
  return { streams, served, reachedOrigin: asked, slowestFirstEventMs: slowestMs };
}
