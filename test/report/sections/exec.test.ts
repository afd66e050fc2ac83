import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { execRows } from '../../../src/report/sections/exec.ts';

describe('what is said of commands', () => {
  it('is nothing where none were asked for', () => {
    assert.deepEqual(execRows({}), []);
  });

  it('counts them', () => {
    assert.deepEqual(execRows({ exec: { started: 0, failed: 0 } }), [['exec', '0 commands']]);
    assert.deepEqual(execRows({ exec: { started: 1200, failed: 0 } }), [
      ['exec', '1,200 commands · none failed'],
    ]);
  });

  it('says what went wrong first, escaped, and what was left', () => {
    const failure = 'exited with 3 for event #1 (id \x1b[2J)';
    assert.deepEqual(execRows({ exec: { started: 5, failed: 1, firstFailure: failure } }), [
      ['exec', '5 commands · 1 failed'],
      ['', 'it exited with 3 for event #1 (id ␛[2J)'],
    ]);
    const interrupted = {
      started: 5,
      failed: 2,
      firstFailure: 'exited with 3 for event #1',
      stopped: 1,
      notRun: 7,
    };
    assert.deepEqual(execRows({ exec: interrupted }), [
      ['exec', '5 commands · 2 failed · 1 ended by the interruption · not run for 7 further events'],
      ['', 'the first exited with 3 for event #1'],
    ]);
  });
});
