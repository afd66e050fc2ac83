import type { ObservedEvent } from './observation.ts';
import type { TaggedEvent } from './origin/script.ts';
import type { Origin } from './origin/visit.ts';

/** How late each event of the origin's came, in milliseconds; others are left out. */
export function lagsOf(events: readonly Pick<ObservedEvent, 'at' | 'data'>[], { clock }: Origin): number[] {
  return events.flatMap(({ at, data }) => {
    const sentAt = sentAtIn(data);
    return sentAt === undefined ? [] : [at - (sentAt - clock.aheadMs)];
  });
}

function sentAtIn(data: string): number | undefined {
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch {
    // Somebody else's event, or one that was changed on its way.
    return undefined;
  }
  const sentAt = (value as Partial<TaggedEvent> | null)?.sentAt;
  return typeof sentAt === 'number' ? sentAt : undefined;
}
