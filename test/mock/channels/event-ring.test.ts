import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { EventRing } from '../../../src/mock/channels/event-ring.ts';

const event = (seq: number) => ({ seq, sizeBytes: seq });

describe('a ring of events', () => {
  it('knows by a position which event comes next', () => {
    const ring = new EventRing(0);
    for (const seq of [3, 5, 9]) ring.push(event(seq));
    const behind = (seq: number) => ring.at(ring.firstBehind(seq))?.seq;
    assert.deepEqual([0, 3, 4, 5, 8, 9].map(behind), [3, 5, 5, 9, 9, undefined]);
  });

  it('says up to which position it is no longer complete', () => {
    const ring = new EventRing(2);
    assert.equal(ring.lostUpTo, 2);
    ring.push(event(7));
    assert.equal(ring.lostUpTo, 2);
    assert.equal(ring.shift()?.seq, 7);
    assert.equal(ring.lostUpTo, 7);
    assert.equal(ring.shift(), undefined);
  });

  it('keeps order, ordinals and size through any growth and loss', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 300 }), (pushes) => {
        const ring = new EventRing<{ seq: number; sizeBytes: number }>(0);
        const model: number[] = [];
        let pushed = 0;
        for (const push of pushes) {
          if (push) {
            pushed += 1;
            ring.push(event(pushed));
            model.push(pushed);
          } else {
            assert.equal(ring.shift()?.seq, model.shift());
          }
          const kept = Array.from({ length: ring.length }, (_, index) => ring.at(ring.first + index)?.seq);
          assert.deepEqual(kept, model);
          assert.equal(ring.end, pushed);
          assert.equal(
            ring.sizeBytes,
            model.reduce((sum, seq) => sum + seq, 0),
          );
          assert.equal(ring.at(ring.first - 1), undefined);
          assert.equal(ring.at(ring.end), undefined);
        }
      }),
    );
  });
});
