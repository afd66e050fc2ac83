import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { lostIdComment, resetEvent } from '../../src/mock/lost-id.ts';
import { encodeComment, encodeEvent } from '../../src/sse/encoder.ts';

describe('what is said of a lost id', () => {
  it('is a comment of one line, whatever the id', () => {
    const text = encodeComment(lostIdComment('7\n\ndata: forged\r'));
    assert.match(text, /^: there is no event "7\\n\\ndata: forged\\r" here, .*oldest.*\n$/);
    assert.equal(text.split('\n').length, 2);
  });

  it('quotes no more than the beginning of an endless id', () => {
    assert.ok(lostIdComment('x'.repeat(100_000)).length < 400);
  });

  it('is an event that makes clients forget their last id and tells which it was', () => {
    assert.equal(
      encodeEvent(resetEvent('a"\nb')),
      'id: \nevent: reset\ndata: {"lastEventId":"a\\"\\nb"}\n\n',
    );
  });
});
