import type { BenchResult } from '../../results/bench/result.ts';
import { escapeInline } from '../escape.ts';
import { counted, formatCount } from '../quantity.ts';
import { type Row, rowsText } from '../rows.ts';
import { durationTable } from './duration-table.ts';
import { formatShare } from './figures.ts';
import { titleOf } from './latency.ts';
import { note } from './note.ts';
import type { Section } from './section.ts';

const EXAMPLES_SHOWN = 3;

/** Which events came, and how long they took from whoever published them. */
export const deliverySection: Section = (result, options) => {
  const { delivery, metrics } = result;
  const latency = metrics.delivery_latency;
  const table =
    latency === undefined
      ? ''
      : durationTable(
          'delivery',
          [{ title: titleOf('delivery_latency'), figures: latency, weight: 'headline' }],
          options,
        );
  if (delivery === undefined) return table;
  const { examples } = delivery;
  const more = examples.length - EXAMPLES_SHOWN;
  return [
    table,
    rowsText(auditRows(delivery, options.palette), options.palette, options.columns),
    ...examples.slice(0, EXAMPLES_SHOWN).map((example) => note(escapeInline(example), options)),
    more > 0 ? note(`… and ${formatCount(more)} more in the result file`, options) : '',
  ].join('');
};

type Palette = Parameters<Section>[1]['palette'];

function auditRows(delivery: NonNullable<BenchResult['delivery']>, palette: Palette): Row[] {
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
