import type { Measured } from '../../../results/check/result.ts';
import { durationText, tenthsOf } from '../../duration.ts';
import { quantile } from '../../lateness/bursts.ts';
import { gapsOf } from '../../lateness/gaps.ts';
import { HiddenByFault, NotMeasurable } from '../../not-measurable.ts';
import { driftOf } from '../../observation/held-stream.ts';
import type { Observation } from '../../observation/observation.ts';
import { limitAtMostMs } from '../../silence-allowed.ts';
import {
  NEEDS_ORIGIN,
  NO_STREAM,
  type PassiveJudgement,
  type PassiveProbe,
  WHOSE,
} from '../passive-probe.ts';
import { endedByItself, orLonger, sinceSent, streamsOf, type WaySeen } from '../stream-seen.ts';
import { longestGapMs } from './encoding.ts';

/** A shorter silence before an end is the pause before it. */
const LEAST_SILENCE_MS = 1_000;

/** As no server ends an answer that is whole. */
export const BROKEN: readonly string[] = ['reset', 'truncated'];

interface Silences {
  /** After how much of it streams were cut, each with how. */
  cuts: readonly { afterMs: number; how: string }[];
  /** After how much of it two were, the shorter of the two. */
  limitMs: number | undefined;
  /** The longest that a stream lived through. */
  longestMs: number;
  /** How often comments came, where several did. */
  heartbeatEveryMs: number | undefined;
}

export const idle: PassiveProbe = {
  id: 'idle',
  title: 'a silent stream lives on',
  requirement:
    'No two streams are cut after the same silence, as long as they are silent; with --heartbeat, after none of less than twice as long.',
  judge({ proxied, direct }, options) {
    const { heartbeatMs } = options;
    if (streamsOf(proxied).every(({ head }) => head === undefined)) throw new HiddenByFault(NO_STREAM);
    const through = silencesOf(proxied);
    const straight = direct && silencesOf(direct);
    const figures = {
      direct: straight === undefined ? {} : measured(straight),
      proxied: measured(through),
      runs: Math.max(1, through.cuts.length),
    };
    const { limitMs, longestMs, heartbeatEveryMs, cuts } = through;
    if (limitMs === undefined) {
      if (cuts[0] !== undefined) {
        throw new NotMeasurable(
          `one stream ended after ${durationText(cuts[0].afterMs)} of silence and no other as soon: ${NEEDS_ORIGIN}`,
        );
      }
      if (heartbeatEveryMs === undefined && longestMs < heartbeatMs) {
        throw new NotMeasurable(
          `no stream was silent for longer than ${durationText(longestMs)}: ${NEEDS_ORIGIN}${orLonger(proxied)}`,
        );
      }
      const beats =
        heartbeatEveryMs === undefined ? '' : `, with a comment every ${durationText(heartbeatEveryMs)}`;
      return {
        ...figures,
        status: 'pass',
        summary: `no cut in ${durationText(longestMs)} of silence${beats}`,
        evidence: [],
      };
    }
    if (straight?.limitMs !== undefined && isSame(straight.limitMs, limitMs)) {
      const summary = `${cutText(cuts, limitMs)}, as they are directly`;
      return { ...figures, status: 'pass', summary, evidence: [] };
    }
    const outlived = straight !== undefined && straight.longestMs > limitMs + driftOf(limitMs);
    return {
      ...figures,
      ...verdictOn(through, limitMs, options, { outlived, compared: straight !== undefined }),
      evidence: [
        { k: 'idleLimitMs', v: Math.round(limitMs), n: cuts.length, of: streamsOf(proxied).length },
        { k: 'cutSeenAs', v: [...new Set(cuts.map(({ how }) => how))].join(', ') },
      ],
    };
  },
};

/** What is known of the direct way: a stream lived on there; one was looked at. */
interface Directly {
  outlived: boolean;
  compared: boolean;
}

/**
 * A stream that was cut has shown how long it is silent: unless somebody says that it won't be any more, no heartbeat is taken
 * for granted. Broken off each time it has failed, whoever does that; an answer that ends in order may be all there is.
 */
