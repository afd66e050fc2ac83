import type { ProbeResult } from '../../results/check/result.ts';
import type { FaultId } from '../faults/fault.ts';
import { LATE_MS } from '../lateness/lateness.ts';
import { EVENTS, figureOf, has, SIZES } from './evidence.ts';

/** Whoever finds one of these tells better than the probe of the encodings who holds events without compression. */
const HOLDING: readonly FaultId[] = [
  'buffer.until-end',
  'buffer.threshold',
  'buffer.timer',
  'buffer.one-behind',
  'rate.limit',
  'stream.stalled',
  'headers.late',
  'headers.type-changed',
];

const COMPRESSION: FaultId = 'compression.holds-events';
const TIMER: FaultId = 'buffer.timer';
/** How long a timer holds events. */
const SPANS = ['batchEveryMs', 'heldInSilenceMs', 'lagP95Ms'];
/** What is said of compression alone. */
const OF_COMPRESSION = [
  'stallsOnlyWhenCompressed',
  'noTransformCures',
  'stalledEncodings',
  'stalledForMs',
  'stalledSizesBytes',
  'comesWithTheNext',
];
/** … and of how events are held without it: who found that tells of it. */
const OF_HOLDING = ['heldUncompressed', 'batchEveryMs', 'heldInSilenceMs', ...SIZES];
/** A busy machine is late besides. */
const MEASURED_LONGER = 1.15;

/**
 * Events that are held without compression as well are no fault of a compressor's. They are one all the same, unless another probe
 * has told of it already.
 */
export function asHeldElsewhere(results: readonly ProbeResult[]): ProbeResult[] {
  const isKnown = results.some(
    ({ probe, fault }) => probe !== 'encoding' && HOLDING.some((each) => each === fault),
  );
  return results.map((result) => {
    const { probe, fault, evidence } = result;
    if (probe !== 'encoding' || fault === undefined) return result;
    const { fault: _, ...rest } = result;
    if (isKnown && has(result, 'heldUncompressed'))
      return { ...rest, status: 'pass', evidence: evidence.filter(({ k }) => !OF_HOLDING.includes(k)) };
    if (fault !== COMPRESSION || !isByTimer(result, longestOf(results))) return result;
    return {
      ...rest,
      status: 'pass',
      summary:
        'events come no later with compression than a timer lets them go that holds them without it, too',
      evidence: [
        { k: 'stallsOnlyWhenCompressed', v: false },
        ...evidence.filter(({ k }) => !OF_COMPRESSION.includes(k)),
      ],
    };
  });
}

/**
 * A timer holds each stream for as long as it is from letting go, one with compression longer than one without by chance. What
 * it doesn't hold longer than its period needs no compressor to hold it.
 */
function isByTimer(result: ProbeResult, periodMs: number): boolean {
  return figureOf(result, 'stalledForMs') <= periodMs * MEASURED_LONGER + LATE_MS;
}

/** How long a timer holds what comes without compression; NaN where none does. */
function longestOf(results: readonly ProbeResult[]): number {
  const timed = results.filter(({ probe, fault }) => EVENTS.includes(probe) && fault === TIMER);
  const spans = timed.flatMap(({ evidence }) =>
    evidence.filter(({ k }) => SPANS.includes(k)).map(({ v }) => Number(v)),
  );
  return spans.length === 0 ? Number.NaN : Math.max(...spans);
}
