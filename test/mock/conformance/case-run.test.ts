import assert from 'node:assert/strict';
import { describe, mock, type TestContext, test } from 'node:test';
import { stream } from '../../../src/mock/conformance/acts.ts';
import type { ConformanceCase, Setting } from '../../../src/mock/conformance/case.ts';
import { CaseRun } from '../../../src/mock/conformance/case-run.ts';
import { judgeEvents } from '../../../src/mock/conformance/events.ts';
import { judgeLastEventId } from '../../../src/mock/conformance/ids.ts';
import { fabricate, handed } from './observations.ts';

/** A stream with an id and an event: what comes back, and what is handed over, are judged apart. */
const twofold: ConformanceCase = {
  id: 'twofold',
  act: (n) => (n === 1 ? stream('id: 1\ndata: one\n\n') : undefined),
  patienceMs: () => 1_000,
  requirements: [
    {
      id: 'id',
      text: 'names the id',
      level: 'must',
      section: 'the-last-event-id-header',
      judge: (observed) => judgeLastEventId(observed, 2, '1'),
    },
    {
      id: 'events',
      text: 'hands over the event',
      level: 'must',
      section: 'event-stream-interpretation',
      judge: (observed) => judgeEvents(observed, ['one']),
    },
  ],
};

function start(context: TestContext, setting: Setting = 'reports') {
  mock.timers.enable({ apis: ['setTimeout'] });
  context.after(() => mock.timers.reset());
  let times = 0;
  const run = new CaseRun(twofold, {
    setting,
    usualWaitMs: 100,
    onOver: () => {
      times += 1;
    },
  });
  const outcomes = () => Object.fromEntries([...run.verdicts].map(([id, { outcome }]) => [id, outcome]));
  return { run, outcomes, times: () => times };
}

const [first, second] = fabricate([{}, { id: '1' }]);
assert.ok(first !== undefined && second !== undefined);

describe('a case under way', () => {
  test('is over when all of its requirements are judged, and says so once', (context) => {
    const { run, outcomes, times } = start(context);
    assert.equal(run.request(first)?.kind, 'stream');
    run.report({ event: 'message', data: 'one' });
    assert.equal(run.isOver, false);
    run.request(second);
    assert.deepEqual(outcomes(), { id: 'pass' });
    run.report({ event: 'message', data: 'end of this case' });
    assert.deepEqual(outcomes(), { id: 'pass', events: 'pass' });
    assert.equal(run.isOver, true);
    assert.equal(run.signal.aborted, true);
    run.report({ event: 'message', data: 'late' });
    run.answered(first, 9_999);
    assert.equal(times(), 1);
    assert.equal(run.silent, false);
  });

  test('is judged by what there is after a silence, which anything that happens begins anew', (context) => {
    const { run, outcomes } = start(context);
    run.request(first);
    mock.timers.tick(900);
    run.report({ event: 'message', data: 'one' });
    mock.timers.tick(900);
    run.answered(first, 1_200);
    mock.timers.tick(999);
    assert.equal(run.isOver, false);
    mock.timers.tick(1);
    assert.equal(run.isOver, true);
    assert.equal(run.silent, true);
    assert.deepEqual(outcomes(), { id: 'fail', events: 'pass' });
  });

  test('waits longer for the first request than for others', (context) => {
    const { run, outcomes } = start(context);
    mock.timers.tick(14_999);
    assert.equal(run.isOver, false);
    mock.timers.tick(1);
    assert.deepEqual(outcomes(), { id: 'not-measured', events: 'not-measured' });
  });

  test('puts reports into the order of their numbers, and judges none behind a gap', (context) => {
    const { run, outcomes } = start(context);
    run.request(first);
    run.request(second);
    run.report({ event: 'message', data: 'end of this case' }, 2);
    assert.equal(run.isOver, false);
    run.report({ event: 'message', data: 'one' }, 1);
    assert.deepEqual(outcomes(), { id: 'pass', events: 'pass' });
  });

  test('counts a closing event that has something else around it as one that nobody sent', (context) => {
    const { run } = start(context);
    run.request(first);
    for (const event of handed('one', 'oneend of this case')) run.report(event);
    const verdict = run.verdicts.get('events');
    assert.equal(verdict?.outcome, 'fail');
    assert.match(
      verdict?.evidence ?? '',
      /an event that nobody sent: type "message", data "oneend of this case"/,
    );
  });

  test('answers what comes after its own answers with the closing event, and holds the stream', (context) => {
    const { run } = start(context);
    run.request(first);
    const act = run.request(second);
    assert.ok(act?.kind === 'stream');
    assert.equal(act.ending, 'hold');
    assert.equal(Buffer.from(act.writes[0]?.bytes ?? []).toString(), 'data: end of this case\n\n');
  });

  test('ends where a client storms', (context) => {
    const { run } = start(context);
    for (const request of fabricate(Array.from({ length: 200 }, () => ({ after: 0 })))) run.request(request);
    assert.equal(run.isOver, true);
    assert.ok(run.requests.length <= 201);
  });

  test('ends where events come without end', (context) => {
    const { run } = start(context);
    run.request(first);
    for (let n = 1; n <= 200; n += 1) run.report({ event: 'message', data: 'one' }, n);
    run.report({ event: 'message', data: 'one' }, 1e9);
    assert.equal(run.verdicts.get('events')?.outcome, 'fail');
    assert.equal(run.verdicts.has('id'), true);
  });

  test('without reports ends with the request behind its last answer, and leaves that to the next case', (context) => {
    const { run, outcomes } = start(context, 'wire');
    assert.equal(run.request(first)?.kind, 'stream');
    assert.equal(run.request(second), undefined);
    assert.deepEqual(outcomes(), { events: 'not-measured', id: 'pass' });
    assert.equal(run.silent, false);
  });

  test('can be abandoned: what was judged stays', (context) => {
    const { run, outcomes, times } = start(context);
    run.request(first);
    run.request(second);
    run.abandon('the run ended before');
    assert.deepEqual(outcomes(), { id: 'pass', events: 'not-measured' });
    assert.equal(run.verdicts.get('events')?.evidence, 'the run ended before');
    assert.equal(times(), 1);
  });
});
