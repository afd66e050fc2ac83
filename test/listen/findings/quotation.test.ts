import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { quotation, quotedBytes } from '../../../src/listen/findings/quotation.ts';

describe('a quotation', () => {
  test('stands in the quotes that the text has none of', () => {
    assert.equal(quotation('a b'), '"a b"');
    assert.equal(quotation('{"a": 1}'), `'{"a": 1}'`);
    assert.equal(quotation(`{"a": 'b'}`), `"{\\"a\\": 'b'}"`);
    assert.equal(quotation('{"a": "\\n"}'), `'{"a": "\\\\n"}'`);
  });

  test('shows what nobody would see', () => {
    assert.equal(quotation('\ufeffa\0'), '"\\ufeffa\\u0000"');
  });

  test('is cut, and never inside a character', () => {
    assert.equal(quotation('x'.repeat(61)), `"${'x'.repeat(59)}…"`);
    assert.equal(quotation(`${'x'.repeat(58)}😀😀`), `"${'x'.repeat(58)}…"`);
    assert.equal(quotedBytes(Buffer.from('é'.repeat(1e6))), `"${'é'.repeat(59)}…"`);
  });
});
