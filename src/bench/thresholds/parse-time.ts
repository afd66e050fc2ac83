import type { Scanner } from '../../notation/scanner.ts';
import { shown } from '../../notation/scanner.ts';
import type { MetricThreshold } from './threshold.ts';

type TimeUnit = MetricThreshold['unit'];

/** Units as they are written. `µ` has two code points that look alike: the micro sign, and the Greek letter. */
const UNITS: Readonly<Record<string, TimeUnit>> = {
  us: 'us',
  '\u00b5s': 'us',
  '\u03bcs': 'us',
  ms: 'ms',
  s: 's',
  m: 'min',
};

/** Milliseconds. A microsecond divides: 0.001 has no exact form. */
export function inMs(limit: number, unit: TimeUnit): number {
  switch (unit) {
    case 'us':
      return limit / 1000;
    case 'ms':
      return limit;
    case 's':
      return limit * 1000;
    case 'min':
      return limit * 60_000;
  }
}

/** `500ms`, `1.5 s`, `800us`, as it stands next in a rule. */
export function takeTime(scanner: Scanner): { limit: number; unit: TimeUnit } {
  const { at } = scanner;
  const digits = scanner.expect(/\d+(?:\.\d+)?|\.\d+/, 'a time with a unit, such as 500ms');
  const written = scanner.take(/[^\s,\d]+/);
  if (written === undefined) {
    // Zero is zero in every unit.
    if (Number(digits) === 0) return { limit: 0, unit: 'ms' };
    return scanner.fail(
      `${digits} needs a unit: write ${digits}ms (or ${digits}s, ${digits}us)`,
      undefined,
      at,
    );
  }
  const unit = Object.hasOwn(UNITS, written) ? UNITS[written] : undefined;
  if (unit === undefined) {
    return scanner.fail(
      `${shown(digits + written)} is not a time`,
      'Units are us, ms, s and m: 800us, 500ms, 2s, 1.5m.',
      at,
    );
  }
  return { limit: Number(digits), unit };
}
