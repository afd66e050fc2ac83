import { SATURATED, type SaturatedBy } from '../controller/health.ts';
import type { Doubt } from './evidence.ts';

const MOST_SECONDS = 2;
const MOST_SHARE = 0.05;

/** A worker had more to do than its core could, for more than a moment. */
export const generatorSaturated: Doubt = ({ health }) => {
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
    message: `worker ${worst.worker + 1} was saturated in ${seconds} of ${worst.seconds.toFixed(0)} s: ${WORDS[worst.mostlyBy]}`,
    remedy: REMEDIES[worst.mostlyBy],
  };
};

const WORDS: Record<SaturatedBy, string> = {
  cpu: `above ${SATURATED.cpu * 100} % of a core`,
  runQueueWait: `waiting for a core more than ${SATURATED.runQueueWait * 100} % of the time, and late for it`,
  loopLatenessP99: `its event loop was late by more than ${SATURATED.loopLatenessP99} ms (p99)`,
};

const REMEDIES: Record<SaturatedBy, string> = {
  cpu: 'Use more --workers, up to the number of free cores, or less load.',
  runQueueWait:
    'Other processes, or too many --workers, take the cores: free some, or spread the load over machines.',
  loopLatenessP99: 'Use more --workers, or less load for each: fewer streams or events per second.',
};
