import type { BenchResult } from '../../../results/bench/result.ts';
import { formatCount } from '../../quantity.ts';
import { formatMeasured } from '../figures.ts';
import { outagesLeft, outagesLost } from '../reconnects.ts';

/** How often streams were interrupted, and what coming back took. */
export function outages(result: BenchResult): string {
  const { counts, metrics } = result;
  if (counts.outages === 0) return '';
  const figures = metrics.reconnect_time;
  const times = `Streams were interrupted ${formatCount(counts.outages)} ${counts.outages === 1 ? 'time' : 'times'}`;
  const lost = outagesLost(result);
  if (figures === undefined || figures.count === 0) {
    return `${times}, and none came back${lost === 0 ? '' : `: ${ended(lost)}`}.`;
  }
  const shown = figures.p99 ?? figures.max;
  const share = figures.p99 === null ? 'at most' : '99 % of the time at most';
  const left = outagesLeft(result);
  const forGood = lost === 0 ? '' : `, of which ${ended(lost)}`;
  const away = left === 0 ? '' : `, and ${formatCount(left)} did not come back in time${forGood}`;
  return `${times}; coming back took ${share} ${formatMeasured(shown)}${away}.`;
}

function ended(lost: number): string {
  return `${formatCount(lost)} failed for good`;
}
