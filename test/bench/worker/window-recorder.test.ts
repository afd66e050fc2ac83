import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WindowRecorder } from '../../../src/bench/worker/window-recorder.ts';

test('the shortest silence before a cut is told to the microsecond, for each window anew', () => {
  const recorder = new WindowRecorder();
  const take = () => recorder.take(0, 1_000, { connected: 0, connecting: 0, waiting: 0 }).shortestCut;
  for (const ms of [7.25, 5.752999998629093, 9]) recorder.cutAfter('reset', ms);
  recorder.cutAfter('eof', 60_000.0004);
  assert.deepEqual(take(), { reset: 5.753, eof: 60_000 });
  assert.deepEqual(take(), {});
});
