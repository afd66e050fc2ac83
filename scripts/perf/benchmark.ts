/** What `npm run perf` measures, one file a benchmark; main.ts holds the list. */
export interface Benchmark {
  name: string;
  /** What is measured and against what, for the head of its table. */
  title: string;
  run(options: BenchmarkOptions): Promise<Row[]>;
}

export interface BenchmarkOptions {
  /** Length of the long stream, in gigabytes. */
  gigabytes: number;
  /** Says on standard error what is under way. */
  progress(text: string): void;
}

export interface Row {
  what: string;
  /** `times`: a ratio to the baseline of the same run. */
  unit: 'times' | 'MB' | 'KB per GB' | 'KB' | 'ms' | '%' | 'streams';
  measured: number;
  /** The goals; absent where the row is there for comparison. */
  goal?: Goal;
  /** The absolute figures behind a ratio, or what a size consists of. */
  detail: string;
  /** What the command printed in the end, where all of it is worth reading. */
  screen?: string;
}

interface Goal {
  must: number;
  aim: number;
  better: 'higher' | 'lower';
}

export type Verdict = 'aim' | 'must' | 'missed' | '';

/** Which of its goals a row meets. */
export function verdictOf({ measured, goal }: Row): Verdict {
  if (goal === undefined) return '';
  const meets = (bound: number) => (goal.better === 'higher' ? measured >= bound : measured <= bound);
  if (meets(goal.aim)) return 'aim';
  return meets(goal.must) ? 'must' : 'missed';
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** The median of the ratios of each round: what the machine does besides falls on both sides of a round. */
export function medianRatio(ours: readonly number[], theirs: readonly number[]): number {
  return median(ours.map((each, round) => each / (theirs[round] ?? Number.NaN)));
}
