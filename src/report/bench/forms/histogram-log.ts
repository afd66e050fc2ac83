import type { BenchResult } from '../../../results/bench/result.ts';
import { windowHistograms } from '../../../results/bench/window-histograms.ts';
import type { ResultForm } from './form.ts';

/**
 * A log as HdrHistogram's own tools read it (HistogramLogProcessor and others): a line for each metric and second, the
 * metric being its tag. Values are microseconds. Warm-up is left out, so that all lines of a tag sum up to the result's
 * distribution; of a saved result a line has the whole of it.
 *
 * @see https://github.com/HdrHistogram/HdrHistogram, HistogramLogWriter
 */
export const histogramLogForm: ResultForm = {
  text: (result) => head(result.startedAt) + wholeRun(result),
  live: {
    head: ({ startedAt }) => head(startedAt),
    window({ window: { from, to, warmUp }, snapshot }) {
      if (warmUp === true) return '';
      return Object.entries(windowHistograms(snapshot))
        .filter(([, { count }]) => count > 0)
        .map(([metric, { max, hdr }]) => interval(metric, from, to, max, hdr))
        .join('');
    },
    tail: () => '',
  },
};

function head(startedAt: string): string {
  const at = new Date(startedAt);
  return [
    '#[Histogram log format version 1.3]',
    '#[Values are microseconds, Interval_Max is milliseconds; each Tag is a metric]',
    `#[StartTime: ${(at.getTime() / 1000).toFixed(3)} (seconds since epoch), ${at.toISOString()}]`,
    `#[BaseTime: ${(at.getTime() / 1000).toFixed(3)} (seconds since epoch)]`,
    '"StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"',
    '',
  ].join('\n');
}

function wholeRun({ metrics: { lifetime: _, ...metrics }, plan, ended }: BenchResult): string {
  const to = ended?.atMs ?? plan.durationMs;
  return Object.entries(metrics)
    .filter(([, { count }]) => count > 0)
    .map(([metric, { max, hdr }]) => interval(metric, plan.warmUpMs, to, max, hdr))
    .join('');
}

/** @param from in milliseconds since the start of the run, as `to` and `max` */
function interval(metric: string, from: number, to: number, max: number, hdr: string): string {
  return `Tag=${metric},${seconds(from)},${seconds(to - from)},${max.toFixed(3)},${hdr}\n`;
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}
