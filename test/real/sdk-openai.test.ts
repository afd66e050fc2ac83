import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import OpenAI from 'openai';
import { type RunningMock, startMock } from '../e2e/harness/mock.ts';

/** A model that takes no time worth waiting for. */
const QUICK = { ttft: '5ms', rate: '2000/s' };

const hello = { model: 'gpt-x', messages: [{ role: 'user', content: 'Hello there' }] } as const;
const weather = {
  name: 'get_weather',
  description: 'The weather in a city',
  parameters: {
    type: 'object' as const,
    properties: { city: { type: 'string' as const }, unit: { enum: ['c', 'f'] } },
    required: ['city', 'unit'],
  },
};

function clientOf({ url }: RunningMock, query: Record<string, string> = {}): OpenAI {
  const defaultQuery = { ...QUICK, ...query };
  return new OpenAI({ baseURL: `${url}v1`, apiKey: 'none', maxRetries: 0, defaultQuery });
}

async function client(t: TestContext, query: Record<string, string> = {}): Promise<OpenAI> {
  return clientOf(await startMock(t, '--preset', 'openai', '--seed', '1'), query);
}

async function told(openai: OpenAI, change: object = {}): Promise<string> {
  const stream = await openai.chat.completions.create({
    ...hello,
    messages: [...hello.messages],
    stream: true,
    ...change,
  });
  let text = '';
  for await (const chunk of stream as AsyncIterable<OpenAI.ChatCompletionChunk>) {
    text += chunk.choices[0]?.delta.content ?? '';
  }
  return text;
}

describe('the package openai, chatting with the mock', () => {
  test('joins the text, and is told why it ends and what it cost', async (t) => {
    const openai = await client(t);
    const stream = openai.chat.completions.stream({
      ...hello,
      messages: [...hello.messages],
      stream_options: { include_usage: true },
    });
    let text = '';
    stream.on('content', (delta) => {
      text += delta;
    });
    const { choices, usage, model } = await stream.finalChatCompletion();
    assert.equal(choices[0]?.message.content, text);
    assert.match(text, /^You asked: “Hello there”\n\n./);
    assert.equal(choices[0]?.finish_reason, 'stop');
    assert.equal(model, 'gpt-x');
    assert.equal(usage?.total_tokens, (usage?.prompt_tokens ?? 0) + (usage?.completion_tokens ?? 0));
  });

  test('reads every character, however the bytes are cut', async (t) => {
    const mock = await startMock(t, '--preset', 'openai', '--seed', '1', '--split-gap', '1ms');
    const text = 'größer, 朝の駅 👩‍🚀 и всё\n';
    const whole = clientOf(mock, { data: text });
    const cut = clientOf(mock, { data: text, fault: 'split=utf8' });
    assert.equal(await told(whole), text);
    assert.equal(await told(cut), text);
  });

  test('is cut at max_tokens', async (t) => {
    const openai = await client(t);
    const { choices, usage } = await openai.chat.completions.create({
      ...hello,
      messages: [...hello.messages],
      max_completion_tokens: 7,
    });
    assert.equal(choices[0]?.finish_reason, 'length');
    assert.equal(usage?.completion_tokens, 7);
  });

  test('runs a tool that it is asked to call, and gets an answer to its result', async (t) => {
    const openai = await client(t);
    const called: object[] = [];
    const runner = openai.chat.completions.runTools({
      ...hello,
      messages: [{ role: 'user', content: 'How is the weather?' }],
      stream: true,
      tools: [
        {
          type: 'function',
          function: {
            ...weather,
            parse: (text: string) => JSON.parse(text) as object,
            function: (given: object) => {
              called.push(given);
              return '12 °C and dry';
            },
          },
        },
      ],
    });
    const text = await runner.finalContent();
    assert.equal(called.length, 1);
    assert.deepEqual(Object.keys(called[0] ?? {}), ['city', 'unit']);
    assert.match(text ?? '', /^The tool answered “12 °C and dry”\./);
  });

  test('throws its own error for one in mid-stream, behind what came before', async (t) => {
    const openai = await client(t, { fault: 'error-event@5' });
    let seen = 0;
    const stream = await openai.chat.completions.create({
      ...hello,
      messages: [...hello.messages],
      stream: true,
    });
    await assert.rejects(
      async () => {
        for await (const _ of stream) seen += 1;
      },
      (error) => error instanceof OpenAI.APIError && error.type === 'server_error',
    );
    assert.ok(seen > 0 && seen <= 5, `${seen} chunks`);
  });

  test('throws its errors for requests that are wrong, and for statuses that faults give', async (t) => {
    const mock = await startMock(t, '--preset', 'openai');
    const openai = clientOf(mock);
    await assert.rejects(
      openai.chat.completions.create({ model: 'x', messages: [] }),
      (error) =>
        error instanceof OpenAI.BadRequestError && error.code === 'empty_array' && error.param === 'messages',
    );
    await assert.rejects(openai.get('/nothing'), OpenAI.NotFoundError);
    const limited = clientOf(mock, { fault: 'status=429' });
    await assert.rejects(told(limited), OpenAI.RateLimitError);
  });

  test('can leave in mid-stream', async (t) => {
    const mock = await startMock(t, '--preset', 'openai');
    const openai = clientOf(mock, { rate: '20/s', count: '10000' });
    const stream = await openai.chat.completions.create({
      ...hello,
      messages: [...hello.messages],
      stream: true,
    });
    let seen = 0;
    for await (const _ of stream) {
      seen += 1;
      if (seen === 3) stream.controller.abort();
    }
    // What it had read by then, it hands on.
    assert.ok(seen >= 3 && seen < 1_000, `${seen} chunks`);
    await mock.cli.logged(/left/);
  });

  test('lists the models', async (t) => {
    const { data } = await (await client(t)).models.list();
    assert.equal(data[0]?.object, 'model');
  });
});

