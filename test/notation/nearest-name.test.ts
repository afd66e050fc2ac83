import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nearestName } from '../../src/notation/nearest-name.ts';

const names = ['now', 'query', 'interval', 'retry'];

for (const [text, expected] of [
  ['querry', 'query'],
  ['intervall', 'interval'],
  ['qury', 'query'],
  ['nwo', 'now'],
  ['retyr', 'retry'],
  ['now', 'now'],
  ['something', undefined],
  ['', undefined],
] as const) {
  test(`nearest to ${JSON.stringify(text)} is ${expected ?? 'nothing'}`, () => {
    assert.equal(nearestName(text, names), expected);
  });
}

test('a swap at the very start counts once', () => {
  assert.equal(nearestName('nwo', ['now', 'nmm']), 'now');
});
