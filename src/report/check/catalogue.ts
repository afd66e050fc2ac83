import type { Fix } from '../../results/check/result.ts';
import { displayWidth, padEnd } from '../display-width.ts';
import { formatDuration } from '../duration.ts';
import type { Palette } from '../palette.ts';
import { type Row, rowsText } from '../rows.ts';
import { basisText, fixLinesText } from './fix-text.ts';
import type { CheckScreenOptions } from './section.ts';

export type CatalogueTextOptions = Pick<CheckScreenOptions, 'palette' | 'columns' | 'program'>;

export interface ListedProbe {
  probe: string;
  title: string;
  requirement: string;
  /** Of one measurement. */
  seconds: number;
  long: boolean;
  /** It runs with an origin of ours; by looking at somebody else's stream alone. */
  origin: boolean;
  passive: boolean;
  faults: readonly string[];
}

/** A fault as it is explained without a run. */
export interface ExplainedFault {
  fault: { id: string; title: string; harm: string; probes: readonly string[] };
  /** Flags that measure it. */
  verify: string;
  /** They measure it where there is no origin of ours, and nowhere else. */
  passive?: boolean;
  atOrigin: readonly ListedFix[];
  causes: readonly { id: string; product: string; what: string; fixes: readonly ListedFix[] }[];
}

type ListedFault = Pick<ExplainedFault['fault'], 'id' | 'title'>;
type ListedFix = Omit<Fix, 'verify'> & { source?: string };

/** Every probe: what it proves, how long it takes, and which faults it finds. */
export function catalogueText(
  { probes }: { probes: readonly ListedProbe[] },
  options: CatalogueTextOptions,
): string {
  const { palette, columns } = options;
  const width = Math.max(...probes.map(({ probe }) => probe.length)) + 2;
  return probes
    .map(({ probe, title, requirement, seconds, long, origin, passive, faults }) => {
      const time = `${formatDuration(seconds * 1000)}${long ? ', with --long' : ''}${passive ? (origin ? ', also passive' : ', passive only') : ''}`;
      const head = `${palette.bold(padEnd(probe, width))}${palette.dim(time)}\n`;
      const rows: Row[] = [
        ['proves', title],
        ['requires', requirement],
        ['finds', faults.join(' ')],
      ];
      return head + rowsText(rows, palette, columns);
    })
    .join('\n');
}

/** What a fault is: the harm it does, who does it, and what mends it. */
export function explanationText(
  { fault, verify, passive = false, atOrigin, causes }: ExplainedFault,
  { palette, columns, program }: CatalogueTextOptions,
): string {
  const rows: Row[] = [
    ['harm', fault.harm],
    ['probes', fault.probes.join(' ')],
  ];
  const command = `${program} check-proxy URL ${passive ? '' : '--origin HOST:PORT '}${verify}`;
  const byOrigin = atOrigin.map((fix) => fixText(fix, palette, columns)).join('');
  const known = causes.map(({ id, what, fixes }) => {
    const mended = fixes.map((fix) => fixText(fix, palette, columns)).join('');
    return `\n${palette.bold(id)}\n${rowsText([['', what]], palette, columns)}${mended}`;
  });
  return [
    `${palette.bold(fault.id)}  ${fault.title}\n${rowsText(rows, palette, columns)}`,
    // Never folded: it is to be copied.
    rowsText([['check', command, palette.cyan]], palette, undefined),
    byOrigin === '' ? '' : `\n${palette.bold('at the origin, whoever is in between')}\n${byOrigin}`,
    ...known,
  ].join('');
}

/** Every fault in a line: its name, and what it is. */
export function faultListText(
  faults: readonly ListedFault[],
  { palette, columns, program }: CatalogueTextOptions,
): string {
  const width = Math.max(...faults.map(({ id }) => id.length)) + 2;
  const lines = faults.map(({ id, title }) =>
    columns !== undefined && width + displayWidth(title) > columns
      ? `${palette.bold(id)}\n  ${title}\n`
      : `${palette.bold(padEnd(id, width))}${title}\n`,
  );
  return `${lines.join('')}\n${palette.dim(`${program} check-proxy --explain NAME tells what causes and what mends it`)}\n`;
}

/** What a cause is: what it does, and what mends it. */
export function causeText(
  { id, what, faults, fixes }: ExplainedFault['causes'][number] & { faults: readonly string[] },
  known: readonly ListedFault[],
  { palette, columns }: Pick<CatalogueTextOptions, 'palette' | 'columns'>,
): string {
  const made = faults.map(
    (fault, at): Row => [
      at === 0 ? 'causes' : '',
      `${fault}: ${known.find((each) => each.id === fault)?.title ?? ''}`,
    ],
  );
  return [
    `${palette.bold(id)}  ${what}\n`,
    rowsText(made, palette, columns),
    ...fixes.map((fix) => fixText(fix, palette, columns)),
  ].join('');
}

function fixText(fix: ListedFix, palette: Palette, columns: number | undefined): string {
  const { where, basis, source } = fix;
  const told: Row[] = source === undefined ? [] : [['', source, palette.dim]];
  return (
    rowsText([['fix', `${where} (${basisText(basis)})`]], palette, columns) +
    fixLinesText(fix, { palette, columns }) +
    rowsText(told, palette, undefined)
  );
}
