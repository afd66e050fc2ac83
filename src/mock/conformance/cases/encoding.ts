import { bytewise, RETRY_LINE, write } from '../acts.ts';
import { formatCase } from '../format-case.ts';

/** So that even a busy client reads them one by one. */
const GAP_MS = 20;

export const bom = formatCase({
  id: 'bom',
  text: 'skips a byte order mark, at the very beginning alone',
  writes: [write(`\ufeffdata: one\n${RETRY_LINE}\n\ufeffdata: two\n\ndata: three\n\n`)],
  expected: ['one', 'three'],
  proof: { id: 'bom', writes: [write(`\ufeffid: bom\n${RETRY_LINE}data: one\n\n`)] },
});

export const utf8Split = formatCase({
  id: 'utf8-split',
  text: 'joins UTF-8 characters that come byte by byte',
  writes: bytewise(`${RETRY_LINE}data: grüße ✓ 日本 𝄞\n\n`, GAP_MS),
  expected: ['grüße ✓ 日本 𝄞'],
});

export const invalidUtf8 = formatCase({
  id: 'utf8-invalid',
  text: 'reads bytes that are no UTF-8 as U+FFFD, and goes on',
  writes: [
    write(
      Buffer.concat([
        Buffer.from(`${RETRY_LINE}data: a`),
        Buffer.of(0xff),
        Buffer.from('b'),
        // Two of the three bytes of a character.
        Buffer.of(0xe2, 0x82),
        Buffer.from('c\n\n'),
      ]),
    ),
  ],
  expected: ['a\ufffdb\ufffdc'],
});

export const typeParameters = formatCase({
  id: 'type-parameters',
  text: 'takes a text/event-stream with parameters',
  section: 'the-eventsource-interface',
  contentType: 'text/event-stream;charset=UTF-8',
  writes: [write(`${RETRY_LINE}id: type-parameters\ndata: one\n\n`)],
  expected: ['one'],
  proof: { id: 'type-parameters' },
});

export const typeCase = formatCase({
  id: 'type-case',
  text: 'takes Text/Event-Stream for the same type',
  section: 'the-eventsource-interface',
  contentType: 'Text/Event-Stream',
  writes: [write(`${RETRY_LINE}id: type-case\ndata: one\n\n`)],
  expected: ['one'],
  proof: { id: 'type-case' },
});
