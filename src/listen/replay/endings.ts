import type { BodyEnd } from '../../client/body-reader.ts';
import { endingOf } from '../../client/ending.ts';
import type { SseKitError } from '../../client/errors.ts';
import type { ClientReason, CloseInfo, CloseReason, Marks, OpenInfo, Warning } from '../../client/records.ts';
import type { CloseRecord } from '../../recording/records.ts';
import { NOTHING_PENDING } from '../../sse/sink.ts';
import { errorOf } from './recorded-info.ts';

/** How an attempt ends, before it is told. */
export interface Ending {
  reason: CloseReason;
  by?: ClientReason | undefined;
  error?: SseKitError | undefined;
  pendingBytes: number;
  recorded?: true;
  body?: string | undefined;
}

/** What an attempt has come to. */
export type Counts = Pick<CloseInfo, 'events' | 'comments' | 'bytes' | 'wireBytes' | 'lastEventId'>;

const NOTHING_LEFT: BodyEnd = { decoder: NOTHING_PENDING, codingComplete: true };

/** The end that a record tells of; `left`: what the decoder had not finished, where there was one. */
export function recordedEnding(record: CloseRecord, left: BodyEnd | undefined): Ending {
  const { reason, by, body } = record;
  const pendingBytes = left?.decoder.pendingBytes ?? record.pendingBytes ?? 0;
  const ending: Ending = { reason, by, body, error: errorOf(record), pendingBytes };
  return reason === 'client' ? { ...ending, recorded: true } : ending;
}

/** The end of a stream of which there are the bytes alone: their end is its end. */
export function endOfBytes(left: BodyEnd | undefined, events: number): Ending {
  const { decoder, codingComplete } = left ?? NOTHING_LEFT;
  const facts = { decoder, codingComplete, events, framing: 'close' as const, host: '' };
  const { reason, error } = endingOf({ ...facts, transfer: { kind: 'complete' } });
  return { reason, error, pendingBytes: decoder.pendingBytes };
}

/** The end of a recording whose recorder was killed. */
export const CUT: Ending = { reason: 'client', by: 'signal', pendingBytes: 0, recorded: true };

/** @param line the last one, where it was cut off */
export function cutWarning(line: number | undefined): Warning {
  const detail = line === undefined ? '' : ` (line ${line}, its last, was cut off)`;
  const message = `the recording stops before its run ends${detail}: its recorder was killed, or is still at work`;
  return { code: 'recording-cut', message };
}

/** The end of an attempt as it is told. */
export function closeInfoOf(
  { reason, by, error, pendingBytes, recorded, body }: Ending,
  { counts, open, marks }: { counts: Counts; open: OpenInfo | undefined; marks: Marks },
): CloseInfo {
  return {
    reason,
    ...(by === undefined ? {} : { by }),
    ...(open === undefined ? {} : { status: open.status, framing: open.framing }),
    ...(error === undefined ? {} : { error }),
    ...counts,
    pendingBytes,
    ...(body === undefined ? {} : { body }),
    marks,
    ...(recorded === undefined ? {} : { recorded }),
  };
}
