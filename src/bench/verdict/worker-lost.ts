import type { Doubt } from './evidence.ts';

/** A process that made load died or stopped answering: its part is missing. */
export const workerLost: Doubt = ({ losses, health }) => {
  const [first] = losses;
  if (first === undefined) return undefined;
  const when = first.atMs > 0 ? `${(first.atMs / 1000).toFixed(1)} s into the run` : 'before the run began';
  return {
    code: 'worker-lost',
    figure: losses.length,
    limit: 0,
    unit: 'workers',
    message: `worker ${first.worker + 1} of ${health.length} ${first.how}, ${when}`,
    remedy: first.how.includes('SIGKILL')
      ? 'If nobody killed it, the machine was short of memory (dmesg tells): hold fewer streams, or use a larger machine.'
      : 'What it said last is above; if it was held up, free the machine of other load.',
  };
};
