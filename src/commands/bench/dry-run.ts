import type { BenchOptions } from '../../bench/options.ts';
import { makePlan } from '../../bench/plan/make-plan.ts';
import { planSummary } from '../../bench/plan/plan-summary.ts';
import { readMachine } from '../../bench/preflight/machine.ts';
import { preflight } from '../../bench/preflight/preflight.ts';
import { dryRunText } from '../../report/bench/dry-run.ts';
import { escapeJson } from '../../report/escape.ts';
import { loadPalette } from '../../report/palette.ts';
import type { BenchFlags } from '../flags/bench/bench-flags.ts';
import { colorWhen } from '../flags/color.ts';
import type { CommandIo } from '../io.ts';
import { columnsOf, isColored } from '../terminal.ts';

const INVALID = 13;

/**
 * Shows the plan, and whether this machine has what it takes. Connects to nothing; names are looked up.
 *
 * @param targets as they are shown
 * @returns the exit code: 13 where the run would be refused
 */
export async function dryRun(
  options: BenchOptions,
  targets: readonly string[],
  flags: BenchFlags,
  { stdout, env }: CommandIo,
): Promise<number> {
  const plan = makePlan(options);
  const checked = preflight(options, plan, await readMachine(options, 'none'));
  const shown = {
    target: targets[0] ?? '',
    ...(targets.length > 1 ? { targets } : {}),
    plan: planSummary(options, plan, checked.decisions.workers),
    preflight: checked,
  };
  if (flags.format === 'json') stdout.write(`${escapeJson(JSON.stringify(shown, null, 2))}\n`);
  else {
    const palette = await loadPalette(isColored(colorWhen(flags.color, env), stdout));
    stdout.write(dryRunText(shown, { palette, columns: columnsOf(stdout)() }));
  }
  return checked.refusals.length > 0 ? INVALID : 0;
}
