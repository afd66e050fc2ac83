import type { Doubt } from './evidence.ts';

/** The process that publishes was lost: fewer events were sent than planned, and which of them is not known. */
export const publisherLost: Doubt = ({ publisherLoss }) => {
  if (publisherLoss === undefined) return undefined;
  return {
    code: 'worker-lost',
    figure: 1,
    limit: 0,
    unit: 'processes',
    message: `${publisherLoss}: what it published is not known`,
    remedy: 'If nobody killed it, the machine was short of memory: dmesg tells.',
  };
};
