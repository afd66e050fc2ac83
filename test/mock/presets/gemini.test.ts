import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parsePreset } from '../../../src/mock/presets/registry.ts';
import { type Asked, drained, jsonOf, plainOf, streamOf } from './asked.ts';

const target = '/v1beta/models/gemini-x:streamGenerateContent?alt=sse';
const hello = { contents: [{ role: 'user', parts: [{ text: 'Hello there' }] }] };
const tools = [
  {
    functionDeclarations: [
      { name: 'get_weather', parameters: { type: 'OBJECT', properties: { city: { type: 'STRING' } } } },
    ],
  },
];

const create = () => parsePreset('gemini').create({ clock: () => 0, wait: () => Promise.resolve() });

interface Response {
  candidates: {
    content: { parts: { text?: string; thought?: boolean; functionCall?: { name: string; args: object } }[] };
    finishReason?: string;
  }[];
  modelVersion: string;
}

async function ask(change: object = {}, asked: Asked = {}) {
  const answer = await streamOf(create(), { target, body: { ...hello, ...change }, ...asked });
  const data = jsonOf(drained(answer)) as unknown as Response[];
  const parts = data.flatMap(({ candidates }) => candidates[0]?.content.parts ?? []);
  return {
    answer,
    text: parts.map(({ text, thought }) => (thought === true ? '' : (text ?? ''))).join(''),
    calls: parts.flatMap(({ functionCall }) => functionCall ?? []),
    thoughts: parts.filter(({ thought }) => thought === true).length,
    finish: data.at(-1)?.candidates[0]?.finishReason,
    model: data[0]?.modelVersion,
  };
}

describe('the preset gemini', () => {
  test('answers as the model in the path, in lines that end in CRLF', async () => {
    const { text, model, finish, answer } = await ask();
    assert.match(text, /^You asked: “Hello there”/);
    assert.equal(model, 'gemini-x');
    assert.equal(finish, 'STOP');
    assert.equal(answer.lineEnd, 'crlf');
    assert.equal(JSON.parse(answer.errorEvent?.data ?? '').error.status, 'UNAVAILABLE');
  });

  test('stops at maxOutputTokens, shows thoughts and calls functions where it is told to', async () => {
    assert.equal((await ask({ generationConfig: { maxOutputTokens: 4 } })).finish, 'MAX_TOKENS');
    const thinkingConfig = { includeThoughts: true };
    assert.ok((await ask({ generationConfig: { thinkingConfig } })).thoughts > 0);
    const contents = [{ role: 'user', parts: [{ text: 'weather?' }] }];
    const { calls } = await ask({ contents, tools });
    assert.equal(calls[0]?.name, 'get_weather');
    assert.deepEqual(Object.keys(calls[0]?.args ?? {}), ['city']);
    const toolConfig = { functionCallingConfig: { mode: 'NONE' } };
    assert.deepEqual((await ask({ contents, tools, toolConfig })).calls, []);
    const declared = ['one', 'two'].map((name) => ({ name }));
    for (const config of [
      { toolConfig: { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['two'] } } },
      { tool_config: { function_calling_config: { mode: 'ANY', allowed_function_names: ['two'] } } },
    ]) {
      const forced = await ask({ tools: [{ functionDeclarations: declared }], ...config });
      assert.equal(forced.calls[0]?.name, 'two');
    }
    const result = { functionResponse: { name: 'get_weather', response: { celsius: 3 } } };
    const after = [...contents, { role: 'user', parts: [result] }];
    assert.match((await ask({ contents: after, tools })).text, /^The tool answered “\{"celsius":3\}”/);
  });

  test('answers in one piece, or as a list, where it is asked so', async () => {
    const whole = await plainOf(create(), { target: '/v1beta/models/m:generateContent', body: hello });
    assert.equal((whole.json as Response).candidates[0]?.finishReason, 'STOP');
    const list = await plainOf(create(), { target: '/v1beta/models/m:streamGenerateContent', body: hello });
    assert.ok(Array.isArray(list.json) && list.json.length > 1);
  });

  test('refuses in the shape of Google', async () => {
    const refused = async (asked: Asked) => {
      const { status, json } = await plainOf(create(), { target, ...asked });
      const { error } = json as { error: { code: number; status: string } };
      assert.equal(error.code, status);
      return [status, error.status];
    };
    assert.deepEqual(await refused({ body: {} }), [400, 'INVALID_ARGUMENT']);
    for (const allowedFunctionNames of [5, {}, 'get_weather', [5]]) {
      const toolConfig = { functionCallingConfig: { mode: 'ANY', allowedFunctionNames } };
      const asked = { body: { ...hello, tools, toolConfig } };
      assert.deepEqual(await refused(asked), [400, 'INVALID_ARGUMENT']);
    }
    const { json } = await plainOf(create(), { target, body: '[]' });
    const { message } = (json as { error: { message: string } }).error;
    assert.equal(message, '* GenerateContentRequest: must be an object, not an array\n');
    assert.deepEqual(await refused({ body: '{' }), [400, 'INVALID_ARGUMENT']);
    assert.deepEqual(await refused({ body: { contents: [{ role: 'assistant', parts: [] }] } }), [
      400,
      'INVALID_ARGUMENT',
    ]);
    assert.deepEqual(await refused({ target: '/v1beta/models', body: hello }), [404, 'NOT_FOUND']);
    assert.deepEqual(await refused({}), [405, 'UNIMPLEMENTED']);
  });

  test('streams to a request without a body on other paths', async () => {
    const data = jsonOf(
      drained(await streamOf(create(), { target: '/?prompt=hi' })),
    ) as unknown as Response[];
    assert.equal(data.at(-1)?.candidates[0]?.finishReason, 'STOP');
  });
});
