import { SseKitError } from '../../client/errors.ts';
import type { CloseReason } from '../../client/records.ts';
import type { Next } from '../feed.ts';
import { startOf } from './recorded-info.ts';
import type { AttemptRecord } from './recorded-run.ts';
import type { Sequel } from './sequel.ts';

/** Which attempt of a recording is told, and when the next one begins. */
export class AttemptOrder {
  /** Its answers have a head. */
  readonly hasHead: boolean;
  /** The recorded number of the attempt. */
  conn: number;
  /** When the attempt begins that is started next. */
  startAt: number;
  /** Added to recorded times: recordings that were put behind each other begin at 0 again. */
  #base = 0;

  constructor(first: AttemptRecord) {
    this.conn = first.conn;
    // What ends well, or is cut, without a head was there without being asked for.
    const hadHead = first.type === 'close' && first.reason !== 'eof' && first.reason !== 'truncated';
    this.hasHead = first.type === 'open' || hadHead;
    this.startAt = this.hasHead ? startOf(first, first.t) : 0;
  }

  /** On the clock of the replay. */
  at(t: number): number {
    return this.#base + t;
  }

  /** What follows an attempt that ended at a time for a reason. */
  next({ first, left, reconnect, warnings }: Sequel, reason: CloseReason, at: number): Next {
    if (left !== undefined && reconnect === undefined) return { kind: 'left', by: left.by ?? 'signal' };
    if (first === undefined && reconnect === undefined) return { kind: 'stop' };
    if (this.isAnotherRecording(first)) this.#base = at;
    this.startAt = first === undefined ? at : Math.max(at, startOf(first, this.at(first.t)));
    const { delayMs = this.startAt - at, cause = 'base' } = reconnect ?? {};
    return { kind: 'wait', delayMs, cause, beyondBrowser: reason === 'status', warnings };
  }

  /** Whether the attempt is of a recording that was put behind the one before. */
  isAnotherRecording(first: AttemptRecord | undefined): boolean {
    return first !== undefined && first.conn <= this.conn;
  }

  /** What is said of a record that comes while another connection is open. */
  overlap({ type, conn }: { type: string; conn: number }, name: string): SseKitError {
    const message = `${type} of connection ${conn} comes before connection ${this.conn} has ended`;
    return new SseKitError('RECORDING_INVALID', 2, `--from ${name}: ${message}`, {
      hint: 'one run is replayed, whose connections follow one another',
    });
  }
}