describe('the package openai, with the Responses API of the mock', () => {
  const input = 'Hello there';

  test('follows the events up to the final response', async (t) => {
    const openai = clientOf(await startMock(t, '--preset', 'openai-responses'));
    const stream = openai.responses.stream({ model: 'gpt-x', input, reasoning: { summary: 'auto' } });
    let text = '';
    let thought = '';
    let last = -1;
    for await (const event of stream) {
      assert.equal(event.sequence_number, last + 1);
      last = event.sequence_number;
      if (event.type === 'response.output_text.delta') text += event.delta;
      if (event.type === 'response.reasoning_summary_text.delta') thought += event.delta;
    }
    const response = await stream.finalResponse();
    assert.equal(response.status, 'completed');
    const message = response.output.find((item) => item.type === 'message');
    assert.deepEqual(
      message?.content.map((part) => part.type === 'output_text' && part.text),
      [text],
    );
    assert.match(text, /^You asked: “Hello there”/);
    assert.ok(thought.length > 0);
    assert.ok((response.usage?.output_tokens_details.reasoning_tokens ?? 0) > 0);
  });

  test('is called for a function', async (t) => {
    const openai = clientOf(await startMock(t, '--preset', 'openai-responses'));
    const { output } = await openai.responses
      .stream({
        model: 'gpt-x',
        input: 'How is the weather?',
        tools: [{ type: 'function', strict: false, ...weather }],
      })
      .finalResponse();
    const [call] = output;
    assert.ok(call?.type === 'function_call');
    assert.deepEqual(Object.keys(JSON.parse(call.arguments)), ['city', 'unit']);
  });

  test('throws its own error for one in mid-stream', async (t) => {
    const mock = await startMock(t, '--preset', 'openai-responses');
    const openai = clientOf(mock, { fault: 'error-event@6' });
    const stream = await openai.responses.create({ model: 'gpt-x', input, stream: true });
    await assert.rejects(
      async () => {
        for await (const _ of stream);
      },
      (error) => error instanceof OpenAI.APIError && error.code === 'server_error',
    );
  });

  test('is served beside chat completions, whatever the preset', async (t) => {
    const openai = await client(t);
    const { output_text, object } = await openai.responses.create({ model: 'gpt-x', input });
    assert.equal(object, 'response');
    assert.match(output_text, /“Hello there”/);
  });
});
