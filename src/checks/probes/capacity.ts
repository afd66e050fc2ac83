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
  /** So many were open together, each with its event. */
  served: number;
  /** Those that the origin was asked for: as many may be served by a proxy that holds events back. */
  asked: number;
  /** The last of those that had an event waited so long for it. */
  slowestMs: number | null;
  /** What became of those that were not served at first, and how often: `waits`, `status 503`, `eof`, `connect_error`, … */
  others: Readonly<Record<string, number>>;
  /** Others were refused, and served a while later beside all that ran: their number is not what is limited. */
  gaveWay: boolean;
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
  const gaveWay = crowd.refused > 0 && (await gaveWayBy(crowd, { streams, untilMs, signal }));
  const { open } = crowd;
  const { served, ...counts } = countsOf((await crowd.leave()).slice(0, streams));
  return { streams, besides, asked, gaveWay, ...counts, served: Math.max(served, open) };
}

/**
 * Refused are not only those for whom there is no place: who comes among too many at once may be, too, and who was connected to
 * somebody else. More are tried until one is refused, then one a second.
 *
 * @returns whether one was served where one had been refused, though nobody had left
 */
async function gaveWayBy(
  crowd: Crowd,
  { streams, untilMs, signal }: { streams: number; untilMs: number; signal: AbortSignal },
): Promise<boolean> {
  let wasRefused = false;
  await delay(TRY_EVERY_MS, undefined, { signal }).catch(() => {});
  while (crowd.open > 0 && crowd.open < streams && !signal.aborted && monotonicMs() < untilMs) {
    const { open } = crowd;
    const isServed = (await crowd.join(TRY_EVERY_MS)) && crowd.open > open;
    if (isServed && wasRefused) return true;
    wasRefused = !isServed;
    if (wasRefused) await delay(TRY_EVERY_MS, undefined, { signal }).catch(() => {});
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
    if (proxied.gaveWay) {
      throw new NotMeasurable(
        `of ${proxied.streams} streams at once some were not served (${fatesText(proxied.others)}), and others that came later were, beside those that ran: it is not their number that is limited`,
      );
    }
    const besides = proxied.besides === 0 ? '' : `, besides ${proxied.besides} of other probes`;
    const isAllTold = plateau + timesOf(proxied.others) <= proxied.streams;
    const evidence: Evidence[] = [
      { k: 'plateau', v: plateau, n: plateau, of: proxied.streams },
      { k: 'streamsBesides', v: proxied.besides },
      ...(fate === undefined || times === undefined
        ? []
        : [{ k: 'othersFate', v: fate, n: times, of: timesOf(proxied.others) }]),
    ];
    return {
      ...figures,
      evidence,
      status: 'fail',
      fault: 'capacity.limit',
      summary: `${plateau} of ${proxied.streams} streams were served at once${besides}; ${isAllTold ? 'the others' : 'of those at first'}: ${fatesText(proxied.others)}`,
    };
  }
  return { ...figures, evidence: [], status: 'pass', summary: summaryOf(proxied, plateau) };
}

/** Where no event came through at all, they are held back, which is another probe's finding: the origin knows whom it serves. */
function placesOf({ served, asked, streams }: Capacity): number {
  return served > 0 ? served : Math.min(asked, streams);
}

function timesOf(fates: Readonly<Record<string, number>>): number {
  return Object.values(fates).reduce((sum, times) => sum + times, 0);
}

function summaryOf({ streams, served, slowestMs, others }: Capacity, plateau: number): string {
  const all =
    plateau === streams ? `${streams} streams` : `${plateau} of ${streams} streams, as many as directly,`;
  const slowest = slowestMs === null ? '' : `, the last first event after ${durationText(slowestMs)}`;
  const again =
    served < streams || timesOf(others) === 0
      ? ''
      : `, though some only when they came again (${fatesText(others)})`;
  return `${all} were open at once${slowest}${again}`;
}

function measured({ streams, served, asked, slowestMs }: Capacity): Measured {
  return { streams, served, reachedOrigin: asked, slowestFirstEventMs: slowestMs };
}
