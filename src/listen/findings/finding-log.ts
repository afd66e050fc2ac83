import type { FindingCount } from '../../results/sections.ts';
import type { InstrumentContext } from '../instrument.ts';
import type { Position } from '../printer.ts';
import type { FindingFlag, FindingKind, Found, Severity } from './finding.ts';

/** A kind of finding is told so often, and only counted from then on: a broken server repeats itself in every event. */
const TOLD = 10;

const SEVERITIES: readonly Severity[] = ['error', 'warning', 'note'];

interface Entry {
  kind: FindingKind;
  count: FindingCount;
}

/** Tells findings as they are made, and counts them. */
export class FindingLog {
  readonly #context: Pick<InstrumentContext, 'clock' | 'warn'>;
  readonly #entries = new Map<string, Entry>();

  constructor(context: Pick<InstrumentContext, 'clock' | 'warn'>) {
    this.#context = context;
  }

  readonly report = (kind: FindingKind, found: Found, at: Position): void => {
    const { code, severity, why, mend } = kind;
    const entry = this.#entries.get(code);
    if (entry !== undefined) entry.count.count += 1;
    const nth = entry?.count.count ?? 1;
    if (nth > (kind.once === true ? 1 : TOLD)) return;
    const message = typeof found.message === 'string' ? found.message : found.message();
    const place = found.offset === undefined ? {} : { offset: found.offset };
    if (entry === undefined) {
      const count: FindingCount = { code, severity, count: 1, message, ...place, conn: at.conn };
      this.#entries.set(code, { kind, count });
    }
    const closing = nth === TOLD ? '; further ones are only counted' : '';
    const { clock, warn } = this.#context;
    warn({ code, severity, ...place, message: `${message}${closing}`, why, mend }, clock.startedAt + at.t);
  };

  /** How many findings of a flag have this severity. */
  total(flag: FindingFlag, severity: Severity): number {
    return this.#of(flag, severity).reduce((sum, { count }) => sum + count.count, 0);
  }

  /** The codes of a flag's findings with this severity, in the order that they were first met. */
  codes(flag: FindingFlag, severity: Severity): string[] {
    return this.#of(flag, severity).map(({ kind }) => kind.code);
  }

  /** The gravest first; those of one severity in the order that they were first met. */
  counts(): FindingCount[] {
    const counts = [...this.#entries.values()].map(({ count }) => count);
    return SEVERITIES.flatMap((severity) => counts.filter((each) => each.severity === severity));
  }

  #of(flag: FindingFlag, severity: Severity): Entry[] {
    return [...this.#entries.values()].filter(({ kind }) => kind.flag === flag && kind.severity === severity);
  }
}
