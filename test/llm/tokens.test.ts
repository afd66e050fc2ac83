import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { tokenise } from '../../src/llm/tokens.ts';

describe('the splitting into tokens', () => {
  test('keeps spaces in front of words, takes long words apart, and scripts without spaces', () => {
    assert.deepEqual(tokenise('The straightforward answer, in 2026:\n\n朝の駅 🐝!'), [
      'The',
      ' stra',
      'ightf',
      'orward',
      ' answer',
      ',',
      ' in',
      ' 202',
      '6',
      ':',
      '\n\n',
      '朝の',
      '駅',
      ' 🐝',
      '!',
    ]);
  });

  test('gives back every text, joined, and never half a character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const tokens = tokenise(text);
        assert.equal(tokens.join(''), text);
        for (const token of tokens) assert.equal(Buffer.from(token).toString(), token);
      }),
      { numRuns: 500 },
    );
  });

  test('takes a joined emoji apart at its code points, as services do', () => {
    assert.deepEqual(tokenise('👩‍🚀'), ['👩', '\u200d', '🚀']);
  });

  test('takes time that grows with the text alone', () => {
    const text = `${'a'.repeat(50_000)} ${'!'.repeat(50_000)}${' '.repeat(50_000)}`;
    assert.equal(tokenise(text).join('').length, text.length);
  });
});
