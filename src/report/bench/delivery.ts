import type { BenchResult } from '../../results/bench/result.ts';
import { escapeInline } from '../escape.ts';
import type { Palette } from '../palette.ts';
import { counted, formatCount } from '../quantity.ts';
import { type Row, rowsText } from '../rows.ts';
import { type DurationRow, durationTable } from './duration-table.ts';
import { messageOf } from './error-message.ts';
import { formatShare } from './figures.ts';
import { titleOf } from './latency.ts';
import { note } from './note.ts';
import type { ScreenOptions, Section } from './section.ts';

const EXAMPLES_SHOWN = 3;

/** Columns of a message that whoever took the events had a part in. */
const LONGEST_SAMPLE = 120;

export function deliveryRows({ metrics: { delivery_latency: figures } }: BenchResult): DurationRow[] {
  return figures === undefined ? [] : [{ title: titleOf('delivery_latency'), figures, weight: 'headline' }];
}

/** Which events came, and how long they took from whoever published them. */
export const deliverySection: Section = (result, options) => {
  const { delivery, publish } = result;
  const table = durationTable('delivery', deliveryRows(result), options);
  const { palette, columns } = options;
  const rows = [
    ...(publish === undefined ? [] : publishRows(publish, palette)),
    ...(delivery === undefined ? [] : auditRows(delivery, palette)),
    ...(delivery === undefined ? [] : reachRows(delivery, palette)),
  ];
  return [
    table,
    rowsText(rows, palette, columns),
    delivery === undefined ? '' : remarks(delivery, options),
  ].join('');
};

type Audit = NonNullable<BenchResult['delivery']>;

function remarks({ examples, notes }: Audit, options: ScreenOptions): string {
  const more = examples.length - EXAMPLES_SHOWN;
  return [
    ...examples.slice(0, EXAMPLES_SHOWN).map((example) => note(escapeInline(example), options)),
    ...(more > 0 ? [note(`… and ${formatCount(more)} more in the result file`, options)] : []),
    ...notes.map((text) => note(escapeInline(text), options)),
  ].join('');
}

function auditRows(delivery: Audit, palette: Palette): Row[] {
  // Nobody asked for an audit: the figures are there for the sake of their remarks.
  if (delivery.rate === null) return [];
  const { received, missing, duplicated, out_of_order, replayed, rate } = delivery;
  const faults: [number, string][] = [
    [missing, 'missing'],
    [duplicated, 'duplicated'],
    [out_of_order, 'out of order'],
  ];
  const parts = [
    `${counted(received, 'event')} received`,
    ...faults.map(([count, what]) => `${formatCount(count)} ${what}`),
  ];
  if (replayed > 0) parts.push(`${formatCount(replayed)} replayed after reconnects`);
  if (rate !== null) parts.push(`${formatShare(rate)} delivered`);
  const text = parts.join(' · ');
  return [faults.some(([count]) => count > 0) ? ['audit', text, palette.red] : ['audit', text]];
}

/** What shows in comparing streams alone. */
function reachRows({ unreached = 0, partial = 0 }: Audit, palette: Palette): Row[] {
  const parts = [
    ...(partial > 0
      ? [`${counted(partial, 'published event')} came on some streams and not on others that were there`]
      : []),
    ...(unreached > 0 ? [`${counted(unreached, 'stream')} never had a published event`] : []),
  ];
  return parts.length === 0 ? [] : [['reach', parts.join(' · '), palette.yellow]];
}

function publishRows(
  { planned, published, failed, late, notStarted, errors }: NonNullable<BenchResult['publish']>,
  palette: Palette,
): Row[] {
  const parts = [`${formatCount(published)} of ${counted(planned, 'event')}`];
  if (failed > 0) parts.push(`${formatCount(failed)} failed`);
  if (late > 0) parts.push(`${formatCount(late)} more than 10 ms late`);
  if (notStarted > 0) parts.push(`${formatCount(notStarted)} not begun, as earlier ones took too long`);
  const [worst] = errors;
  if (worst !== undefined) parts.push(`${escapeInline(worst.code)}: ${messageOf(worst, LONGEST_SAMPLE)}`);
  const text = parts.join(' · ');
  return [failed + notStarted > 0 ? ['published', text, palette.yellow] : ['published', text]];
}
