import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parsePreset } from '../../../src/mock/presets/registry.ts';
import { type Asked, drained, jsonOf, plainOf, streamOf } from './asked.ts';

const target = '/v1/responses';
const hello = { model: 'gpt-x', stream: true, input: 'Hello there' };

const create = () =>
  parsePreset('openai-responses').create({ clock: () => 1_700_000_000_000, wait: () => Promise.resolve() });

async function ask(body: object, asked: Asked = {}) {
  const data = jsonOf(drained(await streamOf(create(), { target, body, ...asked })));
  const { response } = data.at(-1) as {
    response: {
      status: string;
      output: Record<string, unknown>[];
      usage: Record<string, number>;
      model: string;
    };
  };
  const text = data
    .filter(({ type }) => type === 'response.output_text.delta')
    .map(({ delta }) => delta)
    .join('');
  return { data, text, response };
}

describe('the preset openai-responses', () => {
  test('answers a text, or a list of messages', async () => {
    const { text, response } = await ask(hello);
    assert.match(text, /^You asked: “Hello there”/);
    assert.equal(response.model, 'gpt-x');
    const input = [
      { role: 'user', content: 'First' },
      { role: 'assistant', content: 'Yes?' },
      { role: 'user', content: [{ type: 'input_text', text: 'Second' }] },
    ];
    assert.match((await ask({ ...hello, input })).text, /“Second”/);
  });

  test('calls a function that the question is about, and answers when its result is there', async () => {
    const tools = [
      { type: 'function', name: 'get_weather', parameters: { properties: { city: { type: 'string' } } } },
    ];
    const { response } = await ask({ ...hello, input: 'weather?', tools });
    const [call] = response.output;
    assert.equal(call?.type, 'function_call');
    assert.deepEqual(Object.keys(JSON.parse(String(call?.arguments))), ['city']);
    const input = [
      { role: 'user', content: 'weather?' },
      { type: 'function_call', call_id: 'c', name: 'get_weather', arguments: '{}' },
      { type: 'function_call_output', call_id: 'c', output: '9 °C' },
    ];
    assert.match((await ask({ ...hello, tools, input })).text, /^The tool answered “9 °C”/);
    const named = { type: 'function', name: 'get_weather' };
    assert.equal(
      (await ask({ ...hello, tools, tool_choice: named })).response.output[0]?.type,
      'function_call',
    );
  });

  test('thinks where a summary is asked for, and counts that apart', async () => {
    const { response } = await ask({ ...hello, reasoning: { effort: 'high', summary: 'auto' } });
    assert.deepEqual(
      response.output.map(({ type }) => type),
      ['reasoning', 'message'],
    );
    const usage = response.usage as unknown as { output_tokens_details: { reasoning_tokens: number } };
    assert.ok(usage.output_tokens_details.reasoning_tokens > 0);
  });

  test('is incomplete at max_output_tokens', async () => {
    const { response } = await ask({ ...hello, max_output_tokens: 9 });
    assert.equal(response.status, 'incomplete');
    assert.equal(response.usage.output_tokens, 9);
  });

  test('answers JSON of the schema that text.format gives', async () => {
    const schema = { type: 'object', properties: { ok: { type: 'boolean' } } };
    const { text } = await ask({ ...hello, text: { format: { type: 'json_schema', name: 'x', schema } } });
    assert.deepEqual(JSON.parse(text), { ok: true });
  });

  test('answers in one piece without `stream`', async () => {
    const { json, status } = await plainOf(create(), { target, body: { model: 'm', input: 'hi' } });
    assert.equal(status, 200);
    assert.equal((json as { object: string }).object, 'response');
  });

  test('refuses what it lacks, and what it has no memory for', async () => {
    const missing = await plainOf(create(), { target, body: { model: 'm' } });
    assert.deepEqual((missing.json as { error: { param: string } }).error.param, 'input');
    const background = await plainOf(create(), { target, body: { ...hello, background: true } });
    assert.equal(background.status, 400);
    assert.equal((await plainOf(create(), { target })).status, 405);
  });

  test('streams to a request without a body on other paths', async () => {
    const sent = drained(await streamOf(create(), { target: '/?prompt=hi' }));
    assert.equal(sent.at(-1)?.event.event, 'response.completed');
  });
});
