import { SATURATED, type SaturatedBy } from '../controller/health.ts';
import { afterSteal } from './after-steal.ts';
import type { Doubt } from './evidence.ts';

const MOST_SECONDS = 2;
const MOST_SHARE = 0.05;

/** A worker had more to do than its core could, for more than a moment. */
export const generatorSaturated: Doubt = ({ health, machine }) => {
  const [worst] = [...health].sort((one, other) => other.saturatedSeconds - one.saturatedSeconds);
  if (worst === undefined) return undefined;
  // A short run has no room for moments.
  const limit = Math.min(Math.max(MOST_SECONDS, MOST_SHARE * worst.seconds), worst.seconds / 2);
  if (worst.saturatedSeconds <= limit) return undefined;
  const seconds = worst.saturatedSeconds.toFixed(1);
  return {
    code: 'generator-saturated',
    figure: worst.saturatedSeconds,
    limit,
    unit: 's',
    message: `worker ${worst.worker + 1} ${WORDS[worst.mostlyBy]}, in ${seconds} of ${worst.seconds.toFixed(0)} s`,
    remedy: afterSteal(remedyFor(worst.mostlyBy, health.length), machine),
  };
};

const WORDS: Record<SaturatedBy, string> = {
  cpu: `was above ${SATURATED.cpu * 100} % of a core`,
  runQueueWait: `waited for a core more than ${SATURATED.runQueueWait * 100} % of the time, and was late for it`,
  loopLatenessP99: `was late in its event loop by more than ${SATURATED.loopLatenessP99} ms (p99)`,
};

function remedyFor(by: SaturatedBy, workers: number): string {
  if (by === 'cpu') return 'Use more --workers, up to the number of free cores, or less load.';
  if (by === 'loopLatenessP99')
    return 'Use more --workers, or less load for each: fewer streams or events per second.';
  const who = workers > 1 ? 'Other processes, or too many --workers, take' : 'Other processes take';
  return `${who} the cores: run it again once they are done, free some cores, or spread the load over machines.`;
}
