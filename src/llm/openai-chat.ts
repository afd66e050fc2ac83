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
import { drawnId } from './drawn-id.ts';
import { obfuscation } from './obfuscation.ts';

/**
 * Chat completions as OpenAI streams them: events without a name or an id, each a `chat.completion.chunk`, then the
 * word `[DONE]` (https://platform.openai.com/docs/api-reference/chat-streaming).
 */
export interface ChatOptions {
  /** `stream_options.include_usage`: `usage` is null in every chunk, and a last one without choices has it. */
  includeUsage: boolean;
  /** `stream_options.include_obfuscation`, which is on unless it is turned off. */
  obfuscate: boolean;
}

const FINISH = { stop: 'stop', length: 'length', tool: 'tool_calls' } as const;

/** The events of an answer. Thinking isn't shown, as the service doesn't: its tokens only take their time. */
export function* streamChatCompletion(
  answer: LlmAnswer,
  { createdMs, random }: WritingContext,
  { includeUsage, obfuscate }: ChatOptions,
): Generator<WireEvent, void> {
  const head = {
    id: drawnId(random, 'chatcmpl-', 29),
    object: 'chat.completion.chunk',
    created: Math.floor(createdMs / 1_000),
    model: answer.model,
    service_tier: 'default',
    system_fingerprint: null,
  };
  const chunk = (delta: object, text: string, finish: string | null = null): EncodableEvent => ({
    data: JSON.stringify({
      ...head,
      choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
      ...(includeUsage ? { usage: null } : {}),
      ...(obfuscate ? { obfuscation: obfuscation(random, text) } : {}),
    }),
  });

  const visible = answer.parts.filter((part) => part.kind !== 'thinking');
  const tools = visible.filter((part) => part.kind === 'tool');
  // The role comes with the first token, not before it.
  let tokens = thinkingTokens(answer) + 1;
  let first = true;
  for (const part of visible) {
    if (part.kind === 'tool') {
      const call = toolCall(part.name, random);
      const tool_calls = [{ index: tools.indexOf(part), ...call }];
      const opening = first
        ? { role: 'assistant', content: null, tool_calls, refusal: null }
        : { tool_calls };
      yield { event: chunk(opening, part.name), tokens };
    } else if (first) {
      yield { event: chunk({ role: 'assistant', content: '', refusal: null }, ''), tokens };
    }
    if (first || part.kind === 'tool') tokens = 0;
    first = false;
    for (const token of part.tokens) {
      const delta =
        part.kind === 'tool'
          ? { tool_calls: [{ index: tools.indexOf(part), function: { arguments: token } }] }
          : { content: token };
      yield { event: chunk(delta, token), tokens };
      tokens = 1;
    }
  }
  yield { event: chunk({}, '', FINISH[answer.finish]), tokens: 0 };
  if (includeUsage) {
    const padding = obfuscate ? { obfuscation: obfuscation(random, '') } : {};
    const data = JSON.stringify({ ...head, choices: [], usage: chatUsage(answer), ...padding });
    yield { event: { data }, tokens: 0 };
  }
  yield { event: { data: '[DONE]' }, tokens: 0, done: true };
}

/** The same answer to a request with `stream: false`. */
export function chatCompletion(answer: LlmAnswer, { createdMs, random }: WritingContext): object {
  const calls = answer.parts
    .filter((part) => part.kind === 'tool')
    .map((part) => {
      const { function: called, ...call } = toolCall(part.name, random);
      return { ...call, function: { ...called, arguments: joined(part) } };
    });
  const text = textOf(answer.parts);
  return {
    id: drawnId(random, 'chatcmpl-', 29),
    object: 'chat.completion',
    created: Math.floor(createdMs / 1_000),
    model: answer.model,
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: text === '' && calls.length > 0 ? null : text,
          ...(calls.length > 0 ? { tool_calls: calls } : {}),
          refusal: null,
          annotations: [],
        },
        logprobs: null,
        finish_reason: FINISH[answer.finish],
      },
    ],
    usage: chatUsage(answer),
    service_tier: 'default',
    system_fingerprint: null,
  };
}

/** How a failure in mid-stream looks: an event without a name, in which `error` stands where `choices` would. */
export const CHAT_FAILURE: EncodableEvent = {
  data: JSON.stringify({
    error: {
      message: 'The server had an error while processing your request. Sorry about that!',
      type: 'server_error',
      param: null,
      code: null,
    },
  }),
};

function toolCall(name: string, random: () => number) {
  return { id: drawnId(random, 'call_', 24), type: 'function', function: { name, arguments: '' } };
}

function textOf(parts: readonly AnswerPart[]): string {
  return parts
    .filter((part) => part.kind === 'text')
    .map(joined)
    .join('');
}

function chatUsage(answer: LlmAnswer): object {
  const completion = outputTokens(answer);
  return {
    prompt_tokens: answer.inputTokens,
    completion_tokens: completion,
    total_tokens: answer.inputTokens + completion,
    prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: thinkingTokens(answer),
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}
