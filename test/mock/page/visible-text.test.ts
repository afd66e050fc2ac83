import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { visible, visibleLine, visibleLines } from '../../../src/mock/page/browser/visible-text.ts';

describe('a server’s text', () => {
  test('shows what can’t be seen as a program would write it', () => {
    assert.equal(visible('a\x1b[2J\x07\0\x7f\x9b'), 'a\\x1b[2J\\x07\\0\\x7f\\x9b');
    assert.equal(visible('one\ntwo\r\n\tthree'), 'one\\ntwo\\r\\n\\tthree');
  });

  test('turns no direction, hides nothing between letters', () => {
    assert.equal(visible('\u202egnp.exe\u2066\u200e'), '\\u202egnp.exe\\u2066\\u200e');
    assert.equal(visible('a\u200bb\ufeffc\u2028d'), 'a\\u200bb\\ufeffc\\u2028d');
  });

  test('is otherwise as it was: every script, emoji of several parts', () => {
    for (const text of ['żółw 🐢', 'שלום', '👩‍👩‍👧', '<b>&amp;</b>', '']) assert.equal(visible(text), text);
  });

  test('sets apart what was made visible', () => {
    assert.deepEqual(visibleLine('a\x1b\x1bb'), [
      { text: 'a', control: false },
      { text: '\\x1b\\x1b', control: true },
      { text: 'b', control: false },
    ]);
  });

  test('over several lines keeps line breaks and tabs', () => {
    const shown = visibleLines('a\n\tb\x07\r\n')
      .map(({ text }) => text)
      .join('');
    assert.equal(shown, 'a\n\tb\\x07\\r\n');
  });
});
