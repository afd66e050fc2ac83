import type { ConformanceCase, Setting } from './case.ts';
import type { CaseRun } from './case-run.ts';
import { NEEDS_REPORTS } from './events.ts';
import { waitsMs } from './observed.ts';
import { type ConformanceRow, rowsOf } from './result.ts';
import { notMeasured, type Verdict } from './verdict.ts';

/** How far a suite has come: what was judged, what is next, and what is known of the client by now. */
export class Progress {
  readonly cases: readonly ConformanceCase[];
  /** How long the client takes to come back after a clean end; undefined: not known, or it doesn't. */
  usualWaitMs: number | undefined;
  readonly #rows = new Map<ConformanceCase, ConformanceRow[]>();
  readonly #onRow: (row: ConformanceRow) => void;
  #at = 0;
  #comesBack: boolean | undefined;

  constructor(cases: readonly ConformanceCase[], onRow: (row: ConformanceRow) => void) {
    this.cases = cases;
    this.#onRow = onRow;
  }

  /** Of the case that is next, from 1. */
  get number(): number {
    return this.#at + 1;
  }

  get rows(): ConformanceRow[] {
    return this.cases.flatMap((each) => this.#rows.get(each) ?? []);
  }

  /** The next case that can be performed; those before it that can't be are concluded. */
  upcoming(setting: Setting): ConformanceCase | undefined {
    for (; this.#at < this.cases.length; this.#at += 1) {
      const conformanceCase = this.cases[this.#at];
      if (conformanceCase === undefined || this.#rows.has(conformanceCase)) continue;
      const obstacle = this.#obstacle(conformanceCase, setting);
      if (obstacle === undefined) return conformanceCase;
      this.#conclude(conformanceCase, () => notMeasured(obstacle));
    }
    return undefined;
  }

  /** A case is over. */
  finished({ conformanceCase, requests, verdicts }: CaseRun): void {
    if (conformanceCase.showsReturn === true) {
      this.usualWaitMs = waitsMs({ requests }).at(0);
      this.#comesBack = this.usualWaitMs !== undefined;
    }
    this.#conclude(conformanceCase, (id) => verdicts.get(id) ?? notMeasured('it could not be told'));
  }

  /** Nothing of what is left will be measured. */
  giveUp(evidence: string): void {
    for (const each of this.cases) {
      if (!this.#rows.has(each)) this.#conclude(each, () => notMeasured(evidence));
    }
  }

  #obstacle(
    { needsReports = false, needsReconnect = false }: ConformanceCase,
    setting: Setting,
  ): string | undefined {
    if (needsReports && setting === 'wire') return NEEDS_REPORTS;
    if (needsReconnect && this.#comesBack === false) {
      return 'the client does not come back when a stream has ended';
    }
    return undefined;
  }

  #conclude(conformanceCase: ConformanceCase, verdictOf: (id: string) => Verdict): void {
    const rows = rowsOf(conformanceCase, verdictOf);
    this.#rows.set(conformanceCase, rows);
    for (const row of rows) this.#onRow(row);
  }
}
