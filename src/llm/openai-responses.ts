import type { EncodableEvent } from '../sse/encoder.ts';
import {
  type AnswerPart,
  joined,
  type LlmAnswer,
  outputTokens,
  thinkingTokens,
  type WireEvent,
  type WritingContext,
} from './answer.ts';
import { drawnHexId, drawnId } from './drawn-id.ts';
import { obfuscation } from './obfuscation.ts';

export interface ResponsesOptions {
  /** `stream_options.include_obfuscation`, which is on unless it is turned off. */
  obfuscate: boolean;
  /** Members of the request that the service repeats in its response: `instructions`, `tools`, `metadata` … */
  echo: Readonly<Record<string, unknown>>;
}

/**
 * The Responses API as OpenAI streams it: every event has a name, which its `type` repeats, and a `sequence_number`;
 * `response.completed`, or `response.incomplete` where a limit cut it, is the last
 * (https://platform.openai.com/docs/api-reference/responses-streaming).
 */
export class ResponsesWriter {
  readonly #answer: LlmAnswer;
  readonly #context: WritingContext;
  readonly #options: ResponsesOptions;
  readonly #id: string;
  #sequence = 0;

  constructor(answer: LlmAnswer, context: WritingContext, options: ResponsesOptions) {
    this.#answer = answer;
    this.#context = context;
    this.#options = options;
    this.#id = this.#newId('resp_');
  }

