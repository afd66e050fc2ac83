import type { CloseInfo, OpenInfo } from '../../client/records.ts';
import type { RunEnd } from '../outcome.ts';
import type { Deadline } from './deadline.ts';
import type { JudgedEvent } from './judged-event.ts';

/** What a judge works with. Times are milliseconds since the start of the run. */
export interface JudgeContext {
  readonly showSecrets: boolean;
  /** The rule holds, or doesn't, for good; `seen` tells in words and figures what decided it. The first call counts. */
  pass(seen: string, t: number): void;
  fail(seen: string, t: number): void;
  /** Calls back when its time has come and nobody has moved it; it ends with the rule's decision. */
  deadline(missed: (t: number) => void): Deadline;
}

/** How a rule stands when the run is over. */
export interface Standing {
  pass: boolean;
  seen: string;
}

/**
 * Judges one rule while the stream comes, until it has decided. A method a kind of record, in the order of the run:
 * `attempt`, `open`, then any number of `read`, `event` and `comment`, then `close`.
 */
export interface Judge {
  attempt?(t: number): void;
  /** `accepted`: the answer is a stream. */
  open?(info: OpenInfo, t: number, accepted: boolean): void;
  /** Body bytes; several calls with one time are one read. Comes before the events in them. */
  read?(bytes: number, t: number): void;
  event?(event: JudgedEvent): void;
  comment?(t: number): void;
  /** We have stopped reading for now, as somebody of ours can't keep up; we go on. */
  paused?(): void;
  resumed?(t: number): void;
  /** `final`: no attempt follows. */
  close?(info: CloseInfo, t: number, final: boolean): void;
  /** The run is over, and nothing was decided before. */
  end(end: RunEnd, t: number): Standing;
}

/** How long a time was, for people and scripts alike: always in milliseconds. */
export function ms(length: number): string {
  return `${length < 10 ? Number(length.toFixed(1)) : Math.round(length)} ms`;
}

/** `1 event`, `12 events`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** Of what another part of ssekit says went wrong, so much is shown. */
export const LONGEST_REASON = 160;

/** Text of a server in a sentence of ours: on one line, and cut where it would fill the screen. */
export function shortened(text: string, length = 60): string {
  // Control characters are escaped by whoever prints.
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
