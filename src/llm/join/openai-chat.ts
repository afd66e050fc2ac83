import type { AnswerFormat, AnswerReader, AnswerSink, StreamedEvent } from './answer-sink.ts';
import { countOf, errorWords, type Fields, fieldsOf, listOf, textOf } from './fields.ts';

const DONE = '[DONE]';

/**
 * Chat completions (https://platform.openai.com/docs/api-reference/chat-streaming), and what others make of them:
 * Azure's first chunk, which has no choices; thinking in `reasoning_content` (DeepSeek, vLLM) or `reasoning`
 * (OpenRouter, Groq), or among the parts of a `content` that is a list (Mistral); `usage` in a chunk of its own, in the last
 * one, or in its `x_groq`; vLLM's `object: "error"`; the older completions, whose choices have `text`.
 */
export const openAiChat: AnswerFormat = {
  name: 'openai',
  ending: 'the closing [DONE]',
  givesReason: true,
  recognises({ data }, json) {
    if (data === DONE) return true;
    const { object, choices, prompt_filter_results, error } = fieldsOf(json);
    if (object === 'chat.completion.chunk' || object === 'text_completion' || object === 'error') return true;
    if (Array.isArray(prompt_filter_results) && Array.isArray(choices)) return true;
    if (fieldsOf(listOf(choices)[0]).delta !== undefined) return true;
    // The other formats' errors have a type or a status beside it.
    return isOnlyError(fieldsOf(json)) && textOf(fieldsOf(error).status) === '';
  },
  reader: (sink) => new ChatReader(sink),
};

function isOnlyError({ error, type, choices }: Fields): boolean {
  return typeof error === 'object' && error !== null && type === undefined && choices === undefined;
}

class ChatReader implements AnswerReader {
  readonly #sink: AnswerSink;
  /** Completions of the run: their ids are those of chunks only now and then. */
  #number = 1;
  #id = '';
  #over = false;
  #reconnected = false;

  constructor(sink: AnswerSink) {
    this.#sink = sink;
  }

  reconnected(): void {
    this.#reconnected = true;
  }

  read({ data }: StreamedEvent, json: unknown): void {
    if (data === DONE) {
      this.#turn('');
      this.#sink.complete();
      this.#over = true;
      return;
    }
    const chunk = fieldsOf(json);
    const choices = listOf(chunk.choices);
    const { error, object } = chunk;
    const usage = chunk.usage ?? fieldsOf(chunk.x_groq).usage;
    const failed = object === 'error' || (error !== undefined && error !== null);
    if (choices.length === 0 && !failed && typeof usage !== 'object') return;
    this.#turn(textOf(chunk.id));
    for (const choice of choices) this.#choice(fieldsOf(choice));
    this.#usage(fieldsOf(usage));
    if (failed) this.#sink.error(errorWords(error ?? chunk));
  }

  /** Every completion is a message: the next begins behind `[DONE]`, or with another id on another connection. */
  #turn(id: string): void {
    const another = this.#reconnected && id !== '' && id !== this.#id;
    if (this.#over || another) this.#number += 1;
    this.#over = false;
    this.#reconnected = false;
    if (id !== '') this.#id = id;
    this.#sink.message(String(this.#number));
  }

  #choice(choice: Fields): void {
    const index = countOf(choice.index) ?? 0;
    const delta = fieldsOf(choice.delta);
    this.#sink.begin(index);
    const thinking = textOf(delta.reasoning_content) || textOf(delta.reasoning);
    if (thinking !== '') this.#sink.piece(index, 'thinking', thinking);
    this.#content(index, delta.content ?? choice.text);
    const refusal = textOf(delta.refusal);
    if (refusal !== '') this.#sink.piece(index, 'refusal', refusal);
    for (const call of listOf(delta.tool_calls)) {
      const { index: place, id, function: called } = fieldsOf(call);
      this.#tool(index, countOf(place) ?? 0, fieldsOf(called), textOf(id));
    }
    if (delta.function_call !== undefined) this.#tool(index, 0, fieldsOf(delta.function_call));
    const reason = textOf(choice.finish_reason);
    if (reason !== '') this.#sink.finish(index, reason);
  }

  #content(index: number, content: unknown): void {
    if (typeof content === 'string') {
      if (content !== '') this.#sink.piece(index, 'text', content);
      return;
    }
    for (const part of listOf(content)) {
      const { type, text, thinking } = fieldsOf(part);
      if (type === 'text' && textOf(text) !== '') this.#sink.piece(index, 'text', textOf(text));
      for (const thought of listOf(thinking)) {
        const words = textOf(fieldsOf(thought).text);
        if (words !== '') this.#sink.piece(index, 'thinking', words);
      }
    }
  }

  #tool(index: number, call: number, called: Fields, id = ''): void {
    this.#sink.tool(index, call, { id, name: textOf(called.name), arguments: textOf(called.arguments) });
  }

  #usage(usage: Fields): void {
    const output = countOf(usage.completion_tokens);
    const input = countOf(usage.prompt_tokens);
    const reasoning = countOf(fieldsOf(usage.completion_tokens_details).reasoning_tokens);
    if (output === undefined && input === undefined) return;
    this.#sink.usage({ input, output, reasoning });
  }
}
