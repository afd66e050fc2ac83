import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { CloseInfo, Marks } from '../../src/client/records.ts';
import { Tally } from '../../src/listen/tally.ts';
import type { SseEvent } from '../../src/sse/sink.ts';

const marks: Marks = { planned: 0, start: 0, tcp: 2, sent: 3, headers: 10 };
const event: SseEvent = { event: 'message', data: 'x', id: undefined, lastEventId: '', bytes: 9, reads: 1 };

function closeInfo(changes: Partial<CloseInfo> = {}): CloseInfo {
  return {
    reason: 'eof',
    events: 1,
    comments: 2,
    bytes: 30,
    wireBytes: 20,
    pendingBytes: 0,
    lastEventId: '',
    marks,
    ...changes,
  };
}

/** A tally of an attempt whose headers came at 10 ms. */
function opened(): Tally {
  const tally = new Tally(0);
  tally.attemptStarted();
  tally.opened(marks, '', 10);
  return tally;
}

/** A read with so many events. */
function read(tally: Tally, at: number, events: number): number[] {
  tally.read(at);
  return Array.from({ length: events }, () => tally.event(event, at, marks));
}

const end = { lastEventId: '7', exit: 0, at: 1000 };

describe('the figures of a run', () => {
  test('count one arrival where one read brings many events', () => {
    const tally = opened();
    assert.deepEqual(read(tally, 20, 1), [10]);
    assert.deepEqual(read(tally, 50, 3), [30, 0, 0]);
    assert.deepEqual(read(tally, 60, 2), [10, 0]);
    const { gaps, events } = tally.summary(end);
    assert.equal(events, 6);
    assert.equal(gaps.count, 2);
    assert.equal(gaps.min, 10);
    assert.equal(gaps.max, 30);
    assert.equal(gaps.mean, 20);
  });

  test('measure silence from the headers on, and through reads without events', () => {
    const tally = opened();
    read(tally, 40, 0);
    read(tally, 45, 1);
    const { silence, gaps } = tally.summary(end);
    assert.equal(silence.count, 2);
    assert.equal(silence.max, 30);
    assert.equal(silence.min, 5);
    assert.equal(gaps.count, 0);
  });

  test('take decoded pieces of one read for one read', () => {
    const tally = opened();
    for (const _ of [1, 2, 3]) tally.read(25);
    assert.equal(tally.summary(end).silence.count, 1);
  });

  test('keep the gap that the end cut short, apart from the whole ones', () => {
    const tally = opened();
    read(tally, 20, 1);
    read(tally, 30, 1);
    tally.closed(closeInfo({ events: 2 }), true, 500);
    const { gaps, silence } = tally.summary(end);
    assert.deepEqual(gaps.censored, { count: 1, longest: 470 });
    assert.deepEqual(silence.censored, { count: 1, longest: 470 });
    assert.equal(gaps.max, 10);
  });

  test('cut the silence of a stream that never spoke, but no gap between events', () => {
    const tally = opened();
    tally.closed(closeInfo({ events: 0 }), true, 300);
    const { gaps, silence } = tally.summary(end);
    assert.deepEqual(silence.censored, { count: 1, longest: 290 });
    assert.equal(gaps.censored.count, 0);
  });

  test('take no gap across two connections', () => {
    const tally = opened();
    read(tally, 20, 1);
    tally.closed(closeInfo(), true, 30);
    tally.attemptStarted();
    tally.opened({ planned: 900, start: 900, headers: 910 }, '', 910);
    assert.deepEqual(read(tally, 915, 1), [5]);
    const { gaps, silence } = tally.summary(end);
    assert.equal(gaps.count, 0);
    assert.equal(silence.max, 10);
  });

  test('count nothing for attempts that never opened, but the attempts', () => {
    const tally = new Tally(0);
    tally.attemptStarted();
    tally.closed(
      closeInfo({ reason: 'connect_error', events: 0, comments: 0, bytes: 0, wireBytes: 0 }),
      false,
      50,
    );
    const summary = tally.summary(end);
    assert.equal(summary.attempts, 1);
    assert.equal(summary.silence.censored.count, 0);
    assert.deepEqual(summary.timing, {});
  });

  test('add up over the attempts, and keep the timing of the first that opened', () => {
    const tally = opened();
    tally.closed(closeInfo(), true, 30);
    tally.attemptStarted();
    tally.opened({ planned: 100, start: 100, headers: 109 }, '', 109);
    tally.closed(closeInfo(), true, 130);
    const { attempts, comments, bytes, wireBytes, timing, lastEventId, t } = tally.summary(end);
    assert.deepEqual(
      { attempts, comments, bytes, wireBytes, lastEventId, t },
      { attempts: 2, comments: 4, bytes: 60, wireBytes: 40, lastEventId: '7', t: 1000 },
    );
    assert.deepEqual(timing, { tcp: 2, sent: 3, headers: 10 });
  });

  test('keep the statuses at which a browser would have stopped, a thousand at most', () => {
    const tally = new Tally(0);
    for (let i = 0; i < 1200; i++) tally.browserWouldStop(503);
    assert.equal(tally.summary(end).browserWouldStop.length, 1000);
  });
});
