import type { FindingCount, SummarySections } from '../../results/sections.ts';
import type { Palette } from '../palette.ts';
import { formatCount } from '../quantity.ts';
import type { Row } from '../rows.ts';

/** What `--strict` and `--lint` found: a line a code, the gravest first. */
export function findingsRows({ findings }: SummarySections, palette: Palette): Row[] {
  if (findings === undefined) return [];
  if (findings.length === 0) return [['findings', palette.green('none')]];
  const width = Math.max(...findings.map(({ code }) => code.length));
  return findings.map((each, index) => [index === 0 ? 'findings' : '', findingText(each, width, palette)]);
}

function findingText(finding: FindingCount, width: number, palette: Palette): string {
  const { code, severity, count, offset, conn } = finding;
  const { red, yellow, dim } = palette;
  const paint = { error: red, warning: yellow, note: dim }[severity];
  const first = [
    conn > 1 ? `connection ${conn}` : '',
    offset === undefined ? '' : `byte ${formatCount(offset)}`,
  ].filter((part) => part !== '');
  const place = first.length === 0 ? '' : `${count > 1 ? ', the first' : ''} at ${first.join(', ')}`;
  const times = `${formatCount(count)}×`;
  return `${paint(severity.padEnd(7))}  ${code.padEnd(width)}  ${times}${place}`;
}
