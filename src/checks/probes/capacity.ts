import { monotonicMs } from '../../client/clock.ts';
import type { Evidence, Measured } from '../../results/check/result.ts';
import { durationText } from '../duration.ts';
import { NotMeasurable } from '../not-measurable.ts';
import { Crowd } from '../observation/crowd.ts';
import { fateOf, fatesText, usualFate } from '../observation/fate.ts';
import type { Observation } from '../observation/observation.ts';
import { askedAndKept, mostAtOnce, placesOf, type Span } from '../observation/places.ts';
import { type Judgement, type Probe, probe } from '../probe.ts';
import { sleep } from '../sleep.ts';
import type { ProbeContext, Way } from '../ways/way.ts';

interface Capacity {
  streams: number;
  /** Streams of other probes that were open besides, along both ways. */
  besides: number;
  /** So many were open together, each with its event. */
  served: number;
  /** Those that the origin answered together: as many may be served by a proxy that holds events back. */
  asked: number;
  /** The last of those that had an event waited so long for it. */
  slowestMs: number | null;
  /** What became of those that were not served at first, and how often: `waits`, `status 503`, `eof`, `connect_error`, … */
  others: Readonly<Record<string, number>>;
  /** Where some were refused: what those come to that came later, beside all that ran. */
  later?: Later;
  /** Others waited, and had their turn later beside all that ran: neither is it then. */
  queue?: Queue;
}

/**
 * `served`: up to the last, so that their number is not what is limited. `in turn`: now one was served and now one refused, and the
 * last were refused: there may be no place left, or they came too often.
 */
type Later = 'served' | 'refused' | 'in turn';

/** Of streams that wait to begin, and not for others to end. */
interface Queue {
  waited: number;
  /** So many had their turn in a second; `null`: too few to tell. */
  perSecond: number | null;
}

/** Who has had no event by then is not served. */
const PATIENCE_MS = 5_000;
/** Where some were refused, one more is tried so often, beside those that run. */
const TRY_EVERY_MS = 1_000;
/** What the last one that is tried may take, where the one before it was not served. */
const LAST_TRY_MS = 3 * TRY_EVERY_MS;
/** Where some wait, it is looked so often whether they still do. */
const LOOK_EVERY_MS = 250;
/** Fewer show no pace. */
const LEAST_FOR_PACE = 3;

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
  const { pool, options, signal } = context;
  const besides = pool.size;
  const streams = options.maxConnections;
  const crowd = new Crowd(way, context, 2 * patienceMs + LAST_TRY_MS);
  const untilMs = monotonicMs() + 2 * patienceMs - TRY_EVERY_MS;
  await Promise.all(Array.from({ length: streams }, () => crowd.join(patienceMs)));
  const visits = await crowd.visits();
  const atOnce = mostAtOnce(visits.map(({ atMs, end }) => ({ from: atMs, to: end?.atMs })));
  const { refused } = crowd;
  const asked = askedAndKept({ streams, asked: atOnce, visits: visits.length, refused });
  const trial = { crowd, streams, untilMs, signal };
  const queue = await queueOf(trial, patienceMs);
  const later = queue === 'none' && crowd.refused > 0 ? await tryLater(trial) : undefined;
  const all = await crowd.leave();
  // Or they would be in the way of those that are tried when it is measured again.
  if (queue !== 'none' || crowd.refused > 0) await crowd.gone();
  const counts = { served: mostAtOnce(all.flatMap(spanOf)), asked, ...countsOf(all.slice(0, streams)) };
  return {
    ...{ streams, besides, ...counts },
    ...(later !== undefined && { later }),
    ...(typeof queue === 'object' && { queue }),
  };
}

interface Trial {
  crowd: Crowd;
  /** How many are wanted at once. */
  streams: number;
  /** Those that ran from the beginning end behind it. */
  untilMs: number;
  signal: AbortSignal;
}

/**
 * Who waits for a place has none before another leaves. Where more and more run though nobody has left, what they wait for is
 * something else: that a second is over in which only so many may begin.
 *
 * @returns `none` where nobody waits, `full` where those that do go on to
 */
