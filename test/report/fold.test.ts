import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { cutEnd, cutMiddle, displayWidth } from '../../src/report/display-width.ts';
import { fold } from '../../src/report/fold.ts';

function folded(text: string, width: number, maxLines = 100): string[] {
  return fold(text, width, maxLines).lines.map(({ start, end }) => text.slice(start, end));
}

/** Letters, wide characters, joined and plain emoji, marks, and the places where lines break. */
const anyText = fc
  .array(
    fc.constantFrom(
      'a',
      'word ',
      ',',
      '\n',
      '日',
      '한',
      '🎉',
      '👨‍👩‍👧',
      '❤️',
      'e\u0301',
      '\u0301',
      'ﷺ',
      'é',
      '🇪🇺',
    ),
  )
  .map((parts) => parts.join(''));

describe('display width', () => {
  it('counts columns of a terminal, not characters', () => {
    const widths = {
      abc: 3,
      日本語: 6,
      '🎉': 2,
      é: 1,
      'e\u0301': 1,
      'a\u200bb': 2,
      ｆｕｌｌ: 8,
      '→…•': 3,
      '': 0,
    };
    for (const [text, width] of Object.entries(widths)) assert.equal(displayWidth(text), width, text);
  });

  it('never takes a symbol that becomes a picture for a narrow one', () => {
    assert.equal(displayWidth('❤️'), 2);
    assert.equal(displayWidth('🇪🇺'), 2);
  });

  it('cuts names at the end and ids in the middle', () => {
    assert.equal(cutEnd('response.output_text.delta', 10), 'response.…');
    assert.equal(cutMiddle('550e8400-e29b-41d4-a716-446655440000', 11), '550e8…40000');
    assert.equal(cutMiddle('short', 11), 'short');
  });

  it('never cuts to more than the width', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 1, max: 30 }), (text, width) => {
        const line = text.replaceAll('\n', '');
        assert.ok(displayWidth(cutEnd(line, width)) <= width);
        assert.ok(displayWidth(cutMiddle(line, width)) <= width);
      }),
    );
  });
});

describe('folding', () => {
  it('breaks at newlines, and after a space or comma near the end of a line', () => {
    assert.deepEqual(folded('one\ntwo', 10), ['one', 'two']);
    assert.deepEqual(folded('hello brave world', 12), ['hello brave ', 'world']);
    assert.deepEqual(folded('{"a":1,"bcd":2}', 10), ['{"a":1,', '"bcd":2}']);
    assert.deepEqual(folded('abcdefghij', 4), ['abcd', 'efgh', 'ij']);
  });

  it('keeps a line that just fits whole, and the empty lines of a text', () => {
    assert.deepEqual(folded('abcd\nef', 4), ['abcd', 'ef']);
    assert.deepEqual(folded('a\n\nb\n', 4), ['a', '', 'b', '']);
    assert.deepEqual(folded('', 4), ['']);
  });

  it('never puts half a wide character on a line', () => {
    assert.deepEqual(folded('日本語テ', 5), ['日本', '語テ']);
  });

  it('never makes a line wider than asked, and loses nothing but line ends', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 2, max: 40 }), (text, width) => {
        const lines = folded(text, width, 10_000);
        for (const line of lines) assert.ok(displayWidth(line) <= width, JSON.stringify(line));
        assert.equal(lines.join(''), text.replaceAll('\n', ''));
      }),
    );
  });

  it('stops at the last line asked for and tells that there is more', () => {
    assert.deepEqual(fold('a\nb\nc', 10, 2), {
      lines: [
        { start: 0, end: 1 },
        { start: 2, end: 3 },
      ],
      cut: true,
    });
    assert.equal(fold('a\nb', 10, 2).cut, false);
  });

  it('breaks a line of marks without end', () => {
    const { lines, cut } = fold(`a${'\u0301'.repeat(1_000_000)}`, 10, 3);
    assert.ok(cut);
    assert.ok((lines.at(-1)?.end ?? 0) < 1000);
  });
});
