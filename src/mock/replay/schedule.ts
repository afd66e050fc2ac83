import type { Framing } from '../../client/records.ts';
import type { CloseRecord, RecordingRecord } from '../../recording/records.ts';
import { encodeComment, encodeEvent } from '../../sse/encoder.ts';
import type { AsyncSchedule, Step } from '../step.ts';

export interface ReplayPace {
  /** How many times as fast as it was. */
  speed: number;
  /** How the end of the recorded body was known. */
  framing: Framing | undefined;
  /** Which records are sent: `chunks`, the body as it came; or `blocks`, what it meant, where nothing else was kept. */
  body: 'chunks' | 'blocks';
}

/** A timer above this fires at once. */
const LONGEST_WAIT_MS = 2 ** 31 - 1;

/**
 * The rest of a recorded connection as steps. Records are read as the stream takes them, and the file is closed when
 * the stream ends, at whatever record.
 *
 * @param first what was read of the connection before: the headers, or where there were none its first record
 */
export function replaySchedule(
  records: AsyncGenerator<RecordingRecord, void>,
  first: Exclude<RecordingRecord, { type: 'other' }>,
  pace: ReplayPace,
): AsyncSchedule {
  let leave = () => {};
  const left = new Promise<void>((resolve) => {
    leave = resolve;
  });
  const steps = stepsOf(records, first, pace, left);
  return {
    next: () => steps.next(),
    async return() {
      leave();
      await steps.return();
      // One that was never begun has not closed what it reads from.
      await records.return();
      return { done: true, value: undefined };
    },
  };
}

async function* stepsOf(
  records: AsyncGenerator<RecordingRecord, void>,
  first: Exclude<RecordingRecord, { type: 'other' }>,
  { speed, framing, body }: ReplayPace,
  left: Promise<void>,
): AsyncGenerator<Step, void> {
  let lastT = first.t;
  const afterMs = (t: number) => {
    const waitMs = Math.min(Math.max(t - lastT, 0) / speed, LONGEST_WAIT_MS);
    lastT = Math.max(t, lastT);
    return waitMs;
  };
  if (first.type !== 'open') {
    const bytes = bytesOf(first, body);
    if (bytes !== undefined) yield { kind: 'bytes', bytes, afterMs: 0 };
  }
  for await (const record of records) {
    if (record.type === 'close') {
      // Silence was what there was, until the recorder lost patience.
      if (record.reason === 'idle') await left;
      else yield { kind: 'end', how: endingOf(record, framing), afterMs: afterMs(record.t) };
      return;
    }
    const bytes = bytesOf(record, body);
    if (bytes !== undefined && record.type !== 'other') {
      yield { kind: 'bytes', bytes, afterMs: afterMs(record.t) };
    }
  }
}

/** What the record says was sent, where it is of the kind that is sent. */
function bytesOf(record: RecordingRecord, body: ReplayPace['body']): Uint8Array | undefined {
  if (body === 'chunks') return record.type === 'chunk' ? record.bytes : undefined;
  const text = blockOf(record);
  return text === undefined ? undefined : Buffer.from(text);
}

/** The block that has this meaning. */
function blockOf(record: RecordingRecord): string | undefined {
  switch (record.type) {
    case 'event': {
      const { event, id, data } = record;
      return encodeEvent({ event: event === 'message' ? undefined : event, id, data });
    }
    case 'comment':
      return encodeComment(record.text);
    case 'retry':
      // Larger than any integer that can be exact: a server that sent hundreds of digits.
      return `retry: ${BigInt(Math.round(record.ms))}\n\n`;
    default:
      return undefined;
  }
}

function endingOf({ reason }: CloseRecord, framing: Framing | undefined): 'eof' | 'cut' | 'reset' {
  switch (reason) {
    case 'reset':
      return 'reset';
    case 'truncated':
      // Where the connection's end was the body's, it ended in order, inside an event.
      return framing === 'close' ? 'eof' : 'cut';
    case 'protocol':
      return 'cut';
    default:
      return 'eof';
  }
}
