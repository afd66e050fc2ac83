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
    remedy: remedyFor(first.how),
  };
};

function remedyFor(how: string): string {
  if (how.includes('SIGKILL')) {
    return 'If nobody killed it, the machine was short of memory (dmesg tells): hold fewer streams, or use a larger machine.';
  }
  // Of those that are not there any more the message says why, or what they wrote to standard error.
  if (how.startsWith('failed')) return 'Change what its message tells of.';
  if (/^(ended|was killed)/.test(how)) return 'If it wrote anything before that, it is on standard error.';
  return 'It was stopped, or had no time on a core: free the machine of other load, or use fewer --workers.';
}
