import type { AnswerFormat, AnswerReader, AnswerSink, StreamedEvent } from './answer-sink.ts';
import { errorWords, fieldsOf, textOf } from './fields.ts';

const NAME = 'ai:token';

/** The tokens that applications pass on to a browser: `ai:token` {token, done, messageId}, of several messages at a time. */
export const aiToken: AnswerFormat = {
  name: 'ai-token',
  ending: 'a token that is done',
  givesReason: false,
  labelled: true,
  recognises: ({ event }, json) => event === NAME && typeof fieldsOf(json).token === 'string',
  reader: (sink) => new TokenReader(sink),
};

class TokenReader implements AnswerReader {
  readonly #sink: AnswerSink;
  #id = '';

  constructor(sink: AnswerSink) {
    this.#sink = sink;
  }

  reconnected(): void {
    // Every token says which message it belongs to.
  }

  read({ event }: StreamedEvent, json: unknown): void {
    const { token, done, messageId, ...rest } = fieldsOf(json);
    if (event === 'error') {
      this.#sink.message(textOf(messageId) || this.#id);
      this.#sink.error(errorWords(rest.error ?? rest));
      return;
    }
    if (event !== NAME) return;
    this.#id = textOf(messageId);
    this.#sink.message(this.#id);
    if (done !== true) this.#sink.begin(0);
    if (textOf(token) !== '') this.#sink.piece(0, 'text', textOf(token));
    if (done === true) this.#sink.complete();
  }
}
