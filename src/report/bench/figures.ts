import type { MetricFigures } from '../../results/bench/result.ts';
import { formatDuration } from '../duration.ts';

/** The quantiles of the result, by the key that they have there. */
export type QuantileKey = 'p50' | 'p90' | 'p95' | 'p99' | 'p999';

/** As tables name them. */
export const QUANTILE_NAMES: Readonly<Record<QuantileKey, string>> = {
  p50: 'p50',
  p90: 'p90',
  p95: 'p95',
  p99: 'p99',
  p999: 'p99.9',
};

/** What stands where nothing supports a figure. */
export const NO_FIGURE = '–';

/** A duration that was measured, with three digits, so that columns compare: `412 µs`, `41.2 ms`, `1.20 s`, `2m 05s`. */
export function formatMeasured(ms: number): string {
  if (ms < 0) return `-${formatMeasured(-ms)}`;
  if (ms < 0.9995) return ms === 0 ? '0 ms' : `${Math.round(ms * 1000)} µs`;
  if (ms < 999.5) return `${threeDigits(ms)} ms`;
  return ms < 59_950 ? `${threeDigits(ms / 1000)} s` : formatDuration(ms);
}

/** A quantile of a metric; `≥` where it falls among values that were cut short. */
export function formatQuantile(figures: MetricFigures, key: QuantileKey): string {
  const value = figures[key];
  if (value === null) return NO_FIGURE;
  return figures.atLeast?.includes(key) === true ? `≥${formatMeasured(value)}` : formatMeasured(value);
}

/** A share of 0 to 1: `0.5 %`. What is neither none nor all is never rounded to either. */
export function formatShare(share: number): string {
  if (share <= 0) return '0 %';
  if (share >= 1) return '100 %';
  const percent = share * 100;
  if (percent < 0.01) return '< 0.01 %';
  if (percent > 99.99) return '> 99.99 %';
  return `${Number(percent.toFixed(percent < 1 || percent > 99 ? 2 : 1))} %`;
}

function threeDigits(value: number): string {
  return value.toFixed(value < 9.995 ? 2 : value < 99.95 ? 1 : 0);
}
