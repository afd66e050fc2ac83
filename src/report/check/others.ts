import type { CheckResult } from '../../results/check/result.ts';
import { escapeInline } from '../escape.ts';
import { type Row, rowsText } from '../rows.ts';
import type { Section } from './section.ts';

/** What passed, and what was not measured. */
export const othersSection: Section = (result, { palette, columns }) => {
  const passed = result.results
    .filter(({ status }) => status === 'pass')
    .map(({ probe }) => escapeInline(probe));
  const rows: Row[] = passed.length === 0 ? [] : [['pass', passed.join(' '), palette.green]];
  return rowsText([...rows, ...skippedRows(result)], palette, columns);
};

/** Those that were left out for one reason stand together. */
function skippedRows({ skipped }: CheckResult): Row[] {
  const byReason = new Map<string, string[]>();
  for (const { probe, why } of skipped) byReason.set(why, [...(byReason.get(why) ?? []), probe]);
  return [...byReason].map(([why, probes], at) => [
    at === 0 ? 'skip' : '',
    `${probes.map(escapeInline).join(' ')}: ${escapeInline(why)}`,
  ]);
}