function verdictOn(
  { cuts, longestMs }: Silences,
  limitMs: number,
  { heartbeatMs, isHeartbeatAssumed }: Parameters<PassiveProbe['judge']>[1],
  { outlived, compared }: Directly,
): Pick<PassiveJudgement, 'status' | 'fault' | 'summary'> {
  const fault = 'idle.cut';
  const cut = cutText(cuts, limitMs);
  const heartbeat = durationText(heartbeatMs);
  if (!isHeartbeatAssumed && limitAtMostMs(limitMs) >= 2 * heartbeatMs)
    return { status: 'pass', summary: `${cut}: more than twice the heartbeat of ${heartbeat}` };
  if (!outlived) {
    const always =
      longestMs <= limitMs &&
      cuts.every(({ how, afterMs }) => BROKEN.includes(how) && isSame(afterMs, limitMs));
    return compared
      ? { status: 'warn', fault, summary: `${cut}; no stream was as long silent directly` }
      : {
          status: always ? 'fail' : 'warn',
          fault,
          summary: `${cut}; ${always ? 'broken off each time' : 'ended'} ${WHOSE}`,
        };
  }
  if (isHeartbeatAssumed) return { status: 'fail', fault, summary: `${cut}; directly they live on` };
  return limitAtMostMs(limitMs) >= heartbeatMs
    ? {
        status: 'warn',
        fault,
        summary: `${cut}, less than twice the heartbeat of ${heartbeat}; directly they live on`,
      }
    : {
        status: 'fail',
        fault,
        summary: `${cut}: a heartbeat of ${heartbeat} comes too late; directly they live on`,
      };
}

function cutText({ length }: Silences['cuts'], limitMs: number): string {
  return `${length} streams were cut after ${durationText(limitMs)} of silence`;
}

function silencesOf(way: WaySeen): Silences {
  const streams = streamsOf(way).filter(({ head }) => head !== undefined);
  const cuts = streams.flatMap((seen) => {
    const afterMs = lastSilenceMs(seen);
    const how = seen.end?.info.reason ?? 'client';
    return endedByItself(seen) && afterMs >= LEAST_SILENCE_MS ? [{ afterMs, how }] : [];
  });
  const beats = streams.flatMap(({ comments }) => gapsOf(comments));
  return {
    cuts,
    limitMs: limitIn(cuts.map(({ afterMs }) => afterMs)),
    longestMs: Math.max(0, ...streams.map(livedThroughMs)),
    heartbeatEveryMs: beats.length === 0 ? undefined : quantile(beats, 0.5),
  };
}

/** The silence that an end came after is none that was lived through. */
function livedThroughMs(seen: Observation): number {
  return endedByItself(seen) ? gapsMs(seen.reads) : longestGapMs(seen);
}

function gapsMs(reads: Observation['reads']): number {
  return Math.max(0, ...gapsOf(reads.map(({ at }) => at)));
}

/** From the last byte to the end. */
function lastSilenceMs(seen: Observation): number {
  const last = seen.reads.at(-1)?.at ?? seen.head?.at ?? seen.startedAt;
  return sinceSent(seen, seen.end?.at ?? last) - sinceSent(seen, last);
}

/** The shortest that two have in common: a limit cuts all, an accident one. */
export function limitIn(lives: readonly number[]): number | undefined {
  const sorted = [...lives].sort((one, other) => one - other);
  return sorted.find((one, index) => {
    const next = sorted[index + 1];
    return next !== undefined && isSame(one, next);
  });
}

export function isSame(oneMs: number, otherMs: number): boolean {
  return Math.abs(oneMs - otherMs) <= driftOf(Math.max(oneMs, otherMs));
}

/** The longest silence is that of all, whether or not the stream lived through it. */
function measured({ cuts, limitMs, longestMs, heartbeatEveryMs }: Silences): Measured {
  return {
    limitMs: tenthsOf(limitMs ?? null),
    longestSilenceMs: tenthsOf(Math.max(longestMs, ...cuts.map(({ afterMs }) => afterMs))),
    heartbeatEveryMs: tenthsOf(heartbeatEveryMs ?? null),
  };
}
