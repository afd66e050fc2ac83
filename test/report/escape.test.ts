import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { escapeInline, escapeJson, escapeText } from '../../src/report/escape.ts';

describe('escaping what a server sent', () => {
  it('shows terminal commands instead of obeying them', () => {
    assert.equal(escapeText('\x1b[2J\x1b[31mred'), '␛[2J␛[31mred');
    assert.equal(escapeText('\x1b]52;c;ZXZpbA==\x07'), '␛]52;c;ZXZpbA==␇');
    assert.equal(escapeText('\x1b]0;title\x1b\\'), '␛]0;title␛\\');
    assert.equal(escapeText('\x9b31m\x9d0;title\x9c'), '\\x9b31m\\x9d0;title\\x9c');
  });

  it('shows what would overwrite, ring or delete', () => {
    assert.equal(escapeText('safe\rEVIL\b\x7f\x00'), 'safe␍EVIL␈␡␀');
  });

  it('shows characters that turn text around or break lines unseen', () => {
    assert.equal(escapeText('\u202egnp.exe\u2066x\u2069'), '\\u202egnp.exe\\u2066x\\u2069');
    assert.equal(escapeText('a\u2028b\u2029c'), 'a\\u2028b\\u2029c');
  });

  it('leaves all other text as it is', () => {
    const text = 'tab\tnewline\nüñí 日本語 🎉 e\u0301 עברית';
    assert.equal(escapeText(text), text);
  });

  it('keeps names, ids and headers on one line', () => {
    assert.equal(escapeInline('a\tb\nc'), 'a␉b␊c');
  });

  it('leaves nothing behind that a terminal obeys, whatever comes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        assert.doesNotMatch(escapeText(text), /[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]/);
        assert.doesNotMatch(escapeInline(text), /[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]/);
      }),
    );
  });

  it('keeps the value of JSON', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const escaped = escapeJson(JSON.stringify(text));
        assert.doesNotMatch(escaped, /[\x00-\x1f\x7f-\x9f\u202e]/);
        assert.equal(JSON.parse(escaped), text);
      }),
    );
  });
});
