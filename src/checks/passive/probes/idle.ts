import type { Measured } from '../../../results/check/result.ts';
import { quantile } from '../../bursts.ts';
import { durationText, tenthsOf } from '../../duration.ts';
import { driftOf } from '../../held-stream.ts';
import { NotMeasurable } from '../../not-measurable.ts';
import type { Observation } from '../../observation.ts';
import { onlyIfNotSilent } from '../../silence-allowed.ts';
import {
  NEEDS_ORIGIN,
  NO_STREAM,
  type PassiveJudgement,
  type PassiveProbe,
  WHOSE,
} from '../passive-probe.ts';
import { endedByItself, sinceSent, streamsOf, type WaySeen } from '../stream-seen.ts';
import { longestGapMs } from './encoding.ts';

/** A shorter silence before an end is the pause before it. */
const LEAST_SILENCE_MS = 1_000;

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
    'No two streams are cut after the same silence, or only after one of twice the heartbeat (--heartbeat); as long as they are silent.',
  judge({ proxied, direct }, options) {
    const { heartbeatMs } = options;
    if (streamsOf(proxied).every(({ head }) => head === undefined)) throw new NotMeasurable(NO_STREAM);
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
          `no stream was silent for longer than ${durationText(longestMs)}: ${NEEDS_ORIGIN}, or --silences 65s to look on for longer`,
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
    const cut = `${cuts.length} streams were cut after ${durationText(limitMs)} of silence`;
    if (straight?.limitMs !== undefined && isSame(straight.limitMs, limitMs)) {
      return { ...figures, status: 'pass', summary: `${cut}, as they are directly`, evidence: [] };
    }
    const outlived = straight !== undefined && straight.longestMs > limitMs + driftOf(limitMs);
    return {
      ...figures,
      ...verdictOn(cut, limitMs, options, outlived, straight !== undefined),
      evidence: [
        { k: 'idleLimitMs', v: Math.round(limitMs), n: cuts.length, of: streamsOf(proxied).length },
        { k: 'cutSeenAs', v: [...new Set(cuts.map(({ how }) => how))].join(', ') },
      ],
    };
  },
};

function verdictOn(
  cut: string,
  limitMs: number,
  options: Parameters<PassiveProbe['judge']>[1],
  outlived: boolean,
  compared: boolean,
): Pick<PassiveJudgement, 'status' | 'fault' | 'summary' | 'onlyIf'> {
  const { heartbeatMs } = options;
  const fault = 'idle.cut';
  // A limit of 30 s is one of twice 15 s, if it came some milliseconds early.
  if (limitMs * 1.01 >= 2 * heartbeatMs) {
    return {
      status: 'pass',
      ...onlyIfNotSilent(limitMs, options),
      summary: `${cut}: more than twice the heartbeat of ${durationText(heartbeatMs)}`,
    };
  }
  if (!outlived) {
    const whose = compared ? 'no stream was as long silent directly' : `ended ${WHOSE}`;
    return { status: 'warn', fault, summary: `${cut}; ${whose}` };
  }
  return limitMs * 1.01 >= heartbeatMs
    ? {
        status: 'warn',
        fault,
        summary: `${cut}, less than twice the heartbeat of ${durationText(heartbeatMs)}; directly they live on`,
      }
    : {
        status: 'fail',
        fault,
        summary: `${cut}: a heartbeat of ${durationText(heartbeatMs)} comes too late; directly they live on`,
      };
}

function silencesOf(way: WaySeen): Silences {
  const streams = streamsOf(way).filter(({ head }) => head !== undefined);
  const cuts = streams.flatMap((seen) => {
    const afterMs = lastSilenceMs(seen);
    const how = seen.end?.info.reason ?? 'client';
    return endedByItself(seen) && afterMs >= LEAST_SILENCE_MS ? [{ afterMs, how }] : [];
  });
  const beats = streams.flatMap(({ comments }) =>
    comments.slice(1).map((at, index) => at - (comments[index] ?? at)),
  );
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
  return Math.max(0, ...reads.slice(1).map(({ at }, index) => at - (reads[index]?.at ?? at)));
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

function measured({ limitMs, longestMs, heartbeatEveryMs }: Silences): Measured {
  return {
    limitMs: tenthsOf(limitMs ?? null),
    longestSilenceMs: tenthsOf(longestMs),
    heartbeatEveryMs: tenthsOf(heartbeatEveryMs ?? null),
  };
}
