import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  isComplete,
  NO_STREAM,
  parseStreamInfo,
  type StreamInfo,
} from '../../../../src/mock/channels/redis/stream-info.ts';

describe('what Redis says of a stream', () => {
  it('is read by name, whatever else it says', () => {
    const reply = [
      ...['length', 2, 'radix-tree-keys', 1, 'last-generated-id', '9-1', 'max-deleted-entry-id', '0-0'],
      ...['entries-added', 7, 'first-entry', ['8-0', ['data', 'last-entry']], 'last-entry', ['9-0', []]],
    ];
    assert.deepEqual(parseStreamInfo(reply), { length: 2, last: '9-1', first: '8-0', added: 7 });
  });

  it('has neither oldest entry nor count where it is empty or old', () => {
    const reply = ['length', 0, 'last-generated-id', '9-1', 'first-entry', null];
    assert.deepEqual(parseStreamInfo(reply), { length: 0, last: '9-1', first: undefined, added: undefined });
  });
});

describe('a client that resumes', () => {
  const trimmed = { length: 3, first: '5-0', last: '9-0', added: 8 };
  const whole = { length: 3, first: '5-0', last: '9-0', added: 3 };
  const emptied = { length: 0, first: undefined, last: '9-0', added: 8 };
  const deleted = { length: 1, first: '5-0', last: '9-0', added: 2 };
  const old = { length: 3, first: '5-0', last: '9-0', added: undefined };
  const cases: readonly [
    what: string,
    position: string,
    info: StreamInfo,
    kept: number,
    complete: boolean,
  ][] = [
    ['at the oldest entry', '5-0', trimmed, 10, true],
    ['at the newest', '9-0', trimmed, 10, true],
    ['before the oldest', '4-9', trimmed, 10, false],
    ['behind the newest: not of this stream', '9-1', trimmed, 10, false],
    ['at the beginning of a stream that was trimmed', '0-0', trimmed, 10, false],
    ['at the beginning of a stream that keeps all', '0-0', whole, 10, true],
    ['before the oldest of a stream that keeps all: not of this stream', '1-0', whole, 10, false],
    ['at the end of a stream that was emptied', '9-0', emptied, 10, true],
    ['before the end of a stream that was emptied', '8-0', emptied, 10, false],
    ['at the beginning of a stream that was emptied', '0-0', emptied, 10, false],
    ['where what followed was deleted', '5-0', deleted, 10, true],
    ['at the beginning of a stream that isn’t there', '0-0', NO_STREAM, 10, true],
    ['somewhere in a stream that isn’t there', '5-0', NO_STREAM, 10, false],
    ['at the beginning of an old Redis’s stream that is shorter than what is kept', '0-0', old, 10, true],
    ['at the beginning of an old Redis’s stream that may have been trimmed', '0-0', old, 3, false],
  ];
  for (const [what, position, info, kept, complete] of cases) {
    it(`${what} has ${complete ? 'missed nothing' : 'missed something'}`, () => {
      assert.equal(isComplete(position, info, kept), complete);
    });
  }
});
