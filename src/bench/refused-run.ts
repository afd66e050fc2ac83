import { cpus } from 'node:os';
import { Figures } from '../results/bench/figures.ts';
import type { BenchResult, InvalidReason } from '../results/bench/result.ts';
import { maskUrl } from '../results/redaction.ts';
import type { BenchOptions } from './options.ts';
import { makePlan } from './plan/make-plan.ts';
import { planSummary } from './plan/plan-summary.ts';
import type { BenchHooks } from './run.ts';

/** The rules judge nothing: a count of 0 would hold where there was no run. */
const NO_RUN = 'the run did not begin';

/**
 * The result of a run that this machine can't make: INVALID, for these reasons, and without a figure.
 *
 * @param workers as many as it would have had
 */
export function refusedRun(
  options: BenchOptions & { workers: number },
  reasons: readonly InvalidReason[],
  { version, showSecrets }: Pick<BenchHooks, 'version' | 'showSecrets'>,
): BenchResult {
  const { counts, endings } = new Figures();
  const { urls } = options.request;
  const targets = showSecrets ? urls : urls.map(maskUrl);
  const { goodput, thresholds } = options;
  return {
    schema: 1,
    kind: 'bench',
    tool: { name: 'ssekit', version },
    startedAt: new Date().toISOString(),
    target: targets[0] ?? '',
    ...(targets.length > 1 ? { targets } : {}),
    plan: planSummary(options, makePlan(options), options.workers),
    verdict: { status: 'INVALID', reasons },
    ended: { early: 'invalid', atMs: 0 },
    counts,
    measuredSeconds: 0,
    endings,
    metrics: { lifetime: {} },
    censored: {},
    shortestCut: {},
    ...(goodput === undefined ? {} : { goodput: { rule: goodput.text, good: 0, of: 0 } }),
    thresholds: thresholds.map(({ text: rule }) => ({ rule, pass: false, seen: null, why: NO_RUN })),
    errors: [],
    series: [],
    generator: { cores: cpus().length, node: process.version, workers: [] },
  };
}
