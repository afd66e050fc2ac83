import type { EncodableEvent } from '../sse/encoder.ts';
import {
  type AnswerPart,
  joined,
  type LlmAnswer,
  outputTokens,
  pieces,
  thinkingTokens,
  type WireEvent,
  type WritingContext,
} from './answer.ts';
import { drawnId } from './drawn-id.ts';

/**
 * `streamGenerateContent` as Google streams it under `alt=sse`: events without names, lines that end in CRLF, each
 * event a response of its own with a piece of the text; the last one has a `finishReason`, and no word ends the stream
 * (https://ai.google.dev/api/generate-content#v1beta.GenerateContentResponse).
 */

/** Pieces are larger than elsewhere, and come less often. */
const SMALLEST_PIECE = 8;
const LARGEST_PIECE = 32;

const FINISH = { stop: 'STOP', length: 'MAX_TOKENS', tool: 'STOP' } as const;

export function* streamContent(answer: LlmAnswer, context: WritingContext): Generator<WireEvent, void> {
  const responseId = newResponseId(context);
  let told = { thoughts: 0, visible: 0 };
  const response = (parts: object[], finishReason?: string): EncodableEvent => ({
    data: JSON.stringify({
      candidates: [candidate(parts, finishReason)],
      usageMetadata: usage(answer.inputTokens, told),
      modelVersion: answer.model,
      responseId,
    }),
  });
  let first = true;
  for (const part of answer.parts) {
    for (const piece of piecesOf(part, context.random, first)) {
      first = false;
      told = counted(told, part, piece.tokens);
      yield { event: response([contentPart(part, piece.text)]), tokens: piece.tokens };
    }
  }
  yield { event: response([{ text: '' }], FINISH[answer.finish]), tokens: 0, done: true };
}

/** The same answer from `generateContent`. */
export function content(answer: LlmAnswer, context: WritingContext): object {
  const thoughts = thinkingTokens(answer);
  return {
    candidates: [
      candidate(
        answer.parts.map((part) => contentPart(part, joined(part))),
        FINISH[answer.finish],
      ),
    ],
    usageMetadata: usage(answer.inputTokens, { thoughts, visible: outputTokens(answer) - thoughts }),
    modelVersion: answer.model,
    responseId: newResponseId(context),
  };
}

/** How a failure in mid-stream looks: a response that has nothing but an `error`. */
export const GEMINI_FAILURE: EncodableEvent = {
  data: JSON.stringify({
    error: {
      code: 503,
      message: 'The model is overloaded. Please try again later.',
      status: 'UNAVAILABLE',
    },
  }),
};

interface Told {
  thoughts: number;
  visible: number;
}

function counted({ thoughts, visible }: Told, { kind }: AnswerPart, tokens: number): Told {
  return kind === 'thinking'
    ? { thoughts: thoughts + tokens, visible }
    : { thoughts, visible: visible + tokens };
}

/** The first piece of all is one token, so that something is there early; a function call comes whole. */
function* piecesOf(part: AnswerPart, random: () => number, first: boolean) {
  if (part.kind === 'tool') {
    yield { text: joined(part), tokens: part.tokens.length };
    return;
  }
  const lead = first ? 1 : 0;
  if (first) yield { text: part.tokens[0] ?? '', tokens: Math.min(1, part.tokens.length) };
  yield* pieces(part.tokens.slice(lead), random, SMALLEST_PIECE, LARGEST_PIECE);
}

function candidate(parts: readonly object[], finishReason: string | undefined): object {
  return {
    content: { parts, role: 'model' },
    ...(finishReason === undefined ? {} : { finishReason }),
    index: 0,
  };
}

function contentPart(part: AnswerPart, text: string): object {
  switch (part.kind) {
    case 'thinking':
      return { text, thought: true };
    case 'tool':
      return { functionCall: { name: part.name, args: JSON.parse(text) } };
    case 'text':
      return { text };
  }
}

function usage(inputTokens: number, { thoughts, visible }: Told): object {
  return {
    promptTokenCount: inputTokens,
    candidatesTokenCount: visible,
    totalTokenCount: inputTokens + visible + thoughts,
    promptTokensDetails: [{ modality: 'TEXT', tokenCount: inputTokens }],
    ...(thoughts > 0 ? { thoughtsTokenCount: thoughts } : {}),
  };
}

function newResponseId({ random }: WritingContext): string {
  return drawnId(random, '', 22);
}
