import type { ClientReason } from '../../client/records.ts';
import type { CloseRecord } from '../../recording/records.ts';
import type { Ending } from './endings.ts';
import type { RecordQueue } from './record-queue.ts';
import type { RecordedAttempt } from './recorded-attempt.ts';

/** So far ahead is looked for the end that a run of the same options came to. */
const MOST_BEFORE_END = 10_000;

const TIMED: readonly (ClientReason | undefined)[] = ['for', 'max-time', 'expect'];

/** Whether a run is left for this because a time is over. */
export function isTimed(by: ClientReason | undefined): boolean {
  return TIMED.includes(by);
}

/**
 * The recorded end of an attempt, taken from the queue, where this run leaves it at the same place for the same
 * reason. What is left in between are the records of what was told already.
 *
 * @param seen the attempt's recorded number, and how many of its records of events and comments were taken
 */
export async function sameEnd(
  records: RecordQueue,
  leaving: Ending,
  attempt: RecordedAttempt,
  seen: { conn: number; recorded: number },
): Promise<CloseRecord | undefined> {
  let { recorded } = seen;
  for (let ahead = 0; ahead < MOST_BEFORE_END; ahead++) {
    const record = await records.peek(ahead);
    if (record === undefined) return undefined;
    if (record.type === 'other') continue;
    if (record.conn !== seen.conn) return undefined;
    if (record.type === 'close') {
      if (record.reason !== leaving.reason || record.by !== leaving.by) return undefined;
      records.skip(ahead + 1);
      return record;
    }
    if (!attempt.hasBytes || record.type === 'chunk' || record.type === 'open') return undefined;
    if (record.type !== 'retry') recorded++;
    if (recorded > attempt.told) return undefined;
  }
  return undefined;
}
