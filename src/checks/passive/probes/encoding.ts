import { headerValue } from '../../../client/headers.ts';
import type { Evidence, Measured } from '../../../results/check/result.ts';
import { durationText, tenthsOf } from '../../duration.ts';
import { gapsOf } from '../../lateness/gaps.ts';
import { HiddenByFault, NotMeasurable } from '../../not-measurable.ts';
import type { Observation } from '../../observation/observation.ts';
import { type Coded, codedOf, isApplied, isStalled, latenessOf } from '../coded-streams.ts';
import { NEEDS_ORIGIN, NO_STREAM, type PassiveProbe, WHOSE } from '../passive-probe.ts';
import { FEWEST_PIECES } from '../same-events.ts';
import { onlyIfSmall } from '../small-beginning.ts';
import { endMs, orLonger, sinceSent } from '../stream-seen.ts';
import { firstByteMs } from './headers-first.ts';

export const encoding: PassiveProbe = {
  id: 'encoding',
  title: 'events come at once where the client accepts compression',
  requirement:
    'Events are no later with Accept-Encoding (gzip, br) than without, in streams asked for at the same time.',
  compressed: true,
  judge(seen) {
    const { proxied, direct } = seen;
    const all = codedOf(proxied);
    if (all.length > 0 && all.every((each) => each.seen.head === undefined && each.bare.head === undefined)) {
      throw new HiddenByFault(NO_STREAM);
    }
    const applied = all.filter(isApplied);
    const told = applied.filter(({ compared }) => typeof compared === 'object');
    const another = applied.some(({ compared }) => compared === 'another stream');
    if (all.length === 0) throw new NotMeasurable('no stream was asked for with Accept-Encoding');
    if (another) {
      throw new NotMeasurable(
        `the streams with and without compression have times of their own: ${NEEDS_ORIGIN}`,
      );
    }
    const figures = {
      direct: direct === undefined ? {} : measured(codedOf(direct)),
      proxied: measured(all),
      runs: 1,
    };
    const own = direct === undefined ? [] : codedOf(direct).filter(isStalled);
    const stalled = told.filter(isStalled);
    const late = stalled.filter(({ coding }) => !own.some((each) => each.coding === coding));
    const sorts: Evidence[] = [{ k: 'appliedEncodings', v: listed(applied) }];
    // What was not seen passes nothing.
    if (late.length === 0 && told.length < applied.length) {
      throw new NotMeasurable(
        `of the same events fewer than ${FEWEST_PIECES} came one by one with compression and without: ${NEEDS_ORIGIN}${orLonger(proxied)}`,
      );
    }
    if (late.length === 0) {
      const summary =
        applied.length === 0
          ? 'nobody compresses this stream'
          : stalled.length > 0
            ? `events are held with ${listed(stalled)} directly, too: it is the origin that holds them`
            : `events come as soon with ${listed(told)} as without`;
      return {
        ...figures,
        status: 'pass',
        summary,
        ...onlyIfSmall(seen, all),
        evidence: [{ k: 'stallsOnlyWhenCompressed', v: false }, ...sorts],
      };
    }
    const worst = Math.max(...late.map((each) => latenessOf(each)?.lateMs ?? 0));
    const none = late.every((each) => each.seen.events.length === 0);
    const withNext = late.every((each) => latenessOf(each)?.fault === 'buffer.one-behind');
    const how = none
      ? 'no event came'
      : withNext
        ? `each event comes when the next one is sent, up to ${durationText(worst)} later`
        : `events come up to ${durationText(worst)} later`;
    return {
      ...figures,
      status: late.some((each) => latenessOf(each)?.status === 'fail') ? 'fail' : 'warn',
      fault: 'compression.holds-events',
      summary: `with Accept-Encoding ${listed(late)} ${how}; without it ${late[0]?.bare.events.length} came meanwhile${direct === undefined ? ` (held ${WHOSE})` : ''}`,
      evidence: [
        { k: 'stallsOnlyWhenCompressed', v: true },
        { k: 'stalledEncodings', v: listed(late) },
        ...(withNext ? [{ k: 'comesWithTheNext', v: true }] : []),
        // It is held though it must not be transformed.
        ...(late.some((each) => forbidsTransforms(each.seen)) ? [{ k: 'noTransformCures', v: false }] : []),
        ...sorts,
      ],
    };
  },
};

function forbidsTransforms({ head }: Observation): boolean {
  return /\bno-transform\b/i.test(headerValue(head?.headers ?? [], 'cache-control') ?? '');
}

function measured(all: readonly Coded[]): Measured {
  return Object.fromEntries(
    all.flatMap((each, index) => [
      ...(index === 0 ? entriesOf('identity', each.bare) : []),
      ...entriesOf(each.coding, each.seen),
      ...laterEntry(each),
    ]),
  );
}

function entriesOf(name: string, seen: Observation): [string, number | null][] {
  return [
    [`${name}FirstByteMs`, tenthsOf(firstByteMs(seen) ?? null)],
    [`${name}LongestGapMs`, tenthsOf(longestGapMs(seen))],
  ];
}

/** By how much the events come later than without, nearly all of them. */
function laterEntry(coded: Coded): [string, number | null][] {
  const lateness = latenessOf(coded);
  return lateness === undefined ? [] : [[`${coded.coding}LaterMs`, tenthsOf(lateness.lateMs)]];
}

/** Between two reads, or from the last to when we left; of a body without a byte, all the time. */
export function longestGapMs(seen: Observation): number {
  const times = [...seen.reads.map(({ at }) => sinceSent(seen, at)), endMs(seen)];
  if (times.length === 1) return times[0] ?? 0;
  return Math.max(...gapsOf(times));
}

function listed(all: readonly Coded[]): string {
  return all.map(({ coding }) => coding).join(', ') || 'none';
}
