/** Later in seconds would be the year 5138, and earlier in milliseconds March 1973; so with the others. */
const SECONDS_BELOW = 1e11;
const MILLISECONDS_BELOW = 1e14;
const MICROSECONDS_BELOW = 1e17;

/** ISO 8601 with a date and a time; without a zone it is UTC, as servers write it. */
const ISO = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,](\d+))?)?(Z|[+-]\d\d(?::?\d\d)?)?$/i;

/**
 * A time as an event tells it: seconds, milliseconds, microseconds or nanoseconds since the epoch, as a number or in
 * digits, told apart by their size; or ISO 8601.
 *
 * @returns milliseconds since the epoch, with fractions; `undefined` for what is no time
 */
export function timeTold(value: unknown): number | undefined {
  if (typeof value === 'number') return sinceEpoch(value);
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  if (/^\d+(?:\.\d+)?$/.test(text)) return sinceEpoch(Number(text));
  return isoTime(text);
}

function sinceEpoch(value: number): number | undefined {
  if (!Number.isFinite(value) || value <= 0) return undefined;
  if (value < SECONDS_BELOW) return value * 1e3;
  if (value < MILLISECONDS_BELOW) return value;
  return value < MICROSECONDS_BELOW ? value / 1e3 : value / 1e6;
}

function isoTime(text: string): number | undefined {
  const match = ISO.exec(text);
  if (match === null) return undefined;
  const [, fraction = '', zone = 'Z'] = match;
  const [date = '', time = ''] = text.slice(0, text.length - (match[2]?.length ?? 0)).split(/[T ]/i);
  const [seconds = ''] = time.split(/[.,]/);
  const whole = Date.parse(
    `${date}T${seconds}${/^[+-]\d\d$/.test(zone) ? `${zone}:00` : zone.toUpperCase()}`,
  );
  // Date.parse takes no more than three digits of a fraction.
  return Number.isNaN(whole) ? undefined : whole + Number(`0.${fraction || '0'}`) * 1e3;
}
