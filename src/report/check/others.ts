import type { CheckResult } from '../../results/check/result.ts';
import { escapeInline } from '../escape.ts';
import type { Palette } from '../palette.ts';
import { type Row, rowsText } from '../rows.ts';
import type { Section } from './section.ts';

/** What passed, and what was not measured. */
export const othersSection: Section = (result, { palette, columns }) => {
  const passed = result.results
    .filter(({ status }) => status === 'pass')
    .map(({ probe }) => escapeInline(probe));
  const rows: Row[] = passed.length === 0 ? [] : [['pass', passed.join(' '), palette.green]];
  return rowsText([...rows, ...conditionRows(result, palette), ...skippedRows(result)], palette, columns);
};

/** What passed only if something is so that nobody has told the run. */
function conditionRows({ results }: CheckResult, palette: Palette): Row[] {
  return results.flatMap(({ probe, onlyIf }): Row[] =>
    onlyIf === undefined ? [] : [['', `${escapeInline(probe)} ${escapeInline(onlyIf)}`, palette.yellow]],
  );
}

/** Those that were left out for one reason stand together. */
function skippedRows({ skipped }: CheckResult): Row[] {
  const byReason = new Map<string, string[]>();
  for (const { probe, why } of skipped) byReason.set(why, [...(byReason.get(why) ?? []), probe]);
  return [...byReason].map(([why, probes], at) => [
    at === 0 ? 'skip' : '',
    `${probes.map(escapeInline).join(' ')}: ${escapeInline(why)}`,
  ]);
}
