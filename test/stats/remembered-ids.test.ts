import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { RememberedIds } from '../../src/stats/remembered-ids.ts';

const COUNTING = /^(?:0|[1-9]\d{0,14})$/;

function numberOf(id: string): number | undefined {
  return COUNTING.test(id) ? Number(id) : undefined;
}

function remembering(ids: Iterable<string>): RememberedIds {
  const remembered = new RememberedIds();
  for (const id of ids) remembered.add(id, numberOf(id));
  return remembered;
}

function has(remembered: RememberedIds, id: string): boolean {
  return remembered.has(id, numberOf(id));
}

function* counting(from: number, to: number): Iterable<string> {
  for (let n = from; n <= to; n++) yield String(n);
}

describe('the ids of a stream', () => {
  test('are forgotten once 10,000 others have come', () => {
    const counted = remembering(counting(5, 10_005));
    assert.deepEqual(
      ['4', '5', '6', '10005', '10006'].map((id) => has(counted, id)),
      [false, false, true, true, false],
    );
  });

  test('are still known when one comes that does not count on', () => {
    const broken = remembering([...counting(1, 10_000), 'x']);
    assert.deepEqual(
      ['1', '2', '10000', 'x'].map((id) => has(broken, id)),
      [false, true, true, true],
    );
  });

  test('are told apart when they are written differently', () => {
    assert.equal(has(remembering(['7']), '07'), false);
  });

  test('are the same whether they count or not', () => {
    const id = fc.oneof(fc.nat(9).map(String), fc.constantFrom('a', '01', '', '-1'));
    fc.assert(
      fc.property(fc.nat(5), fc.nat(5), fc.array(id), (from, length, others) => {
        const remembered = remembering(counting(from, from + length));
        const model = new Set(counting(from, from + length));
        for (const each of others) {
          assert.equal(has(remembered, each), model.has(each));
          if (!model.has(each)) remembered.add(each, numberOf(each));
          model.add(each);
        }
      }),
    );
  });
});
