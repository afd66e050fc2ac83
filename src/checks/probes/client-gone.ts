import { monotonicMs } from '../../client/clock.ts';
import type { Evidence } from '../../results/check/result.ts';
import { durationText } from '../duration.ts';
import { NotMeasurable } from '../not-measurable.ts';
import { allEnded } from '../observation/all-ended.ts';
import { observe } from '../observation/observe.ts';
import type { OriginScript } from '../origin/script.ts';
import { ONE_EVENT } from '../origin/script.ts';
import type { Visit } from '../origin/visit.ts';
import { watchVisits } from '../origin/watch-visits.ts';
import { type Judgement, type Probe, probe } from '../probe.ts';
import { openRaw } from '../raw/raw-exchange.ts';
import { scripted } from '../ways/scripted.ts';
import type { CheckOptions, ProbeContext, Way } from '../ways/way.ts';

/** How the client leaves: while the origin is silent, while it writes, or while it is silent and with RST. */
type Leaving = 'idle' | 'writing' | 'reset';

/** When the origin was told that the client had left, in milliseconds from then; `null`: it wasn't, for as long as was looked. */
type ClientGone = Record<Leaving, number | null>;

interface Times {
  /** Waits so long for the first event, which a proxy may hold back: who has waited leaves all the same. */
  arrivalMs: number;
  writeEveryMs: number;
  /** The origin is to hear of it within. */
  mostMs: number;
}

const TIMES: Times = { arrivalMs: 2_000, writeEveryMs: 250, mostMs: 10_000 };
/** Who writes so often does little for nobody. */
const OFTEN_MS = 60_000;
/** Told later than that, an origin has done much for nobody. */
const SOON_MS = 2_000;

export const clientGone: Probe = probe<ClientGone>({
  id: 'client-gone',
  title: 'the origin hears that a client has left',
  requirement: `The origin's connection ends within ${SOON_MS / 1_000} s of the client's leaving, whether or not the origin writes.`,
  seconds: 12,
  load: 'quiet',
  betweenClocksMs: SOON_MS,
  connections: 3,
  measure: (way, context) => measureClientGone(way, context, TIMES),
  judge: judgeClientGone,
});

export async function measureClientGone(way: Way, context: ProbeContext, times: Times): Promise<ClientGone> {
  const [idle, writing, reset] = await allEnded([
    leave('idle', way, context, times),
    leave('writing', way, context, times),
    leave('reset', way, context, times),
  ]);
  return { idle, writing, reset };
}

async function leave(how: Leaving, way: Way, context: ProbeContext, times: Times): Promise<number | null> {
  const { signal, origin } = context;
  const { key, request } = scripted(way, { steps: stepsFor(how, times) });
  const leftAt =
    how === 'reset'
      ? await leaveWithReset(request, times, signal)
      : await observe(context.pool, request, {
          forMs: times.arrivalMs,
          until: ({ events }) => events.length > 0,
          signal,
        }).then(({ end }) => end?.at ?? monotonicMs());
  const isTold = (visits: readonly Visit[]) =>
    visits.length > 0 && visits.every(({ end }) => end?.by === 'left');
  const visits = await watchVisits(origin, key, { forMs: times.mostMs, until: isTold, signal });
  if (visits.length === 0) throw new NotMeasurable('a request that the client left never reached the origin');
  if (!isTold(visits)) return null;
  const lastAt = Math.max(...visits.map(({ end }) => end?.atMs ?? 0));
  return Math.max(0, lastAt - origin.clock.aheadMs - leftAt);
}

/** The answer ends by itself where nobody ends it: nothing stays open behind the probe. */
function stepsFor(how: Leaving, { arrivalMs, writeEveryMs, mostMs }: Times): OriginScript['steps'] {
  const lifeMs = arrivalMs + mostMs + 1_000;
  if (how !== 'writing') return [ONE_EVENT, { do: 'wait', ms: lifeMs }];
  return [{ ...ONE_EVENT, count: Math.ceil(lifeMs / writeEveryMs), everyMs: writeEveryMs }];
}

/** @returns when it left */
async function leaveWithReset(
  request: Way['request'],
  { arrivalMs }: Times,
  signal: AbortSignal,
): Promise<number> {
  const exchange = await openRaw(request, signal);
  exchange.sendHead();
  await exchange.until(() => exchange.received.includes('data:'), arrivalMs, signal);
  exchange.reset();
  return exchange.end?.at ?? monotonicMs();
}

function judgeClientGone(direct: ClientGone, proxied: ClientGone, { options }: ProbeContext): Judgement {
  // What the origin isn't told without a proxy either, no proxy keeps from it.
  const isKept = (how: Leaving) => proxied[how] === null && direct[how] !== null;
  const isLate = (how: Leaving) =>
    isKept(how) || (proxied[how] ?? 0) - (direct[how] ?? Number.POSITIVE_INFINITY) > SOON_MS;
  const evidence: Evidence[] = LEAVINGS.map((how) => ({ k: `${how}Noticed`, v: proxied[how] !== null }));
  const figures = { direct: measured(direct), proxied: measured(proxied), evidence };
  if (isKept('writing')) {
    return {
      ...figures,
      status: 'fail',
      fault: 'client-gone.unnoticed',
      summary: `the origin was not told that the client had left, though it went on writing (${timesOf(proxied)})`,
    };
  }
  if (LEAVINGS.some(isLate)) {
    return {
      ...figures,
      status: 'warn',
      fault: 'client-gone.on-next-write',
      summary: `${lateText(isKept('idle'), isLate('idle') && !isLate('writing'))} (${timesOf(proxied)})`,
      ...(!isLate('writing') && onlyIfSilent(options)),
    };
  }
  return {
    ...figures,
    status: 'pass',
    summary: `the origin hears that the client has left (${timesOf(proxied)})`,
  };
}

/** Who writes now and then is told by the next of its writes. */
function onlyIfSilent({ heartbeatMs }: CheckOptions): Pick<Judgement, 'onlyIf'> {
  if (heartbeatMs > OFTEN_MS) return {};
  return {
    onlyIf: `only if the application may be silent for long: taken for granted is that it writes every ${heartbeatMs / 1_000} s, and so hears of it by the next write but one (--heartbeat tells how often yours does)`,
  };
}

/**
 * @param isKept a silent origin is told nothing
 * @param isForSilence it is told so late that it is told by a limit on silence
 */
function lateText(isKept: boolean, isForSilence: boolean): string {
  if (isKept) {
    return 'a silent origin is not told that the client has left; one that writes is, by its next writes';
  }
  return isForSilence
    ? 'a silent origin is not told that the client has left, until its silence is cut; one that writes is, by its next writes'
    : 'the origin was told late that the client had left';
}

const LEAVINGS: readonly Leaving[] = ['idle', 'writing', 'reset'];
const NAMES: Record<Leaving, string> = { idle: 'silent', writing: 'writing', reset: 'left with RST' };

function timesOf(gone: ClientGone): string {
  return LEAVINGS.map((how) => `${NAMES[how]}: ${told(gone[how])}`).join(', ');
}

function told(ms: number | null): string {
  return ms === null ? 'never' : durationText(ms);
}

function measured({ idle, writing, reset }: ClientGone) {
  return { idleMs: idle, writingMs: writing, resetMs: reset };
}
