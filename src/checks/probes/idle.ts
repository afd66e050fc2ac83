import type { Evidence, Measured } from '../../results/check/result.ts';
import { durationText, tenthsOf } from '../duration.ts';
import { allEnded } from '../observation/all-ended.ts';
import {
  commonLimitMs,
  cutTogether,
  driftOf,
  givenUp,
  holdTwins,
  type Twins,
} from '../observation/held-stream.ts';
import { type Judgement, type Probe, probe } from '../probe.ts';
import { limitAtMostMs, onlyIfNotSilent } from '../silence-allowed.ts';
import type { CheckOptions, ProbeContext, Way } from '../ways/way.ts';

interface Idle {
  /** Silences of the ladder. */
  rungs: readonly { silenceMs: number; twins: Twins }[];
  /** As long as the longest of them, with comments. */
  beating: { everyMs: number; twins: Twins };
  /** As long, with no byte of an answer. */
  headless: Twins;
}

/** More than what a limit drifts by, so that one time of the day is told from one time of life. */
const STAGGER_MS = 4_000;
/** With heartbeats, a stream is no quieter than any limit on silence lets it be. */
const MOST_BETWEEN_MS = 1_000;

export const idle: Probe = probe<Idle>({
  id: 'idle',
  title: 'a silent stream lives on',
  requirement:
    'A stream may be silent for twice as long as the application is (--heartbeat), with its head or before it.',
  seconds: 72,
  secondsWith: ({ silencesMs }) => Math.max(...silencesMs) / 1_000 + 7,
  load: 'waits',
  // Twins of each silence, of heartbeats and of no head.
  connections: ({ silencesMs }) => 2 * (silencesMs.length + 2),
  measure: (way, context) => measureIdle(way, context, STAGGER_MS),
  judge: judgeIdle,
});

export async function measureIdle(way: Way, context: ProbeContext, staggerMs: number): Promise<Idle> {
  const { silencesMs } = context.options;
  const lifeMs = Math.max(...silencesMs);
  const everyMs = Math.min(context.options.heartbeatMs, MOST_BETWEEN_MS, Math.min(...silencesMs) / 4);
  const hold = (changes: { lifeMs: number; commentEveryMs?: number; head?: 'late' }) =>
    holdTwins(way, changes, staggerMs, context);
  const [rungs, beating, headless] = await allEnded([
    allEnded(silencesMs.map(async (silenceMs) => ({ silenceMs, twins: await hold({ lifeMs: silenceMs }) }))),
    hold({ lifeMs, commentEveryMs: everyMs }),
    hold({ lifeMs, head: 'late' }),
  ]);
  return { rungs, beating: { everyMs, twins: beating }, headless };
}

/** What limits a way has, as far as the ladder reaches. */
interface Limits {
  silentMs: number | undefined;
  /** … though comments flowed. */
  beatingMs: number | undefined;
  headlessMs: number | undefined;
}

/** @throws HiddenByFault where no answer that stays open comes at all, busy or not */
function judgeIdle(direct: Idle, proxied: Idle, { options }: ProbeContext): Judgement {
  const without = limitsOf(direct);
  const found = limitsOf(proxied);
  const hidden = givenUp(proxied.beating.twins);
  if (hidden !== undefined && found.beatingMs === undefined) throw hidden;
  // What cuts the direct way as well, no proxy does.
  const limits: Limits = {
    silentMs: added(found.silentMs, without.silentMs),
    beatingMs: added(found.beatingMs, without.beatingMs),
    headlessMs: added(found.headlessMs, without.headlessMs),
  };
  const figures = {
    direct: measured(direct, without),
    proxied: measured(proxied, found),
    evidence: evidenceOf(proxied, limits),
  };
  return { ...figures, ...verdictOn(limits, proxied, options) };
}

