import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parsePreset } from '../../../src/mock/presets/registry.ts';
import { InvalidValue } from '../../../src/notation/invalid-value.ts';
import { type Asked, drained, plainOf, type Sent, streamOf } from './asked.ts';

const PATH = '/v1/chat/completions';
const hello = { model: 'gpt-x', stream: true, messages: [{ role: 'user', content: 'Hello there' }] };

const weather = {
  type: 'function',
  function: {
    name: 'get_weather',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
};

function create(shape = {}) {
  const waits: number[] = [];
  const wait = async (ms: number) => void waits.push(ms);
  return {
    handler: parsePreset('openai').create({ shape, seed: 3, clock: () => 1_700_000_000_000, wait }),
    waits,
  };
}

const ask = async (body: object, asked: Asked = {}) =>
  drained(await streamOf(create().handler, { target: PATH, body, ...asked }));

/** The text that deltas join to. */
function said(sent: readonly Sent[]): string {
  return chunks(sent)
    .map(({ choices }) => choices[0]?.delta.content ?? '')
    .join('');
}

function chunks(sent: readonly Sent[]) {
  return sent
    .filter(({ event }) => event.data !== '[DONE]')
    .map(
      ({ event }) =>
        JSON.parse(event.data) as {
          model: string;
          choices: {
            delta: { content?: string; tool_calls?: { function: { name?: string; arguments: string } }[] };
            finish_reason: string | null;
          }[];
          usage?: { completion_tokens: number };
        },
    );
}

const finish = (sent: readonly Sent[]) =>
  chunks(sent).findLast(({ choices }) => choices.length > 0)?.choices[0]?.finish_reason;

describe('the preset openai, streaming', () => {
  test('answers the last message of the user, as the model that was asked', async () => {
    const sent = await ask(hello);
    assert.match(said(sent), /^You asked: “Hello there”\n\n./);
    assert.equal(finish(sent), 'stop');
    assert.ok(chunks(sent).every(({ model }) => model === 'gpt-x'));
    assert.equal(sent.at(-1)?.event.data, '[DONE]');
    assert.equal(sent.at(-1)?.step.kind === 'event' && sent.at(-1)?.step.kind, 'event');
  });

  test('quotes the beginning of a long question, and nothing behind its first line', async () => {
    const asking = async (content: string) =>
      said(await ask({ ...hello, messages: [{ role: 'user', content }] })).split('\n\n')[0];
    assert.equal(await asking('\n  One line  \n\nAnother'), 'You asked: “One line”');
    assert.equal(await asking(`${'x'.repeat(500)}\nAnother`), `You asked: “${'x'.repeat(79)}…”`);
    assert.equal(await asking('🌊'.repeat(500)), `You asked: “${'🌊'.repeat(79)}…”`);
  });

  test('answers a prompt of a megabyte as quickly as a small one, whatever is in it', async () => {
    const length = 1_000_000;
    const texts = [' ', '\n', ' \n', '.', '!?', 'a', 'use ', '🌊', '’'].flatMap((unit) => {
      const text = unit.repeat(length / unit.length);
      return [text, `a${text}b`];
    });
    const tools = ['get_weather', 'x_'.repeat(10_000)].map((name) => ({
      type: 'function',
      function: { name },
    }));
    for (const content of texts) {
      const messages = [{ role: 'user', content }];
      const startedMs = performance.now();
      await ask({ ...hello, max_tokens: 10, messages, tools });
      const tookMs = performance.now() - startedMs;
      // Half a minute and more where the time grows with the square of the length.
      assert.ok(tookMs < 5_000, `${Math.round(tookMs)} ms for ${JSON.stringify(content.slice(0, 8))}`);
    }
  });

  test('marks [DONE], and only that, as what makes the answer whole', async () => {
    const done = (await ask(hello)).filter(({ step }) => step.kind === 'event' && step.done === true);
    assert.deepEqual(
      done.map(({ event }) => event.data),
      ['[DONE]'],
    );
  });

  test('sends nothing that the service does not send', async () => {
    const answer = await streamOf(create().handler, { target: PATH, body: hello });
    assert.equal(answer.opening, false);
    assert.equal(answer.retryMs, 'none');
    assert.equal(answer.heartbeatMs, 0);
    assert.deepEqual(answer.channels, []);
    assert.match(answer.headers?.['x-request-id'] ?? '', /^req_/);
    assert.equal(JSON.parse(answer.errorEvent?.data ?? '').error.type, 'server_error');
  });

  test('sends keepalives, a reconnection time and published events where they are asked for', async () => {
    const target = `${PATH}?heartbeat=2s&send-retry=1s&channel=a&channel=b`;
    const answer = await streamOf(create().handler, { target, body: hello });
    assert.equal(answer.heartbeatMs, 2_000);
    assert.equal(answer.retryMs, 1_000);
    assert.deepEqual(answer.channels, ['a', 'b']);
  });

  test('stops at max_tokens and says so', async () => {
    for (const name of ['max_tokens', 'max_completion_tokens']) {
      const sent = await ask({ ...hello, [name]: 7, stream_options: { include_usage: true } });
      assert.equal(finish(sent), 'length');
      assert.equal(chunks(sent).at(-1)?.usage?.completion_tokens, 7);
    }
  });

  test('has as many tokens as ?count= or --count says, and the text of --data', async () => {
    const counted = await ask(hello, { target: `${PATH}?count=500` });
    assert.equal(chunks(counted).filter(({ choices }) => choices[0]?.delta.content).length, 500);
    const handler = create({ data: 'For {{query.who|nobody}}: 🌊' }).handler;
    const told = drained(await streamOf(handler, { target: `${PATH}?who=me`, body: hello }));
    assert.equal(said(told), 'For me: 🌊');
  });

  test('is the same for the same seed and connection, but for ids, and other words on the next', async () => {
    const [one, again, next] = [await ask(hello), await ask(hello), await ask(hello, { connection: 2 })];
    assert.equal(said(one), said(again));
    assert.deepEqual(
      one.map(({ atMs }) => atMs),
      again.map(({ atMs }) => atMs),
    );
    assert.notEqual(said(one), said(next));
    const { handler } = create();
    const ids = new Set<string>();
    for (let count = 0; count < 20; count += 1) {
      const [first] = drained(await streamOf(handler, { target: PATH, body: hello }), 1);
      ids.add(JSON.parse(first?.event.data ?? '').id);
    }
    assert.equal(ids.size, 20);
  });
});

describe('the preset openai, calling tools', () => {
  const tools = { ...hello, tools: [weather] };
  const about = (content: string, more = {}) => ({
    ...tools,
    messages: [{ role: 'user', content }],
    ...more,
  });
  const called = (sent: readonly Sent[]) => {
    const calls = chunks(sent).flatMap(({ choices }) => choices[0]?.delta.tool_calls ?? []);
    const name = calls.find((call) => call.function.name)?.function.name;
    return name === undefined
      ? undefined
      : { name, arguments: JSON.parse(calls.map((call) => call.function.arguments).join('')) };
  };

  test('calls one that the question is about, with arguments of its schema', async () => {
    for (const question of ['How is the weather?', 'Use get_weather', 'Please call a tool now']) {
      const sent = await ask(about(question));
      const call = called(sent);
      assert.equal(call?.name, 'get_weather', question);
      assert.deepEqual(Object.keys(call.arguments), ['city']);
      assert.equal(typeof call.arguments.city, 'string');
      assert.equal(finish(sent), 'tool_calls');
    }
    assert.equal(called(await ask(about('Tell me a story'))), undefined);
  });

  test('obeys tool_choice', async () => {
    assert.equal(called(await ask(about('weather?', { tool_choice: 'none' }))), undefined);
    assert.ok(called(await ask(about('a story', { tool_choice: 'required' }))));
    const named = { type: 'function', function: { name: 'get_weather' } };
    assert.ok(called(await ask(about('a story', { tool_choice: named }))));
  });

  test('calls one where ?tool=1 says so, even if the request has none', async () => {
    assert.ok(called(await ask(about('a story'), { target: `${PATH}?tool=1` })));
    assert.equal(called(await ask(hello, { target: `${PATH}?tool=1` }))?.name, 'get_weather');
  });

  test('answers with text when the result of the tool is there', async () => {
    const messages = [
      { role: 'user', content: 'How is the weather?' },
      { role: 'assistant', content: null, tool_calls: [] },
      { role: 'tool', tool_call_id: 'call_1', content: '12 °C' },
    ];
    const sent = await ask({ ...tools, messages });
    assert.match(said(sent), /^The tool answered “12 °C”\./);
    assert.equal(finish(sent), 'stop');
  });

  test('answers JSON of the schema that response_format gives', async () => {
    const schema = {
      type: 'object',
      properties: { title: { type: 'string' }, score: { type: 'integer', minimum: 3, maximum: 5 } },
    };
    const sent = await ask({ ...hello, response_format: { type: 'json_schema', json_schema: { schema } } });
    const { title, score } = JSON.parse(said(sent));
    assert.equal(typeof title, 'string');
    assert.ok(score >= 3 && score <= 5);
  });
});

describe('the preset openai, at its pace', () => {
  const quick = { ...hello, max_tokens: 101 };

  test('waits 300 ms for the first token, then has 50 a second, give or take', async () => {
    const sent = await ask({ ...hello }, { target: `${PATH}?count=101` });
    const first = sent[0]?.atMs ?? 0;
    assert.ok(first >= 240 && first <= 360, `${first} ms`);
    const rest = (sent.at(-1)?.atMs ?? 0) - first;
    assert.ok(rest > 1_900 && rest < 2_100, `${rest} ms for 100 tokens`);
  });

  test('keeps the times that the query asks for', async () => {
    const target = `${PATH}?ttft=2s&rate=10/s&jitter=0&count=11`;
    const sent = await ask(quick, { target });
    assert.equal(sent[0]?.atMs, 2_000);
    assert.equal(sent.at(-1)?.atMs, 3_000);
    const byInterval = await ask(quick, { target: `${PATH}?ttft=0ms&interval=5ms&jitter=0%25&count=11` });
    assert.equal(byInterval.at(-1)?.atMs, 50);
  });

  test('says the same words at another pace', async () => {
    assert.equal(said(await ask(quick)), said(await ask(quick, { target: `${PATH}?rate=1000/s&jitter=1` })));
  });

  test('takes as long for an answer in one piece', async () => {
    const { handler, waits } = create();
    const target = `${PATH}?ttft=1s&rate=100/s&jitter=0&count=51`;
    const { json, status, headers } = await plainOf(handler, { target, body: { ...hello, stream: false } });
    assert.equal(status, 200);
    assert.equal(headers?.['content-type'], 'application/json');
    assert.equal((json as { object: string }).object, 'chat.completion');
    assert.deepEqual(waits, [1_500]);
  });

  test('refuses values that mean nothing, by their names', async () => {
    const wrong = {
      'ttft=5': 'ttft',
      'rate=fast': 'rate',
      'jitter=2': 'jitter',
      'data={{x}}': 'data',
      'count=many': 'count',
      'interval=often': 'interval',
    };
    for (const [query, name] of Object.entries(wrong)) {
      const { status, json } = await plainOf(create().handler, { target: `${PATH}?${query}`, body: hello });
      assert.equal(status, 400);
      assert.match((json as { error: { message: string } }).error.message, new RegExp(`\\?${name}=`));
    }
  });
});

test('the preset openai refuses a template that names nothing before it serves, and too many tokens', async () => {
  assert.throws(() => create({ data: '{{x}}' }), InvalidValue);
  const { handler } = create({ count: 1_000_000 });
  const { status, json } = await plainOf(handler, { target: PATH, body: hello });
  assert.equal(status, 400);
  assert.match((json as { error: { message: string } }).error.message, /at most 100000/);
});

describe('the preset openai, refusing', () => {
  const refused = async (asked: Asked) => {
    const { status, json } = await plainOf(create().handler, { target: PATH, ...asked });
    const { error } = json as { error: { message: string; type: string; param: unknown; code: unknown } };
    return { status, ...error };
  };

  test('what it lacks, by the code and the parameter of the service', async () => {
    const { message, ...error } = await refused({ body: { model: 'x' } });
    assert.deepEqual(error, {
      status: 400,
      type: 'invalid_request_error',
      param: 'messages',
      code: 'missing_required_parameter',
    });
    assert.match(message, /'messages'/);
    assert.equal((await refused({ body: { messages: hello.messages } })).status, 400);
  });

  test('what is of a wrong type, empty, too small or unknown', async () => {
    const wrong: [object, string, string][] = [
      [{ messages: 'hi' }, 'invalid_type', 'messages'],
      [{ messages: [] }, 'empty_array', 'messages'],
      [{ messages: [{ role: 'robot', content: '' }] }, 'invalid_value', 'messages[0].role'],
      [{ messages: ['hi'] }, 'invalid_type', 'messages[0]'],
      [{ max_tokens: 0 }, 'integer_below_min_value', 'max_tokens'],
      [{ stream: 'yes' }, 'invalid_type', 'stream'],
      [{ tools: [{ type: 'function' }] }, 'missing_required_parameter', 'tools[0].function'],
      [{ tool_choice: 'maybe' }, 'invalid_value', 'tool_choice'],
    ];
    for (const [change, code, param] of wrong) {
      const error = await refused({ body: { ...hello, ...change } });
      assert.deepEqual([error.status, error.code, error.param], [400, code, param]);
    }
    assert.equal((await refused({ body: { ...hello, n: 2 } })).param, 'n');
    const options = { ...hello, stream: false, stream_options: { include_usage: true } };
    assert.equal((await refused({ body: options })).param, 'stream_options');
  });

  test('a body that is no JSON, or none', async () => {
    assert.match((await refused({ body: '{"model":' })).message, /could not parse the JSON body/);
    assert.equal((await refused({ method: 'POST' })).status, 400);
    assert.equal((await refused({ body: '[]' })).code, 'invalid_type');
    const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;
    const body = `{"model":"m","input":"hi","stream":true,"metadata":${nested(20_000)}}`;
    const deep = await refused({ target: '/v1/responses', body });
    assert.match(deep.message, /more than 500 levels deep/);
    assert.equal(deep.status, 400);
    const { handler } = create();
    const allowed = body.replace(nested(20_000), nested(499));
    assert.equal((await streamOf(handler, { target: '/v1/responses', body: allowed })).kind, 'stream');
  });

  test('another method, and a path that the service does not have', async () => {
    const get = await plainOf(create().handler, { target: PATH });
    assert.equal(get.status, 405);
    assert.equal(get.headers?.allow, 'POST');
    const error = await refused({ target: '/v1/nothing', body: hello });
    assert.equal(error.status, 404);
    assert.equal(error.message, 'Invalid URL (POST /v1/nothing)');
    assert.equal((await refused({ target: '/chat', method: 'DELETE' })).status, 405);
  });
});

describe('the preset openai, on other paths', () => {
  test('streams to a request without a body, which may have a ?prompt=', async () => {
    const { handler } = create();
    for (const method of ['GET', 'POST']) {
      const sent = drained(await streamOf(handler, { target: '/?prompt=hi', method }));
      assert.match(said(sent), /^You asked: “hi”/);
    }
  });

  test('reads a body as the service does', async () => {
    const { handler } = create();
    assert.match(said(drained(await streamOf(handler, { target: '/api/chat', body: hello }))), /Hello there/);
    assert.equal((await plainOf(handler, { target: '/api/chat', body: {} })).status, 400);
  });

  test('lists a model, and serves the Responses API at its place', async () => {
    const { handler } = create();
    const { json } = await plainOf(handler, { target: '/v1/models' });
    assert.equal((json as { data: { object: string }[] }).data[0]?.object, 'model');
    const body = { model: 'm', input: 'hi', stream: true };
    const sent = drained(await streamOf(handler, { target: '/v1/responses', body }));
    assert.equal(sent[0]?.event.event, 'response.created');
  });
});
