import type {
  AnswerFormat,
  AnswerSink,
  PieceKind,
  TokenUsage,
  ToolPiece,
} from '../../llm/join/answer-sink.ts';
import type { AnswerFigures } from '../../results/sections.ts';
import { HiddenEnd } from './hidden-end.ts';
import type { JoinedAnswer } from './joined-answer.ts';
import { Message } from './message.ts';
import type { AnswerProblem } from './problems.ts';
import type { ToolCall } from './tool-calls.ts';
import type { JoinedPiece } from './view.ts';

/** Answers under way at a time: one beyond that ends the oldest message. */
const MAX_OPEN = 128;

/** Answers whose figures are kept: the last of the run. */
const MAX_KEPT = 100;

/** Where and when a message may begin. */
export interface JoinPlace {
  /** Number of the connection. */
  conn: number;
  /** When its request was sent. */
  sentAt: number | undefined;
}

/** Sorts what a reader tells by message and choice, and keeps figures of each answer. */
export class Joiner implements AnswerSink {
  readonly #format: AnswerFormat;
  /** Is told what the filters hide. */
  readonly hidden: AnswerSink;
  /** What the event under way adds. */
  pieces: JoinedPiece[] = [];
  #place: JoinPlace = { conn: 0, sentAt: undefined };
  #at = 0;
  #event = 0;
  #id = '';
  #message: Message | undefined;
  readonly #open = new Map<string, Message>();
  #kept: { answer: JoinedAnswer; message: Message }[] = [];
  #begun = 0;
  #problem: { conn: number; error: AnswerProblem } | undefined;

  constructor(format: AnswerFormat) {
    this.#format = format;
    this.hidden = new HiddenEnd((id) => (format.labelled ? this.#open.get(id) : this.#message));
  }

  /** Answers so far. */
  get begun(): number {
    return this.#begun;
  }

  /** What is wrong with an answer of the last connection that had one. */
  get problem(): AnswerProblem | undefined {
    return this.#problem?.error;
  }

  connected(place: JoinPlace): void {
    this.#place = place;
  }

  /** An event begins, read at `at` of the run's clock. */
  event(at: number): void {
    this.#at = at;
    this.#event += 1;
    this.pieces = [];
  }

  /** A connection has ended, and not by us: what it has not completed is cut short. Tells whether there is such. */
  disconnected(conn: number): boolean {
    let cut = false;
    for (const message of this.#open.values()) {
      if (message.endHidden) {
        this.#end(message);
      } else if (message.conn === conn) {
        message.cut = true;
        cut = true;
        this.#judge(message);
      }
    }
    return cut;
  }

  message(id: string): void {
    if (this.#message !== undefined && id === this.#id) return;
    this.#id = id;
    this.#message = this.#open.get(id);
  }

  begin(choice: number): void {
    this.#answer(choice);
  }

  piece(choice: number, kind: PieceKind, text: string): void {
    const answer = this.#answer(choice);
    answer.piece(kind, text, this.#at, this.#event);
    this.pieces.push({ kind: kind === 'thinking' ? 'reasoning' : 'text', answer, text });
  }

  tool(choice: number, call: number, piece: ToolPiece): void {
    const answer = this.#answer(choice);
    this.#called(answer, answer.tool(call, piece, this.#at, this.#event));
  }

  toolDone(choice: number, call: number): void {
    const answer = this.#answer(choice);
    this.#called(answer, answer.toolDone(call));
  }

  finish(choice: number, reason: string): void {
    const answer = this.#answer(choice);
    answer.finish(reason);
    this.#over(answer);
  }

  usage(usage: TokenUsage): void {
    // It may come behind the end.
    (this.#message ?? this.#begin()).usage(usage);
  }

  error(text: string): void {
    const message = this.#current();
    const [answer = this.#answer(0)] = message.answers;
    message.error(text);
    this.pieces.push({ kind: 'error', answer, message: text });
    this.#judge(message);
  }

  complete(): void {
    const message = this.#message ?? this.#begin();
    if (!message.complete) this.#end(message);
  }

  /** Of the last answers of the run. */
  figures(): AnswerFigures[] {
    return this.#kept.map(({ answer, message }) => message.figuresOf(answer));
  }

  #end(message: Message): void {
    message.complete = true;
    message.cut = false;
    this.#open.delete(message.id);
    for (const answer of message.answers) this.#over(answer);
    this.#judge(message);
  }

  #over(answer: JoinedAnswer): void {
    for (const call of answer.toolsDone()) this.#called(answer, call);
    this.pieces.push({ kind: 'over', answer });
  }

  /** A call is whole. */
  #called(answer: JoinedAnswer, call: ToolCall | undefined): void {
    if (call === undefined) return;
    this.pieces.push({ kind: 'tool', answer, name: call.name, arguments: call.arguments });
  }

  /** The message that something more is told of: another one where the last of this id is over. */
  #current(): Message {
    const message = this.#message;
    if (message === undefined || message.complete) return this.#begin();
    message.conn = this.#place.conn;
    message.cut = false;
    return message;
  }

  #begin(): Message {
    const { conn, sentAt } = this.#place;
    // The next one on this connection was not waited for since the request.
    this.#place = { conn, sentAt: undefined };
    const message = new Message(this.#id, this.#format, conn, sentAt);
    this.#message = message;
    this.#open.set(this.#id, message);
    return message;
  }

  #answer(index: number): JoinedAnswer {
    let message = this.#current();
    const known = message.choice(index);
    if (known !== undefined) return known;
    if (message.size >= MAX_OPEN) message = this.#begin();
    this.#begun += 1;
    const answer = message.begin(index, this.#begun);
    this.#kept.push({ answer, message });
    if (this.#kept.length > MAX_KEPT) this.#kept = this.#kept.slice(1);
    this.#makeRoom();
    return answer;
  }

  #makeRoom(): void {
    let under = 0;
    for (const { size } of this.#open.values()) under += size;
    for (const [id, message] of this.#open) {
      if (under <= MAX_OPEN || message === this.#message) return;
      under -= message.size;
      this.#open.delete(id);
    }
  }

  /** Keeps the first problem of the connection: one that an earlier connection had is no longer what the run comes to. */
  #judge(message: Message): void {
    const { conn } = this.#place;
    if (this.#problem?.conn === conn) return;
    const error = message.problem;
    this.#problem = error === undefined ? undefined : { conn, error };
  }
}
