import type { Evidence, Measured } from '../../results/check/result.ts';
import { formatDuration } from '../duration.ts';
import { escapeInline } from '../escape.ts';
import { formatBytes, formatCount } from '../quantity.ts';

/** More of them are in the JSON. */
const MOST_FIGURES = 8;

/** `p95 1.5 s · bursts 1`: the single figures of a way; lists are drawn, or left to the JSON. */
export function figuresText(measured: Measured): string {
  return Object.entries(measured)
    .filter(([name]) => ENCODED.exec(name)?.groups?.noTransform === undefined)
    .flatMap(([name, value]) => (Array.isArray(value) ? [] : [figureText(name, value as Figure)]))
    .slice(0, MOST_FIGURES)
    .join(' · ');
}

/** `most bursts 4,096 B (54 of 56)` */
export function evidenceText({ k, v, n, of }: Evidence): string {
  const share = n === undefined || of === undefined ? '' : ` (${formatCount(n)} of ${formatCount(of)})`;
  return figureText(k, v) + share;
}

type Figure = Exclude<Measured[string], readonly number[]>;

/** The unit ends the name: `lagP95Ms`, `modalBurstBytes`. */
const UNIT = /(?<=.)(?:Ms|Bytes)$/;

/** What some are called for people; the others' names are words already. */
const WORDS: Readonly<Record<string, string>> = {
  lagP50: 'median lag',
  lagP95: '95 % lag at most',
  behindDirectP50: 'median behind direct',
  behindDirectP95: '95 % behind direct by at most',
  behindStampP50: 'median behind the stamp',
  behindStampP95: '95 % behind the stamp by at most',
  modalBurst: 'most bursts',
  head: 'headers after',
  headLate: 'headers late by',
  xabCures: 'X-Accel-Buffering: no cures it:',
  xabCuresHead: 'X-Accel-Buffering: no cures it:',
  xabRemoved: 'X-Accel-Buffering taken out:',
  originSawEarly: 'origin saw it while it was sent:',
  eventEarly: 'answered while it was sent:',
  originAfter: 'origin saw it after',
  eventAfter: 'answered after',
  limit: 'in silence',
  withHeartbeatsLimit: 'with heartbeats',
  headlessLimit: 'before the headers',
  idleLimit: 'silence',
};
/** Limits on time: where none was found, nothing was cut. */
const LIMIT = /limit$/i;
/** Events of a size, compressed or not, as the probe of encodings sends them. */
const ENCODED = /^(?<coding>[a-z]+)(?<size>\d+)(?<noTransform>NoTransform)?LagMs$/;

function figureText(name: string, value: Figure): string {
  const unit = UNIT.exec(name)?.[0];
  const bare = name.replace(UNIT, '');
  if (unit === 'Ms' && LIMIT.test(bare)) {
    return `${WORDS[bare] ?? words(bare)}: ${value === null ? 'not cut' : `cut after ${valueText(value, unit)}`}`;
  }
  const { coding, size } = ENCODED.exec(name)?.groups ?? {};
  const called =
    coding === undefined
      ? (WORDS[bare] ?? words(bare))
      : `${coding === 'identity' ? 'uncompressed' : coding}, ${size}-byte events, lag`;
  return `${called} ${valueText(value, unit)}`;
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
