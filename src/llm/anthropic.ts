import type { EncodableEvent } from '../sse/encoder.ts';
import {
  type AnswerPart,
  joined,
  type LlmAnswer,
  outputTokens,
  pieces,
  type WireEvent,
  type WritingContext,
} from './answer.ts';
import { drawnId } from './drawn-id.ts';

/**
 * Messages as Anthropic streams them: every event has a name, which its `type` repeats; content comes in blocks, one
 * after the other; `message_stop` is the last (https://docs.claude.com/en/docs/build-with-claude/streaming).
 */

/** Tokens that a delta has at most. */
const LARGEST_DELTA = 4;
const SIGNATURE_LENGTH = 172;

const STOP = { stop: 'end_turn', length: 'max_tokens', tool: 'tool_use' } as const;

export function* streamMessage(answer: LlmAnswer, context: WritingContext): Generator<WireEvent, void> {
  const { random } = context;
  yield event('message_start', { message: { ...head(answer, context), usage: messageUsage(answer, 1) } });
  for (const [index, part] of answer.parts.entries()) {
    // A block opens when its first token is there.
    yield event('content_block_start', { index, content_block: opened(part, random) }, 1);
    if (index === 0) yield { event: ANTHROPIC_PING, tokens: 0 };
    // Arguments begin with nothing, which settles that they are text to be joined.
    if (part.kind === 'tool') yield event('content_block_delta', { index, delta: DELTAS.tool('') });
    let waited = 1;
    for (const { text, tokens } of pieces(part.tokens, random, 1, LARGEST_DELTA)) {
      yield event('content_block_delta', { index, delta: DELTAS[part.kind](text) }, tokens - waited);
      waited = 0;
    }
    if (part.kind === 'thinking') {
      const delta = { type: 'signature_delta', signature: signature(random) };
      yield event('content_block_delta', { index, delta });
    }
    yield event('content_block_stop', { index });
  }
  const delta = { stop_reason: STOP[answer.finish], stop_sequence: null };
  yield event('message_delta', { delta, usage: usage(answer, outputTokens(answer)) });
  yield { ...event('message_stop', {}), done: true };
}

/** The same answer to a request without `stream`. */
export function message(answer: LlmAnswer, context: WritingContext): object {
  return {
    ...head(answer, context),
    content: answer.parts.map((part) => finished(part, context.random)),
    stop_reason: STOP[answer.finish],
    usage: messageUsage(answer, outputTokens(answer)),
  };
}

/** What keeps a silent stream alive. */
export const ANTHROPIC_PING: EncodableEvent = { event: 'ping', data: JSON.stringify({ type: 'ping' }) };

/** How a failure in mid-stream looks: what would have been status 529 before it. */
export const ANTHROPIC_FAILURE: EncodableEvent = {
  event: 'error',
  data: JSON.stringify({
    type: 'error',
    error: { details: null, type: 'overloaded_error', message: 'Overloaded' },
  }),
};

function event(type: string, members: object, tokens = 0): WireEvent {
  return { event: { event: type, data: JSON.stringify({ type, ...members }) }, tokens };
}

function head({ model }: LlmAnswer, { random }: WritingContext): object {
  return {
    model,
    id: drawnId(random, 'msg_01', 22),
    type: 'message',
    role: 'assistant',
    content: [],
    stop_reason: null,
    stop_sequence: null,
  };
}

function usage({ inputTokens }: LlmAnswer, output: number): object {
  return {
    input_tokens: inputTokens,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 0,
    output_tokens: output,
  };
}

/** That of a message, not of its end. */
function messageUsage(answer: LlmAnswer, output: number): object {
  return { ...usage(answer, output), service_tier: 'standard' };
}

function opened(part: AnswerPart, random: () => number): object {
  switch (part.kind) {
    case 'thinking':
      return { type: 'thinking', thinking: '', signature: '' };
    case 'tool':
      return { type: 'tool_use', id: drawnId(random, 'toolu_01', 22), name: part.name, input: {} };
    case 'text':
      return { type: 'text', text: '' };
  }
}

function finished(part: AnswerPart, random: () => number): object {
  const block = opened(part, random);
  switch (part.kind) {
    case 'thinking':
      return { ...block, thinking: joined(part), signature: signature(random) };
    case 'tool':
      return { ...block, input: JSON.parse(joined(part)) };
    case 'text':
      return { ...block, text: joined(part) };
  }
}

const DELTAS: Record<AnswerPart['kind'], (text: string) => object> = {
  thinking: (thinking) => ({ type: 'thinking_delta', thinking }),
  tool: (partial_json) => ({ type: 'input_json_delta', partial_json }),
  text: (text) => ({ type: 'text_delta', text }),
};

/** Of the shape that clients send back with the next request; nobody checks it here. */
function signature(random: () => number): string {
  return Buffer.from(drawnId(random, '', SIGNATURE_LENGTH)).toString('base64');
}
