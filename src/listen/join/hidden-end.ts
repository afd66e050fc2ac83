import type { AnswerSink } from '../../llm/join/answer-sink.ts';
import type { Message } from './message.ts';

/**
 * The end of an answer, looked for in events that the filters hide: that it is whole, and why it ended, is so although
 * nobody sees where the stream says it. Nothing begins here, and text that is hidden is none of the answer.
 */
export class HiddenEnd implements AnswerSink {
  readonly #find: (id: string) => Message | undefined;
  #message: Message | undefined;

  /** @param find the message, of those that are shown, that a hidden event may be part of */
  constructor(find: (id: string) => Message | undefined) {
    this.#find = find;
  }

  message(id: string): void {
    this.#message = this.#find(id);
  }

  finish(choice: number, reason: string): void {
    const answer = this.#message?.choice(choice);
    if (answer !== undefined && answer.finishReason === undefined) answer.finish(reason);
  }

  complete(): void {
    if (this.#message !== undefined) this.#message.endHidden = true;
  }

  begin(): void {
    // What is hidden begins no answer.
  }

  piece(): void {
    // It was not to be seen.
  }

  tool(): void {
    // Nor was this.
  }

  toolDone(): void {
    // Calls that are shown end with their answer.
  }

  usage(): void {
    // It may be that of an answer that is hidden.
  }

  error(): void {
    // So may this: one that ends the shown answer leaves it without its end.
  }
}
