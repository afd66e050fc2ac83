import { setTimeout as delay } from 'node:timers/promises';
import type { Evidence } from '../../results/check/result.ts';
import { durationText } from '../duration.ts';
import type { FaultId } from '../faults/fault.ts';
import type { Observation } from '../observation/observation.ts';
import { observe } from '../observation/observe.ts';
import { wasAsked } from '../observation/origins-answer.ts';
import type { OriginStep } from '../origin/script.ts';
import type { Origin } from '../origin/visit.ts';
import { scripted } from '../ways/scripted.ts';
import type { ProbeContext, Way } from '../ways/way.ts';
import { quantile, unlikeness } from './bursts.ts';
import { gapsOf } from './gaps.ts';
import { lagsOf } from './lags.ts';
import { type Batch, firstOfBursts, LATE_MS } from './lateness.ts';

/** What is held is let go by a timer: nothing but time passed until it came. */
export interface LetGo {
  /** How long what was sent last waited, in silence. */
  heldMs: number;
  /** Of the timer, where what is sent steadily shows it. */
  everyMs?: number;
  /** What is sent behind that comes at once: the answer began late as a whole, and nothing is held then. */
  isBeginning?: true;
}

/** So long what is held is waited for: longer than what proxies have as a flush interval. */
export const PATIENCE_MS = 5_500;
/** Two: many pass the first piece on with the head, whatever they do with the others. */
const BEFORE_SILENCE = { do: 'events', count: 2, everyMs: 50, sizeBytes: 0, fill: 'text' } as const;
/** What comes sooner came by itself, on a busy machine. */
const SHORTEST_MS = 150;
/** A timer that runs by itself may let go right behind them, and hardly so often in a row. */
const MOST_TRIES = 3;
/** An answer that ends so soon behind what comes has let it go by its end. */
const WITH_END_MS = 250;

/** For three batches of the longest timer, and so few bytes that they fill no buffer; unevenly, so that a beat is none of theirs. */
const STEADILY: readonly OriginStep[] = [1, 2, 3, 4].flatMap(() =>
  [130, 170, 110, 230].map((everyMs) => ({ ...BEFORE_SILENCE, count: 10, everyMs })),
);
const STEADY_MS = 4 * 10 * (130 + 170 + 110 + 230);
const FEWEST_BATCHES = 3;
/** Two times that are a timer's differ by no more than such a share. */
const ALIKE = 0.15;

/**
 * Sends two events and then nothing, with the answer left open: what comes in such a silence comes by time alone, since a size
 * or an end does not come about. Then events steadily, for the period.
 *
 * @returns nothing where what is held stays held
 */
export async function watchLetGo(way: Way, context: ProbeContext): Promise<LetGo | undefined> {
  const heldMs = await heldInSilence(way, context);
  if (heldMs === undefined) return undefined;
  const batches = await steadyBatches(way, context);
  if (isOnlyBeginning(batches)) return { heldMs, isBeginning: true };
  const everyMs = steadyPeriod(batches);
  return { heldMs, ...(everyMs !== undefined && { everyMs }) };
}

/** What it comes to. */
export function faultOfLetGo({ isBeginning }: LetGo): FaultId {
  return isBeginning === true ? 'headers.late' : 'buffer.timer';
}

/** What points to the timer. */
export function evidenceOfLetGo({ heldMs, everyMs }: LetGo): Evidence[] {
  return [
    ...(everyMs === undefined ? [] : [{ k: 'batchEveryMs', v: Math.round(everyMs) }]),
    { k: 'heldInSilenceMs', v: Math.round(heldMs) },
  ];
}

/** A clause: what an answer that is left open shows. */
export function letGoText({ heldMs, everyMs, isBeginning }: LetGo): string {
  if (isBeginning === true)
    return `an answer that is left open begins ${durationText(heldMs)} late, and what is sent then comes at once`;
  return everyMs === undefined
    ? `while an answer is open and silent they come after ${durationText(heldMs)}: it is time that lets them go`
    : `while an answer is open they come every ${durationText(everyMs)}, in silence as well: it is time that lets them go`;
}

