import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { streamTokens } from '../../../src/llm/ai-token.ts';
import {
  type AnswerPart,
  joined,
  type LlmAnswer,
  outputTokens,
  type WireEvent,
} from '../../../src/llm/answer.ts';
import { streamMessage } from '../../../src/llm/anthropic.ts';
import { streamContent } from '../../../src/llm/gemini.ts';
import { streamChatCompletion } from '../../../src/llm/openai-chat.ts';
import { ResponsesWriter } from '../../../src/llm/openai-responses.ts';
import { encodeEvent } from '../../../src/sse/encoder.ts';
import { cut, decodeChunks } from '../../sse/recording-sink.ts';
import { context } from '../written.ts';
import { follow } from './followed.ts';

/** Halves of characters too: services cut where they like. */
const unit = fc.oneof(
  fc.constantFrom(
    'a',
    ' ',
    '\n',
    '\r',
    '\r\n',
    '\0',
    '"',
    '\\',
    '👩‍🚀',
    '🌊',
    'e\u0301',
    '\u2028',
    '\ufeff',
    'data: x\n\n',
  ),
  fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
);
const tokens = fc.array(fc.string({ unit, minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 12 });
const argumentsOfTool = fc
  .dictionary(fc.string({ unit, maxLength: 4 }), fc.oneof(fc.string({ unit, maxLength: 8 }), fc.integer()), {
    maxKeys: 4,
  })
  .map((value) => JSON.stringify(value).match(/[\s\S]{1,5}/g) ?? []);
const part: fc.Arbitrary<AnswerPart> = fc.oneof(
  tokens.map((each) => ({ kind: 'text' as const, tokens: each })),
  tokens.map((each) => ({ kind: 'thinking' as const, tokens: each })),
  fc
    .tuple(fc.constantFrom('get_weather', 'sag’s'), argumentsOfTool)
    .map(([name, each]) => ({ kind: 'tool' as const, name, tokens: each })),
);
const answers: fc.Arbitrary<LlmAnswer> = fc
  .tuple(
    fc.array(part, { minLength: 1, maxLength: 5 }),
    fc.constantFrom('stop' as const, 'length' as const, 'tool' as const),
    fc.nat(500),
  )
  .map(([parts, finish, inputTokens]) => ({ model: 'model-1', parts, finish, inputTokens }));

interface Writing {
  format: string;
  write(answer: LlmAnswer, seed: number): Iterable<WireEvent>;
  /** What it leaves out. */
  hides: readonly AnswerPart['kind'][];
  lineEnd?: string;
}

const WRITERS: readonly Writing[] = [
  {
    format: 'openai',
    write: (answer, seed) =>
      streamChatCompletion(answer, context(seed), { includeUsage: true, obfuscate: seed % 2 === 0 }),
    hides: ['thinking'],
  },
  {
    format: 'openai-responses',
    write: (answer, seed) =>
      new ResponsesWriter(answer, context(seed), { obfuscate: seed % 2 === 0, echo: {} }).stream(),
    hides: [],
  },
  { format: 'anthropic', write: (answer, seed) => streamMessage(answer, context(seed)), hides: [] },
  {
    format: 'gemini',
    write: (answer, seed) => streamContent(answer, context(seed)),
    hides: [],
    lineEnd: '\r\n',
  },
  {
    format: 'ai-token',
    write: (answer) => streamTokens(answer, 'msg-1'),
    hides: ['thinking', 'tool'],
  },
];

function textOf(answer: LlmAnswer, kind: AnswerPart['kind']): string {
  return answer.parts
    .filter((each) => each.kind === kind)
    .map(joined)
    .join('');
}

describe('what is joined', () => {
  for (const { format, write, hides, lineEnd = '\n' } of WRITERS) {
    test(`is what was written, as ${format}, however it is cut`, () => {
      const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 30 });
      const property = fc.property(answers, fc.nat(9), cuts, (answer, seed, places) => {
        const text = [...write(answer, seed)].map(({ event }) => encodeEvent(event)).join('');
        const bytes = Buffer.from(text.replaceAll('\n', lineEnd));
        const offsets = places.map((place) => Math.floor(place * bytes.length)).sort((a, b) => a - b);
        const read = follow(decodeChunks(cut(bytes, ...offsets)).sink.events);
        assert.equal(read.format, format);
        assert.equal(read.followed.messages.size, 1);
        const [message] = read.followed.messages.values();
        const choice = message?.choices.get(0);
        const shown = (kind: AnswerPart['kind']) => (hides.includes(kind) ? '' : textOf(answer, kind));
        assert.equal(choice?.text ?? '', shown('text'));
        assert.equal(choice?.thinking ?? '', shown('thinking'));
        const calls = hides.includes('tool') ? [] : answer.parts.filter((each) => each.kind === 'tool');
        assert.deepEqual(
          [...(choice?.calls.values() ?? [])].map((call) => [call.name, JSON.parse(call.arguments)]),
          calls.map((call) => [call.name, JSON.parse(joined(call))]),
        );
        assert.equal(message?.complete, true);
        assert.deepEqual(message?.errors, []);
        if (message?.usage !== undefined) assert.equal(message.usage.output, outputTokens(answer));
      });
      fc.assert(property, { numRuns: 200 });
    });
  }
});
