import type { ObservedEvent } from '../observation/observation.ts';
import type { TaggedEvent } from '../origin/script.ts';
import type { Origin } from '../origin/visit.ts';

/** How late each event of the origin's came, in milliseconds; others are left out. */
export function lagsOf(events: readonly Pick<ObservedEvent, 'at' | 'data'>[], { clock }: Origin): number[] {
  return events.flatMap(({ at, data }) => {
    const sentAt = taggedIn(data)?.sentAt;
    return sentAt === undefined ? [] : [at - (sentAt - clock.aheadMs)];
  });
}

/** What an event of the origin's says of itself; nothing where it is somebody else's, or was changed on its way. */
export function taggedIn(data: string): TaggedEvent | undefined {
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch {
    // No event of the origin's.
    return undefined;
  }
  const { uid, sentAt } = (value ?? {}) as Partial<TaggedEvent>;
  return typeof uid === 'string' && typeof sentAt === 'number' ? (value as TaggedEvent) : undefined;
}
