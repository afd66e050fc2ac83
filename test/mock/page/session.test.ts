import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Entry } from '../../../src/mock/page/browser/event-log.ts';
import { Session } from '../../../src/mock/page/browser/session.ts';

/** A session whose clock the test moves. */
function start() {
  let now = 1_700_000_000_000;
  let changes = 0;
  const session = new Session(
    () => now,
    () => {
      changes += 1;
    },
  );
  const event = (id?: string, data = 'x') =>
    session.event({ name: 'tick', data, id }, id ?? session.lastEventId);
  const pass = (ms: number) => {
    now += ms;
    return now;
  };
  const open = () => {
    session.connecting();
    session.open('200 · text/event-stream');
  };
  session.begin('/events');
  return { session, event, pass, open, changes: () => changes };
}

const texts = (entries: readonly Entry[]) =>
  entries.map((entry) => (entry.kind === 'event' ? entry.data : entry.text));

describe('a session', () => {
  test('goes from connecting to open, and tells of every change', () => {
    const { session, open, changes } = start();
    const before = changes();
    session.connecting();
    assert.equal(session.state.kind, 'connecting');
    open();
    assert.equal(session.state.kind, 'open');
    assert.ok(changes() >= before + 3);
  });

  test('counts what came, and times the gaps between events', () => {
    const { session, event, pass, open } = start();
    open();
    session.bytes(10);
    session.comment('ping');
    event('1');
    pass(250);
    event('2');
    assert.deepEqual(session.totals, {
      events: 2,
      comments: 1,
      bytes: 10,
      connections: 1,
      outages: 0,
      missing: 0,
      repeated: 0,
    });
    const gaps = session.log.since(0).flatMap((entry) => (entry.kind === 'event' ? [entry.gapMs] : []));
    assert.deepEqual(gaps, [undefined, 250]);
    assert.equal(session.lastEventId, '2');
  });

  test('knows the outage: when, how long, until which event, what was lost', () => {
    const { session, event, pass, open } = start();
    open();
    event('41');
    const at = pass(100);
    session.lost('broken off', 3_000);
    assert.deepEqual(session.state, { kind: 'reconnecting', since: at, until: at + 3_000 });
    const reopenedAt = pass(3_010);
    open();
    const eventAt = pass(200);
    event('45');
    assert.deepEqual(session.outages, [
      { at, why: 'broken off', lastId: '41', failures: 0, reopenedAt, eventAt, firstId: '45', idsBetween: 3 },
    ]);
    assert.equal(session.totals.missing, 3);
    assert.deepEqual(texts(session.log.since(0)).slice(3, 5), [
      'broken off · reconnecting in 3.00 s',
      'connection 2 open, 3.01 s after it was lost · 200 · text/event-stream · resumes behind 41',
    ]);
  });

  test('makes one outage of failed attempts, and another of a stream that opened without an event', () => {
    const { session, pass, open } = start();
    open();
    session.lost('broken off', 100);
    for (let attempt = 0; attempt < 3; attempt++) {
      pass(100);
      session.connecting();
      session.lost('no answer', 100);
    }
    assert.equal(session.outages.length, 1);
    assert.equal(session.outages[0]?.failures, 3);
    open();
    session.lost('broken off', 100);
    assert.equal(session.outages.length, 2);
    assert.equal(session.totals.outages, 2);
  });

  test('judges an outage by the first event that has an id', () => {
    const { session, event, open } = start();
    open();
    event('7');
    session.lost('ended', 0);
    open();
    event(undefined, 'hello again');
    assert.equal(session.outages[0]?.firstId, undefined);
    event('8');
    assert.equal(session.outages[0]?.idsBetween, 0);
  });

  test('left during an outage, says so', () => {
    const { session, pass, open } = start();
    open();
    session.lost('ended', 5_000);
    const leftAt = pass(700);
    session.end();
    assert.equal(session.outages[0]?.leftAt, leftAt);
    assert.equal(session.state.kind, 'closed');
  });

  test('keeps the status that a stream was refused with', () => {
    const { session } = start();
    session.connecting();
    session.closed('HTTP 401', 401);
    assert.equal(session.state.kind === 'closed' && session.state.status, 401);
  });

  test('with another stream begins to count ids anew', () => {
    const { session, event, open } = start();
    open();
    event('500');
    session.begin('/other');
    open();
    event('900');
    assert.equal(session.totals.missing, 0);
    assert.equal(session.outages.length, 0);
    const last = session.log.since(0).at(-1);
    assert.equal(last?.kind === 'event' && last.gapMs, undefined);
  });

  test('counts connections that EventSource makes by itself', () => {
    const { session, open } = start();
    open();
    session.lost('ended', undefined);
    assert.deepEqual(session.state.kind === 'reconnecting' && session.state.until, undefined);
    session.lost('no answer', undefined);
    session.open('EventSource');
    assert.equal(session.totals.connections, 3);
  });

  test('cleared, forgets all but an outage that lasts', () => {
    const { session, event, pass, open } = start();
    open();
    event('1');
    session.lost('ended', 100);
    pass(100);
    open();
    event('2');
    session.lost('ended', 100);
    session.clear();
    assert.equal(session.outages.length, 1);
    assert.equal(session.totals.events, 0);
    assert.deepEqual(session.log.since(0), []);
    open();
    event('5');
    assert.equal(session.outages[0]?.idsBetween, 2);
  });

  test('in a storm of outages keeps the newest, and counts all', () => {
    const { session, event, open } = start();
    for (let n = 1; n <= 250; n++) {
      open();
      event(String(n));
      session.lost('ended', 0);
    }
    assert.equal(session.outages.length, 100);
    assert.equal(session.outages.at(-1)?.lastId, '250');
    assert.equal(session.totals.outages, 250);
  });
});
