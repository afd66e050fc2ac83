import type { PieceKind, TokenUsage, ToolPiece } from '../../llm/join/answer-sink.ts';
import type { AnswerFigures } from '../../results/sections.ts';
import { cut } from './cut.ts';
import { ToolCalls } from './tool-calls.ts';
import type { AnswerPlace } from './view.ts';

const MAX_REASON = 100;

/** What a rate rests on at least: so many reads that brought something, over so many milliseconds. */
const MIN_READS = 3;
const MIN_DURATION = 100;

/** What a message knows of the answers to it. */
export interface MessageFacts {
  format: string;
  /** When its request was sent, in milliseconds of the run's clock; `undefined` where that is not known. */
  sentAt: number | undefined;
  usage: TokenUsage | undefined;
  /** Whether its figures of usage are those of this answer alone. */
  alone: boolean;
  /** `undefined` where the format has nothing that tells. */
  complete: boolean | undefined;
  problem: string | undefined;
}

/** One answer: its figures, never its text. Times are milliseconds of the run's clock. */
export class JoinedAnswer implements AnswerPlace {
  readonly n: number;
  readonly label: string;
  finishReason: string | undefined;
  refused = false;
  readonly #tools = new ToolCalls();
  #firstAt: number | undefined;
  #firstTextAt: number | undefined;
  #lastAt = 0;
  /** The event that brought the last piece: several pieces of one are one chunk. */
  #lastEvent = 0;
  #chunks = 0;
  /** Socket reads that brought a piece. */
  #reads = 0;
  #longestStall = 0;
  #characters = 0;
  #reasoningCharacters = 0;

  constructor(n: number, label: string) {
    this.n = n;
    this.label = label;
  }

  /** @param event number of the event in the run */
  piece(kind: PieceKind, text: string, at: number, event: number): void {
    if (kind === 'thinking') {
      this.#reasoningCharacters += text.length;
    } else {
      this.#firstTextAt ??= at;
      this.#characters += text.length;
    }
    if (kind === 'refusal') this.refused = true;
    this.#produced(at, event);
  }

  /** Returns the call that is whole now, as another one began in its place. */
  tool(call: number, piece: ToolPiece, at: number, event: number) {
    this.#produced(at, event);
    return this.#tools.add(call, piece);
  }

  toolDone(call: number) {
    return this.#tools.end(call);
  }

  toolsDone() {
    return this.#tools.endAll();
  }

  finish(reason: string): void {
    this.finishReason = cut(reason, MAX_REASON);
  }

  figures({ format, sentAt, usage, alone, complete, problem }: MessageFacts): AnswerFigures {
    const first = this.#firstAt;
    const output = alone ? usage?.output : undefined;
    const figures: AnswerFigures = {
      n: this.n,
      format,
      chunks: this.#chunks,
      characters: this.#characters,
      reasoningCharacters: this.#reasoningCharacters,
      toolCalls: this.#tools.all,
    };
    if (this.label !== '') figures.label = this.label;
    if (first !== undefined) {
      figures.duration = this.#lastAt - first;
      if (sentAt !== undefined && first >= sentAt) figures.ttft = first - sentAt;
      if (sentAt !== undefined && this.#reasoningCharacters > 0 && this.#firstTextAt !== undefined)
        figures.ttftAnswer = this.#firstTextAt - sentAt;
    }
    if (output !== undefined) figures.tokens = output;
    const perSecond = this.#rate(output, usage);
    if (perSecond !== undefined) figures.perSecond = perSecond;
    if (this.#chunks > 1) figures.longestStall = this.#longestStall;
    if (this.finishReason !== undefined) figures.finishReason = this.finishReason;
    if (this.refused) figures.refused = true;
    if (usage !== undefined) figures.usage = present(usage);
    if (complete !== undefined) figures.complete = complete;
    if (problem !== undefined) figures.problem = problem;
    return figures;
  }

  /** Text, reasoning and the arguments of tools are all made of tokens. */
  #produced(at: number, event: number): void {
    if (this.#firstAt === undefined) this.#firstAt = at;
    else this.#longestStall = Math.max(this.#longestStall, at - this.#lastAt);
    if (this.#reads === 0 || at !== this.#lastAt) this.#reads += 1;
    this.#lastAt = at;
    if (event !== this.#lastEvent) this.#chunks += 1;
    this.#lastEvent = event;
  }

  /**
   * Over the intervals between the first piece and the last, one fewer than there are tokens. Reasoning that is counted
   * and not shown was over before the first text: its tokens are no part of the rate.
   */
  #rate(output: number | undefined, usage: TokenUsage | undefined): number | undefined {
    const duration = this.#lastAt - (this.#firstAt ?? this.#lastAt);
    if (duration < MIN_DURATION || this.#reads < MIN_READS) return undefined;
    const hidden = this.#reasoningCharacters === 0 ? (usage?.reasoning ?? 0) : 0;
    const pieces = output === undefined ? this.#chunks : output - hidden;
    return pieces > 1 ? ((pieces - 1) * 1_000) / duration : undefined;
  }
}

function present({ input, output, reasoning }: TokenUsage): NonNullable<AnswerFigures['usage']> {
  return {
    ...(input === undefined ? {} : { input }),
    ...(output === undefined ? {} : { output }),
    ...(reasoning === undefined ? {} : { reasoning }),
  };
}
