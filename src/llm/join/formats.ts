import { aiToken } from './ai-token.ts';
import type { AnswerFormat, StreamedEvent } from './answer-sink.ts';
import { anthropic } from './anthropic.ts';
import { gemini } from './gemini.ts';
import { openAiChat } from './openai-chat.ts';
import { openAiResponses } from './openai-responses.ts';

/** In the order in which they are tried: those whose events have names of their own come first. */
const FORMATS: readonly AnswerFormat[] = [aiToken, openAiResponses, anthropic, gemini, openAiChat];

/** The format that the event can only be of; `undefined` where it tells nothing. */
export function formatOf(event: StreamedEvent, json: unknown): AnswerFormat | undefined {
  return FORMATS.find((format) => format.recognises(event, json));
}

export function formatNamed(name: string): AnswerFormat | undefined {
  return FORMATS.find((format) => format.name === name);
}

/** Sent to keep a connection alive: it tells nothing of what else the stream carries. */
export function isPing({ event, data }: StreamedEvent): boolean {
  return /^(ping|heartbeat|keep-?alive)$/i.test(event) || data === '' || data === '{"type":"ping"}';
}
