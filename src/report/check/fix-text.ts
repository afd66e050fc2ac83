import type { Fix } from '../../results/check/result.ts';
import { escapeInline } from '../escape.ts';
import { type Row, rowsText } from '../rows.ts';
import { AT_APPLICATION } from './proof.ts';
import type { CheckScreenOptions } from './section.ts';
import { toCopyText } from './to-copy.ts';

/** How a fix is known, in words: `measured` alone would be taken for what this run has measured. */
export function basisText(basis: string): string {
  return basis === 'measured' ? 'tried by us' : basis;
}

/** What to write, and below it what that needs, and what it may break. */
export function fixLinesText(
  { where, line, needs, restart, caution }: Pick<Fix, 'where' | 'line' | 'needs' | 'restart' | 'caution'>,
  { palette, columns }: Pick<CheckScreenOptions, 'palette' | 'columns'>,
): string {
  const rows: Row[] = [
    ...(needs === undefined ? [] : [['', `needs ${escapeInline(needs)}`] as Row]),
    ...(restart ? [['', 'needs a restart: a reload does not do'] as Row] : []),
    ...(caution === undefined ? [] : [['', `but ${escapeInline(caution)}`, palette.dim] as Row]),
  ];
  return (
    toCopyText(line, { palette, columns, isProse: where === AT_APPLICATION }) +
    rowsText(rows, palette, columns)
  );
}
