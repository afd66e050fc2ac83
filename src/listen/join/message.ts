import type { AnswerFormat, TokenUsage } from '../../llm/join/answer-sink.ts';
import type { AnswerFigures } from '../../results/sections.ts';
import { cut } from './cut.ts';
import { JoinedAnswer } from './joined-answer.ts';
import { type AnswerProblem, answerFailed, answerUnfinished } from './problems.ts';

const MAX_ERROR = 1_000;
const MAX_LABEL = 100;

/** The answers to one request, of which there are several where it asked for choices. */
export class Message {
  readonly id: string;
  readonly format: AnswerFormat;
  readonly sentAt: number | undefined;
  /** Number of the connection that brought the last of it. */
  conn: number;
  complete = false;
  /** Its connection ended, not by us, before it was complete. */
  cut = false;
  /** An event that the filters hid told that it is whole. */
  endHidden = false;
  #usage: TokenUsage | undefined;
  #error: string | undefined;
  readonly #choices = new Map<number, JoinedAnswer>();

  constructor(id: string, format: AnswerFormat, conn: number, sentAt: number | undefined) {
    this.id = id;
    this.format = format;
    this.conn = conn;
    this.sentAt = sentAt;
  }

  get answers(): Iterable<JoinedAnswer> {
    return this.#choices.values();
  }

  get size(): number {
    return this.#choices.size;
  }

  get failed(): boolean {
    return this.#error !== undefined;
  }

  choice(index: number): JoinedAnswer | undefined {
    return this.#choices.get(index);
  }

  /** @param n place of the answer in the run */
  begin(index: number, n: number): JoinedAnswer {
    const beside = index > 0 || this.#choices.size > 0 ? `choice ${index}` : '';
    const label = [cut(this.format.labelled === true ? this.id : '', MAX_LABEL), beside]
      .filter(Boolean)
      .join(', ');
    const answer = new JoinedAnswer(n, label);
    this.#choices.set(index, answer);
    return answer;
  }

  usage(usage: TokenUsage): void {
    const last = this.#usage;
    this.#usage = {
      input: usage.input ?? last?.input,
      output: usage.output ?? last?.output,
      reasoning: usage.reasoning ?? last?.reasoning,
    };
  }

  /** The first error counts: others follow from it. */
  error(message: string): void {
    this.#error ??= cut(message, MAX_ERROR);
  }

  /** What is wrong with an answer, as far as is known by now. */
  problemOf(answer: JoinedAnswer): AnswerProblem | undefined {
    if (this.#error !== undefined) return answerFailed(this.#error);
    const { ending, givesReason } = this.format;
    if (ending === undefined) return undefined;
    const finished = answer.finishReason !== undefined;
    if (this.complete) return givesReason && !finished ? answerUnfinished(undefined, finished) : undefined;
    return this.cut ? answerUnfinished(ending, finished) : undefined;
  }

  /** What is wrong with the first of its answers that is not as it should be. */
  get problem(): AnswerProblem | undefined {
    for (const answer of this.answers) {
      const problem = this.problemOf(answer);
      if (problem !== undefined) return problem;
    }
    return undefined;
  }

  figuresOf(answer: JoinedAnswer): AnswerFigures {
    const alone = this.#choices.size === 1;
    return answer.figures({
      format: this.format.name,
      sentAt: this.sentAt,
      // That of several choices is told once.
      usage: alone || answer === this.#choices.values().next().value ? this.#usage : undefined,
      alone,
      complete: this.format.ending === undefined ? undefined : this.complete,
      problem: this.problemOf(answer)?.message,
    });
  }
}
