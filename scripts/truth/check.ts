import type { Verdict } from '../../src/results/bench/result.ts';

/** A figure of a run, held against what the server did. */
export interface Check {
  what: string;
  /**
   * `exact`: a count or a word, the same on any machine. `lag`: a time that can only be seen later than it was stamped.
   * `time`: one that may err to either side. `load`: what only a machine that has time for it can do.
   */
  kind: 'exact' | 'lag' | 'time' | 'load';
  expected: string;
  measured: string;
  /** What was measured minus what was stamped; absent for words and bounds. */
  error?: number;
  tolerance?: number;
  unit: 'ms' | '';
  pass: boolean;
}

export type Timed = Pick<Check, 'kind'> & { expected: number; measured: number | null | undefined };

/** A count that must be the very one. */
export function exactly(what: string, expected: number, measured: number | undefined): Check {
  const error = (measured ?? Number.NaN) - expected;
  return {
    what,
    kind: 'exact',
    expected: String(expected),
    measured: String(measured ?? '–'),
    error,
    tolerance: 0,
    unit: '',
    pass: error === 0,
  };
}

/** Words that must be the very ones. */
export function says(what: string, expected: string, measured: string): Check {
  return { what, kind: 'exact', expected, measured, unit: '', pass: expected === measured };
}

/** The load was made as planned, on a machine that had the time for it. */
export function trusted({ status, reasons }: Verdict): Check {
  const measured = [status, ...reasons.map(({ code }) => code)].join(' ');
  return { what: 'verdict', kind: 'load', expected: 'VALID', measured, unit: '', pass: status === 'VALID' };
}

/** One of them that must hold a certain word. */
export function has(what: string, wanted: string, found: readonly string[]): Check {
  const pass = found.some((each) => each.includes(wanted));
  const measured = pass ? wanted : 'not there';
  return { what, kind: 'exact', expected: wanted, measured, unit: '', pass };
}

/** Milliseconds that may err by so many. */
export function within(what: string, tolerance: number, { kind, expected, measured }: Timed): Check {
  const error = (measured ?? Number.NaN) - expected;
  const pass = Math.abs(error) <= tolerance;
  return {
    what,
    kind,
    expected: ms(expected),
    measured: ms(measured),
    error,
    tolerance,
    unit: 'ms',
    pass,
  };
}

/** A count that may err by so many, where the machine has time for it. */
export function about(what: string, tolerance: number, expected: number, measured: number): Check {
  const error = measured - expected;
  const pass = Math.abs(error) <= tolerance;
  return {
    what,
    kind: 'load',
    expected: String(expected),
    measured: String(measured),
    error,
    tolerance,
    unit: '',
    pass,
  };
}

/** Milliseconds that must stay under a bound. */
export function below(what: string, bound: number, measured: number | null | undefined): Check {
  const pass = measured !== null && measured !== undefined && measured < bound;
  return { what, kind: 'load', expected: `< ${bound}`, measured: ms(measured), unit: 'ms', pass };
}

function ms(value: number | null | undefined): string {
  return value === null || value === undefined ? '–' : value.toFixed(value < 10 ? 3 : 1);
}
