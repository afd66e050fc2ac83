import type { BenchResult } from '../../results/bench/result.ts';
import { counted, formatCount } from '../quantity.ts';
import { firstEvents } from './findings/first-events.ts';
import { gaps } from './findings/gaps.ts';
import { outages } from './findings/outages.ts';
import { publishing } from './findings/publishing.ts';
import { refusals, streams } from './findings/streams.ts';
import { capital, listed } from './findings/wording.ts';

const FINDINGS = [streams, refusals, firstEvents, gaps, outages, publishing, losses];

/**
 * What a run has found, in sentences for someone who has never seen its tables: what became of the streams, how soon
 * events came and kept coming, what interruptions took, and what was lost.
 */
export function conclusion(result: BenchResult): string {
  return FINDINGS.map((sentence) => sentence(result))
    .filter((text) => text !== '')
    .join(' ');
}

function losses(result: BenchResult): string {
  return [lostEvents(result), unreached(result)].filter((sentence) => sentence !== '').join(' ');
}

function unreached({ delivery }: BenchResult): string {
  const { unreached: count = 0 } = delivery ?? {};
  return count === 0 ? '' : `${counted(count, 'stream')} never had a published event.`;
}

function lostEvents({ delivery, publish }: BenchResult): string {
  if (delivery === undefined || delivery.rate === null) return '';
  const { missing, duplicated, out_of_order } = delivery;
  const faults = [
    ...(missing > 0 ? [`${counted(missing, 'event')} never came`] : []),
    ...(duplicated > 0 ? [`${formatCount(duplicated)} came twice`] : []),
    ...(out_of_order > 0 ? [`${formatCount(out_of_order)} came out of order`] : []),
  ];
  if (faults.length > 0) return `${capital(listed(faults))}.`;
  // Numbers of a server tell nothing of what should have come after the last one.
  if (publish === undefined) return 'No event was lost between the first and the last of each stream.';
  return (delivery.unreached ?? 0) > 0
    ? 'No event was lost on the streams that had one.'
    : 'No event was lost.';
}
