import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { CloseInfo, CloseReason, Marks } from '../../src/client/records.ts';
import { OutageLog } from '../../src/listen/outage-log.ts';

function closeInfo(marks: Marks, reason: CloseReason = 'reset'): CloseInfo {
  return {
    reason,
    events: 0,
    comments: 0,
    bytes: 0,
    wireBytes: 0,
    pendingBytes: 0,
    lastEventId: '',
    marks,
  };
}

/** An attempt from its start to its headers or its failure. */
function openedAt(log: OutageLog, start: number, headers: number, lastEventId = ''): Marks {
  const marks = { planned: start, start, headers };
  log.attemptStarted(marks);
  log.opened(marks, lastEventId);
  return marks;
}

function failedAt(log: OutageLog, start: number, end: number): void {
  const marks = { planned: start, start, end };
  log.attemptStarted(marks);
  log.interrupted(closeInfo(marks, 'connect_error'), false, end, 0);
}

describe('an outage', () => {
  test('is told in its parts, which add up to the time to reconnect', () => {
    const log = new OutageLog(1000);
    const first = openedAt(log, 1000, 1010);
    log.event('1', first, 1020);
    log.event('2', first, 1030);
    log.interrupted(closeInfo(first), true, 1500, 20);
    failedAt(log, 1800, 1830);
    failedAt(log, 2430, 2440);
    const second = openedAt(log, 3040, 3052, '2');
    log.event('3', second, 3060);
    log.settle();
    assert.deepEqual(log.outages, [
      {
        t: 500,
        reason: 'reset',
        attempts: 3,
        backoff: 300 + 600 + 600,
        failedAttempts: 30 + 10,
        silenceBeforeEnd: 20,
        reconnectHeaders: 12,
        reconnectTime: 1552,
        resumedFrom: '2',
        outage: 1560,
        reconnectEvent: 20,
        repeated: 0,
        lost: 0,
      },
    ]);
  });

  test('has parts whose sum is exact for any number of failures', () => {
    const duration = fc.integer({ min: 0, max: 100_000 });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(duration, duration), { maxLength: 20 }),
        duration,
        duration,
        (failures, wait, headers) => {
          const log = new OutageLog(0);
          log.interrupted(closeInfo(openedAt(log, 0, 1)), true, 10, 5);
          let at = 10;
          for (const [before, took] of failures) {
            failedAt(log, at + before, at + before + took);
            at += before + took;
          }
          openedAt(log, at + wait, at + wait + headers);
          const [outage] = log.outages;
          assert.ok(outage !== undefined);
          const { backoff, failedAttempts, reconnectHeaders = Number.NaN, reconnectTime, attempts } = outage;
          assert.equal(reconnectTime, backoff + failedAttempts + reconnectHeaders);
          assert.equal(attempts, failures.length + 1);
        },
      ),
    );
  });

  test('that never ended has no time to reconnect', () => {
    const log = new OutageLog(0);
    log.interrupted(closeInfo(openedAt(log, 0, 1)), true, 10, 5);
    failedAt(log, 20, 30);
    const [outage] = log.outages;
    assert.equal(outage?.reconnectTime, undefined);
    assert.equal(outage?.outage, undefined);
    assert.equal(outage?.backoff, 10);
    assert.equal(outage?.failedAttempts, 10);
  });

  test('is none before anything has opened', () => {
    const log = new OutageLog(0);
    failedAt(log, 0, 10);
    failedAt(log, 20, 30);
    openedAt(log, 40, 50);
    assert.deepEqual(log.outages, []);
  });

  test('follows another, each with what its own resume brought', () => {
    const log = new OutageLog(0);
    let marks = openedAt(log, 0, 1);
    for (const id of ['1', '2', '3']) log.event(id, marks, 2);
    log.interrupted(closeInfo(marks), true, 10, 8);
    marks = openedAt(log, 20, 21, '3');
    for (const id of ['2', '3', '4']) log.event(id, marks, 22);
    log.interrupted(closeInfo(marks, 'eof'), true, 30, 8);
    marks = openedAt(log, 40, 41, '4');
    log.event('8', marks, 42);
    log.settle();
    assert.deepEqual(
      log.outages.map(({ reason, repeated, lost }) => ({ reason, repeated, lost })),
      [
        { reason: 'reset', repeated: 2, lost: 0 },
        { reason: 'eof', repeated: 0, lost: 3 },
      ],
    );
  });

  test('beyond the thousandth is measured no more: a long run needs no more memory', () => {
    const log = new OutageLog(0);
    for (let i = 0; i < 1500; i++) {
      const marks = openedAt(log, i * 10, i * 10 + 1);
      log.interrupted(closeInfo(marks), true, i * 10 + 5, 4);
    }
    assert.equal(log.outages.length, 1000);
  });
});
