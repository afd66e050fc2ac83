import type { Figures } from '../../results/bench/figures.ts';
import type { InvalidReason } from '../../results/bench/result.ts';
import type { StealOf } from '../../results/bench/steal.ts';
import type { WorkerLoss } from '../controller/crew.ts';
import type { Health } from '../controller/health.ts';
import type { Plan } from '../plan/plan.ts';

/** What the verdict on a run rests on. */
export interface Evidence {
  plan: Plan;
  /** Of the whole run, and of what is outside of warm-up. */
  total: Figures;
  measured: Figures;
  health: readonly Health[];
  machine: StealOf;
  losses: readonly WorkerLoss[];
  /** How the process that publishes was lost: `the process that publishes was killed by SIGKILL`. */
  publisherLoss?: string | undefined;
  /** It was ended before its time by whoever started it, or by a rule. */
  endedEarly: boolean;
}

/** Finds one reason why the figures of a run can't be trusted. */
export type Doubt = (evidence: Evidence) => InvalidReason | undefined;
