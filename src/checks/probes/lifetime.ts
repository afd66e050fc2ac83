import type { Evidence, Measured } from '../../results/check/result.ts';
import { durationText, tenthsOf } from '../duration.ts';
import { NotMeasurable } from '../not-measurable.ts';
import {
  commonLimitMs,
  cutTogether,
  driftOf,
  givenUp,
  holdTwins,
  type Twins,
} from '../observation/held-stream.ts';
import { type Judgement, type Probe, probe } from '../probe.ts';
import type { ProbeContext, Way } from '../ways/way.ts';

interface Lifetime {
  lifeMs: number;
  commentEveryMs: number;
  twins: Twins;
}

interface Times {
  lifeMs: number;
  staggerMs: number;
}

const LIFE_MS = 75_000;
/** With `--long`: longer than the quarter of an hour that gateways allow. */
const LONG_LIFE_MS = 960_000;
const STAGGER_MS = 4_000;
/** Limits on silence are another probe's: the stream is no quieter than any of them lets it be. */
const MOST_SILENCE_MS = 1_000;
/** A comment that comes when its time is up may just be too late, or not: what is cut by silence was silent for so much of it. */
const ALL_BUT = 0.75;

export const lifetime: Probe = probe<Lifetime>({
  id: 'lifetime',
  title: 'a stream that is never silent lives on',
  requirement: 'A stream with comments in it is not ended by anybody but the origin, however long it lives.',
  seconds: 82,
  secondsWith: ({ long }) => (long ? LONG_LIFE_MS : LIFE_MS) / 1_000 + 7,
  load: 'waits',
  connections: 2,
  measure: (way, context) =>
    measureLifetime(way, context, {
      lifeMs: context.options.long ? LONG_LIFE_MS : LIFE_MS,
      staggerMs: STAGGER_MS,
    }),
  judge: judgeLifetime,
});

export async function measureLifetime(
  way: Way,
  context: ProbeContext,
  { lifeMs, staggerMs }: Times,
): Promise<Lifetime> {
  const commentEveryMs = Math.min(context.options.heartbeatMs, MOST_SILENCE_MS, lifeMs / 4);
  const twins = await holdTwins(way, { lifeMs, commentEveryMs }, staggerMs, context);
  return { lifeMs, commentEveryMs, twins };
}

function judgeLifetime(direct: Lifetime, proxied: Lifetime): Judgement {
  const cuts = proxied.twins.filter(({ cut }) => cut !== undefined);
  const limitMs = commonLimitMs(proxied.twins);
  const together = cutTogether(proxied.twins);
  const figures = {
    direct: measured(direct),
    proxied: measured(proxied),
    evidence: evidenceOf(proxied, limitMs, together),
  };
  const comments = `a comment every ${durationText(proxied.commentEveryMs)}`;
  if (cuts.length === 0 || isCutDirectly(direct, proxied)) {
    return {
      ...figures,
      status: 'pass',
      summary:
        cuts.length === 0
          ? `no cut in ${durationText(proxied.lifeMs)} with ${comments}`
          : 'cut no earlier than without the proxy',
    };
  }
  if (isBySilence(proxied, limitMs, together)) {
    const hidden = givenUp(proxied.twins);
    if (hidden !== undefined) throw hidden;
    // The client sees less silence than the proxy where the last comment was on its way for longer.
    const silentMs = limitMs ?? Math.max(proxied.commentEveryMs, ...silencesOf(proxied));
    throw new NotMeasurable(
      `streams are cut after ${durationText(silentMs)} of silence already, as the next comment comes: mend idle.cut first`,
    );
  }
  const fault = 'lifetime.cut';
  const times = cuts.flatMap(({ cut }) => (cut === undefined ? [] : durationText(cut.afterMs))).join(' and ');
  if (cuts.length === 1) {
    return {
      ...figures,
      status: 'warn',
      fault,
      summary: `one of two streams with ${comments} was cut, after ${times}: an accident rather than a limit`,
    };
  }
  const how =
    limitMs !== undefined
      ? 'a limit on the whole answer'
      : together
        ? 'both at one moment, as by a reload'
        : 'at no common time of life or of the day';
  return { ...figures, status: 'fail', fault, summary: `cut after ${times} with ${comments}: ${how}` };
}

/** The direct way has as short a limit of its own. */
function isCutDirectly(direct: Lifetime, proxied: Lifetime): boolean {
  const shortestMs = shortestOf(proxied) ?? Number.POSITIVE_INFINITY;
  const directMs = shortestOf(direct);
  return directMs !== undefined && directMs <= shortestMs + driftOf(shortestMs);
}

/** Both had to wait for a comment when they were cut: the limit is on silence, and no longer than the pause between two. */
function isBySilence(
  { twins, commentEveryMs }: Lifetime,
  limitMs: number | undefined,
  together: boolean,
): boolean {
  if (together) return false;
  // Before a second comment came, the silence was the same as without any.
  if (limitMs !== undefined) return limitMs <= 1.5 * commentEveryMs;
  const silences = silencesOf({ twins });
  return silences.length === twins.length && Math.min(...silences) >= ALL_BUT * commentEveryMs;
}

function silencesOf({ twins }: Pick<Lifetime, 'twins'>): number[] {
  return twins.flatMap(({ cut }) => cut?.silentMs ?? []);
}

function shortestOf({ twins }: Lifetime): number | undefined {
  const lives = twins.flatMap(({ cut }) => (cut === undefined ? [] : cut.afterMs));
  return lives.length === 0 ? undefined : Math.min(...lives);
}

function evidenceOf({ twins }: Lifetime, limitMs: number | undefined, together: boolean): Evidence[] {
  const seenAs = twins.find(({ cut }) => cut !== undefined)?.cut?.how;
  const atAnyAge = twins.every(({ cut }) => cut !== undefined) && limitMs === undefined && !together;
  return [
    ...(atAnyAge ? [{ k: 'commonAge', v: false }] : []),
    ...(limitMs === undefined ? [] : [{ k: 'lifetimeLimitMs', v: Math.round(limitMs) }]),
    ...(seenAs === undefined ? [] : [{ k: 'cutSeenAs', v: seenAs }]),
    ...(together ? [{ k: 'cutTogether', v: true }] : []),
  ];
}

function measured({ lifeMs, twins }: Lifetime): Measured {
  const cutAfterMs = twins.flatMap(({ cut }) => (cut === undefined ? [] : tenthsOf(cut.afterMs)));
  // Of the one that was the first to go.
  return { lifeMs: Math.min(lifeMs, ...cutAfterMs), streams: twins.length, cutAfterMs };
}
