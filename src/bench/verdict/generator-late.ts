import type { InvalidReason } from '../../results/bench/result.ts';
import type { LatencyHistogram } from '../../stats/latency-histogram.ts';
import { figureText } from '../preflight/check.ts';
import { afterSteal } from './after-steal.ts';
import type { Doubt, Evidence } from './evidence.ts';

const LATE_MS = 10;
const LATE_SHARE = 0.05;

/** One in a hundred, and more than one by chance where there are few. */
const ONE_IN = 100;
const Q = 1 - 1 / ONE_IN;
const FEWEST_LATE = 3;

/** Streams were started later than planned, by more than what they were to measure allows. */
export const generatorLate: Doubt = ({ measured, machine }) => {
  const firstEvent = measured.histogram('time_to_first_event_from_planned');
  const latency = firstEvent.count > 0 ? firstEvent : measured.histogram('time_to_first_byte_from_planned');
  // No stream was ever accepted: there is no latency that could have it in it.
  if (latency.count + latency.censored.count === 0) return undefined;
  return lateStarts({
    delays: measured.histogram('start_delay'),
    measuredMs: latency.count > 0 ? valueAt(latency, Q) : latency.censored.longest,
    starts: 'planned attempts',
    why: 'this machine was behind its plan',
    remedy: 'Start fewer streams per second, use more --workers, or a machine with more free cores.',
    machine,
  });
};

/**
 * Streams came back later than their policy had them, by more than how long they were away allows. A start takes a worker
 * about 0.2 ms: of thousands that were cut together, and are due again in one millisecond, most wait for the others.
 */
export const reconnectsLate: Doubt = ({ measured, machine }) => {
  const reconnects = measured.histogram('reconnect_time');
  // Nothing else has in it how late a reconnect was.
  if (reconnects.count === 0) return undefined;
  return lateStarts({
    delays: measured.histogram('reconnect_start_delay'),
    measuredMs: valueAt(reconnects, Q),
    starts: 'reconnects',
    why: 'reconnect times have in them how long streams waited for each other here',
    remedy:
      'Streams that are cut together come back together: spread them with --jitter 0.5, or use more --workers.',
    machine,
  });
};

interface Starts extends Pick<Evidence, 'machine'> {
  /** By how much each was late. */
  delays: LatencyHistogram;
  /** The 99th percentile, in ms, of what was measured from when they were due. */
  measuredMs: number;
  starts: string;
  why: string;
  remedy: string;
}

function lateStarts({ delays, measuredMs, starts, why, remedy, machine }: Starts): InvalidReason | undefined {
  const late = Math.max(FEWEST_LATE, Math.ceil(delays.count / ONE_IN));
  if (delays.count < late) return undefined;
  // So many were late by that or more.
  const delay = valueAt(delays, (delays.count - late + 1) / delays.count);
  const limit = Math.max(LATE_MS, LATE_SHARE * measuredMs);
  if (delay <= limit) return undefined;
  return {
    code: 'generator-late',
    figure: delay,
    limit,
    unit: 'ms',
    message: `${figureText(late)} of ${figureText(delays.count)} ${starts} started ${delay.toFixed(1)} ms or more after their time: ${why}`,
    remedy: afterSteal(remedy, machine),
  };
}

/** However few samples there are: a doubt needs no confidence. */
function valueAt(histogram: LatencyHistogram, q: number): number {
  return histogram.quantile(q, 1).value ?? 0;
}