async function heldInSilence(way: Way, context: ProbeContext): Promise<number | undefined> {
  const steps = [BEFORE_SILENCE, { do: 'wait', ms: 2 * PATIENCE_MS } as const];
  const { count } = BEFORE_SILENCE;
  for (let time = 1; time <= MOST_TRIES; time += 1) {
    const seen = await untilOpen(way, context, steps, ({ events }) => events.length >= count);
    const heldMs = seen === undefined ? undefined : lagsOf(seen.events, context.origin)[count - 1];
    if (heldMs === undefined || heldMs >= SHORTEST_MS) return heldMs;
  }
  return undefined;
}

/**
 * Asks for an answer that stays open, and leaves when something is so, or patience is over.
 *
 * @returns nothing where that did not come about while the answer was open: also where the answer ended right behind it
 */
export async function untilOpen(
  way: Way,
  { pool, origin, signal }: ProbeContext,
  steps: readonly OriginStep[],
  isSo: (seen: Observation) => boolean,
): Promise<Observation | undefined> {
  const over = new AbortController();
  let isLeaving = false;
  const { key, request } = scripted(way, { steps });
  const seen = await observe(pool, request, {
    forMs: PATIENCE_MS,
    until: (so) => {
      if (!isLeaving && isSo(so)) {
        isLeaving = true;
        // Until it is known that no end has brought it.
        delay(WITH_END_MS, undefined, { signal, ref: false }).then(
          () => over.abort(),
          () => {},
        );
      }
      return false;
    },
    signal: AbortSignal.any([signal, over.signal]),
  });
  signal.throwIfAborted();
  const isOrigins = seen.head?.status === 200 && (await wasAsked(origin, key));
  return isOrigins && isLeaving && seen.end?.info.reason === 'client' ? seen : undefined;
}

async function steadyBatches(way: Way, { pool, origin, signal }: ProbeContext): Promise<readonly Batch[]> {
  const { request } = scripted(way, { steps: STEADILY });
  const { events } = await observe(pool, request, {
    forMs: STEADY_MS,
    until: (seen) => batchesOf(seen.events, origin).length >= FEWEST_BATCHES,
    signal,
  });
  signal.throwIfAborted();
  return batchesOf(events, origin);
}

function batchesOf(events: Observation['events'], origin: Origin): readonly Batch[] {
  const arrivalsMs = events.map(({ at }) => at);
  const lags = lagsOf(events, origin);
  // What was changed on its way has no time any more.
  if (lags.length < events.length) return [];
  return firstOfBursts({ arrivalsMs, sentMs: arrivalsMs.map((at, nth) => at - (lags[nth] ?? 0)) });
}

/** The first event of what a timer holds waits for nearly all of its period, each time. */
export function isOnlyBeginning([first, ...later]: readonly Batch[]): boolean {
  const isHeld = (first?.lagMs ?? 0) >= SHORTEST_MS;
  return isHeld && later.length >= 2 && later.every(({ lagMs }) => lagMs < LATE_MS);
}

/**
 * The period of a timer that is known to be one, by its batches. It runs by itself, and what is between them is alike; or it
 * starts with the first event that it holds, and how long that one waited is.
 */
export function steadyPeriod(batches: readonly Batch[]): number | undefined {
  // The first batch tells when the timer was started, the last may have been left in its midst.
  const gaps = gapsOf(batches.map(({ at }) => at));
  const holds = batches.slice(1).map(({ lagMs }) => lagMs);
  if (gaps.length < 2) return undefined;
  const [likeliest] = [gaps, holds].sort((one, other) => unlikeness(one) - unlikeness(other));
  if (likeliest === undefined || unlikeness(likeliest) > ALIKE) return undefined;
  return quantile(likeliest, 0.5);
}
