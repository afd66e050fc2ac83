import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ResumeAudit, type ResumeOutcome } from '../../src/stats/delivery.ts';

type Id = string | number | undefined;

function resume(before: readonly Id[], after: readonly Id[]): ResumeOutcome {
  const audit = new ResumeAudit();
  const receive = (id: Id) => audit.event(id === undefined ? undefined : String(id));
  before.forEach(receive);
  audit.interrupted();
  after.forEach(receive);
  return audit.outcome();
}

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe('a resume', () => {
  it('that goes on where it left off lost and repeated nothing', () => {
    assert.deepEqual(resume([1, 2, 3], [4, 5]), { repeated: 0, lost: 0 });
  });

  it('that skips ids lost the events between', () => {
    assert.deepEqual(resume([1, 2, 3], [7, 8]), { repeated: 0, lost: 3 });
  });

  it('that goes back repeats, and loses nothing', () => {
    assert.deepEqual(resume([1, 2, 3], [2, 3, 4]), { repeated: 2, lost: 0 });
  });

  it('may repeat and lose at once', () => {
    assert.deepEqual(resume([1, 2, 3], [3, 6]), { repeated: 1, lost: 2 });
  });

  it('says nothing of loss where ids do not count by one', () => {
    assert.deepEqual(resume(['a', 'b'], ['c']), { repeated: 0 });
    assert.deepEqual(resume([10, 20, 30], [50]), { repeated: 0 });
    assert.deepEqual(resume([1], [5]), { repeated: 0 });
    assert.deepEqual(resume(['1700000000000-0', '1700000000001-0'], ['1700000000003-0']), { repeated: 0 });
  });

  it('recognises repeated events whatever their ids look like', () => {
    assert.deepEqual(resume(['a', 'b', 'c'], ['b', 'c', 'd', 'a']), { repeated: 2 });
  });

  it('leaves events without id out', () => {
    assert.deepEqual(resume([1, undefined, 2, ''], [undefined, 3]), { repeated: 0, lost: 0 });
  });

  it('repeats nothing where ids name states that come again anyway', () => {
    assert.deepEqual(resume(['on', 'off', 'on', 'off', 'on', 'off'], ['on', 'off']), { repeated: 0 });
  });

  it('that brought nothing yet has nothing to tell', () => {
    assert.deepEqual(resume([1, 2], []), { repeated: 0 });
  });

  it('is measured against the last interruption', () => {
    const audit = new ResumeAudit();
    for (const id of [1, 2, 3]) audit.event(String(id));
    audit.interrupted();
    audit.event('6');
    audit.event('7');
    assert.deepEqual(audit.outcome(), { repeated: 0, lost: 2 });
    audit.interrupted();
    audit.interrupted();
    audit.event('7');
    audit.event('8');
    assert.deepEqual(audit.outcome(), { repeated: 1, lost: 0 });
  });

  it('remembers the last 10,000 ids', () => {
    assert.equal(resume(range(1, 25_000), range(15_001, 25_001)).repeated, 10_000);
    assert.equal(resume(range(1, 25_000), [14_999]).repeated, 0);
  });

  it('counts exactly, wherever the cut and the replay are', () => {
    const nat = (max: number) => fc.integer({ min: 0, max });
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 200 }), nat(300), nat(50), (cut, from, length) => {
        const first = Math.max(1, from);
        const { repeated, lost } = resume(range(1, cut), range(first, first + length));
        assert.equal(repeated, Math.max(0, Math.min(cut, first + length) - first + 1));
        assert.equal(lost, first + length > cut ? Math.max(0, first - cut - 1) : undefined);
      }),
    );
  });
});
