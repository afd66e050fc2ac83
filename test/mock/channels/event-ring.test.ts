import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { EventRing } from '../../../src/mock/channels/event-ring.ts';

const event = (position: number) => ({ position, sizeBytes: position });
const emptyRing = (lostUpTo = 0) =>
  new EventRing<number, ReturnType<typeof event>>(lostUpTo, (one, other) => one - other);

describe('a ring of events', () => {
  it('knows by a position which event comes next', () => {
    const ring = emptyRing();
    for (const position of [3, 5, 9]) ring.push(event(position));
    const behind = (position: number) => ring.at(ring.firstBehind(position))?.position;
    assert.deepEqual([0, 3, 4, 5, 8, 9].map(behind), [3, 5, 5, 9, 9, undefined]);
  });

  it('says up to which position it is no longer complete', () => {
    const ring = emptyRing(2);
    assert.equal(ring.lostUpTo, 2);
    ring.push(event(7));
    assert.equal(ring.lostUpTo, 2);
    assert.equal(ring.shift()?.position, 7);
    assert.equal(ring.lostUpTo, 7);
    assert.equal(ring.shift(), undefined);
  });

  it('keeps order, ordinals and size through any growth and loss', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 300 }), (pushes) => {
        const ring = emptyRing();
        const model: number[] = [];
        let pushed = 0;
        for (const push of pushes) {
          if (push) {
            pushed += 1;
            ring.push(event(pushed));
            model.push(pushed);
          } else {
            assert.equal(ring.shift()?.position, model.shift());
          }
          const kept = Array.from(
            { length: ring.length },
            (_, index) => ring.at(ring.first + index)?.position,
          );
          assert.deepEqual(kept, model);
          assert.equal(ring.end, pushed);
          assert.equal(
            ring.sizeBytes,
            model.reduce((sum, position) => sum + position, 0),
          );
          assert.equal(ring.at(ring.first - 1), undefined);
          assert.equal(ring.at(ring.end), undefined);
        }
      }),
    );
  });
});
