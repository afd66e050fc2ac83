import type { EncodableEvent } from '../sse/encoder.ts';
import type { LlmAnswer, WireEvent } from './answer.ts';

/**
 * The tokens of an answer as many applications pass them on to a browser: `ai:token` {token, done, messageId}; the
 * last one is empty and `done`. What the model thinks, and the tools that it calls, stay in the application. Each has
 * an id, made of the message's and its own number in it: `msg-3.17`.
 */
export function* streamTokens(answer: LlmAnswer, messageId: string): Generator<WireEvent, void> {
  let n = 0;
  const told = (token: string, done: boolean): EncodableEvent => {
    n += 1;
    return {
      event: 'ai:token',
      id: `${messageId}.${n}`,
      data: JSON.stringify({ token, done, messageId }),
    };
  };
  let hidden = 0;
  for (const part of answer.parts) {
    if (part.kind !== 'text') {
      hidden += part.tokens.length;
      continue;
    }
    for (const token of part.tokens) {
      yield { event: told(token, false), tokens: hidden + 1 };
      hidden = 0;
    }
  }
  yield { event: told('', true), tokens: hidden, done: true };
}

/** How a failure in mid-stream looks. */
export const TOKENS_FAILURE: EncodableEvent = {
  event: 'error',
  data: JSON.stringify({ code: 'upstream_error', message: 'The model stopped answering' }),
};
