import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkedChannels } from '../../../src/mock/channels/channel-names.ts';
import { RequestError } from '../../../src/mock/request.ts';

describe('the channels of a request', () => {
  it('are each taken once', () => {
    assert.deepEqual(checkedChannels(['b', 'a', 'b', 'user:7', 'größe 1']), ['b', 'a', 'user:7', 'größe 1']);
  });

  const refused: readonly [what: string, names: string[], message: RegExp][] = [
    ['none at all', [], /no channel/],
    ['an empty name', ['a', ''], /needs a name/],
    ['a long name', ['x'.repeat(201)], /too long: at most 200/],
    ['control characters', ['a\nb'], /"a\\nb" has control characters/],
    ['too many', Array.from({ length: 101 }, (_, n) => `c${n}`), /101 channels are too many: at most 100/],
  ];
  for (const [what, names, message] of refused) {
    it(`are refused for ${what}`, () => {
      assert.throws(
        () => checkedChannels(names),
        (error) => error instanceof RequestError && error.status === 400 && message.test(error.message),
      );
    });
  }
});
