import type { ClientReason, Warning } from '../../client/records.ts';
import type { ReconnectRecord } from '../../recording/records.ts';
import type { RecordQueue } from './record-queue.ts';
import { warningOf } from './recorded-info.ts';
import { type AttemptRecord, firstOfAttempt, isOfAttempt } from './recorded-run.ts';

/** What a recording has behind the end of an attempt. */
export interface Sequel {
  /** On the wait for the next attempt. */
  warnings: Warning[];
  /** The next attempt was announced. */
  reconnect: ReconnectRecord | undefined;
  /** The run was left before it. */
  left: { t: number; by: ClientReason | undefined } | undefined;
  /** Its first record, which stays in the queue. */
  first: AttemptRecord | undefined;
}

/** Takes from the queue what is between two attempts. */
export async function sequelOf(records: RecordQueue): Promise<Sequel> {
  const sequel: Sequel = { warnings: [], reconnect: undefined, left: undefined, first: undefined };
  for (let next = await records.peek(0); next !== undefined; next = await records.peek(0)) {
    if (isOfAttempt(next)) break;
    if (next.type === 'other' && next.name === 'left') break;
    records.skip(1);
    if (next.type === 'reconnect') {
      sequel.reconnect = next;
      break;
    }
    const warning = next.type === 'other' ? warningOf(next) : undefined;
    if (warning !== undefined) sequel.warnings.push(warning);
  }
  const left = await records.peek(0);
  sequel.first = await firstOfAttempt(records);
  // Another recording may have been put behind the one that was left.
  if (sequel.first === undefined && left?.type === 'other' && left.name === 'left') {
    const { t, by } = left.value;
    if (typeof t === 'number') sequel.left = { t, by: by as ClientReason | undefined };
  }
  return sequel;
}
