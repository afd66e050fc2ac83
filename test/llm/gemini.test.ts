import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { LlmAnswer } from '../../src/llm/answer.ts';
import { content, streamContent } from '../../src/llm/gemini.ts';
import { tokenise } from '../../src/llm/tokens.ts';
import {
  ARGUMENTS,
  context,
  TEXT,
  THOUGHT,
  textAnswer,
  thoughtfulAnswer,
  toolAnswer,
  totalTokens,
} from './written.ts';

interface Response {
  candidates: {
    content: { parts: { text?: string; thought?: true; functionCall?: object }[]; role: string };
    finishReason?: string;
    index: number;
  }[];
  usageMetadata: Record<string, number>;
  modelVersion: string;
  responseId: string;
}

function written(answer: LlmAnswer = textAnswer()) {
  const events = [...streamContent(answer, context())];
  return { events, data: events.map(({ event }) => JSON.parse(event.data) as Response) };
}

const partsOf = (data: readonly Response[]) =>
  data.flatMap(({ candidates }) => candidates[0]?.content.parts ?? []);

describe('streamed content', () => {
  test('is a response after the other, without names, of which only the last has a reason', () => {
    const { events, data } = written();
    assert.ok(events.every(({ event }) => event.event === undefined && event.id === undefined));
    assert.equal(
      partsOf(data)
        .map(({ text }) => text)
        .join(''),
      TEXT,
    );
    assert.deepEqual(
      data.map(({ candidates }) => candidates[0]?.finishReason),
      [...Array(data.length - 1).fill(undefined), 'STOP'],
    );
    assert.equal(events.at(-1)?.done, true);
    assert.ok(
      data.every(
        ({ responseId, modelVersion }) => responseId === data[0]?.responseId && modelVersion === 'model-1',
      ),
    );
  });

  test('sends one token first, then larger pieces, and counts what it has sent', () => {
    const answer = {
      ...textAnswer(),
      parts: [{ kind: 'text', tokens: tokenise('word '.repeat(100)) }],
    } as const;
    const { events, data } = written(answer);
    const sizes = events.map(({ tokens }) => tokens);
    assert.equal(sizes[0], 1);
    assert.ok(sizes.slice(1, -2).every((size) => size >= 8 && size <= 32));
    const counts = data.map(({ usageMetadata }) => usageMetadata.candidatesTokenCount ?? 0);
    assert.deepEqual(
      counts,
      [...counts].sort((a, b) => a - b),
    );
    assert.equal(counts.at(-1), answer.parts[0].tokens.length);
    const { promptTokenCount = 0, totalTokenCount } = data.at(-1)?.usageMetadata ?? {};
    assert.equal(totalTokenCount, promptTokenCount + (counts.at(-1) ?? 0));
  });

  test('marks thoughts, and counts them apart', () => {
    const { data } = written(thoughtfulAnswer());
    const thoughts = partsOf(data).filter(({ thought }) => thought === true);
    assert.equal(thoughts.map(({ text }) => text).join(''), THOUGHT);
    assert.equal(data.at(-1)?.usageMetadata.thoughtsTokenCount, tokenise(THOUGHT).length);
  });

  test('calls a function whole', () => {
    const calls = partsOf(written(toolAnswer()).data).filter(
      ({ functionCall }) => functionCall !== undefined,
    );
    assert.deepEqual(calls, [{ functionCall: { name: 'get_weather', args: JSON.parse(ARGUMENTS) } }]);
  });

  test('says MAX_TOKENS where it was cut', () => {
    assert.equal(written(textAnswer('length')).data.at(-1)?.candidates[0]?.finishReason, 'MAX_TOKENS');
  });

  test('waits for every token once', () => {
    for (const answer of [textAnswer(), toolAnswer(), thoughtfulAnswer()]) {
      const produced = answer.parts.reduce((sum, { tokens }) => sum + tokens.length, 0);
      assert.equal(totalTokens(written(answer).events), produced);
    }
  });
});

test('content in one piece has all parts and the usage', () => {
  const { candidates, usageMetadata } = content(thoughtfulAnswer(), context()) as Response;
  assert.deepEqual(candidates[0]?.content.parts, [{ text: THOUGHT, thought: true }, { text: TEXT }]);
  assert.equal(usageMetadata.thoughtsTokenCount, tokenise(THOUGHT).length);
});
