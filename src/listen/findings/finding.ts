import type { CloseInfo, OpenInfo } from '../../client/records.ts';
import type { FindingCount } from '../../results/sections.ts';
import type { LineRest, StreamLine } from '../../sse/line-scanner.ts';
import type { SseEvent } from '../../sse/sink.ts';
import type { EventPosition, Position } from '../printer.ts';
import type { Field } from './field.ts';

export type Severity = FindingCount['severity'];

/** The flag that asks for a finding. */
export type FindingFlag = 'strict' | 'lint' | 'lint-requests';

/** Something that can be found, as docs/findings.md tells it. */
export interface FindingKind {
  /** Stable, in kebab case: what programs match on. */
  readonly code: string;
  /** `error`: the stream does not arrive as it was sent; `warning`: something to mend; `note`: something to know. */
  readonly severity: Severity;
  readonly flag: FindingFlag;
  /** Where it is looked for: `the lines`, `the response headers`, … */
  readonly where: string;
  /** What is wrong, as a heading. */
  readonly title: string;
  /** What a client makes of it, and the rule that says so. One line of a terminal, or two. */
  readonly why: string;
  /** What to change. */
  readonly mend: string;
  /** A fact of the whole run or of every answer: told once, and counted from then on. */
  readonly once?: true;
}

/** One place where something was found. */
export interface Found {
  /** What was seen, with its figures; made only where it is told, where that takes time. */
  message: string | (() => string);
  /** Of its first byte in the decoded body of its connection. */
  offset?: number;
}

export type Report = (kind: FindingKind, found: Found, at: Position) => void;

/**
 * A group of checks: hears of a run what it needs. Connections follow one another; each that was opened is closed
 * before the next.
 */
export interface Check {
  /** The answer is a stream. Not called for standard input, which has no head. */
  open?(info: OpenInfo, at: Position): void;
  /** A line has ended; `field`: what it is, `undefined` where it is blank. */
  line?(line: StreamLine, field: Field | undefined, at: Position): void;
  /** Body bytes of one read, after the lines that they end. Valid only during the call. */
  read?(bytes: Uint8Array, at: Position): void;
  /** Reading goes on after a pause of ours. */
  resumed?(at: Position): void;
  event?(event: SseEvent, at: EventPosition): void;
  /** Every valid `retry:` line. */
  retry?(ms: number, at: Position): void;
  /** The stream of an answer is over. `rest`: what came after its last line ending. */
  close?(info: CloseInfo, at: Position, rest: LineRest): void;
  /** Nothing more will come: what can only be said of the whole. */
  end?(at: Position): void;
}
