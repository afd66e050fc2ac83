import { NEEDS_ORIGIN } from '../../results/check/needs.ts';
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
  return results.flatMap(({ probe, status, onlyIf }): Row[] =>
    onlyIf === undefined || status !== 'pass'
      ? []
      : [['', `${escapeInline(probe)} ${escapeInline(onlyIf)}`, palette.yellow]],
  );
}

/** Those that nothing but an origin of ours is missing for: that is said once, elsewhere. */
export function onlyWithOrigin({ skipped }: CheckResult): string[] {
  return skipped.filter(({ why }) => why.includes(NEEDS_ORIGIN)).map(({ probe }) => probe);
}

const BEHIND_REASON = `: ${NEEDS_ORIGIN}`;

/** `no stream was silent for longer than 1.5 s (or --silences 65s to look on for longer)` */
function reasonText(why: string): string {
  const at = why.indexOf(BEHIND_REASON);
  if (at < 0) return why;
  const besides = why.slice(at + BEHIND_REASON.length).replace(/^, (?:with --long|or )/, '');
  return why.slice(0, at) + (besides === '' ? '' : ` (${besides})`);
}

/** Those that were left out for one reason stand together. */
function skippedRows({ skipped }: CheckResult): Row[] {
  const byReason = new Map<string, string[]>();
  const told = skipped.filter(({ why }) => why !== NEEDS_ORIGIN);
  for (const { probe, why } of told.map((each) => ({ ...each, why: reasonText(each.why) })))
    byReason.set(why, [...(byReason.get(why) ?? []), probe]);
  return [...byReason].map(([why, probes], at) => [
    at === 0 ? 'skip' : '',
    `${probes.map(escapeInline).join(' ')}: ${escapeInline(why)}`,
  ]);
}
