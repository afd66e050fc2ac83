import type { SummarySections } from '../../results/sections.ts';
import { escapeInline } from '../escape.ts';
import type { Palette } from '../palette.ts';
import type { Row } from '../rows.ts';

/** Each expectation with what became of it: `first-event<500ms · FAIL · 731 ms`. */
export function expectationRows({ expectations = [] }: SummarySections, palette: Palette): Row[] {
  return expectations.map(({ rule, pass, undecided, seen }, index) => {
    const [word, paint] = pass
      ? ['pass', palette.green]
      : undecided === true
        ? ['undecided', palette.dim]
        : ['FAIL', palette.red];
    return [index === 0 ? 'expect' : '', `${escapeInline(rule)} · ${word} · ${escapeInline(seen)}`, paint];
  });
}
