import type { BenchResult, MetricFigures } from '../../../results/bench/result.ts';
import { formatCount } from '../../quantity.ts';
import { formatMeasured } from '../figures.ts';
import { headlineOf } from '../latency.ts';

/** Of whom something is said. */
interface Whom {
  noun: 'stream' | 'attempt';
  /** What the figures leave out: attempts that were turned away, which took no time that compares. */
  only: '' | 'accepted ';
  had: string;
  /** None is left out of the figures. */
  all: boolean;
  /** Where not all of the run is in them. */
  when: '' | ' after the warm-up';
}

/** How soon events came, or the headers where none did. */
export function firstEvents(result: BenchResult): string {
  const { counts } = result;
  if (counts.opened === 0) return '';
  if (counts.events > 0) return said(result, 'time_to_first_event', 'The first event');
  return `No stream received an event. ${said(result, 'time_to_headers', 'The headers')}`.trimEnd();
}

function said(result: BenchResult, metric: 'time_to_headers' | 'time_to_first_event', what: string): string {
  const { metrics, counts, endings, warmUp } = result;
  const figures = headlineOf(metrics, metric);
  if (figures === undefined || figures.count === 0) return '';
  const { started, attempts, opened, failedAttempts } = counts;
  const turnedAway = opened < attempts && failedAttempts + endings.no_content > 0;
  return `${what} came ${within(figures, {
    noun: attempts === started ? 'stream' : 'attempt',
    only: turnedAway ? 'accepted ' : '',
    had: metric === 'time_to_headers' ? 'were answered' : 'had one',
    all: figures.count >= attempts - (warmUp?.counts.attempts ?? 0),
    when: (warmUp?.counts.attempts ?? 0) > 0 ? ' after the warm-up' : '',
  })}.`;
}

/** For the share that the samples support, and no more. */
function within(figures: MetricFigures, { noun, only, had, all, when }: Whom): string {
  const { p99, p50, max, count, atLeast = [] } = figures;
  if (atLeast.includes('p50')) return `within ${formatMeasured(max)} where it came; for most it never did`;
  if (p99 === null) {
    const most = `within ${formatMeasured(max)} for`;
    if (count === 1)
      return `${most} the one ${noun}${all ? '' : ` that ${had.replace('were', 'was')}`}${when}`;
    return `${most} ${all ? 'all' : 'the'} ${formatCount(count)} ${noun}s${all ? '' : ` that ${had}`}${when}`;
  }
  const whom = `${only}${noun}s`;
  if (!atLeast.includes('p99')) return `within ${formatMeasured(p99)} for 99 % of the ${whom}`;
  const late = `after more than ${formatMeasured(p99)}, or never, for at least 1 %`;
  return p50 === null ? late : `within ${formatMeasured(p50)} for half of the ${whom}, and ${late}`;
}
