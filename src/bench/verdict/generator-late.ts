import type { LatencyHistogram } from '../../stats/latency-histogram.ts';
import { figureText } from '../preflight/check.ts';
import type { Doubt } from './evidence.ts';

const LATE_MS = 10;
const LATE_SHARE = 0.05;

/** One in a hundred, and more than one by chance where there are few. */
const ONE_IN = 100;
const Q = 1 - 1 / ONE_IN;
const FEWEST_LATE = 3;

const PLAN = 'Start fewer streams per second, use more --workers, or a machine with more free cores.';

/**
 * A start takes a worker about 0.2 ms: thousands that are due in one millisecond wait for each other. Their first events,
 * which count from when they were due, and their reconnect times have that in them, so that it is no less of a doubt.
 */
const HERD =
  'Streams that were cut together come back together, and wait for each other here: spread them with --jitter 0.5, or use more --workers. Where none were, start fewer per second.';

/** Streams were started later than planned, by more than what they were to measure allows. */
export const generatorLate: Doubt = ({ measured }) => {
  const delays = measured.histogram('start_delay');
  const late = Math.max(FEWEST_LATE, Math.ceil(delays.count / ONE_IN));
  if (delays.count < late) return undefined;
  // So many were late by that or more.
  const delay = valueAt(delays, (delays.count - late + 1) / delays.count);
  const firstEvent = measured.histogram('time_to_first_event_from_planned');
  const latency = firstEvent.count > 0 ? firstEvent : measured.histogram('time_to_first_byte_from_planned');
  const limit = Math.max(LATE_MS, LATE_SHARE * valueAt(latency, Q));
  if (delay <= limit) return undefined;
  return {
    code: 'generator-late',
    figure: delay,
    limit,
    unit: 'ms',
    message: `${figureText(late)} of ${figureText(delays.count)} attempts started ${delay.toFixed(1)} ms or more after their time: this machine was behind its plan`,
    // So many came back that they alone may be those.
    remedy: measured.counts.outages >= late ? HERD : PLAN,
  };
};

/** However few samples there are: a doubt needs no confidence. */
function valueAt(histogram: LatencyHistogram, q: number): number {
  return histogram.quantile(q, 1).value ?? 0;
}