async function queueOf(
  { crowd, untilMs, signal }: Trial,
  patienceMs: number,
): Promise<Queue | 'full' | 'none'> {
  const running = await crowd.running();
  // Some run, and their events are held back.
  const waited = crowd.waiting - (running - crowd.open);
  if (waited <= 0) return 'none';
  while (!signal.aborted && monotonicMs() < untilMs) {
    await sleep(LOOK_EVERY_MS, signal);
    if ((await crowd.running()) <= running) continue;
    return {
      waited,
      perSecond: paceOf(
        (await crowd.visits()).map(({ atMs }) => atMs),
        patienceMs,
      ),
    };
  }
  return 'full';
}

/** How many came in a second, by those that came late: the first ones may have come all at once. */
function paceOf(atMs: readonly number[], patienceMs: number): number | null {
  const [first = 0] = atMs;
  const late = atMs.filter((at) => at - first >= patienceMs / 2);
  const [from = 0] = late;
  const spanMs = (late.at(-1) ?? 0) - from;
  return late.length < LEAST_FOR_PACE || spanMs <= 0 ? null : ((late.length - 1) * 1_000) / spanMs;
}

/**
 * Refused are not only those for whom there is no place: who comes among too many at once may be, too, and who was connected to
 * somebody else. More are tried, and a second later where one was not served: of two in a row none is late by chance, on a
 * busy machine.
 */
async function tryLater({ crowd, streams, untilMs, signal }: Trial): Promise<Later> {
  let running = await crowd.running();
  let [hasGrown, wasRefused, isInTurn, missed] = [false, false, false, 0];
  await sleep(TRY_EVERY_MS, signal);
  while (running < streams && !signal.aborted && (monotonicMs() < untilMs || missed === 1)) {
    const [before, refusedBefore] = [running, crowd.refused];
    await crowd.join(TRY_EVERY_MS);
    running = await crowd.running();
    if (running > before) {
      [hasGrown, missed] = [true, 0];
      isInTurn ||= wasRefused;
    } else {
      wasRefused ||= crowd.refused > refusedBefore;
      missed += 1;
      await sleep(TRY_EVERY_MS, signal);
    }
  }
  if (hasGrown && missed < 2 && running < streams) return 'served';
  return isInTurn && missed >= 2 ? 'in turn' : 'refused';
}

/** From its event on it was open. */
function spanOf({ events: [first], end }: Observation): Span[] {
  return first === undefined ? [] : [{ from: first.at, to: end?.at }];
}

function countsOf(all: readonly Observation[]): Pick<Capacity, 'slowestMs' | 'others'> {
  const waits: number[] = [];
  const others: Record<string, number> = {};
  for (const seen of all) {
    const [first] = seen.events;
    if (first !== undefined) waits.push(first.at - seen.startedAt);
    else others[fateOf(seen)] = (others[fateOf(seen)] ?? 0) + 1;
  }
  return { slowestMs: waits.length === 0 ? null : Math.max(...waits), others };
}

function judgeCapacity(direct: Capacity, proxied: Capacity): Judgement {
  const plateau = placesOf(proxied);
  const figures = { direct: measured(direct), proxied: measured(proxied) };
  const [fate, times] = usualFate(proxied.others) ?? [];
  if (plateau < Math.min(proxied.streams, placesOf(direct))) {
    const why = whyNoNumber(proxied, plateau);
    if (why !== undefined) throw new NotMeasurable(why);
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

/** Why not all were served, where it isn't by how many there were; a phrase. */
function whyNoNumber({ streams, others, later, queue }: Capacity, plateau: number): string | undefined {
  if (queue !== undefined) {
    const { waited, perSecond } = queue;
    const pace = perSecond === null ? '' : `, some ${Number(perSecond.toPrecision(2))} a second`;
    return `of ${streams} streams at once ${waited} had to wait, and then came through beside those that ran${pace}: it is not their number that is limited`;
  }
  if (later === 'in turn') {
    return `of ${streams} streams at once some were not served (${fatesText(others)}), and of those that came later some were and others were not, with ${plateau} at once at last: whether it is their number that is limited or how often they come does not show`;
  }
  if (later === 'served') {
    return `of ${streams} streams at once some were not served (${fatesText(others)}), and others that came later were, beside those that ran: it is not their number that is limited`;
  }
  if (plateau > 0) return undefined;
  const fates = timesOf(others) === 0 ? 'each was over with its event' : fatesText(others);
  return `none of ${streams} streams at once was served (${fates}), nor one that came later`;
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
