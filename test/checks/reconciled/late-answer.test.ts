import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { asLateAnswer } from '../../../src/checks/reconciled/late-answer.ts';
import type { ProbeResult } from '../../../src/results/check/result.ts';
import { found, passed } from '../diagnosis/measured.ts';

/** Behind HAProxy with `tcp-response inspect-delay 300ms`. */
const late: ProbeResult = {
  ...found('headers-first', 'buffer.timer', { headLateMs: 293 }),
  summary: 'the head came 293 ms late, and before the first event: it waited for a timer, not for the body',
};

const headIn = (results: readonly ProbeResult[]) =>
  asLateAnswer(results).find(({ probe }) => probe === 'headers-first');

describe('a head that comes late', () => {
  test('is held by no timer where events come at once', () => {
    const { fault, summary, status } = headIn([passed('timing'), passed('threshold'), late]) ?? late;
    assert.equal(fault, 'headers.late');
    assert.equal(status, late.status);
    assert.equal(
      summary,
      'the head came 293 ms late, and before the first event: the answer began late as a whole, and what was sent then came at once',
    );
  });

  test('is held by no timer where only what was sent before it began came late', () => {
    const events = [found('timing', 'headers.late'), found('threshold', 'headers.late')];
    assert.equal(headIn([...events, late])?.fault, 'headers.late');
  });

  test('is, where they are held as well, or nobody has looked', () => {
    const timed = found('timing', 'buffer.timer', { batchEveryMs: 200 });
    assert.equal(headIn([timed, late])?.fault, 'buffer.timer');
    assert.equal(headIn([passed('timing'), found('threshold', 'buffer.timer'), late])?.fault, 'buffer.timer');
    assert.equal(headIn([late])?.fault, 'buffer.timer');
    const body = found('headers-first', 'buffer.headers', { headLateMs: 1_500 });
    assert.equal(headIn([passed('timing'), body])?.fault, 'buffer.headers');
  });
});
