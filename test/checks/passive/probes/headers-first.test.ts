import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { headersFirst } from '../../../../src/checks/passive/probes/headers-first.ts';
import { judge, live, verdict } from '../judging.ts';
import { every, seen, stream, way } from '../streams.ts';

describe('headers-first', () => {
  const ahead = stream({ headMs: 3, eventsMs: every(1_000, 5) });
  const withBody = stream({ headMs: 1_000, eventsMs: every(1_000, 5, 1_001) });

  test('passes a head that comes before a silence', () => {
    assert.equal(verdict(headersFirst, seen(way(ahead))), 'pass');
    assert.equal(verdict(headersFirst, seen(way(ahead), way(ahead))), 'pass');
  });

  test('fails one that waits for the body where it does not directly, and doubts it where nobody knows', () => {
    assert.equal(verdict(headersFirst, seen(way(withBody), way(ahead))), 'fail buffer.headers');
    assert.equal(verdict(headersFirst, seen(way(withBody))), 'warn buffer.headers');
    const none = stream({ headMs: null });
    assert.equal(verdict(headersFirst, seen(way(none), way(ahead))), 'fail buffer.headers');
  });

  test('passes one that comes at once with the body, with a direct way and without', () => {
    const atOnce = stream({ headMs: 205, eventsMs: every(1_000, 5, 206) });
    const alone = judge(headersFirst, seen(way(atOnce)));
    assert.equal(alone.status, 'pass');
    assert.match(alone.summary, /at once, 205 ms after the request, with the first bytes .*: nothing waits$/);
    assert.equal(verdict(headersFirst, seen(way(atOnce), way(live))), 'pass');
    // One limit for both.
    const late = stream({ headMs: 260, eventsMs: every(1_000, 5, 261) });
    assert.equal(verdict(headersFirst, seen(way(late))), 'warn buffer.headers');
    const soon = stream({ headMs: 2, eventsMs: every(1_000, 5, 3) });
    assert.equal(verdict(headersFirst, seen(way(late), way(soon))), 'fail buffer.headers');
  });

  test('passes one that comes no later than directly, and says where the application is late', () => {
    const alike = judge(headersFirst, seen(way(withBody), way(withBody)));
    assert.equal(alike.status, 'pass');
    assert.match(alike.summary, /no later than directly, 1\.00 s .*: the application sends it no sooner$/);
  });

  test('takes many events that come with the end for an answer that was held, maybe', () => {
    const whole = (events: number, how: 'eof' | 'client' = 'eof', endMs = 3_010) =>
      stream({ headMs: 3_000, eventsMs: Array(events).fill(3_001), endMs, how });
    const { status, fault, summary } = judge(headersFirst, seen(way(whole(41))));
    assert.deepEqual([status, fault], ['warn', 'buffer.until-end']);
    assert.match(
      summary,
      /^all of the answer came at once, 41 events and the end, 3\.00 s after the request/,
    );
    for (const other of [whole(4), whole(41, 'client'), whole(41, 'eof', 4_000)])
      assert.equal(verdict(headersFirst, seen(way(other))), 'warn buffer.headers');
    assert.equal(verdict(headersFirst, seen(way(whole(41)), way(ahead))), 'fail buffer.headers');
  });

  test('takes no long way for a head that is held', () => {
    const far = stream({ headMs: 400, eventsMs: [401] });
    const end = { at: 900, info: { ...far.end?.info, marks: { dns: -310, tcp: -10 } } };
    const away = { ...far, startedAt: -320, end } as typeof far;
    assert.equal(verdict(headersFirst, seen(way(away))), 'pass');
    assert.equal(verdict(headersFirst, seen(way(far))), 'warn buffer.headers');
  });
});
