import type { LlmAnswer, WireEvent, WritingContext } from '../../src/llm/answer.ts';
import { tokenise } from '../../src/llm/tokens.ts';
import { seededRandom } from '../../src/stats/random.ts';

export const TEXT = 'Guten Tag! 朝の駅 🌊\n\n- one\n- two';
export const THOUGHT = 'Let me see.';
export const ARGUMENTS = '{"location":"Zürich","days":3}';

export function textAnswer(finish: 'stop' | 'length' = 'stop'): LlmAnswer {
  return { model: 'model-1', parts: [{ kind: 'text', tokens: tokenise(TEXT) }], finish, inputTokens: 12 };
}

export function thoughtfulAnswer(): LlmAnswer {
  const answer = textAnswer();
  return { ...answer, parts: [{ kind: 'thinking', tokens: tokenise(THOUGHT) }, ...answer.parts] };
}

export function toolAnswer(): LlmAnswer {
  const call = { kind: 'tool', name: 'get_weather', tokens: tokenise(ARGUMENTS) } as const;
  return { model: 'model-1', parts: [call], finish: 'tool', inputTokens: 12 };
}

export function context(seed = 0): WritingContext {
  return { createdMs: 1_700_000_000_999, random: seededRandom(seed) };
}

/** The data of events, as JSON. */
export function dataOf(events: Iterable<WireEvent>): Record<string, unknown>[] {
  return [...events].map(({ event }) => JSON.parse(event.data) as Record<string, unknown>);
}

export function namesOf(events: readonly WireEvent[]): (string | undefined)[] {
  return events.map(({ event }) => event.event);
}

export function totalTokens(events: readonly WireEvent[]): number {
  return events.reduce((sum, { tokens }) => sum + tokens, 0);
}
