import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type ResponsesOptions, ResponsesWriter } from '../../src/llm/openai-responses.ts';
import {
  ARGUMENTS,
  context,
  dataOf,
  namesOf,
  TEXT,
  THOUGHT,
  textAnswer,
  thoughtfulAnswer,
  toolAnswer,
  totalTokens,
} from './written.ts';

interface Item {
  id: string;
  type: string;
  summary?: object[];
  content?: { text: string }[];
}

const PLAIN = { obfuscate: false, echo: {} };

function written(answer = textAnswer(), options: ResponsesOptions = PLAIN) {
  const events = [...new ResponsesWriter(answer, context(), options).stream()];
  return { events, data: dataOf(events), names: namesOf(events) };
}

/** Runs of deltas count as one. */
function folded(names: readonly unknown[]): unknown[] {
  return names.filter((name, index) => name !== names[index - 1]);
}

function deltas(data: readonly Record<string, unknown>[], type: string): string {
  return data
    .filter((each) => each.type === type)
    .map((each) => each.delta)
    .join('');
}

describe('a streamed response', () => {
  test('has the events of the reference in their order, named as their type, numbered from 0', () => {
    const { data, names } = written();
    assert.deepEqual(folded(names), [
      'response.created',
      'response.in_progress',
      'response.output_item.added',
      'response.content_part.added',
      'response.output_text.delta',
      'response.output_text.done',
      'response.content_part.done',
      'response.output_item.done',
      'response.completed',
    ]);
    assert.deepEqual(
      data.map(({ type }) => type),
      names,
    );
    assert.deepEqual(
      data.map(({ sequence_number }) => sequence_number),
      data.map((_, index) => index),
    );
    assert.equal(deltas(data, 'response.output_text.delta'), TEXT);
  });

  test('only its last event says that it is whole', () => {
    const { events } = written();
    assert.deepEqual(
      events.map(({ done = false }) => done),
      events.map((_, index) => index === events.length - 1),
    );
  });

  test('shows in the end what its deltas said, with the ids that they had', () => {
    const { data } = written(thoughtfulAnswer());
    const { response } = data.at(-1) as { response: { status: string; output: Item[] } };
    const added = data.filter(({ type }) => type === 'response.output_item.added');
    assert.equal(response.status, 'completed');
    assert.deepEqual(
      response.output.map(({ id }) => id),
      added.map(({ item }) => (item as { id: string }).id),
    );
    assert.deepEqual(
      response.output.map(({ type }) => type),
      ['reasoning', 'message'],
    );
    assert.deepEqual(response.output[0]?.summary, [{ type: 'summary_text', text: THOUGHT }]);
    assert.equal(deltas(data, 'response.reasoning_summary_text.delta'), THOUGHT);
    assert.equal(response.output[1]?.content?.[0]?.text, TEXT);
  });

  test('calls a function by its arguments in pieces, then whole', () => {
    const { data, names } = written(toolAnswer());
    assert.deepEqual(folded(names).slice(2, -1), [
      'response.output_item.added',
      'response.function_call_arguments.delta',
      'response.function_call_arguments.done',
      'response.output_item.done',
    ]);
    assert.equal(deltas(data, 'response.function_call_arguments.delta'), ARGUMENTS);
    const { item } = data.at(-2) as { item: Record<string, unknown> };
    assert.equal(item.arguments, ARGUMENTS);
    assert.equal(item.name, 'get_weather');
    assert.match(String(item.call_id), /^call_/);
  });

  test('is incomplete where a limit cut it', () => {
    const { data, names } = written(textAnswer('length'));
    const { response } = data.at(-1) as { response: Record<string, unknown> };
    assert.equal(names.at(-1), 'response.incomplete');
    assert.equal(response.status, 'incomplete');
    assert.deepEqual(response.incomplete_details, { reason: 'max_output_tokens' });
  });

  test('repeats members of the request', () => {
    const { data } = written(textAnswer(), {
      ...PLAIN,
      echo: { metadata: { order: '7' }, temperature: 0.2 },
    });
    for (const { response } of [data[0], data.at(-1)] as { response: Record<string, unknown> }[]) {
      assert.deepEqual(response.metadata, { order: '7' });
      assert.equal(response.temperature, 0.2);
    }
  });

  test('waits for every token once', () => {
    for (const answer of [textAnswer(), toolAnswer(), thoughtfulAnswer()]) {
      const produced = answer.parts.reduce((sum, { tokens }) => sum + tokens.length, 0);
      assert.equal(totalTokens(written(answer).events), produced);
    }
  });

  test('fails under the number that comes next', () => {
    const writer = new ResponsesWriter(textAnswer(), context(), PLAIN);
    const stream = writer.stream();
    for (let count = 0; count < 5; count += 1) stream.next();
    const told = JSON.parse(writer.failure.data);
    assert.equal(told.sequence_number, 5);
    assert.equal(told.error.code, 'server_error');
    assert.equal(writer.failure.event, 'error');
  });
});

describe('a response in one piece', () => {
  test('is what a stream ends with', () => {
    const whole = new ResponsesWriter(textAnswer(), context(), PLAIN).whole() as Record<string, unknown>;
    const { response } = written().data.at(-1) as { response: Record<string, unknown> };
    assert.deepEqual(whole, response);
  });
});
