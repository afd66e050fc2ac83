import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { IdSequence, idsBetween } from '../../../src/mock/page/browser/id-sequence.ts';

/** The verdicts on ids that come in this order, and the totals. */
function follow(...ids: (string | number)[]) {
  const sequence = new IdSequence();
  const verdicts = ids.map((id) => sequence.see(String(id)));
  const kinds = verdicts.map((verdict) =>
    verdict?.kind === 'missing' ? `missing ${verdict.count}` : (verdict?.kind ?? '–'),
  );
  return { kinds, missing: sequence.missing, repeated: sequence.repeated };
}

describe('ids that are numbers', () => {
  test('follow one another', () => {
    assert.deepEqual(follow(41, 42, 43), { kinds: ['–', 'next', 'next'], missing: 0, repeated: 0 });
  });

  test('leave some out', () => {
    assert.deepEqual(follow(1, 2, 5, 6), {
      kinds: ['–', 'next', 'missing 2', 'next'],
      missing: 2,
      repeated: 0,
    });
  });

  test('come again', () => {
    assert.deepEqual(follow(1, 2, 2, 3), { kinds: ['–', 'next', 'again', 'next'], missing: 0, repeated: 1 });
  });

  test('change places: the late one is missing no more', () => {
    const { kinds, missing, repeated } = follow(1, 3, 2, 4);
    assert.deepEqual(kinds, ['–', 'missing 1', 'late', 'next']);
    assert.deepEqual({ missing, repeated }, { missing: 0, repeated: 0 });
  });

  test('start anew far behind', () => {
    assert.deepEqual(follow(5_000, 1, 2).kinds, ['–', 'restart', 'next']);
  });

  test('skip more than can be remembered, in no time', () => {
    const { missing } = follow(1, 999_999_999_999_999);
    assert.equal(missing, 999_999_999_999_997);
  });
});

describe('ids that are no numbers', () => {
  test('say nothing, and are in nobody’s way', () => {
    assert.deepEqual(follow(1, 'a', '', '1-2', '9'.repeat(20), '-5', '1e3', 2).kinds, [
      '–',
      '–',
      '–',
      '–',
      '–',
      '–',
      '–',
      'next',
    ]);
  });
});

describe('ids around an outage', () => {
  test('tell what was lost, or came again', () => {
    assert.equal(idsBetween('41', '45'), 3);
    assert.equal(idsBetween('41', '42'), 0);
    assert.equal(idsBetween('41', '40'), -2);
    assert.equal(idsBetween('1700000000000-0', '1700000000001-0'), undefined);
    assert.equal(idsBetween('', '1'), undefined);
  });
});
