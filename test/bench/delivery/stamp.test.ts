import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { newRunName, StampReader, stampText } from '../../../src/bench/delivery/publish/stamp.ts';

function stampsIn(text: string, run = 'r1'): [n: number, sentMs: number][] {
  const reader = new StampReader(run);
  const found: [number, number][] = [];
  for (let end = reader.find(text); end !== -1; end = reader.find(text, end))
    found.push([reader.n, reader.sentMs]);
  return found;
}

describe('a stamp', () => {
  test('is found in whatever text a server puts around it', () => {
    const stamp = stampText('r1', 42, 1234.5678);
    assert.equal(stamp, 'ssekit:r1:42:1234568');
    for (const text of [
      stamp,
      JSON.stringify({ a: [stamp], b: 1 }),
      `<p id="${stamp}">`,
      `x${stamp}`,
      `${stamp}.`,
    ]) {
      assert.deepEqual(stampsIn(text), [[42, 1234.568]]);
    }
  });

  test('of several is found each', () => {
    const text = `${stampText('r1', 1, 5)},${stampText('r1', 2, 6)}${stampText('r1', 3, 7)}`;
    assert.deepEqual(stampsIn(text), [
      [1, 5],
      [2, 6],
      [3, 7],
    ]);
  });

  test('of another run is none of ours', () => {
    assert.deepEqual(stampsIn(stampText('r2', 1, 5)), []);
    assert.notEqual(newRunName(), newRunName());
    assert.match(newRunName(), /^[a-z0-9]+$/);
  });

  test('that was cut or spoilt is passed over', () => {
    for (const spoilt of [
      'ssekit:r1:',
      'ssekit:r1:5',
      'ssekit:r1:5:',
      'ssekit:r1:x:5',
      'ssekit:r1::5',
      'ssekit:r1:1:-5',
    ]) {
      assert.deepEqual(stampsIn(spoilt), [], spoilt);
      assert.deepEqual(stampsIn(`${spoilt} ${stampText('r1', 7, 8)}`), [[7, 8]], spoilt);
    }
  });

  test('with more digits than a number holds is none', () => {
    assert.deepEqual(stampsIn(`ssekit:r1:${'9'.repeat(40)}:5`), []);
    assert.deepEqual(stampsIn(`ssekit:r1:5:${'9'.repeat(40)}`), []);
  });

  test('comes back as it was written', () => {
    const around = fc.string({ unit: 'grapheme' });
    fc.assert(
      fc.property(fc.nat(), fc.nat(1e9), around, around, (n, sentMs, before, behind) => {
        const found = stampsIn(`${before}${stampText('r1', n, sentMs)} ${behind}`);
        assert.deepEqual(found[0], [n, sentMs]);
      }),
    );
  });
});
