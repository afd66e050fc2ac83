import { SseKitError } from '../../client/errors.ts';
import type { CloseRecord, RecordingRecord } from '../../recording/records.ts';
import type { RecordedRun } from './recorded-run.ts';

/** What looks at more of a stream than every recording has. */
export interface Need {
  /** As it was given: `--strict`. */
  flag: string;
  what: 'bytes' | 'comments';
}

/** So far ahead is looked for the first bytes of a body; a head and some warnings come before it. */
const MOST_BEFORE_BODY = 1000;

/** Whether the run begins with the bytes of its body; also where it has none that could be missed. */
export async function hasBytes({ records }: RecordedRun): Promise<boolean> {
  for (let ahead = 0; ahead < MOST_BEFORE_BODY; ahead++) {
    const record = await records.peek(ahead);
    if (record === undefined || record.type === 'chunk') return true;
    if (tellsOfBody(record)) return false;
    if (record.type === 'close') return true;
  }
  return true;
}

/**
 * @throws SseKitError `RECORDING_WITHOUT_BYTES`, exit 2, for the first need that a run without bytes can't meet, as far
 *   as that is known before it is told
 */
export async function checkNeeds(run: RecordedRun, needs: readonly Need[]): Promise<void> {
  if (needs.length > 0 && !(await hasBytes(run))) refuse(run, needs);
}

/** @throws the same, for an attempt that turns out to have no bytes */
export function refuse({ name, kind }: RecordedRun, needs: readonly Need[]): void {
  // Comments have records of their own, but for those that a browser has never kept.
  const need = needs.find(({ what }) => what === 'bytes' || kind === 'har');
  if (need === undefined) return;
  throw new SseKitError(
    'RECORDING_WITHOUT_BYTES',
    2,
    `--from ${name}: ${need.flag} looks at the ${need.what} of the stream, and this recording has none`,
    { hint: 'a recording with them is made by --record FILE.ndjson, not by --format ndjson or as HAR' },
  );
}

/** A record of what was decoded from a body, or the end of a stream of which something came. */
export function tellsOfBody(record: RecordingRecord): boolean {
  switch (record.type) {
    case 'event':
    case 'comment':
    case 'retry':
      return true;
    case 'close':
      return (record.bytes ?? 0) > 0 && !REJECTED.has(record.reason);
    default:
      return false;
  }
}

/** Of an answer that is no stream the body is not recorded. */
const REJECTED: ReadonlySet<CloseRecord['reason']> = new Set(['status', 'wrong_type', 'no_content']);
