import type { BenchResult } from '../../results/bench/result.ts';
import { escapeInline } from '../escape.ts';
import type { Palette } from '../palette.ts';
import { formatCount } from '../quantity.ts';
import { type Row, rowsText } from '../rows.ts';
import { formatShare } from './figures.ts';
import type { Section } from './section.ts';

/** What the run was held against: each rule with what it saw. */
export const rulesSection: Section = (result, { palette, columns }) =>
  rowsText([...thresholdRows(result, palette), ...goodputRows(result)], palette, columns);

function thresholdRows({ thresholds }: BenchResult, palette: Palette): Row[] {
  return thresholds.map(({ rule, pass, seen, why }, index) => {
    const figure = seen === null ? 'nothing to judge it by' : `seen ${withUnitOf(rule, seen)}`;
    const reasons = why === undefined ? [] : [escapeInline(why)];
    const what = pass && seen === null ? reasons : [figure, ...reasons];
    const text = `${pass ? 'PASS' : 'FAIL'}  ${escapeInline(rule)}  ${what.join(': ')}`;
    return [index === 0 ? 'rules' : '', text, pass ? palette.green : palette.red];
  });
}

/** A figure in the unit that its rule is written in. */
function withUnitOf(rule: string, seen: number): string {
  const unit = /[\d.]\s*([a-zµ%/]+)\s*$/i.exec(rule)?.[1] ?? '';
  const figure = Number.isInteger(seen) ? formatCount(seen) : String(Number(seen.toPrecision(4)));
  return unit === '' ? figure : `${figure} ${unit}`;
}

function goodputRows({ goodput }: BenchResult): Row[] {
  if (goodput === undefined) return [];
  const { rule, good, of } = goodput;
  const share = of === 0 ? 'no stream to judge' : `${formatShare(good / of)} of streams met all of it`;
  return [['goodput', `${share}: ${formatCount(good)} of ${formatCount(of)} (${escapeInline(rule)})`]];
}
