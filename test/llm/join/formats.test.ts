import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { aiToken } from '../../../src/llm/join/ai-token.ts';
import { anthropic } from '../../../src/llm/join/anthropic.ts';
import { formatOf, isPing } from '../../../src/llm/join/formats.ts';
import { gemini } from '../../../src/llm/join/gemini.ts';
import { openAiChat } from '../../../src/llm/join/openai-chat.ts';
import { openAiResponses } from '../../../src/llm/join/openai-responses.ts';
import { textAt } from '../../../src/llm/join/path.ts';
import { Followed, follow, jsonOf } from './followed.ts';

const told = (data: string, event = 'message') => formatOf({ event, data }, jsonOf(data))?.name;
const message = (data: unknown, event = 'message') => ({ event, data: JSON.stringify(data) });

describe('what an event tells of its format', () => {
  test('is nothing where others have it as well', () => {
    for (const data of [
      '',
      'hello',
      '42',
      'null',
      '[]',
      '{}',
      '{"type":"ping"}',
      '{"id":1}',
      '{"choices":[]}',
    ]) {
      assert.equal(told(data), undefined, data);
    }
    assert.equal(told('{"token":"abc"}'), undefined);
    assert.equal(told('{"type":"message"}'), undefined);
  });

  test('is told by an error too', () => {
    assert.equal(told('{"error":{"message":"No","type":"server_error"}}'), 'openai');
    assert.equal(told('{"error":{"code":503,"message":"No","status":"UNAVAILABLE"}}'), 'gemini');
    assert.equal(
      told('{"type":"error","error":{"type":"overloaded_error","message":"No"}}', 'error'),
      'anthropic',
    );
    assert.equal(
      told('{"type":"error","error":{"type":"server_error","message":"No"},"sequence_number":3}', 'error'),
      'openai-responses',
    );
  });

  test('is openai where nothing but the end came', () => {
    assert.equal(told('[DONE]'), 'openai');
  });

  test('knows pings', () => {
    assert.ok(isPing({ event: 'ping', data: '{}' }));
    assert.ok(isPing({ event: 'keep-alive', data: 'x' }));
    assert.ok(isPing({ event: 'message', data: '{"type":"ping"}' }));
    assert.ok(!isPing({ event: 'pinged', data: '{}' }));
  });
});

describe('a reader', () => {
  test('begins another message behind the end of one', () => {
    const chunk = (id: string, content: string) =>
      message({ id, object: 'chat.completion.chunk', choices: [{ index: 0, delta: { content } }] });
    const done = { event: 'message', data: '[DONE]' };
    const { followed } = follow([chunk('a', 'one'), done, chunk('a', 'two'), done]);
    assert.deepEqual(
      [...followed.messages.values()].map(({ choices, complete }) => [choices.get(0)?.text, complete]),
      [
        ['one', true],
        ['two', true],
      ],
    );
  });

  test('tells a message that goes on on another connection from a new one', () => {
    const chunk = (id: string, content: string) =>
      message({ id, object: 'chat.completion.chunk', choices: [{ index: 0, delta: { content } }] });
    for (const [second, count] of [
      ['a', 1],
      ['b', 2],
    ] as const) {
      const followed = new Followed();
      const reader = openAiChat.reader(followed);
      for (const event of [chunk('a', 'one'), chunk(second, 'two')]) {
        reader.read(event, jsonOf(event.data));
        reader.reconnected();
      }
      assert.equal(followed.messages.size, count);
    }
  });

  test('takes another id within a connection for the same completion', () => {
    // Gateways make up an id for each chunk.
    const chunk = (id: string) =>
      message({ id, object: 'chat.completion.chunk', choices: [{ index: 0, delta: { content: id } }] });
    const { followed } = follow([chunk('a'), chunk('b')]);
    assert.equal(followed.messages.size, 1);
  });

  test('finds usage where Groq has it', () => {
    const last = {
      choices: [{ index: 0, delta: {}, finish_reason: 'stop' }],
      x_groq: { usage: { completion_tokens: 7 } },
    };
    const { followed } = follow([message({ object: 'chat.completion.chunk', ...last })]);
    assert.equal(followed.messages.get('1')?.usage?.output, 7);
  });

  test('takes an answer for whole when each of its candidates has its reason', () => {
    const part = (index: number, text: string, finishReason?: string) =>
      message({ candidates: [{ index, content: { parts: [{ text }] }, finishReason }], responseId: 'r' });
    const events = [part(0, 'Salt'), part(1, 'Low'), part(0, ' air', 'STOP'), part(1, ' fog')];
    assert.equal(follow(events).followed.messages.get('1')?.complete, false);
    const { followed } = follow([...events, part(1, '.', 'STOP')]);
    assert.equal(followed.messages.size, 1);
    assert.equal(followed.messages.get('1')?.complete, true);
  });

  test('reads the text of a path, numbers as they were written', () => {
    const format = textAt('a', (json, data) => {
      const { a: value } = json as { a: unknown };
      return value === undefined ? undefined : { value, text: data };
    });
    const followed = new Followed();
    const reader = format.reader(followed);
    for (const [a, data] of [
      ['x', 'x'],
      [1, '1.0'],
      [true, 'true'],
      [null, 'null'],
      [undefined, 'undefined'],
      ['', ''],
      [{ b: 1 }, '{"b":1}'],
    ])
      reader.read({ event: '', data: String(data) }, { a });
    assert.equal(followed.messages.get('')?.choices.get(0)?.text, 'x1.0true{"b":1}');
  });

  test('is not put off by anything that a server may send', () => {
    const names = [
      'type',
      'choices',
      'delta',
      'content',
      'index',
      'tool_calls',
      'function',
      'usage',
      'error',
      'candidates',
      'parts',
      'response',
      'item',
      'content_block',
      'message',
      'token',
      'output_index',
      'id',
      'object',
      '__proto__',
    ];
    const words = [
      'message_start',
      'content_block_delta',
      'response.output_item.done',
      'response.failed',
      'error',
      'chat.completion.chunk',
      'text_delta',
    ];
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 6 },
        fc.constantFrom(null, true, -1, 1e300, '', 'x', ...words),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom(...names), tie('value'), { maxKeys: 5 }),
      ),
    }));
    const formats = [openAiChat, openAiResponses, anthropic, gemini, aiToken];
    const names2 = fc.constantFrom('message', 'ai:token', 'error', 'response.created', '__proto__');
    fc.assert(
      fc.property(fc.array(fc.tuple(names2, value), { maxLength: 6 }), (events) => {
        for (const format of formats) {
          const reader = format.reader(new Followed());
          for (const [event, json] of events) {
            format.recognises({ event, data: '' }, json);
            reader.read({ event, data: '' }, json);
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});
