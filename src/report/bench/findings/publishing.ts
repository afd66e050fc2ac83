import type { BenchResult } from '../../../results/bench/result.ts';
import { counted, formatCount } from '../../quantity.ts';
import { errorReasons, reasonsText } from './reasons.ts';

/** What of the events of our own could not be published: what did not come is not the streams' fault. */
export function publishing({ publish }: BenchResult): string {
  if (publish === undefined) return '';
  const { planned, published, failed, notStarted, errors } = publish;
  if (failed + notStarted === 0) return '';
  const late = notStarted === 0 ? [] : [{ text: 'earlier ones took too long', count: notStarted }];
  const why = reasonsText([...errorReasons(errors), ...late]);
  const events = counted(planned, 'event');
  if (published === 0) return `None of the ${events} could be published: ${why}.`;
  return `${formatCount(failed + notStarted)} of ${events} could not be published: ${why}.`;
}
