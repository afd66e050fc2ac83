import type { Fix } from '../../results/check/result.ts';
import { padEnd } from '../display-width.ts';
import { formatDuration } from '../duration.ts';
import type { Palette } from '../palette.ts';
import { type Row, rowsText } from '../rows.ts';
import type { CheckScreenOptions } from './section.ts';
import { toCopyText } from './to-copy.ts';

type TextOptions = Pick<CheckScreenOptions, 'palette' | 'columns'>;

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

type ListedFix = Omit<Fix, 'verify'> & { source?: string };

/** Every probe: what it proves, how long it takes, and which faults it finds. */
export function catalogueText({ probes }: { probes: readonly ListedProbe[] }, options: TextOptions): string {
  const { palette, columns } = options;
  const width = Math.max(...probes.map(({ probe }) => probe.length)) + 2;
  return probes
    .map(({ probe, title, requirement, seconds, long, origin, passive, faults }) => {
      const time = `${formatDuration(seconds * 1000)}${long ? ', with --long' : ''}${passive ? (origin ? ', also passive' : ', passive only') : ''}`;
      const head = `${palette.bold(padEnd(probe, width))}${palette.dim(time)}\n`;
      const rows: Row[] = [
        ['proves', title],
        ['passes if', requirement],
        ['finds', faults.join(' ')],
      ];
      return head + rowsText(rows, palette, columns);
    })
    .join('\n');
}

/** What a fault is: the harm it does, who does it, and what mends it. */
export function explanationText(
  { fault, verify, passive = false, atOrigin, causes }: ExplainedFault,
  { palette, columns }: TextOptions,
): string {
  const rows: Row[] = [
    ['harm', fault.harm],
    ['probes', fault.probes.join(' ')],
    ['check', `ssekit check-proxy URL ${passive ? '' : '--origin HOST:PORT '}${verify}`, palette.cyan],
  ];
  const byOrigin = atOrigin.map((fix) => fixText(fix, palette, columns)).join('');
  const known = causes.map(({ id, what, fixes }) => {
    const mended = fixes.map((fix) => fixText(fix, palette, columns)).join('');
    return `\n${palette.bold(id)}\n${rowsText([['', what]], palette, columns)}${mended}`;
  });
  return [
    `${palette.bold(fault.id)}  ${fault.title}\n${rowsText(rows, palette, columns)}`,
    byOrigin === '' ? '' : `\n${palette.bold('at the origin, whoever is in between')}\n${byOrigin}`,
    ...known,
  ].join('');
}

function fixText(
  { where, line, basis, caution, source }: ListedFix,
  palette: Palette,
  columns: number | undefined,
): string {
  const careful: Row[] = caution === undefined ? [] : [['', `but ${caution}`, palette.dim]];
  const told: Row[] = source === undefined ? [] : [['', source, palette.dim]];
  return (
    rowsText([['fix', `${where} (${basis})`]], palette, columns) +
    toCopyText(line, palette) +
    rowsText(careful, palette, columns) +
    rowsText(told, palette, undefined)
  );
}
