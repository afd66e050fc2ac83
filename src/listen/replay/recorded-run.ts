import type { Readable } from 'node:stream';
import { SseKitError } from '../../client/errors.ts';
import { rejectionOf } from '../../client/rejection.ts';
import { openRecordingInput, type RecordingInput } from '../../recording/input.ts';
import { recordsIn } from '../../recording/read.ts';
import { RecordingError } from '../../recording/recording-error.ts';
import type { OtherRecord, RecordingRecord } from '../../recording/records.ts';
import { RecordQueue } from './record-queue.ts';

/** Records with a place in an attempt. */
export type AttemptRecord = Exclude<RecordingRecord, OtherRecord | { type: 'reconnect' }>;

/** What stands in front of the first record of an attempt: warnings, or what a later version adds. */
const MOST_BEFORE_ATTEMPT = 1000;

/** A run to be replayed, found to be readable. */
export interface RecordedRun {
  /** As the user wrote it. */
  readonly name: string;
  readonly records: RecordQueue;
  readonly kind: RecordingInput['kind'];
  /** Of its first attempt. */
  readonly first: AttemptRecord;
  /** Wall clock at its start, in milliseconds since the epoch, where the recording tells it. */
  readonly startedAtMs: number | undefined;
  /**
   * `recorded`: the end is in the recording, or its recorder was killed; `bytes`: it is the bytes of a stream alone,
   * whose end is its end.
   */
  readonly ending: 'recorded' | 'bytes';
  /** Its last line was cut off. */
  readonly cutLine: () => number | undefined;
}

/**
 * Opens a recording, or the bytes of a stream, and looks at how it begins.
 *
 * @param name a path; `-` is standard input
 * @throws SseKitError exit 2 for what can't be read, or is neither
 */
export async function openRecordedRun(name: string, stdin: () => Readable): Promise<RecordedRun> {
  try {
    const input = await openRecordingInput(name === '-' ? stdin() : name);
    let cut: number | undefined;
    const onCutLine = (line: number) => {
      cut = line;
    };
    const records = new RecordQueue(await recordsOf(input, onCutLine));
    const first = await firstOfAttempt(records);
    if (first === undefined) {
      throw new RecordingError('there is no connection in it', {
        hint: 'a recording has at least an "open" line: `ssekit listen --record FILE URL` writes one',
      });
    }
    const startedAtMs = wallMsOf(first);
    const ending = input.kind === 'stream' ? 'bytes' : 'recorded';
    return { name, records, kind: input.kind, first, startedAtMs, ending, cutLine: () => cut };
  } catch (error) {
    throw asSseKitError(name, error);
  }
}

async function recordsOf(
  { kind, bytes }: RecordingInput,
  onCutLine: (line: number) => void,
): Promise<AsyncGenerator<RecordingRecord, void>> {
  switch (kind) {
    case 'stream':
      return streamRecords(bytes);
    case 'har': {
      const { harRecords } = await import('../../recording/har-records.ts');
      return harRecords(bytes, { rejectionOf, onCutLine });
    }
    case 'records':
      return bare(recordsIn(bytes, { onCutLine, skim: true }));
  }
}

/** What is said of a recording that can't be read on. */
export function asSseKitError(name: string, error: unknown): unknown {
  if (!(error instanceof RecordingError)) return error;
  const { message, hint, code } = error;
  return new SseKitError(code, 2, `--from ${name}: ${message}`, { hint, cause: error });
}

/** The first record of the attempt that comes next, which stays in the queue. */
export async function firstOfAttempt(records: RecordQueue): Promise<AttemptRecord | undefined> {
  for (let ahead = 0; ahead < MOST_BEFORE_ATTEMPT; ahead++) {
    const record = await records.peek(ahead);
    if (record === undefined) return undefined;
    if (isOfAttempt(record)) return record;
  }
  return undefined;
}

export function isOfAttempt(record: RecordingRecord): record is AttemptRecord {
  return record.type !== 'other' && record.type !== 'reconnect';
}

/** The wall clock at the start of the run that the record is of. */
function wallMsOf(record: AttemptRecord): number | undefined {
  const ms =
    record.type === 'open' && record.ts !== undefined ? Date.parse(record.ts) - record.t : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}

async function* bare(placed: ReturnType<typeof recordsIn>): AsyncGenerator<RecordingRecord, void> {
  for await (const { record } of placed) yield record;
}

/** Bytes without times: all of them came at once. */
async function* streamRecords(blocks: AsyncIterable<Buffer>): AsyncGenerator<RecordingRecord, void> {
  for await (const bytes of blocks) yield { type: 'chunk', conn: 1, t: 0, bytes };
}
