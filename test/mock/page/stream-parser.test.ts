import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  MAX_BLOCK_LENGTH,
  type ParserSink,
  StreamParser,
} from '../../../src/mock/page/browser/stream-parser.ts';
import { StreamText } from '../../../src/mock/page/browser/stream-text.ts';
import { byteByByte, bytesOf, cut } from '../../sse/recording-sink.ts';
import * as wire from '../../vectors/wire.ts';

const silent: ParserSink = { event: () => {}, comment: () => {}, retry: () => {} };

/** What the page makes of a body that comes in these pieces. */
function parse(chunks: readonly Uint8Array[]) {
  const told = {
    events: [] as { type: string; data: string; lastEventId: string }[],
    comments: [] as string[],
    retry: null as number | null,
  };
  const parser: StreamParser = new StreamParser({
    event: ({ name, data }) => told.events.push({ type: name, data, lastEventId: parser.lastEventId }),
    comment: (text) => told.comments.push(text),
    retry: (ms) => {
      told.retry = ms;
    },
  });
  const decoder = new StreamText();
  for (const chunk of chunks) parser.push(decoder.decode(chunk));
  return { ...told, finalLastEventId: parser.lastEventId };
}

for (const [group, cases] of Object.entries(wire)) {
  describe(`the page's parser, wire cases: ${group}`, () => {
    for (const { name, stream, events = [], comments = [], retry = null, finalLastEventId = '' } of cases) {
      test(name, () => {
        const expected = {
          events: events.map(({ type = 'message', data, lastEventId = '' }) => ({ type, data, lastEventId })),
          comments: [...comments],
          retry,
          finalLastEventId,
        };
        const bytes = bytesOf(stream);
        assert.deepEqual(parse([bytes]), expected, 'whole');
        assert.deepEqual(parse(byteByByte(bytes)), expected, 'byte by byte');
        for (let at = 1; at < bytes.length; at += Math.ceil(bytes.length / 40))
          assert.deepEqual(parse(cut(bytes, at)), expected, `cut at ${at}`);
      });
    }
  });
}

describe("the page's parser", () => {
  test('knows whether the stream ended inside an event', () => {
    const inside = (text: string) => {
      const parser = new StreamParser(silent);
      parser.push(text);
      return parser.insideEvent;
    };
    assert.equal(inside('data: 1\n\n'), false);
    assert.equal(inside('data: 1\n\n: a comment\n'), false);
    assert.equal(inside('data: 1\n'), true);
    assert.equal(inside('data: 1\n\nda'), true);
  });

  test('refuses a line without end, and a block of lines without end, past the limit', () => {
    const piece = 'x'.repeat(1024 * 1024);
    const endless = (text: string) => {
      const parser = new StreamParser(silent);
      for (let length = 0; length <= MAX_BLOCK_LENGTH; length += text.length) parser.push(text);
    };
    assert.throws(() => endless(piece), RangeError);
    assert.throws(() => endless(`data: ${piece}\n`), RangeError);
    assert.doesNotThrow(() => endless(`data: ${piece}\n\n`));
  });
});
