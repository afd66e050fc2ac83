import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as ids from '../../../../src/mock/conformance/cases/last-event-id.ts';
import { type Fabricated, handed, judge, observe, outcome } from '../observations.ts';

const back = (...requests: Fabricated[]) => observe([{}, ...requests]);

describe('Last-Event-ID', () => {
  test('must be that of the last event', () => {
    assert.equal(outcome(ids.lastEventId, 'last-event-id', back({ id: '8' })), 'pass');
    assert.deepEqual(judge(ids.lastEventId, 'last-event-id', back({ id: '7' })), {
      outcome: 'fail',
      evidence: 'sent Last-Event-ID: "7", not "8"',
    });
    assert.deepEqual(judge(ids.lastEventId, 'last-event-id', back({})), {
      outcome: 'fail',
      evidence: 'sent no Last-Event-ID, not "8"',
    });
  });

  test('is undecided before the client is back, and failed where it comes back elsewhere only', () => {
    assert.equal(outcome(ids.lastEventId, 'last-event-id', back()), 'undecided');
    const over = { ...back(), over: true };
    assert.equal(outcome(ids.lastEventId, 'last-event-id', over), 'fail');
    assert.equal(
      outcome(ids.lastEventId, 'last-event-id', { ...over, usualWaitMs: undefined }),
      'not-measured',
    );
  });

  test('is taken from a block without data', () => {
    assert.equal(outcome(ids.idWithoutData, 'last-event-id-no-data', back({ id: 'without-data' })), 'pass');
    assert.equal(outcome(ids.idWithoutData, 'last-event-id-no-data', back({ id: 'with-data' })), 'fail');
  });

  test('must be UTF-8', () => {
    const judged = (id: string | Uint8Array) => judge(ids.nonAsciiId, 'last-event-id-utf8', back({ id }));
    assert.equal(judged('grüße-✓-日本')?.outcome, 'pass');
    assert.deepEqual(judged(Buffer.from('grüße', 'latin1')), {
      outcome: 'fail',
      evidence: 'sent a Last-Event-ID that is no UTF-8 (bytes 67 72 fc df 65), not "grüße-✓-日本"',
    });
    assert.equal(judged('gr%C3%BC%C3%9Fe-%E2%9C%93-%E6%97%A5%E6%9C%AC')?.outcome, 'fail');
  });

  test('ignores an id with a NUL', () => {
    assert.equal(outcome(ids.nulId, 'last-event-id-nul', back({ id: 'before-nul' })), 'pass');
    assert.equal(outcome(ids.nulId, 'last-event-id-nul', back({ id: 'with' })), 'fail');
    assert.equal(outcome(ids.nulId, 'last-event-id-nul', back({})), 'fail');
  });
});

describe('forgetting the id', () => {
  for (const [conformanceCase, id] of [
    [ids.emptyId, 'last-event-id-empty'],
    [ids.idWithoutColon, 'last-event-id-no-colon'],
  ] as const) {
    test(`passes ${id} where the id is no longer sent`, () => {
      assert.equal(outcome(conformanceCase, id, back({ id: 'forget-me' }, {})), 'pass');
    });

    test(`fails ${id} where it is sent on, or an empty header is`, () => {
      const on = back({ id: 'forget-me' }, { id: 'forget-me' });
      assert.equal(outcome(conformanceCase, id, on), 'fail');
      assert.deepEqual(judge(conformanceCase, id, back({ id: 'forget-me' }, { id: '' })), {
        outcome: 'fail',
        evidence: 'sent an empty Last-Event-ID',
      });
    });

    test(`measures no ${id} where there was nothing to forget`, () => {
      assert.equal(outcome(conformanceCase, id, back({})), 'not-measured');
    });
  }
});

describe('an id over several connections', () => {
  const judged = (id: string, ...requests: Fabricated[]) => outcome(ids.keptId, id, back(...requests));

  test('is kept where nothing came', () => {
    assert.equal(judged('last-event-id-kept', { id: 'kept' }), 'undecided');
    assert.equal(judged('last-event-id-kept', { id: 'kept' }, { id: 'kept' }), 'pass');
    assert.equal(judged('last-event-id-kept', { id: 'kept' }, {}), 'fail');
  });

  test('may be dropped where events without one came', () => {
    const two = [{ id: 'kept' }, { id: 'kept' }];
    assert.equal(judged('last-event-id-outlives', ...two), 'undecided');
    assert.equal(judged('last-event-id-outlives', ...two, { id: 'kept' }), 'pass');
    assert.equal(judged('last-event-id-outlives', ...two, {}), 'note');
  });
});

describe('lastEventId of an event', () => {
  const judged = (...lastEventIds: (string | undefined)[]) => {
    const events = lastEventIds.map((lastEventId, index) => ({
      event: 'message',
      data: ['one', 'two'][index] ?? '',
      ...(lastEventId === undefined ? {} : { lastEventId }),
    }));
    return judge(ids.idOfEvents, 'event-last-event-id', observe([{}], { events, closed: true }));
  };

  test('stays what it was where an event brings none', () => {
    assert.equal(judged('sticky', 'sticky')?.outcome, 'pass');
    assert.deepEqual(judged('sticky', ''), {
      outcome: 'fail',
      evidence: 'lastEventId of event 2 was "", not "sticky"',
    });
  });

  test('is not measured where the client has no such thing', () => {
    assert.equal(judged(undefined, undefined)?.outcome, 'not-measured');
  });

  test('is not judged before the events are', () => {
    assert.equal(
      outcome(ids.idOfEvents, 'event-last-event-id', observe([{}], { events: handed('one') })),
      'undecided',
    );
    assert.equal(outcome(ids.idOfEvents, 'event-last-event-id', observe([{}])), 'not-measured');
  });
});
