import type { AnswerFormat, AnswerReader, AnswerSink, StreamedEvent } from './answer-sink.ts';
import { countOf, errorWords, type Fields, fieldsOf, textOf } from './fields.ts';

/**
 * Messages (https://docs.claude.com/en/docs/build-with-claude/streaming): content comes in blocks, one after the other.
 * Text of several blocks is one text: around citations a sentence goes over many of them.
 */
export const anthropic: AnswerFormat = {
  name: 'anthropic',
  ending: 'message_stop',
  givesReason: true,
  recognises(_event, json) {
    const { type, error, sequence_number } = fieldsOf(json);
    if (type === 'error') return textOf(fieldsOf(error).type) !== '' && sequence_number === undefined;
    return TYPES.has(textOf(type));
  },
  reader: (sink) => new MessageReader(sink),
};

const TYPES = new Set([
  'message_start',
  'content_block_start',
  'content_block_delta',
  'content_block_stop',
  'message_delta',
  'message_stop',
]);

/** A call under way: its input where no arguments come, as its block had it from the start. */
interface OpenCall {
  index: number;
  input: unknown;
  begun: boolean;
}

class MessageReader implements AnswerReader {
  readonly #sink: AnswerSink;
  #id = '';
  #call: OpenCall | undefined;

  constructor(sink: AnswerSink) {
    this.#sink = sink;
  }

  reconnected(): void {
    // A message that goes on does so without another `message_start`.
  }

  read(_event: StreamedEvent, json: unknown): void {
    const fields = fieldsOf(json);
    const type = textOf(fields.type);
    if (!TYPES.has(type) && type !== 'error') return;
    const message = fieldsOf(fields.message);
    if (type === 'message_start') this.#id = textOf(message.id);
    this.#sink.message(this.#id);
    const index = countOf(fields.index) ?? 0;
    switch (type) {
      case 'message_start':
        this.#sink.begin(0);
        // What it has produced by now is no figure yet.
        return this.#usage({ ...fieldsOf(message.usage), output_tokens: undefined });
      case 'content_block_start':
        return this.#opened(fieldsOf(fields.content_block), index);
      case 'content_block_delta':
        return this.#delta(fieldsOf(fields.delta), index);
      case 'content_block_stop':
        return this.#closed(index);
      case 'message_delta':
        return this.#ended(textOf(fieldsOf(fields.delta).stop_reason), fieldsOf(fields.usage));
      case 'message_stop':
        return this.#sink.complete();
      case 'error':
        return this.#sink.error(errorWords(fields.error));
    }
  }

  #opened(block: Fields, index: number): void {
    const type = textOf(block.type);
    // `server_tool_use` and `mcp_tool_use` too: what the service runs itself.
    if (type.endsWith('tool_use')) {
      this.#call = { index, input: block.input, begun: false };
      this.#sink.tool(0, index, { name: textOf(block.name) });
    } else if (type === 'text' || type === 'thinking') {
      this.#piece(type, block[type]);
    }
  }

  #delta(delta: Fields, index: number): void {
    switch (delta.type) {
      case 'text_delta':
        return this.#piece('text', delta.text);
      case 'thinking_delta':
        return this.#piece('thinking', delta.thinking);
      case 'input_json_delta': {
        const piece = textOf(delta.partial_json);
        if (piece === '') return;
        if (this.#call?.index === index) this.#call.begun = true;
        return this.#sink.tool(0, index, { arguments: piece });
      }
    }
  }

  #piece(kind: 'text' | 'thinking', text: unknown): void {
    if (textOf(text) !== '') this.#sink.piece(0, kind, textOf(text));
  }

  #closed(index: number): void {
    const call = this.#call;
    if (call?.index !== index) return;
    this.#call = undefined;
    if (!call.begun) this.#sink.tool(0, index, { arguments: JSON.stringify(fieldsOf(call.input)) });
    this.#sink.toolDone(0, index);
  }

  #ended(reason: string, usage: Fields): void {
    this.#usage(usage);
    if (reason !== '') this.#sink.finish(0, reason);
  }

  #usage(usage: Fields): void {
    const input = countOf(usage.input_tokens);
    const output = countOf(usage.output_tokens);
    if (input !== undefined || output !== undefined)
      this.#sink.usage({ input, output, reasoning: undefined });
  }
}
