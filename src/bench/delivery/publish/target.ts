import type { PublishOptions } from '../../options.ts';

/**
 * Whether events reach whatever takes them in the order of their numbers: on one connection to Redis they do. Several
 * requests, or commands, are under way at a time, and which of them is first is nobody's fault.
 */
export function publishesInOrder(target: PublishOptions['target']): boolean {
  return target.kind === 'redis';
}