  /** The events of the answer, once. */
  *stream(): Generator<WireEvent, void> {
    const begun = this.#response('in_progress', [], null);
    yield this.#event('response.created', { response: begun });
    yield this.#event('response.in_progress', { response: begun });
    const output: object[] = [];
    let tokens = 1;
    for (const part of this.#answer.parts) {
      yield* this.#item(part, output, tokens);
      tokens = 1;
    }
    const status = this.#status;
    const response = this.#response(status, output, this.#usage());
    yield { ...this.#event(`response.${status}`, { response }), done: true };
  }

  /** The same answer to a request with `stream: false`. */
  whole(): object {
    const output = this.#answer.parts.map((part) => this.#finished(part, this.#newId(PREFIXES[part.kind])));
    return this.#response(this.#status, output, this.#usage());
  }

  /**
   * How a failure in mid-stream looks; its sequence number is that of the moment at which it is read. The reference
   * shows `code` and `message` beside `type`; what the service sends has them in `error`, and that is what its
   * packages look for.
   */
  readonly failure: EncodableEvent = failureOf(() => this.#sequence);

  *#item(part: AnswerPart, output: object[], waited: number): Generator<WireEvent, void> {
    const id = this.#newId(PREFIXES[part.kind]);
    const output_index = output.length;
    const finished = this.#finished(part, id);
    const item = begun(finished);
    // The item opens when its first token is there.
    yield this.#event('response.output_item.added', { output_index, item }, waited);
    const { place, opened, delta, closed } = SHAPES[part.kind](id, output_index, joined(part));
    if (opened !== undefined) yield this.#event(...opened);
    let tokens = 0;
    for (const token of part.tokens) {
      const extra = part.kind === 'text' ? { logprobs: [] } : {};
      const padding = this.#options.obfuscate
        ? { obfuscation: obfuscation(this.#context.random, token) }
        : {};
      yield this.#event(delta, { ...place, delta: token, ...extra, ...padding }, tokens);
      tokens = 1;
    }
    for (const [type, members] of closed) yield this.#event(type, members);
    yield this.#event('response.output_item.done', { output_index, item: finished });
    output.push(finished);
  }

  #event(type: string, members: object, tokens = 0): WireEvent {
    const data = JSON.stringify({ type, sequence_number: this.#sequence, ...members });
    this.#sequence += 1;
    return { event: { event: type, data }, tokens };
  }

  get #status(): 'completed' | 'incomplete' {
    return this.#answer.finish === 'length' ? 'incomplete' : 'completed';
  }

  /** An item as it is in the end. */
  #finished(part: AnswerPart, id: string): FinishedItem {
    const text = joined(part);
    switch (part.kind) {
      case 'thinking':
        return { id, type: 'reasoning', summary: [{ type: 'summary_text', text }] };
      case 'tool': {
        const { name } = part;
        const call_id = drawnId(this.#context.random, 'call_', 24);
        return { id, type: 'function_call', status: 'completed', arguments: text, call_id, name };
      }
      case 'text': {
        const content = [outputText(text)];
        return { id, type: 'message', status: this.#status, content, role: 'assistant' };
      }
    }
  }

  #response(status: string, output: readonly object[], usage: object | null): object {
    const created_at = Math.floor(this.#context.createdMs / 1_000);
    return {
      id: this.#id,
      object: 'response',
      created_at,
      status,
      background: false,
      error: null,
      incomplete_details: status === 'incomplete' ? { reason: 'max_output_tokens' } : null,
      instructions: null,
      max_output_tokens: null,
      max_tool_calls: null,
      model: this.#answer.model,
      output,
      parallel_tool_calls: true,
      previous_response_id: null,
      prompt_cache_key: null,
      reasoning: { effort: null, summary: null },
      safety_identifier: null,
      service_tier: 'default',
      store: true,
      temperature: 1,
      text: { format: { type: 'text' }, verbosity: 'medium' },
      tool_choice: 'auto',
      tools: [],
      top_logprobs: 0,
      top_p: 1,
      truncation: 'disabled',
      usage,
      user: null,
      metadata: {},
      ...this.#options.echo,
    };
  }

  #usage(): object {
    const output = outputTokens(this.#answer);
    return {
      input_tokens: this.#answer.inputTokens,
      input_tokens_details: { cached_tokens: 0 },
      output_tokens: output,
      output_tokens_details: { reasoning_tokens: thinkingTokens(this.#answer) },
      total_tokens: this.#answer.inputTokens + output,
    };
  }

  #newId(prefix: string): string {
    return drawnHexId(this.#context.random, prefix, 48);
  }
}

const PREFIXES = { thinking: 'rs_', text: 'msg_', tool: 'fc_' } as const;

type FinishedItem =
  | { id: string; type: 'reasoning'; summary: readonly object[] }
  | { id: string; type: 'function_call'; status: string; arguments: string; call_id: string; name: string }
  | { id: string; type: 'message'; status: string; content: readonly object[]; role: string };

/** An item before anything of it has come. */
function begun(item: FinishedItem): object {
  switch (item.type) {
    case 'reasoning':
      return { ...item, summary: [] };
    case 'function_call':
      return { ...item, status: 'in_progress', arguments: '' };
    case 'message':
      return { ...item, status: 'in_progress', content: [] };
  }
}

/** The events between those that open and close an item. */
interface ItemShape {
  /** What tells where a delta belongs. */
  place: object;
  opened?: readonly [type: string, members: object];
  /** Type of the deltas. */
  delta: string;
  closed: readonly (readonly [type: string, members: object])[];
}

const SHAPES: Record<AnswerPart['kind'], (id: string, index: number, text: string) => ItemShape> = {
  text(item_id, output_index, text) {
    const place = { item_id, output_index, content_index: 0 };
    return {
      place,
      opened: ['response.content_part.added', { ...place, part: outputText('') }],
      delta: 'response.output_text.delta',
      closed: [
        ['response.output_text.done', { ...place, text, logprobs: [] }],
        ['response.content_part.done', { ...place, part: outputText(text) }],
      ],
    };
  },
  thinking(item_id, output_index, text) {
    const place = { item_id, output_index, summary_index: 0 };
    return {
      place,
      opened: [
        'response.reasoning_summary_part.added',
        { ...place, part: { type: 'summary_text', text: '' } },
      ],
      delta: 'response.reasoning_summary_text.delta',
      closed: [
        ['response.reasoning_summary_text.done', { ...place, text }],
        ['response.reasoning_summary_part.done', { ...place, part: { type: 'summary_text', text } }],
      ],
    };
  },
  tool(item_id, output_index, text) {
    const place = { item_id, output_index };
    return {
      place,
      delta: 'response.function_call_arguments.delta',
      closed: [['response.function_call_arguments.done', { ...place, arguments: text }]],
    };
  },
};

function failureOf(sequence: () => number): EncodableEvent {
  const message = 'An error occurred while processing your request.';
  const error = { type: 'server_error', code: 'server_error', message, param: null };
  return {
    event: 'error',
    get data() {
      return JSON.stringify({ type: 'error', error, sequence_number: sequence() });
    },
  };
}

function outputText(text: string): object {
  return { type: 'output_text', annotations: [], logprobs: [], text };
}
