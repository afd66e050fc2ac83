import type { ConformanceCase, Setting } from './case.ts';
import type { Outcome, Verdict } from './verdict.ts';

/** What a run of the conformance suite leaves. Fields are only ever added; other changes raise `version`. */
export interface ConformanceResult {
  kind: 'client-conformance';
  version: 1;
  /** Of ssekit. */
  ssekit: string;
  startedAt: string;
  durationMs: number;
  client: ConformanceClient;
  /** How its behaviour was told: `reports` of the events that it hands over, or the `wire` alone. Null: none came. */
  evidence: Setting | null;
  /**
   * `complete`; `left`: the client went away; `stopped`: the run was ended before; `no-client`: none came.
   */
  ended: ConformanceEnd;
  counts: { pass: number; fail: number; note: number; notMeasured: number };
  rows: ConformanceRow[];
}

export type ConformanceEnd = 'complete' | 'left' | 'stopped' | 'no-client';

interface ConformanceClient {
  /** As an adapter gave it (`?name=`); '' where none did. */
  name: string;
  /** Of its first request. */
  userAgent: string;
}

export interface ConformanceRow {
  id: string;
  /** What the client must do. */
  text: string;
  level: 'must' | 'may';
  /** Where the HTML standard says so. */
  source: string;
  outcome: Outcome;
  evidence: string;
  /** The waits that it was judged by. */
  waitsMs?: readonly number[];
}

const STANDARD = 'https://html.spec.whatwg.org/multipage/server-sent-events.html';

/** The rows of a case: those judged, and those that could not be. */
export function rowsOf(
  { requirements }: ConformanceCase,
  verdictOf: (id: string) => Verdict,
): ConformanceRow[] {
  return requirements.map(({ id, text, level, section }) => ({
    id,
    text,
    level,
    source: `${STANDARD}#${section}`,
    ...verdictOf(id),
  }));
}

export function countOutcomes(rows: readonly ConformanceRow[]): ConformanceResult['counts'] {
  const count = (outcome: Outcome) => rows.filter((row) => row.outcome === outcome).length;
  return {
    pass: count('pass'),
    fail: count('fail'),
    note: count('note'),
    notMeasured: count('not-measured'),
  };
}
