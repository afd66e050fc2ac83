import type { Measured } from '../../../results/check/result.ts';
import { durationText, tenthsOf } from '../../duration.ts';
import { HiddenByFault, NotMeasurable } from '../../not-measurable.ts';
import type { Observation } from '../../observation/observation.ts';
import { NEEDS_ORIGIN, NO_STREAM, type PassiveProbe, WHOSE } from '../passive-probe.ts';
import { endedByItself, endMs, streamsOf, type WaySeen } from '../stream-seen.ts';
import { BROKEN, isSame, limitIn } from './idle.ts';

/** What ends sooner was short. */
const LEAST_AGE_MS = 3_000;
/** What silence has before an end that it brings about: such an end is another probe's. */
const QUIET_MS = 1_000;

interface Ages {
  limitMs: number | undefined;
  longestMs: number;
  /** Of those that were cut; of how many streams. */
  how: readonly string[];
  agesMs: readonly number[];
  of: number;
}

export const lifetime: PassiveProbe = {
  id: 'lifetime',
  title: 'a stream that is never silent lives on',
  requirement:
    'No two streams are cut in the midst of events at the same age, unless they are directly, too.',
  judge({ proxied, direct }) {
    if (streamsOf(proxied).every(({ head }) => head === undefined)) throw new HiddenByFault(NO_STREAM);
    // A whole answer is a cut only where the same one goes on directly.
    const ends = direct === undefined ? BROKEN : [...BROKEN, 'eof'];
    const through = agesOf(proxied, ends);
    const straight = direct && agesOf(direct, ends);
    const { limitMs, longestMs, how } = through;
    if (limitMs === undefined) {
      throw new NotMeasurable(
        `no stream was cut in the ${durationText(longestMs)} that it was looked at: ${NEEDS_ORIGIN}, with --long`,
      );
    }
    const figures = {
      direct: straight === undefined ? {} : measured(straight),
      proxied: measured(through),
      runs: how.length,
    };
    const cut = `${how.length} streams were cut at the age of ${durationText(limitMs)}, in the midst of events`;
    const broke = how.some((each) => each !== 'eof');
    if (broke && straight?.limitMs !== undefined && isSame(straight.limitMs, limitMs)) {
      return { ...figures, status: 'pass', summary: `${cut}, as they are directly`, evidence: [] };
    }
    const outlived =
      straight !== undefined && straight.longestMs > limitMs && !isSame(straight.longestMs, limitMs);
    // What ends directly as well is a stream that ends.
    if (straight !== undefined && !outlived) {
      throw new NotMeasurable(
        `no stream lives longer directly than ${durationText(straight.longestMs)}: ${NEEDS_ORIGIN}`,
      );
    }
    // Whoever breaks each of them off, at one age.
    const always = through.of === how.length && through.agesMs.every((age) => isSame(age, limitMs));
    return {
      ...figures,
      status: outlived || always ? 'fail' : 'warn',
      fault: 'lifetime.cut',
      summary: outlived ? `${cut}; directly they live on` : `${cut}, ${WHOSE}`,
      evidence: [
        { k: 'lifetimeLimitMs', v: Math.round(limitMs) },
        { k: 'cutSeenAs', v: [...new Set(how)].join(', ') },
      ],
    };
  },
};

function agesOf(way: WaySeen, ends: readonly string[]): Ages {
  const streams = streamsOf(way).filter(({ head }) => head !== undefined);
  const cut = streams.filter((seen) => isCut(seen, ends));
  return {
    limitMs: limitIn(cut.map(endMs)),
    longestMs: Math.max(0, ...streams.map(endMs)),
    how: cut.map(({ end }) => end?.info.reason ?? 'client'),
    agesMs: cut.map(endMs),
    of: streams.length,
  };
}

function isCut(seen: Observation, ends: readonly string[]): boolean {
  const { end, reads } = seen;
  if (end === undefined || !endedByItself(seen) || !ends.includes(end.info.reason)) return false;
  return endMs(seen) >= LEAST_AGE_MS && end.at - (reads.at(-1)?.at ?? end.at) < QUIET_MS;
}

function measured({ limitMs, longestMs }: Ages): Measured {
  return { lifetimeLimitMs: tenthsOf(limitMs ?? null), longestLifeMs: tenthsOf(longestMs) };
}
