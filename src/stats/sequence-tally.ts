import type { NumberSpans } from './number-spans.ts';

/** What is told of with an example. */
export const IRREGULARITIES = ['missing', 'duplicated', 'out_of_order', 'replayed', 'restarted'] as const;

export type Irregularity = (typeof IRREGULARITIES)[number];

/** Numbers of one stream that show an irregularity. */
export interface Evidence {
  kind: Irregularity;
  stream: number;
  from: number;
  to: number;
  /** The highest number that the stream had had by then; of missing ones, the last before them. */
  after: number;
}

/** So many examples of each kind are kept, over the whole run. */
const EXAMPLES_OF_A_KIND = 3;

/** What the audits of many streams come to, added up while they go on: nothing is walked to know it. */
export class SequenceTally {
  /** Distinct numbers. */
  received = 0;
  /** May fall again: a number that comes late is no longer missing. */
  missing = 0;
  duplicated = 0;
  outOfOrder = 0;
  replayed = 0;
  /** Numbers that came with a gap before them. */
  jumps = 0;
  /** Which numbers are missing, in how many streams; absent where nobody asks. */
  readonly missingNumbers: NumberSpans | undefined;
  readonly #told = new Map<Irregularity, number>();
  #evidence: Evidence[] = [];

  constructor(missingNumbers?: NumberSpans) {
    this.missingNumbers = missingNumbers;
  }

  /** Whether one more example of a kind would be kept. */
  wants(kind: Irregularity): boolean {
    return (this.#told.get(kind) ?? 0) < EXAMPLES_OF_A_KIND;
  }

  /** Numbers in a row are one example. */
  tell(kind: Irregularity, stream: number, from: number, to: number, after: number): void {
    const last = this.#evidence.at(-1);
    if (last !== undefined && last.kind === kind && last.stream === stream && last.to === from - 1) {
      last.to = to;
      return;
    }
    if (!this.wants(kind)) return;
    this.#told.set(kind, (this.#told.get(kind) ?? 0) + 1);
    this.#evidence.push({ kind, stream, from, to, after });
  }

  /** The examples since the last time. */
  takeEvidence(): Evidence[] {
    const evidence = this.#evidence;
    this.#evidence = [];
    return evidence;
  }
}
