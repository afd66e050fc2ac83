import { InvalidValue, quoted } from './invalid-value.ts';

const MILLISECONDS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

/** A timer above 2³¹−1 ms fires at once, so that nothing longer can be promised. */
export const LONGEST_MS = 2 ** 31 - 1;

const ACCEPTED = 'a number with a unit: 250ms, 2s, 1.5m, 1h';

export interface DurationLimits {
  /** Inclusive; 0 unless given. */
  minMs?: number;
  /** Inclusive; what a timer can hold unless given. */
  maxMs?: number;
}

/** `250ms`, `2s`, `1.5m`, `1h`, in milliseconds. A bare number is refused: seconds and milliseconds are mixed up too easily. */
export function parseDuration(text: string, limits: DurationLimits = {}): number {
  const match = /^(\d+(?:\.\d+)?|\.\d+)\s*([a-zµ]*)$/i.exec(text.trim());
  const [, digits, unit] = match ?? [];
  if (digits === undefined || unit === undefined) throw notADuration(text);
  if (unit === '') {
    // Zero is zero in every unit.
    if (Number(digits) === 0) return within(0, text, limits);
    throw new InvalidValue(
      `${quoted(text)} needs a unit: write ${digits}s (or ${digits}ms, ${digits}m)`,
      undefined,
    );
  }
  if (!isUnit(unit)) throw notADuration(text);
  return within(Number(digits) * MILLISECONDS[unit], text, limits);
}

/** As {@link parseDuration}; a bare number is seconds, as in curl's own time flags. */
export function parseSeconds(text: string, limits: DurationLimits = {}): number {
  const trimmed = text.trim();
  return parseDuration(/^(\d+(?:\.\d*)?|\.\d+)$/.test(trimmed) ? `${Number(trimmed)}s` : trimmed, limits);
}

/** The shortest way to write a duration that the parsers read back. */
export function formatDuration(ms: number): string {
  const unit = (['h', 'm', 's'] as const).find((each) => ms !== 0 && ms % MILLISECONDS[each] === 0) ?? 'ms';
  return `${ms / MILLISECONDS[unit]}${unit}`;
}

function isUnit(text: string): text is keyof typeof MILLISECONDS {
  return Object.hasOwn(MILLISECONDS, text);
}

function notADuration(text: string): InvalidValue {
  if (text.trim().startsWith('-'))
    return new InvalidValue(`${quoted(text)} is negative`, `Write ${ACCEPTED}.`);
  return new InvalidValue(`${quoted(text)} is not a duration`, `Write ${ACCEPTED}.`);
}

function within(ms: number, text: string, { minMs = 0, maxMs = LONGEST_MS }: DurationLimits): number {
  if (ms < minMs) {
    throw new InvalidValue(`${quoted(text)} is too short: at least ${formatDuration(minMs)}`);
  }
  if (ms > maxMs) {
    const most = maxMs === LONGEST_MS ? '596h (24 days)' : formatDuration(maxMs);
    throw new InvalidValue(`${quoted(text)} is too long: at most ${most}`);
  }
  return ms;
}
