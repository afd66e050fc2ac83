import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  compareIds,
  isStreamId,
  positionsOf,
  wireId,
} from '../../../../src/mock/channels/redis/stream-id.ts';

const part = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const id = fc.tuple(part, part);
const write = ([ms, seq]: readonly [bigint, bigint]) => `${ms}-${seq}`;

describe('an id of a Redis stream', () => {
  it('is two numbers of 64 bits', () => {
    for (const text of ['0-0', '1700000000000-0', '5-18446744073709551615', '18446744073709551615-1'])
      assert.equal(isStreamId(text), true, text);
    const wrong = ['', '5', '5-', '-5', '05-0', '5-00', '5-1-2', '5-x', '+5-0', ' 5-0', '5-0\n', '1e3-0'];
    for (const text of [...wrong, '18446744073709551616-0', '0-18446744073709551616', '٥-0'])
      assert.equal(isStreamId(text), false, text);
  });

  it('has the order of its numbers, to the last bit', () => {
    fc.assert(
      fc.property(id, id, (one, other) => {
        const expected =
          one[0] === other[0]
            ? Number(one[1] > other[1]) - Number(one[1] < other[1])
            : one[0] > other[0]
              ? 1
              : -1;
        assert.equal(Math.sign(compareIds(write(one), write(other))), expected);
      }),
    );
  });
});

describe('the id of an event on the wire', () => {
  it('is the entry’s own on a stream of one channel', () => {
    assert.equal(wireId(['5-0']), '5-0');
    assert.deepEqual(positionsOf('5-0', 1), ['5-0']);
  });

  it('is the position in each on a stream of several', () => {
    fc.assert(
      fc.property(fc.array(id, { minLength: 1, maxLength: 5 }), (ids) => {
        const positions = ids.map(write);
        assert.deepEqual(positionsOf(wireId(positions), positions.length), positions);
        assert.equal(positionsOf(wireId(positions), positions.length + 1), undefined);
      }),
    );
  });

  it('is the beginning of all of them for 0', () => {
    assert.deepEqual(positionsOf('0', 2), ['0-0', '0-0']);
  });

  it('is nothing where a part is none', () => {
    for (const text of ['', ',', '5-0,', '5-0,x', '5-0, 6-0', '5-0,6-0,7-0']) {
      assert.equal(positionsOf(text, 2), undefined, text);
    }
  });
});
