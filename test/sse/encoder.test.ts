import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { encodeComment, encodeEvent } from '../../src/sse/encoder.ts';

describe('an encoded event', () => {
  test('has its fields, then its data, then a blank line', () => {
    assert.equal(
      encodeEvent({ event: 'update', id: '7', data: 'hello', retry: 3000 }),
      'id: 7\nevent: update\nretry: 3000\ndata: hello\n\n',
    );
  });
  test('has no line for what is not given', () => {
    assert.equal(encodeEvent({ data: 'hello' }), 'data: hello\n\n');
  });
  test('has a data line for each line, whatever ends it', () => {
    assert.equal(
      encodeEvent({ data: 'a\nb\rc\r\nd\n\ne' }),
      'data: a\ndata: b\ndata: c\ndata: d\ndata: \ndata: e\n\n',
    );
  });
  test('has a data line for empty data, or it would be no event', () => {
    assert.equal(encodeEvent({ data: '' }), 'data: \n\n');
  });
  test('has an empty id line for an empty id, which resets', () => {
    assert.equal(encodeEvent({ id: '', data: 'a' }), 'id: \ndata: a\n\n');
  });

  for (const ending of ['\n', '\r', '\r\n']) {
    test(`can't have ${JSON.stringify(ending)} in its type or id`, () => {
      const refused = { code: 'UNENCODABLE_EVENT', message: /line ending/ };
      assert.throws(() => encodeEvent({ event: `a${ending}b`, data: '' }), refused);
      assert.throws(() => encodeEvent({ id: `a${ending}data: b`, data: '' }), refused);
    });
  }
  test("can't have NUL in its id, but in its type and data", () => {
    assert.throws(() => encodeEvent({ id: 'a\0', data: '' }), { code: 'UNENCODABLE_EVENT', message: /NUL/ });
    assert.equal(encodeEvent({ event: '\0', data: '\0' }), 'event: \0\ndata: \0\n\n');
  });
  for (const retry of [-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 1e21]) {
    test(`can't have a retry of ${retry}`, () => {
      assert.throws(() => encodeEvent({ data: '', retry }), { code: 'UNENCODABLE_EVENT', message: /retry/ });
    });
  }
});

describe('an encoded comment', () => {
  test('is a line', () => {
    assert.equal(encodeComment('keepalive'), ': keepalive\n');
  });
  test('is a line for each line, so that none becomes a field', () => {
    assert.equal(encodeComment('a\ndata: b\r\nc\rd'), ': a\n: data: b\n: c\n: d\n');
  });
  test('may be empty', () => {
    assert.equal(encodeComment(''), ': \n');
  });
});
