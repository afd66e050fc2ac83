import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { message, streamMessage } from '../../src/llm/anthropic.ts';
import {
  ARGUMENTS,
  context,
  namesOf,
  TEXT,
  THOUGHT,
  textAnswer,
  thoughtfulAnswer,
  toolAnswer,
  totalTokens,
} from './written.ts';

interface Told {
  type: string;
  index?: number;
  content_block?: Record<string, unknown>;
  delta?: { type?: string; text?: string; thinking?: string; partial_json?: string; signature?: string } & {
    stop_reason?: string;
  };
  message?: { id: string; model: string; content: unknown[]; usage: Record<string, number> };
  usage?: Record<string, number>;
}

function written(answer = textAnswer()) {
  const events = [...streamMessage(answer, context())];
  return { events, names: namesOf(events), data: events.map(({ event }) => JSON.parse(event.data) as Told) };
}

function folded(names: readonly unknown[]): unknown[] {
  return names.filter((name, index) => name !== names[index - 1]);
}

describe('a streamed message', () => {
  test('has the events of the reference in their order, named as their type', () => {
    const { names, data } = written();
    assert.deepEqual(folded(names), [
      'message_start',
      'content_block_start',
      'ping',
      'content_block_delta',
      'content_block_stop',
      'message_delta',
      'message_stop',
    ]);
    assert.deepEqual(
      data.map(({ type }) => type),
      names,
    );
    assert.equal(data.map(({ delta }) => delta?.text ?? '').join(''), TEXT);
  });

  test('begins with an empty message, and ends with why it stopped and what it used', () => {
    const { data } = written();
    assert.match(data[0]?.message?.id ?? '', /^msg_01[A-Za-z0-9]{22}$/);
    assert.deepEqual(data[0]?.message?.content, []);
    assert.equal(data[0]?.message?.usage.input_tokens, 12);
    const last = data.at(-2);
    assert.equal(last?.delta?.stop_reason, 'end_turn');
    assert.equal(last?.usage?.output_tokens, textAnswer().parts[0]?.tokens.length);
    assert.equal(written(textAnswer('length')).data.at(-2)?.delta?.stop_reason, 'max_tokens');
  });

  test('only message_stop says that it is whole', () => {
    const done = written().events.filter((each) => each.done === true);
    assert.deepEqual(namesOf(done), ['message_stop']);
  });

  test('thinks in a block of its own, which is signed', () => {
    const { data } = written(thoughtfulAnswer());
    const starts = data.filter(({ type }) => type === 'content_block_start');
    assert.deepEqual(
      starts.map(({ index, content_block }) => [index, content_block?.type]),
      [
        [0, 'thinking'],
        [1, 'text'],
      ],
    );
    assert.equal(data.map(({ delta }) => delta?.thinking ?? '').join(''), THOUGHT);
    const signed = data.findIndex(({ delta }) => delta?.type === 'signature_delta');
    assert.equal(data[signed + 1]?.type, 'content_block_stop');
    assert.ok((data[signed]?.delta?.signature?.length ?? 0) > 100);
  });

  test('calls a tool by its arguments in pieces, of which the first is empty', () => {
    const { data } = written(toolAnswer());
    const [start] = data.filter(({ type }) => type === 'content_block_start');
    assert.equal(start?.content_block?.name, 'get_weather');
    assert.deepEqual(start.content_block.input, {});
    const pieces = data.flatMap(({ delta }) =>
      delta?.type === 'input_json_delta' ? [delta.partial_json] : [],
    );
    assert.equal(pieces[0], '');
    assert.equal(pieces.join(''), ARGUMENTS);
    assert.equal(data.at(-2)?.delta?.stop_reason, 'tool_use');
  });

  test('waits for every token once', () => {
    for (const answer of [textAnswer(), toolAnswer(), thoughtfulAnswer()]) {
      const produced = answer.parts.reduce((sum, { tokens }) => sum + tokens.length, 0);
      assert.equal(totalTokens(written(answer).events), produced);
    }
  });
});

describe('a message in one piece', () => {
  test('has its blocks whole', () => {
    const text = message(thoughtfulAnswer(), context()) as { content: Record<string, unknown>[] };
    assert.equal(text.content[0]?.thinking, THOUGHT);
    assert.equal(text.content[1]?.text, TEXT);
    const call = message(toolAnswer(), context()) as { content: { input: object }[]; stop_reason: string };
    assert.deepEqual(call.content[0]?.input, JSON.parse(ARGUMENTS));
    assert.equal(call.stop_reason, 'tool_use');
  });
});
