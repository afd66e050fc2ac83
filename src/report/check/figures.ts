import type { Evidence, Measured } from '../../results/check/result.ts';
import { formatDuration } from '../duration.ts';
import { escapeInline } from '../escape.ts';
import { formatBytes, formatCount } from '../quantity.ts';

/** More of them are in the JSON. */
const MOST_FIGURES = 8;

/**
 * `p95 1.5 s`, `pieces 1`: the single figures of a way; lists are drawn, or left to the JSON.
 *
 * @param other what the other way measured: where there are too many, those that differ come before those that don't
 */
export function figureTexts(measured: Measured, other: Measured = {}): string[] {
  const told = (figures: Measured) =>
    Object.keys(figures).filter(
      (name) => !Array.isArray(figures[name]) && ENCODED.exec(name)?.groups?.noTransform === undefined,
    );
  const all = [...new Set([...told(measured), ...told(other)])];
  const shown = new Set(
    all
      .toSorted((a, b) => Number(differs(b, measured, other)) - Number(differs(a, measured, other)))
      .slice(0, MOST_FIGURES),
  );
  return told(measured)
    .filter((name) => shown.has(name))
    .map((name) => figureText(name, measured[name] as Figure));
}

/** Two times are never the same: they differ where one is more than twice the other. */
function differs(name: string, measured: Measured, other: Measured): boolean {
  const [one, another] = [measured[name], other[name]];
  if (typeof one !== 'number' || typeof another !== 'number' || !name.endsWith('Ms')) return one !== another;
  return Math.max(one, another) > 2 * Math.min(one, another);
}

/** `most pieces 4,096 B (54 of 56)` */
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
  lagP95: '95 % late by at most',
  behindDirectP50: 'median behind direct',
  behindDirectP95: '95 % behind direct by at most',
  behindStampP50: 'median behind the stamp',
  behindStampP95: '95 % behind the stamp by at most',
  behindSoonestP50: 'median behind the soonest',
  behindSoonestP95: '95 % behind the soonest by at most',
  bursts: 'pieces',
  modalBurst: 'most pieces',
  cacheControl: 'Cache-Control:',
  accelBuffering: 'X-Accel-Buffering:',
  encodingWhereAccepted: 'encoding where the client accepts one:',
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
  withHeartbeatsLimit: 'with frequent comments',
  headlessLimit: 'before the headers',
  headlessSeenAs: 'before the headers, seen as',
  idleLimit: 'silence',
};
/** Where they have no value, the answer had no such header. */
const HEADERS: ReadonlySet<string> = new Set(['cacheControl', 'accelBuffering', 'contentType']);
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
  if (value === null && HEADERS.has(bare)) return `no ${(WORDS[bare] ?? words(bare)).replace(/:$/, '')}`;
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
