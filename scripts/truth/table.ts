import type { Check } from './check.ts';

const HEAD = ['what', 'expected', 'measured', 'error', 'tolerance', ''];

/** The checks of a case, a line each. */
export function caseTable(checks: readonly Check[]): string {
  const lines = [HEAD, ...checks.map(cells)];
  const widths = HEAD.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines.map((line) => `  ${aligned(line, widths)}\n`).join('');
}

function cells({ what, expected, measured, error, tolerance, unit, pass }: Check): string[] {
  const of = unit === '' ? '' : ` ${unit}`;
  return [
    what,
    `${expected}${of}`,
    `${measured}${of}`,
    error === undefined ? '' : signed(error, unit),
    tolerance === undefined || tolerance === 0 ? '' : `± ${tolerance}${of}`,
    pass ? 'pass' : 'MISS',
  ];
}

/** The first column is words, the last a verdict; figures end at one place. */
function aligned(line: readonly string[], widths: readonly number[]): string {
  return line
    .map((cell, column) => {
      const width = widths[column] ?? 0;
      return column === 0 || column === line.length - 1 ? cell.padEnd(width) : cell.padStart(width);
    })
    .join('  ')
    .trimEnd();
}

function signed(error: number, unit: Check['unit']): string {
  if (Number.isNaN(error)) return '–';
  const figure = unit === 'ms' ? `${error.toFixed(3)} ms` : String(error);
  return error > 0 ? `+${figure}` : figure;
}
