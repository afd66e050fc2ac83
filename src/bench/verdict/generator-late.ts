import type { LatencyHistogram } from '../../stats/latency-histogram.ts';
import type { Doubt } from './evidence.ts';

const LATE_MS = 10;
const LATE_SHARE = 0.05;

/** Streams were started later than planned, by more than what they were to measure allows. */
export const generatorLate: Doubt = ({ measured }) => {
  const delay = p99(measured.histogram('start_delay'));
  const firstEvent = measured.histogram('time_to_first_event_from_planned');
  const latency = firstEvent.count > 0 ? firstEvent : measured.histogram('time_to_first_byte_from_planned');
  const limit = Math.max(LATE_MS, LATE_SHARE * p99(latency));
  if (delay <= limit) return undefined;
  return {
    code: 'generator-late',
    figure: delay,
    limit,
    unit: 'ms',
    message: `1 % of the attempts started ${delay.toFixed(1)} ms or more after their time: this machine was behind its plan`,
    remedy: 'Start fewer streams per second, use more --workers, or a machine with more free cores.',
  };
};

/** However few samples there are: a doubt needs no confidence. */
function p99(histogram: LatencyHistogram): number {
  return histogram.quantile(0.99, 1).value ?? 0;
}
