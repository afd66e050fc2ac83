import type { Evidence, Measured } from '../../results/check/result.ts';
import { formatDuration } from '../duration.ts';
import { escapeInline } from '../escape.ts';
import { formatBytes, formatCount } from '../quantity.ts';

/** More of them are in the JSON. */
const MOST_FIGURES = 8;

/** `p95 1.5 s · bursts 1`: the single figures of a way; lists are drawn, or left to the JSON. */
export function figuresText(measured: Measured): string {
  return Object.entries(measured)
    .flatMap(([name, value]) => (Array.isArray(value) ? [] : [figureText(name, value as Figure)]))
    .slice(0, MOST_FIGURES)
    .join(' · ');
}

/** `modal burst 4.1 KB (54 of 56)` */
export function evidenceText({ k, v, n, of }: Evidence): string {
  const share = n === undefined || of === undefined ? '' : ` (${formatCount(n)} of ${formatCount(of)})`;
  return figureText(k, v) + share;
}

type Figure = Exclude<Measured[string], readonly number[]>;

/** The unit ends the name: `lagP95Ms`, `modalBurstBytes`. */
const UNIT = /(?<=.)(?:Ms|Bytes)$/;

function figureText(name: string, value: Figure): string {
  return `${words(name.replace(UNIT, ''))} ${valueText(value, UNIT.exec(name)?.[0])}`;
}

function valueText(value: Figure, unit: string | undefined): string {
  if (value === null) return '–';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'string') return escapeInline(value);
  if (unit === 'Ms') return formatDuration(value);
  // A buffer is known by its very size: 4,096 bytes, not 4.1 KB.
  if (unit === 'Bytes') return value < 1e6 ? `${formatCount(Math.round(value))} B` : formatBytes(value);
  return Number.isInteger(value) ? formatCount(value) : String(Number(value.toPrecision(3)));
}

/** `modalBurst`: `modal burst`. */
function words(name: string): string {
  return escapeInline(name).replace(/(?<=[a-z\d])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
