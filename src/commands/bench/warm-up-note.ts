import type { BenchOptions } from '../../bench/options.ts';
import type { Threshold } from '../../bench/thresholds/threshold.ts';
import { formatDuration } from '../../notation/duration.ts';
import { shown } from '../../notation/scanner.ts';

/**
 * What to tell whoever has all streams come in warm-up, stay, and judged by how they came: such a rule fails for want of
 * data unless the server ends streams.
 */
export function warmUpNote({ load, warmUpMs, life, thresholds }: BenchOptions): string | undefined {
  const endless = life.forMs === undefined && life.maxEvents === undefined && life.untilData === undefined;
  if (load.model !== 'closed' || !endless || warmUpMs === 0 || warmUpMs < load.rampUpMs) return undefined;
  const rule = thresholds.find(isOfStarts);
  if (rule === undefined) return undefined;
  return `--warm-up ${formatDuration(warmUpMs)}: all streams have come by then, which may leave nothing to judge ${shown(rule.text)} by`;
}

function isOfStarts(threshold: Threshold): boolean {
  if (threshold.kind === 'count') return threshold.count === 'error_rate';
  return threshold.metric === 'start_delay' || threshold.metric.startsWith('time_to_');
}
