import type { AnswerFormat, AnswerReader, AnswerSink, StreamedEvent } from './answer-sink.ts';
import { countOf, errorWords, type Fields, fieldsOf, textOf } from './fields.ts';

/**
 * The Responses API (https://platform.openai.com/docs/api-reference/responses-streaming): every event has its name in
 * `type`, and says by `output_index` which item of the output it belongs to.
 */
export const openAiResponses: AnswerFormat = {
  name: 'openai-responses',
  ending: 'response.completed',
  givesReason: true,
  recognises(_event, json) {
    const { type, sequence_number } = fieldsOf(json);
    return textOf(type).startsWith('response.') || (type === 'error' && sequence_number !== undefined);
  },
  reader: (sink) => new ResponsesReader(sink),
};

/** Deltas of arguments; the item that they belong to has the name. */
const ARGUMENTS = new Set([
  'response.function_call_arguments.delta',
  'response.mcp_call_arguments.delta',
  'response.custom_tool_call_input.delta',
  'response.code_interpreter_call_code.delta',
]);

const PIECES = {
  'response.output_text.delta': 'text',
  'response.reasoning_summary_text.delta': 'thinking',
  'response.reasoning_text.delta': 'thinking',
  'response.refusal.delta': 'refusal',
} as const;

class ResponsesReader implements AnswerReader {
  readonly #sink: AnswerSink;
  #id = '';

  constructor(sink: AnswerSink) {
    this.#sink = sink;
  }

  reconnected(): void {
    // A response that goes on does so without an event that begins it.
  }

  read({ event }: StreamedEvent, json: unknown): void {
    const fields = fieldsOf(json);
    const type = textOf(fields.type) || event;
    if (!type.startsWith('response.') && type !== 'error') return;
    const response = fieldsOf(fields.response);
    if (type === 'response.created') this.#id = textOf(response.id);
    this.#sink.message(this.#id);
    if (type === 'response.created') this.#sink.begin(0);
    const place = countOf(fields.output_index) ?? 0;
    if (type in PIECES) {
      const text = textOf(fields.delta);
      if (text !== '') this.#sink.piece(0, PIECES[type as keyof typeof PIECES], text);
    } else if (ARGUMENTS.has(type)) {
      this.#sink.tool(0, place, { arguments: textOf(fields.delta) });
    } else {
      this.#other(type, fields, response, place);
    }
  }

  #other(type: string, fields: Fields, response: Fields, place: number): void {
    switch (type) {
      case 'response.output_item.added':
        return this.#began(fieldsOf(fields.item), place);
      case 'response.output_item.done':
        return this.#finished(fieldsOf(fields.item), place);
      case 'response.reasoning_summary_part.added':
        // The parts of a summary are paragraphs.
        if ((countOf(fields.summary_index) ?? 0) > 0) this.#sink.piece(0, 'thinking', '\n\n');
        return;
      case 'response.completed':
        return this.#ended(response, 'completed');
      case 'response.incomplete':
        return this.#ended(response, textOf(fieldsOf(response.incomplete_details).reason) || 'incomplete');
      case 'response.failed':
        this.#usage(fieldsOf(response.usage));
        return this.#sink.error(errorWords(response.error));
      case 'response.cancelled':
        return this.#sink.error('the response was cancelled');
      case 'error':
        // The reference shows code and message beside `type`; what is sent has them in `error`.
        return this.#sink.error(errorWords(fields.error ?? { ...fields, type: undefined }));
    }
  }

  #began(item: Fields, place: number): void {
    const name = toolName(item);
    if (name !== undefined) this.#sink.tool(0, place, { name });
  }

  #finished(item: Fields, place: number): void {
    if (toolName(item) === undefined) return;
    // What the service does itself has no arguments, but says what it did.
    const { action } = item;
    if (typeof action === 'object' && action !== null)
      this.#sink.tool(0, place, { arguments: JSON.stringify(action) });
    this.#sink.toolDone(0, place);
  }

  #ended(response: Fields, reason: string): void {
    this.#usage(fieldsOf(response.usage));
    this.#sink.finish(0, reason);
    this.#sink.complete();
  }

  #usage(usage: Fields): void {
    const input = countOf(usage.input_tokens);
    const output = countOf(usage.output_tokens);
    const reasoning = countOf(fieldsOf(usage.output_tokens_details).reasoning_tokens);
    if (input !== undefined || output !== undefined) this.#sink.usage({ input, output, reasoning });
  }
}

/** `undefined` where the item is no call. */
function toolName({ type, name }: Fields): string | undefined {
  const kind = textOf(type);
  if (!kind.endsWith('_call')) return undefined;
  return textOf(name) || kind.slice(0, -'_call'.length);
}
