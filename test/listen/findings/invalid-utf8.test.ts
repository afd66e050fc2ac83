import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type InvalidSequence, invalidSequences } from '../../../src/listen/findings/strict/invalid-utf8.ts';

const found = (hex: string): InvalidSequence[] => [...invalidSequences(Buffer.from(hex, 'hex'))];

/** Bytes of which many nearly are characters. */
const bytes = fc.array(
  fc.oneof(
    fc.integer({ min: 0, max: 255 }),
    fc.constantFrom(0x41, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc1, 0xc2, 0xe0, 0xed, 0xef, 0xf0, 0xf4, 0xf5),
  ),
  { maxLength: 12 },
);

describe('the search for what is no UTF-8', () => {
  test('finds one sequence for each U+FFFD of a TextDecoder, at its place', () => {
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
    fc.assert(
      fc.property(bytes, (list) => {
        const input = Uint8Array.from(list);
        let text = '';
        let from = 0;
        for (const { index, length } of invalidSequences(input)) {
          text += `${new TextDecoder('utf-8', { ignoreBOM: true, fatal: true }).decode(input.subarray(from, index))}\ufffd`;
          from = index + length;
        }
        text += decoder.decode(input.subarray(from));
        assert.equal(text, decoder.decode(input));
      }),
      { numRuns: 5_000 },
    );
  });

  const problems: [string, InvalidSequence['problem']][] = [
    ['80', 'stray-byte'],
    ['ff', 'stray-byte'],
    ['c3', 'cut-short'],
    ['e282', 'cut-short'],
    ['f09f98', 'cut-short'],
    ['c0af', 'overlong'],
    ['e080af', 'overlong'],
    ['f08080af', 'overlong'],
    ['eda080', 'surrogate'],
    ['edbfbf', 'surrogate'],
    ['f4908080', 'too-large'],
    ['f5808080', 'too-large'],
  ];
  for (const [hex, problem] of problems) {
    test(`says of ${hex} that it is ${problem}`, () => {
      assert.equal(found(hex)[0]?.problem, problem);
    });
  }

  test('finds nothing in UTF-8', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        (text) => found(Buffer.from(text).toString('hex')).length === 0,
      ),
    );
  });
});
