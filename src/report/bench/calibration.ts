import type { Floor } from '../../results/bench/result.ts';
import { type StealOf, stealText } from '../../results/bench/steal.ts';
import { figureTable } from './figure-table.ts';
import { formatMeasured, NO_FIGURE } from './figures.ts';
import { note } from './note.ts';
import type { ScreenOptions, Section } from './section.ts';

const WIDTH = 8;

/** What this machine adds to each figure, at the size of the plan. */
export const calibrationSection: Section = ({ calibration, generator }, options) => {
  if (calibration === undefined) return '';
  const { startDelay, headers, firstEvent, delivery } = calibration;
  const rows: [string, Floor][] = [
    ['start delay', startDelay],
    ['headers', headers],
    ['first event', firstEvent],
    ['event, written to read', delivery],
  ];
  const table = figureTable(
    'this machine adds',
    [
      { name: 'p50', width: WIDTH },
      { name: 'p99', width: WIDTH },
      { name: 'max', width: WIDTH },
    ],
    rows.map(([title, { p50, p99, max }]) => ({ title, cells: [p50, p99, max].map(cell) })),
    options,
  );
  return table + remark(options) + stolen(generator, options);
};

function cell(ms: number | null): string {
  return ms === null ? NO_FIGURE : formatMeasured(ms);
}

function remark(options: ScreenOptions): string {
  return note(
    'An embedded server answered at once and stamped each event: what was measured is the load generator’s own, the ' +
      'network and the server of your figures apart. Differences smaller than that say nothing.',
    options,
  );
}

/** How much it was stands with the load generator. */
function stolen(generator: StealOf, options: ScreenOptions): string {
  if (stealText(generator) === undefined) return '';
  const text =
    'The host took cores of this machine meanwhile (steal): when it is calm, this machine adds less.';
  return note(text, options, options.palette.yellow);
}
