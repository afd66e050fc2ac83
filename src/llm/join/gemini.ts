import type { AnswerFormat, AnswerReader, AnswerSink, StreamedEvent } from './answer-sink.ts';
import { countOf, errorWords, type Fields, fieldsOf, listOf, textOf } from './fields.ts';

/**
 * `streamGenerateContent` with `alt=sse` (https://ai.google.dev/api/generate-content#v1beta.GenerateContentResponse):
 * each event is a response with a piece of the text; an answer is whole when each of its candidates has a `finishReason`.
 */
export const gemini: AnswerFormat = {
  name: 'gemini',
  ending: 'a finishReason',
  givesReason: true,
  recognises(_event, json) {
    const { candidates, promptFeedback, usageMetadata, error } = fieldsOf(json);
    if (Array.isArray(candidates) || usageMetadata !== undefined) return true;
    if (fieldsOf(promptFeedback).blockReason !== undefined) return true;
    const { code, status } = fieldsOf(error);
    return typeof code === 'number' && /^[A-Z_]+$/.test(textOf(status));
  },
  reader: (sink) => new ContentReader(sink),
};

class ContentReader implements AnswerReader {
  readonly #sink: AnswerSink;
  #number = 1;
  #id = '';
  /** Candidates that have begun, and those that have their reason. */
  readonly #begun = new Set<number>();
  readonly #finished = new Set<number>();
  #reconnected = false;
  /** Function calls come whole: each is one more. */
  #calls = 0;

  constructor(sink: AnswerSink) {
    this.#sink = sink;
  }

  reconnected(): void {
    this.#reconnected = true;
  }

  read(_event: StreamedEvent, json: unknown): void {
    const { candidates, promptFeedback, usageMetadata, responseId, error } = fieldsOf(json);
    const usage = fieldsOf(usageMetadata);
    const blocked = textOf(fieldsOf(promptFeedback).blockReason);
    if (candidates === undefined && usageMetadata === undefined && blocked === '' && error === undefined)
      return;
    this.#turn(textOf(responseId));
    for (const candidate of listOf(candidates)) this.#candidate(fieldsOf(candidate));
    this.#usage(usage);
    if (error !== undefined) this.#sink.error(errorWords(error));
    if (blocked !== '') this.#finish(0, blocked);
    if (this.#whole && (listOf(candidates).length > 0 || blocked !== '')) this.#sink.complete();
  }

  get #whole(): boolean {
    return this.#begun.size > 0 && this.#begun.size === this.#finished.size;
  }

  /** Another id is another answer, where the one before it is over or its connection was lost. */
  #turn(id: string): void {
    const differs = id !== '' && this.#id !== '' && id !== this.#id;
    if (differs && (this.#whole || this.#reconnected)) {
      this.#number += 1;
      this.#begun.clear();
      this.#finished.clear();
    }
    this.#reconnected = false;
    if (id !== '') this.#id = id;
    this.#sink.message(String(this.#number));
  }

  #candidate(candidate: Fields): void {
    const index = countOf(candidate.index) ?? 0;
    this.#begun.add(index);
    this.#sink.begin(index);
    for (const each of listOf(fieldsOf(candidate.content).parts)) this.#part(index, fieldsOf(each));
    const reason = textOf(candidate.finishReason);
    if (reason !== '') this.#finish(index, reason);
  }

  #part(index: number, part: Fields): void {
    const text = textOf(part.text);
    if (text !== '') this.#sink.piece(index, part.thought === true ? 'thinking' : 'text', text);
    const { name, args } = fieldsOf(part.functionCall);
    if (textOf(name) === '') return;
    this.#calls += 1;
    this.#sink.tool(index, this.#calls, { name: textOf(name), arguments: JSON.stringify(fieldsOf(args)) });
    this.#sink.toolDone(index, this.#calls);
  }

  #finish(index: number, reason: string): void {
    this.#begun.add(index);
    this.#finished.add(index);
    this.#sink.finish(index, reason);
  }

  #usage(usage: Fields): void {
    const visible = countOf(usage.candidatesTokenCount);
    const reasoning = countOf(usage.thoughtsTokenCount);
    const input = countOf(usage.promptTokenCount);
    if (input === undefined && visible === undefined && reasoning === undefined) return;
    // Here, unlike elsewhere, the visible tokens are counted without those of thinking.
    const output =
      visible === undefined && reasoning === undefined ? undefined : (visible ?? 0) + (reasoning ?? 0);
    this.#sink.usage({ input, output, reasoning });
  }
}
