import type { Check } from './check.ts';

/** A server of known behaviour, a run against it, and what the figures of the run must be. */
export interface TruthCase {
  id: string;
  title: string;
  run(say: Say): Promise<readonly Check[]>;
}

/** Says on standard error what is under way. */
export type Say = (text: string) => void;
