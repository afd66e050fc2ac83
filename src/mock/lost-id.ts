import type { EncodableEvent } from '../sse/encoder.ts';

/**
 * What a client gets whose `Last-Event-ID` has left the buffer, or was never given here: `oldest`, everything that is
 * kept, with a comment that warns; `204`, which tells it to stop; `reset`, an event that tells it to drop what it
 * knows, and what comes from then on (of a schedule: from the start).
 */
export type LostIdPolicy = 'oldest' | '204' | 'reset';

export const LOST_ID_POLICIES: readonly LostIdPolicy[] = ['oldest', '204', 'reset'];

/** Of an id in a comment. */
const LONGEST_TOLD_ID = 200;

export function lostIdComment(lastEventId: string): string {
  const id = JSON.stringify(lastEventId.slice(0, LONGEST_TOLD_ID));
  return `there is no event ${id} here, or no longer: from the oldest that is kept`;
}

/** Its empty id clears what the client would send with its next request. */
export function resetEvent(lastEventId: string): EncodableEvent {
  return { event: 'reset', id: '', data: JSON.stringify({ lastEventId }) };
}
