import type { SummarySections } from '../results/sections.ts';
import type { Palette } from './palette.ts';
import { type Row, rowsText } from './rows.ts';
import { answerRows } from './sections/answers.ts';
import { execRows } from './sections/exec.ts';
import { expectationRows } from './sections/expectations.ts';
import { findingsRows } from './sections/findings.ts';

/** What is said of a section; nothing where it is not there. */
type SectionRows = (sections: SummarySections, palette: Palette) => readonly Row[];

/** In the order that they are printed. */
const SECTIONS: readonly SectionRows[] = [answerRows, findingsRows, execRows, expectationRows];

/** What instruments found: printed whether the summary is wanted or not, as it was asked for by name. */
export function sectionsText(
  sections: SummarySections,
  palette: Palette,
  columns: number | undefined,
): string {
  const rows = SECTIONS.flatMap((rowsOf) => rowsOf(sections, palette));
  return rowsText(rows, palette, columns);
}
