import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { byteByByte, decodeChunks } from '../../sse/recording-sink.ts';
import { follow } from './followed.ts';

const folder = new URL('../samples/', import.meta.url);

/** What each sample, in the very form of its service, comes to. */
const SAMPLES: Record<string, { format: string; told: object[] }> = {
  'openai.sse': {
    format: 'openai',
    told: [
      {
        choices: [{ text: 'The tide turns twice a day – 🌊.\n', finish: 'stop' }],
        usage: { input: 11, output: 9, reasoning: 0 },
        complete: true,
      },
    ],
  },
  'openai-hidden-reasoning.sse': {
    format: 'openai',
    told: [
      {
        choices: [{ text: 'Forty-two.', finish: 'stop' }],
        usage: { input: 11, output: 60, reasoning: 51 },
        complete: true,
      },
    ],
  },
  'openai-tools.sse': {
    format: 'openai',
    told: [
      {
        choices: [
          {
            tools: ['get_weather({"city":"Oslo"})…', 'get_time({"zone":"Europe/Oslo"})…'],
            finish: 'tool_calls',
          },
        ],
        complete: true,
      },
    ],
  },
  'openai-choices.sse': {
    format: 'openai',
    told: [
      {
        choices: [
          { text: 'Salt air.', finish: 'stop' },
          { text: 'Low fog', finish: 'stop' },
        ],
        usage: { input: 11, output: 9, reasoning: 0 },
        complete: true,
      },
    ],
  },
  'openai-error.sse': {
    format: 'openai',
    told: [
      {
        choices: [{ text: 'Half a' }],
        errors: ['The server had an error while processing your request. (server_error)'],
        complete: false,
      },
    ],
  },
  'openai-refusal.sse': {
    format: 'openai',
    told: [{ choices: [{ refusal: "I can't help with that.", finish: 'stop' }], complete: true }],
  },
  'azure.sse': {
    format: 'openai',
    told: [{ choices: [{ text: 'I start, and stop', finish: 'content_filter' }], complete: true }],
  },
  'deepseek.sse': {
    format: 'openai',
    told: [
      {
        choices: [{ text: 'It is 42.', thinking: 'Seven times six.', finish: 'stop' }],
        usage: { input: 14, output: 8, reasoning: 4 },
        complete: true,
      },
    ],
  },
  'openrouter.sse': {
    format: 'openai',
    told: [
      {
        choices: [{ text: 'Well, then', thinking: 'Hm', finish: 'error' }],
        errors: ['Provider returned error (502)'],
        complete: false,
      },
    ],
  },
  'vllm-error.sse': {
    format: 'openai',
    told: [
      {
        choices: [{ text: 'Half a' }],
        errors: ['EngineCore encountered an issue. (InternalServerError)'],
        complete: true,
      },
    ],
  },
  'mistral.sse': {
    format: 'openai',
    told: [
      {
        choices: [{ text: 'Three of them.', thinking: 'Let me count.', finish: 'stop' }],
        usage: { input: 5, output: 7, reasoning: undefined },
        complete: true,
      },
    ],
  },
  'completions.sse': {
    format: 'openai',
    told: [{ choices: [{ text: 'Once upon a', finish: 'length' }], complete: true }],
  },
  'openai-responses.sse': {
    format: 'openai-responses',
    told: [
      {
        choices: [
          {
            text: 'High water at noon.',
            thinking: '**Looking**\n\nat both.\n\n**Choosing**',
            tools: ['web_search({"type":"search","query":"tides"})', 'set_alarm({"at":"11:45"})'],
            finish: 'completed',
          },
        ],
        usage: { input: 20, output: 31, reasoning: 12 },
        complete: true,
      },
    ],
  },
  'openai-responses-incomplete.sse': {
    format: 'openai-responses',
    told: [
      {
        choices: [{ text: 'Cut off', finish: 'max_output_tokens' }],
        usage: { input: 20, output: 31, reasoning: 12 },
        complete: true,
      },
    ],
  },
  'openai-responses-failed.sse': {
    format: 'openai-responses',
    told: [
      {
        choices: [{ text: 'Half' }],
        errors: ['Rate limit reached for gpt-5-mini. (rate_limit_exceeded)'],
        complete: false,
      },
    ],
  },
  'openai-responses-error.sse': {
    format: 'openai-responses',
    told: [
      { choices: [{ text: 'Half' }], errors: ['Something went wrong. (server_error)'], complete: false },
    ],
  },
  'openai-responses-refusal.sse': {
    format: 'openai-responses',
    told: [
      {
        choices: [{ refusal: 'I would rather not.', finish: 'completed' }],
        usage: { input: 20, output: 31, reasoning: 12 },
        complete: true,
      },
    ],
  },
  'anthropic.sse': {
    format: 'anthropic',
    told: [
      {
        choices: [
          {
            text: 'Go north ↑.',
            thinking: 'First, the map.',
            tools: ['get_route({"from": "A", "to": "B"})', 'get_time({})'],
            finish: 'tool_use',
          },
        ],
        usage: { input: 40, output: 57, reasoning: undefined },
        complete: true,
      },
    ],
  },
  'anthropic-search.sse': {
    format: 'anthropic',
    told: [
      {
        choices: [
          {
            text: 'According to the table, high water is at noon.',
            tools: ['web_search({"query": "tide tables"})'],
            finish: 'end_turn',
          },
        ],
        usage: { input: 40, output: 80, reasoning: undefined },
        complete: true,
      },
    ],
  },
  'anthropic-overloaded.sse': {
    format: 'anthropic',
    told: [
      {
        choices: [{ text: 'I was' }],
        usage: { input: 40, output: undefined, reasoning: undefined },
        errors: ['Overloaded (overloaded_error)'],
        complete: false,
      },
    ],
  },
  'anthropic-refusal.sse': {
    format: 'anthropic',
    told: [
      {
        choices: [{ text: "I'd rather", finish: 'refusal' }],
        usage: { input: 40, output: 4, reasoning: undefined },
        complete: true,
      },
    ],
  },
  'gemini.sse': {
    format: 'gemini',
    told: [
      {
        choices: [
          {
            text: 'Take the ferry at nine.',
            thinking: '**Plan**\n\nThe usual.',
            tools: ['book({"at":"09:00"})'],
            finish: 'STOP',
          },
        ],
        usage: { input: 6, output: 23, reasoning: 14 },
        complete: true,
      },
    ],
  },
  'gemini-blocked.sse': {
    format: 'gemini',
    told: [
      {
        choices: [{ finish: 'PROHIBITED_CONTENT' }],
        usage: { input: 6, output: undefined, reasoning: undefined },
        complete: true,
      },
    ],
  },
  'gemini-candidates.sse': {
    format: 'gemini',
    told: [
      {
        choices: [
          { text: 'Salt air', finish: 'STOP' },
          { text: 'Low fog', finish: 'STOP' },
        ],
        complete: true,
      },
    ],
  },
  'gemini-error.sse': {
    format: 'gemini',
    told: [
      {
        choices: [{ text: 'Half' }],
        usage: { input: 6, output: undefined, reasoning: undefined },
        errors: ['The model is overloaded. (UNAVAILABLE)'],
        complete: false,
      },
    ],
  },
  'ai-token.sse': {
    format: 'ai-token',
    told: [
      { choices: [{ text: 'Good day' }], complete: true },
      { choices: [{ text: 'Bonjour' }], complete: true },
    ],
  },
  'ai-token-error.sse': {
    format: 'ai-token',
    told: [
      {
        choices: [{ text: 'Good' }],
        errors: ['The model stopped answering (upstream_error)'],
        complete: false,
      },
    ],
  },
};

describe('a stream as its service sends it', () => {
  for (const [name, expected] of Object.entries(SAMPLES)) {
    const bytes = readFileSync(new URL(name, folder));

    test(`${name} is recognised and joined`, () => {
      const { format, followed } = follow(decodeChunks([bytes]).sink.events);
      assert.deepEqual({ format, told: followed.told }, expected);
    });

    test(`${name} comes to the same byte by byte, and with other line ends`, () => {
      const crlf = Buffer.from(bytes.toString().replace(/\r?\n/g, '\r\n'));
      const cr = Buffer.from(bytes.toString().replace(/\r?\n/g, '\r'));
      for (const each of [bytes, crlf, cr]) {
        const { format, followed } = follow(decodeChunks(byteByByte(each)).sink.events);
        assert.deepEqual({ format, told: followed.told }, expected);
      }
    });
  }

  test('is there for every file', () => {
    assert.deepEqual(readdirSync(folder).sort(), Object.keys(SAMPLES).sort());
  });
});
