import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parsePreset } from '../../../src/mock/presets/registry.ts';
import { type Asked, drained, jsonOf, plainOf, streamOf } from './asked.ts';

const target = '/v1/messages';
const headers = { 'anthropic-version': '2023-06-01' };
const hello = {
  model: 'claude-x',
  max_tokens: 4_096,
  stream: true,
  messages: [{ role: 'user', content: 'Hello there' }],
};
const tools = [
  { name: 'get_weather', input_schema: { type: 'object', properties: { city: { type: 'string' } } } },
];

const create = (shape = {}) =>
  parsePreset('anthropic').create({ shape, clock: () => 1_700_000_000_000, wait: () => Promise.resolve() });

interface Told {
  type: string;
  content_block?: { type: string };
  delta?: { text?: string; partial_json?: string; stop_reason?: string };
}

async function ask(change: object = {}, asked: Asked = {}) {
  const body = { ...hello, ...change };
  const data = jsonOf(
    drained(await streamOf(create(), { target, headers, body, ...asked })),
  ) as unknown as Told[];
  return {
    text: data.map(({ delta }) => delta?.text ?? '').join(''),
    json: data.map(({ delta }) => delta?.partial_json ?? '').join(''),
    blocks: data.flatMap(({ content_block }) => (content_block === undefined ? [] : [content_block.type])),
    stop: data.find(({ type }) => type === 'message_delta')?.delta?.stop_reason,
  };
}

async function refused(asked: Asked) {
  const { status, json, headers: answered } = await plainOf(create(), { target, headers, ...asked });
  const { type, error, request_id } = json as {
    type: string;
    error: { type: string; message: string };
    request_id: string;
  };
  assert.equal(type, 'error');
  assert.equal(answered?.['request-id'], request_id);
  return { status, ...error };
}

describe('the preset anthropic', () => {
  test('answers the last message of the user', async () => {
    const { text, stop, blocks } = await ask();
    assert.match(text, /^You asked: “Hello there”/);
    assert.equal(stop, 'end_turn');
    assert.deepEqual(blocks, ['text']);
    const content = [{ type: 'text', text: 'In a block' }];
    assert.match((await ask({ messages: [{ role: 'user', content }] })).text, /“In a block”/);
  });

  test('keeps silent streams alive with pings, and opens with nothing else', async () => {
    const answer = await streamOf(create(), { target, headers, body: hello });
    assert.equal(answer.heartbeat?.event, 'ping');
    assert.equal(answer.heartbeatMs, 15_000);
    assert.equal(answer.opening, false);
    assert.equal(answer.retryMs, 'none');
    assert.equal(JSON.parse(answer.errorEvent?.data ?? '').error.type, 'overloaded_error');
    const often = await streamOf(create({ heartbeat: 100 }), { target, headers, body: hello });
    assert.equal(often.heartbeatMs, 100);
  });

  test('thinks first where it is told to', async () => {
    for (const thinking of [{ type: 'enabled', budget_tokens: 1_024 }, { type: 'adaptive' }]) {
      assert.deepEqual((await ask({ thinking })).blocks, ['thinking', 'text']);
    }
    assert.deepEqual((await ask({ thinking: { type: 'disabled' } })).blocks, ['text']);
  });

  test('stops at max_tokens', async () => {
    assert.equal((await ask({ max_tokens: 5 })).stop, 'max_tokens');
  });

  test('calls a tool, as the question or tool_choice has it, and answers with its result', async () => {
    const messages = [{ role: 'user', content: 'weather?' }];
    const called = await ask({ tools, messages });
    assert.equal(called.stop, 'tool_use');
    assert.deepEqual(Object.keys(JSON.parse(called.json)), ['city']);
    assert.equal((await ask({ tools, tool_choice: { type: 'any' } })).stop, 'tool_use');
    assert.equal((await ask({ tools, tool_choice: { type: 'tool', name: 'get_weather' } })).stop, 'tool_use');
    assert.equal((await ask({ tools, messages, tool_choice: { type: 'none' } })).stop, 'end_turn');
    const result = { type: 'tool_result', tool_use_id: 'toolu_1', content: [{ type: 'text', text: '7 °C' }] };
    const after = [...messages, { role: 'assistant', content: [] }, { role: 'user', content: [result] }];
    assert.match((await ask({ tools, messages: after })).text, /^The tool answered “7 °C”/);
  });

  test('calls a tool with an object, whatever its schema says', async () => {
    for (const input_schema of [
      { type: 'array', items: { type: 'string' } },
      { type: 'string' },
      { type: 'null' },
      { $ref: '#' },
      [],
    ]) {
      const { json } = await ask({ tools: [{ name: 'list', input_schema }], tool_choice: { type: 'any' } });
      assert.deepEqual(JSON.parse(json), {});
    }
  });

  test('answers in one piece without `stream`, and counts tokens', async () => {
    const whole = await plainOf(create(), { target, headers, body: { ...hello, stream: false } });
    assert.equal((whole.json as { type: string }).type, 'message');
    assert.match(whole.headers?.['request-id'] ?? '', /^req_01/);
    const counted = await plainOf(create(), { target: `${target}/count_tokens`, headers, body: hello });
    assert.deepEqual(counted.json, { input_tokens: 6 });
  });

  test('refuses what it lacks, in the words of the service', async () => {
    const wrong: [Asked, string][] = [
      [{ body: { ...hello, messages: undefined } }, 'messages: Field required'],
      [{ body: { ...hello, max_tokens: undefined } }, 'max_tokens: Field required'],
      [{ body: { ...hello, messages: [] } }, 'messages: at least one message is required'],
      [
        { body: { ...hello, messages: [{ role: 'system', content: '' }] } },
        "messages.0.role: Input should be 'user' or 'assistant'",
      ],
      [{ body: { ...hello, max_tokens: 0 } }, 'max_tokens: Input should be greater than or equal to 1'],
      [{ body: hello, headers: {} }, 'anthropic-version: header is required'],
      [
        { body: hello, headers: { 'anthropic-version': 'new' } },
        'anthropic-version: "new" is not a valid version',
      ],
    ];
    for (const [asked, message] of wrong) {
      assert.deepEqual(await refused(asked), { status: 400, type: 'invalid_request_error', message });
    }
    assert.match((await refused({ body: '{' })).message, /JSON/);
    assert.equal((await refused({})).status, 405);
    assert.equal((await refused({ target: '/v1/complete', body: hello })).type, 'not_found_error');
  });

  test('streams to a request without a body on other paths, without a version', async () => {
    const sent = drained(await streamOf(create(), { target: '/?prompt=hi' }));
    assert.equal(sent.at(-1)?.event.event, 'message_stop');
  });
});
