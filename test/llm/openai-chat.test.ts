import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { chatCompletion, streamChatCompletion } from '../../src/llm/openai-chat.ts';
import {
  ARGUMENTS,
  context,
  TEXT,
  textAnswer,
  thoughtfulAnswer,
  toolAnswer,
  totalTokens,
} from './written.ts';

const PLAIN = { includeUsage: false, obfuscate: false };

interface Delta {
  role?: string;
  content?: string | null;
  tool_calls?: { index: number; id?: string; function: { name?: string; arguments: string } }[];
}

interface Chunk {
  id: string;
  object: string;
  created: number;
  model: string;
  choices: { delta: Delta; finish_reason: string | null; index: number }[];
  usage?: { prompt_tokens?: number; completion_tokens?: number; total_tokens?: number } | null;
  obfuscation?: string;
}

function chunksOf(answer = textAnswer(), options = PLAIN): Chunk[] {
  const events = [...streamChatCompletion(answer, context(), options)];
  return events.slice(0, -1).map(({ event }) => JSON.parse(event.data) as Chunk);
}

describe('a streamed chat completion', () => {
  test('is a role, the text, a reason to finish and [DONE], without names or ids of events', () => {
    const events = [...streamChatCompletion(textAnswer(), context(), PLAIN)];
    assert.ok(events.every(({ event }) => event.event === undefined && event.id === undefined));
    assert.deepEqual(events.at(-1), { event: { data: '[DONE]' }, tokens: 0, done: true });
    const chunks = chunksOf();
    const deltas = chunks.map(({ choices }) => choices[0]?.delta);
    assert.deepEqual(deltas[0], { role: 'assistant', content: '', refusal: null });
    assert.equal(
      deltas
        .slice(1, -1)
        .map((delta) => delta?.content)
        .join(''),
      TEXT,
    );
    assert.deepEqual(deltas.at(-1), {});
    assert.deepEqual(
      chunks.map(({ choices }) => choices[0]?.finish_reason),
      [...Array(chunks.length - 1).fill(null), 'stop'],
    );
  });

  test('has the same id, time and model in every chunk', () => {
    const heads = chunksOf().map(({ id, object, created, model }) => ({ id, object, created, model }));
    assert.match(heads[0]?.id ?? '', /^chatcmpl-[A-Za-z0-9]{29}$/);
    for (const head of heads) assert.deepEqual(head, heads[0]);
    assert.equal(heads[0]?.created, 1_700_000_000);
    assert.equal(heads[0]?.model, 'model-1');
  });

  test('tells the usage last, in a chunk without choices, only where it is asked for', () => {
    assert.ok(chunksOf().every((chunk) => !('usage' in chunk)));
    const chunks = chunksOf(textAnswer(), { ...PLAIN, includeUsage: true });
    const last = chunks.pop();
    assert.ok(chunks.every(({ usage }) => usage === null));
    assert.deepEqual(last?.choices, []);
    const completion = textAnswer().parts[0]?.tokens.length ?? 0;
    const { prompt_tokens, completion_tokens, total_tokens } = last?.usage ?? {};
    assert.deepEqual([prompt_tokens, completion_tokens, total_tokens], [12, completion, completion + 12]);
  });

  test('pads deltas to one size where that is not turned off', () => {
    const chunks = chunksOf(textAnswer(), { ...PLAIN, obfuscate: true });
    for (const { choices, obfuscation = '' } of chunks) {
      const content = choices[0]?.delta.content;
      assert.equal((String(content ?? '').length + obfuscation.length) % 16, 0);
      assert.match(obfuscation, /^[A-Za-z0-9]+$/);
    }
  });

  test('calls a tool with its name first and its arguments in pieces', () => {
    const chunks = chunksOf(toolAnswer());
    const [first, ...rest] = chunks.map(({ choices }) => choices[0]?.delta);
    const [call] = first?.tool_calls ?? [];
    assert.equal(first?.role, 'assistant');
    assert.equal(first?.content, null);
    assert.match(call?.id ?? '', /^call_[A-Za-z0-9]{24}$/);
    assert.deepEqual(call?.function, { name: 'get_weather', arguments: '' });
    const pieces = rest.slice(0, -1).map((delta) => delta?.tool_calls?.[0]);
    assert.ok(pieces.every((piece) => piece?.index === 0));
    assert.equal(pieces.map((piece) => piece?.function.arguments).join(''), ARGUMENTS);
    assert.equal(chunks.at(-1)?.choices[0]?.finish_reason, 'tool_calls');
  });

  test('says `length` where it was cut', () => {
    assert.equal(chunksOf(textAnswer('length')).at(-1)?.choices[0]?.finish_reason, 'length');
  });

  test('waits for every token once, for those that were only thought too', () => {
    for (const answer of [textAnswer(), toolAnswer(), thoughtfulAnswer()]) {
      const produced = answer.parts.reduce((sum, { tokens }) => sum + tokens.length, 0);
      const events = [...streamChatCompletion(answer, context(), PLAIN)];
      // The opening of a tool call waits for the first token of its arguments.
      const waited = totalTokens(events);
      assert.equal(waited, produced);
    }
  });
});

describe('a chat completion in one piece', () => {
  test('has the text, or the call, and the usage', () => {
    const text = chatCompletion(textAnswer(), context()) as { choices: { message: { content: unknown } }[] };
    assert.equal(text.choices[0]?.message.content, TEXT);
    const call = chatCompletion(toolAnswer(), context()) as {
      choices: { message: { content: unknown; tool_calls: { function: object }[] }; finish_reason: string }[];
    };
    assert.equal(call.choices[0]?.message.content, null);
    assert.deepEqual(call.choices[0]?.message.tool_calls[0]?.function, {
      name: 'get_weather',
      arguments: ARGUMENTS,
    });
    assert.equal(call.choices[0]?.finish_reason, 'tool_calls');
  });
});