function verdictOn(
  { silentMs, beatingMs, headlessMs }: Limits,
  { rungs, beating }: Idle,
  options: CheckOptions,
): Pick<Judgement, 'status' | 'fault' | 'summary' | 'onlyIf'> {
  const { heartbeatMs } = options;
  if (beatingMs !== undefined && (silentMs === undefined || isSame(beatingMs, silentMs))) {
    return {
      status: 'fail',
      fault: 'lifetime.cut',
      summary: `cut after ${durationText(beatingMs)}, though a comment came every ${durationText(beating.everyMs)}: a limit on the whole answer, not on silence`,
    };
  }
  if (silentMs !== undefined && !outlasts(silentMs, 2 * heartbeatMs)) {
    const cut = `cut after ${durationText(silentMs)} of silence`;
    return outlasts(silentMs, heartbeatMs)
      ? {
          status: 'warn',
          fault: 'idle.cut',
          summary: `${cut}: less than twice the heartbeat of ${durationText(heartbeatMs)}, so that one late heartbeat ends the stream`,
        }
      : {
          status: 'fail',
          fault: 'idle.cut',
          summary: `${cut}: ${heartbeatText(options)} comes too late`,
        };
  }
  if (headlessMs !== undefined && !outlasts(headlessMs, 2 * heartbeatMs)) {
    return {
      status: 'warn',
      fault: 'idle.cut-before-headers',
      summary: `given up after ${durationText(headlessMs)} without an answer: an origin that thinks for longer has to send its head first`,
    };
  }
  const longestMs = Math.max(...rungs.map(({ silenceMs }) => silenceMs));
  return {
    status: 'pass',
    ...(silentMs !== undefined && onlyIfNotSilent(silentMs, options)),
    summary:
      silentMs === undefined
        ? `no cut in ${durationText(longestMs)} of silence`
        : `cut after ${durationText(silentMs)} of silence: ${Math.floor((limitAtMostMs(silentMs) * 10) / heartbeatMs) / 10}\u00d7 the heartbeat of ${durationText(heartbeatMs)}`,
  };
}

function heartbeatText({ heartbeatMs, isHeartbeatAssumed }: CheckOptions): string {
  return isHeartbeatAssumed
    ? `a heartbeat every ${durationText(heartbeatMs)}, which is taken for granted (--heartbeat tells of yours),`
    : `the heartbeat of ${durationText(heartbeatMs)}`;
}

function limitsOf({ rungs, beating, headless }: Idle): Limits {
  const cuts = rungs.flatMap(({ twins }) => commonLimitMs(twins) ?? []);
  const cap = commonLimitMs(beating.twins);
  return {
    silentMs: cuts.length === 0 ? undefined : Math.min(...cuts),
    // Before a second comment came, the silence was the same as without any.
    beatingMs: cap !== undefined && cap > 1.5 * beating.everyMs ? cap : undefined,
    headlessMs: commonLimitMs(headless),
  };
}

function added(proxiedMs: number | undefined, directMs: number | undefined): number | undefined {
  if (proxiedMs === undefined || directMs === undefined) return proxiedMs;
  return proxiedMs < directMs && !isSame(proxiedMs, directMs) ? proxiedMs : undefined;
}

function isSame(oneMs: number, otherMs: number): boolean {
  return Math.abs(oneMs - otherMs) <= driftOf(Math.max(oneMs, otherMs));
}

function outlasts(limitMs: number, ms: number): boolean {
  return limitAtMostMs(limitMs) >= ms;
}

function evidenceOf({ rungs, headless }: Idle, { silentMs, beatingMs, headlessMs }: Limits): Evidence[] {
  const all: Evidence[] = [];
  if (silentMs !== undefined) {
    all.push({ k: 'idleLimitMs', v: Math.round(silentMs) });
    const cut = rungs.find(({ twins }) => commonLimitMs(twins) === silentMs)?.twins[0].cut;
    if (cut !== undefined) all.push({ k: 'cutSeenAs', v: cut.how });
  }
  if (beatingMs !== undefined) all.push({ k: 'withHeartbeatsLimitMs', v: Math.round(beatingMs) });
  if (headlessMs !== undefined) {
    all.push({ k: 'headlessLimitMs', v: Math.round(headlessMs) });
    const { status, how } = headless[0].cut ?? {};
    if (status !== undefined) all.push({ k: 'headlessStatus', v: status });
    else if (how !== undefined) all.push({ k: 'headlessSeenAs', v: how });
  }
  if (rungs.some(({ twins }) => cutTogether(twins))) all.push({ k: 'cutTogether', v: true });
  return all;
}

function measured({ rungs }: Idle, { silentMs, beatingMs, headlessMs }: Limits): Measured {
  return {
    silencesMs: rungs.map(({ silenceMs }) => silenceMs),
    limitMs: tenthsOf(silentMs ?? null),
    withHeartbeatsLimitMs: tenthsOf(beatingMs ?? null),
    headlessLimitMs: tenthsOf(headlessMs ?? null),
  };
}
