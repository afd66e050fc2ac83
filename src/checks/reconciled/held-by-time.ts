import type { Measured, ProbeResult } from '../../results/check/result.ts';
import type { FaultId } from '../faults/fault.ts';
import { figureOf, has, SIZES } from './evidence.ts';

const TIMER: FaultId = 'buffer.timer';
const THRESHOLD: FaultId = 'buffer.threshold';
const UNTIL_END: FaultId = 'buffer.until-end';

/** An event of the probe of the timing has fewer bytes. */
const SMALL_BYTES = 200;
/** Pieces are so many times as large where more is sent in the same time: more than rounding up to whole events explains. */
const LARGER = 4;
/** What is held comes in so many times fewer pieces than directly, where the same busy machine reads it. */
const FEWER = 3;
/** A timer that holds a head holds events for no more than so many times as long. */
const AS_LONG = 2;

/**
 * A busy machine tears the batches of a timer apart, so that no beat is left in the times of a few. What tells a timer from a
 * buffer then is another probe: a buffer lets go of as many bytes at any rate, a timer of more where more is sent; and
 * no buffer lets a head go into silence.
 */
export function asHeldByTime(results: readonly ProbeResult[]): ProbeResult[] {
  const isTimed = results.some(
    (result) =>
      result.probe === 'timing' &&
      (result.fault === TIMER || (result.fault === THRESHOLD && isByTime(result, results))),
  );
  // What comes into silence while an answer is open isn't let go by its end.
  const isShown = results.some((result) => result.fault === TIMER && has(result, 'heldInSilenceMs'));
  return results.map((result) => {
    const isUnsized = result.fault === THRESHOLD && !hasSize(result);
    const isOver = result.fault === UNTIL_END && !has(result, 'eventsMissing');
    if (!(isTimed && isUnsized) && !(isShown && (isUnsized || isOver))) return result;
    return {
      ...result,
      fault: TIMER,
      summary: `${result.summary}: they are held for a time, whatever their size`,
      evidence: [
        // Sizes tell nothing where it is time that lets go.
        ...result.evidence.filter(({ k }) => !SIZES.includes(k)),
        ...(has(result, 'batchEveryMs') ? [] : periodIn(results)),
      ],
    };
  });
}

/** As the probe has it that saw it. */
function periodIn(results: readonly ProbeResult[]): ProbeResult['evidence'] {
  const timed = results.filter(({ fault }) => fault === TIMER).flatMap(({ evidence }) => evidence);
  const seen = ['batchEveryMs', 'heldInSilenceMs'].map((name) => timed.find(({ k }) => k === name));
  return seen.filter((each) => each !== undefined).slice(0, 1);
}

function isByTime(timing: ProbeResult, results: readonly ProbeResult[]): boolean {
  if (results.some(({ probe, fault }) => probe === 'threshold' && fault === TIMER)) return true;
  const events = figure(timing.proxied, 'events');
  const bursts = figure(timing.proxied, 'bursts');
  // What comes at the end in one piece tells of no timer.
  if (!(bursts > 1)) return false;
  const held = (events / bursts) * SMALL_BYTES;
  return results.some((other) => isLarger(other, held) || isTimedHead(other, figureOf(timing, 'lagP95Ms')));
}

/** The probe of the threshold sends far more in the same time: no size was found that lets it go. */
function isLarger(result: ProbeResult, heldBytes: number): boolean {
  const { probe, direct, proxied } = result;
  if (probe !== 'threshold' || hasSize(result)) return false;
  const bursts = figure(proxied, 'bursts');
  return FEWER * bursts < figure(direct, 'bursts') && figure(proxied, 'bytes') / bursts > LARGER * heldBytes;
}

function isTimedHead(result: ProbeResult, lagMs: number): boolean {
  if (result.probe !== 'headers-first' || result.fault !== TIMER) return false;
  return lagMs < AS_LONG * figureOf(result, 'headLateMs');
}

/** A buffer lets go of so many bytes, or of all at the end. */
function hasSize(result: ProbeResult): boolean {
  return result.fault === UNTIL_END || has(result, 'modalBurstBytes');
}

/** NaN where there is none: nothing compares with it. */
function figure(measured: Measured, name: string): number {
  return Number(measured[name] ?? Number.NaN);
}
