import type { EncodableEvent } from '../sse/encoder.ts';

/** What a model answered, whole, whatever the wire format that carries it. */
export interface LlmAnswer {
  model: string;
  /** In the order in which they were produced; never empty. */
  parts: readonly AnswerPart[];
  /** `stop`: of its own accord. `length`: cut at the limit that the request set. `tool`: it waits for a tool. */
  finish: 'stop' | 'length' | 'tool';
  /** Of the request. */
  inputTokens: number;
}

export type AnswerPart =
  | { kind: 'text' | 'thinking'; tokens: readonly string[] }
  /** The tokens, joined, are the arguments as JSON. */
  | { kind: 'tool'; name: string; tokens: readonly string[] };

/** An event of a streamed answer, and how far the model had come by then. */
export interface WireEvent {
  event: EncodableEvent;
  /** Tokens produced since the event before it; the first of all marks the time to first token. */
  tokens: number;
  /** Without it the client can't know that the answer is whole. */
  done?: true;
}

/** What writers can't know: the time, and where ids come from. */
export interface WritingContext {
  /** Milliseconds since the epoch. */
  createdMs: number;
  /** Uniform in [0, 1): ids, paddings and the sizes of pieces. */
  random: () => number;
}

export function joined(part: AnswerPart): string {
  return part.tokens.join('');
}

/** Tokens of the whole answer. */
export function outputTokens(answer: LlmAnswer): number {
  return answer.parts.reduce((sum, part) => sum + part.tokens.length, 0);
}

/** Of those, what the model thought before it answered. */
export function thinkingTokens(answer: LlmAnswer): number {
  return answer.parts.reduce((sum, part) => sum + (part.kind === 'thinking' ? part.tokens.length : 0), 0);
}

/** Several tokens at a time, as services that send less often do: `min` to `max`, drawn. */
export function* pieces(
  tokens: readonly string[],
  random: () => number,
  min: number,
  max: number,
): Generator<{ text: string; tokens: number }, void> {
  for (let index = 0; index < tokens.length; ) {
    const size = min + Math.floor(random() * (max - min + 1));
    const piece = tokens.slice(index, index + size);
    yield { text: piece.join(''), tokens: piece.length };
    index += piece.length;
  }
}
