import { type Row, rowsText } from '../rows.ts';
import type { CatalogueTextOptions } from './catalogue.ts';
import { basisText } from './fix-text.ts';
import { toCopyText } from './to-copy.ts';

/** How to go on with a cause that no catalogue has. */
export interface ExplainedUnlisted {
  id: string;
  what: string;
  seen: string;
  show: readonly { command: string; what: string; basis: string; source?: string }[];
  where?: string;
  lookFor: readonly { when: string; what: string }[];
  narrow: string;
  known: readonly string[];
}

/** What was seen, what prints the settings, what to look for in them, and how to find it where all that does not help. */
export function unlistedExplanationText(
  { id, what, seen, show, where, lookFor, narrow, known }: ExplainedUnlisted,
  { palette, columns, program }: CatalogueTextOptions,
): string {
  const rows = (...some: Row[]) => rowsText(some, palette, columns);
  const shown = show.map(({ command, what: prints, basis, source }, at) => [
    rows([at === 0 ? 'show' : '', `${prints} (${basisText(basis)}):`]),
    toCopyText(command, { palette, columns }),
    source === undefined ? '' : rowsText([['', source, palette.dim]], palette, undefined),
  ]);
  const looked = lookFor.map(
    ({ when, what: such }, at): Row => [at === 0 ? 'look for' : '', `where ${when}: ${such}`],
  );
  return [
    `${palette.bold(id)}  ${what}\n`,
    rows(['seen', seen]),
    ...shown.flat(),
    where === undefined ? '' : rows(['look', where]),
    rows(...looked),
    rows(['narrow', `${narrow}:`]),
    toCopyText(`${program} check-proxy URL --origin HOST:PORT --only PROBE`, { palette, columns }),
    known.length === 0 ? '' : rows(['known', `${known.join(' ')}: --explain NAME tells of each`]),
  ].join('');
}
