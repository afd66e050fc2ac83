import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import Anthropic from '@anthropic-ai/sdk';
import { type RunningMock, startMock } from '../e2e/harness/mock.ts';

/** A model that takes no time worth waiting for. */
const QUICK = { ttft: '5ms', rate: '2000/s' };

const hello: Anthropic.MessageCreateParamsNonStreaming = {
  model: 'claude-x',
  max_tokens: 4_096,
  messages: [{ role: 'user', content: 'Hello there' }],
};
const tools: Anthropic.Tool[] = [
  {
    name: 'get_weather',
    input_schema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
];

function clientOf({ url }: RunningMock, query: Record<string, string> = {}): Anthropic {
  const defaultQuery = { ...QUICK, ...query };
  return new Anthropic({ baseURL: url, apiKey: 'none', maxRetries: 0, defaultQuery });
}

async function client(t: TestContext, query: Record<string, string> = {}): Promise<Anthropic> {
  return clientOf(await startMock(t, '--preset', 'anthropic', '--seed', '1'), query);
}

describe('the package @anthropic-ai/sdk, talking to the mock', () => {
  test('joins the text, and is told why it ends and what it cost', async (t) => {
    const stream = (await client(t)).messages.stream(hello);
    let text = '';
    stream.on('text', (delta) => {
      text += delta;
    });
    const message = await stream.finalMessage();
    assert.match(text, /^You asked: “Hello there”\n\n./);
    assert.deepEqual(message.content, [{ type: 'text', text }]);
    assert.equal(message.stop_reason, 'end_turn');
    assert.equal(message.model, 'claude-x');
    assert.ok(message.usage.input_tokens > 0 && message.usage.output_tokens > 10);
  });

  test('reads every character, however the bytes are cut, and through keepalives', async (t) => {
    const mock = await startMock(t, '--preset', 'anthropic', '--split-gap', '1ms');
    const data = 'größer, 朝の駅 👩‍🚀 и всё\n';
    const cut = clientOf(mock, { data, fault: 'split=utf8', heartbeat: '5ms', rate: '100/s' });
    assert.equal(await cut.messages.stream(hello).finalText(), data);
  });

  test('gets thoughts with a signature, in a block before the text', async (t) => {
    const stream = (await client(t)).messages.stream({
      ...hello,
      thinking: { type: 'enabled', budget_tokens: 1_024 },
    });
    let thought = '';
    stream.on('thinking', (delta) => {
      thought += delta;
    });
    const { content } = await stream.finalMessage();
    assert.deepEqual(
      content.map(({ type }) => type),
      ['thinking', 'text'],
    );
    const [first] = content;
    assert.ok(first?.type === 'thinking' && first.thinking === thought && first.signature.length > 0);
  });

  test('is asked to call a tool, and gets an answer to its result', async (t) => {
    const anthropic = await client(t);
    const question = { role: 'user' as const, content: 'How is the weather?' };
    const asked = await anthropic.messages.stream({ ...hello, tools, messages: [question] }).finalMessage();
    assert.equal(asked.stop_reason, 'tool_use');
    const [call] = asked.content;
    assert.ok(call?.type === 'tool_use');
    assert.equal(call.name, 'get_weather');
    assert.deepEqual(Object.keys(call.input as object), ['city']);
    const answer = await anthropic.messages.create({
      ...hello,
      tools,
      messages: [
        question,
        { role: 'assistant', content: asked.content },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: call.id, content: '12 °C and dry' }] },
      ],
    });
    const [text] = answer.content;
    assert.match(text?.type === 'text' ? text.text : '', /^The tool answered “12 °C and dry”\./);
  });

  test('is cut at max_tokens, and counts tokens', async (t) => {
    const anthropic = await client(t);
    const cut = await anthropic.messages.stream({ ...hello, max_tokens: 7 }).finalMessage();
    assert.equal(cut.stop_reason, 'max_tokens');
    assert.equal(cut.usage.output_tokens, 7);
    const { input_tokens } = await anthropic.messages.countTokens({ model: 'x', messages: hello.messages });
    assert.equal(input_tokens, cut.usage.input_tokens);
  });

  test('throws its own error for one in mid-stream, behind what came before', async (t) => {
    const anthropic = await client(t, { fault: 'error-event@6' });
    const stream = await anthropic.messages.create({ ...hello, stream: true });
    const seen: string[] = [];
    await assert.rejects(
      async () => {
        for await (const event of stream) seen.push(event.type);
      },
      (error) => error instanceof Anthropic.APIError && error.type === 'overloaded_error',
    );
    assert.equal(seen[0], 'message_start');
  });

  test('throws its errors for requests that are wrong, and for statuses that faults give', async (t) => {
    const mock = await startMock(t, '--preset', 'anthropic');
    await assert.rejects(
      clientOf(mock).messages.create({ model: 'x', max_tokens: 1, messages: [] }),
      (error) =>
        error instanceof Anthropic.BadRequestError &&
        error.type === 'invalid_request_error' &&
        error.requestID?.startsWith('req_01') === true,
    );
    await assert.rejects(clientOf(mock).get('/v1/nothing'), Anthropic.NotFoundError);
    const down = clientOf(mock, { fault: 'status=503' });
    await assert.rejects(down.messages.create({ ...hello, stream: true }), Anthropic.InternalServerError);
  });

  test('can leave in mid-stream', async (t) => {
    const mock = await startMock(t, '--preset', 'anthropic');
    const stream = clientOf(mock, { rate: '20/s', count: '10000' }).messages.stream(hello);
    stream.on('text', () => stream.abort());
    await assert.rejects(stream.finalMessage(), Anthropic.APIUserAbortError);
    await mock.cli.logged(/left/);
  });
});
