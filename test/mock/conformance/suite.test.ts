import assert from 'node:assert/strict';
import { describe, mock, type TestContext, test } from 'node:test';
import type { ConformanceCase } from '../../../src/mock/conformance/case.ts';
import { multiLine } from '../../../src/mock/conformance/cases/fields.ts';
import { lastEventId } from '../../../src/mock/conformance/cases/last-event-id.ts';
import { lf } from '../../../src/mock/conformance/cases/line-ends.ts';
import { cleanEnd } from '../../../src/mock/conformance/cases/reconnect.ts';
import { stop204, stop404 } from '../../../src/mock/conformance/cases/stops.ts';
import type { ObservedRequest } from '../../../src/mock/conformance/observed.ts';
import type { ConformanceResult, ConformanceRow } from '../../../src/mock/conformance/result.ts';
import { ConformanceSuite, SuiteInUse } from '../../../src/mock/conformance/suite.ts';

const CLOSING = { event: 'message', data: 'end of this case' };

/** A suite on a clock that the test turns. */
function start(context: TestContext, cases: readonly ConformanceCase[]) {
  mock.timers.enable({ apis: ['setTimeout'] });
  context.after(() => mock.timers.reset());
  let now = 0;
  const rows: ConformanceRow[] = [];
  const suite = new ConformanceSuite({
    cases,
    version: '1.2.3',
    now: () => now,
    onRow: (row) => rows.push(row),
  });
  const pass = (ms: number) => {
    now += ms;
    mock.timers.tick(ms);
  };
  /** A request that is answered at once. */
  const come = (caseId?: string, id?: string) => {
    const request: ObservedRequest = {
      atMs: now,
      method: 'GET',
      target: '/',
      accept: 'text/event-stream',
      cacheControl: 'no-cache',
      lastEventId: id === undefined ? undefined : Buffer.from(id),
      userAgent: 'test/1',
    };
    const admission = suite.admit(caseId, request);
    if (admission.kind === 'act') admission.run.answered(request, now);
    return admission;
  };
  return { suite, pass, come, rows };
}

const outcomes = ({ rows }: ConformanceResult) =>
  Object.fromEntries(rows.map(({ id, outcome }) => [id, outcome]));

describe('the suite with an adapter', () => {
  test('gives a case at a time, each when the one before is over, and nothing after the last', async (context) => {
    const { suite, come, pass } = start(context, [cleanEnd, lf]);
    const first = await suite.next('library 2.0');
    assert.equal(first?.conformanceCase.id, 'clean-end');
    assert.deepEqual([first?.number, first?.of], [1, 2]);
    const pending = suite.next();
    come('clean-end');
    pass(100);
    come('clean-end');
    const second = await pending;
    assert.equal(second?.conformanceCase.id, 'lf');
    assert.deepEqual(
      second?.judged.map(({ id }) => id),
      ['accept', 'cache-control', 'reconnect-end'],
    );
    const last = suite.next();
    come('lf');
    for (const data of ['one', 'two', 'three']) {
      assert.equal(suite.report('lf', { event: 'message', data }, undefined), false);
    }
    assert.equal(suite.report('lf', CLOSING, undefined), true);
    assert.equal(await last, undefined);
    const result = await suite.over;
    assert.equal(result.ended, 'complete');
    assert.equal(result.evidence, 'reports');
    assert.deepEqual(result.client, { name: 'library 2.0', userAgent: 'test/1' });
    assert.deepEqual(result.counts, { pass: 4, fail: 0, note: 0, notMeasured: 0 });
    assert.equal(result.durationMs, 100);
    assert.equal(result.ssekit, '1.2.3');
  });

  test('tells clients of cases that are over to stop, and ignores what they hand over', async (context) => {
    const { suite, come, pass } = start(context, [cleanEnd, lf]);
    assert.ok(await suite.next());
    come('clean-end');
    pass(100);
    assert.equal(come('clean-end').kind, 'act');
    assert.equal(come('clean-end').kind, 'stop');
    assert.ok(await suite.next());
    assert.equal(come('clean-end').kind, 'stop');
    assert.equal(suite.report('clean-end', CLOSING, undefined), true);
    assert.equal(come('lf').kind, 'act');
  });

  test('skips what needs a reconnect, once the client is known not to', async (context) => {
    const { suite, come, pass } = start(context, [cleanEnd, lastEventId, multiLine, stop204]);
    await suite.next();
    come('clean-end');
    pass(12_000);
    const next = await suite.next();
    assert.equal(next?.conformanceCase.id, 'multi-line');
    come('multi-line');
    suite.report('multi-line', { event: 'message', data: 'one\ntwo\nthree' }, undefined);
    pass(6_000);
    assert.equal(await suite.next(), undefined);
    const result = await suite.over;
    assert.deepEqual(outcomes(result), {
      accept: 'pass',
      'cache-control': 'pass',
      'reconnect-end': 'fail',
      'last-event-id': 'not-measured',
      'multi-line': 'pass',
      'stop-204': 'not-measured',
    });
    assert.equal(result.ended, 'complete');
  });

  test('ends where the adapter asks for no further case', async (context) => {
    const { suite, come, pass } = start(context, [cleanEnd, lf]);
    await suite.next();
    come('clean-end');
    pass(100);
    come('clean-end');
    pass(30_000);
    const result = await suite.over;
    assert.equal(result.ended, 'left');
    assert.equal(outcomes(result).lf, 'not-measured');
  });

  test('is complete after its last case, though the adapter does not ask whether there is another', async (context) => {
    const { suite, come, pass } = start(context, [cleanEnd]);
    await suite.next();
    come('clean-end');
    pass(100);
    come('clean-end');
    pass(3_000);
    assert.equal((await suite.over).ended, 'complete');
  });

  test('ends where the adapter goes while it waits', async (context) => {
    const { suite, pass } = start(context, [lf, multiLine]);
    await suite.next();
    const pending = suite.next();
    pending.catch(() => {});
    suite.withdraw(pending);
    // The case that it has runs out first.
    pass(15_000);
    pass(30_000);
    assert.equal((await suite.over).ended, 'left');
  });

  test('ends where the client makes no request in two cases', async (context) => {
    const { suite, pass } = start(context, [cleanEnd, lf, multiLine]);
    await suite.next();
    const second = suite.next();
    pass(15_000);
    await second;
    const third = suite.next();
    pass(15_000);
    assert.equal(await third, undefined);
    const result = await suite.over;
    assert.equal(result.ended, 'left');
    assert.equal(result.counts.notMeasured, 5);
  });

  test('gives the case to the latest who asks', async (context) => {
    const { suite, come, pass } = start(context, [cleanEnd, lf]);
    await suite.next();
    const early = suite.next();
    const late = suite.next();
    await assert.rejects(early, SuiteInUse);
    come('clean-end');
    pass(100);
    come('clean-end');
    assert.equal((await late)?.conformanceCase.id, 'lf');
  });

  test('is not for a client that comes by itself', async (context) => {
    const { suite, come } = start(context, [lf]);
    await suite.next();
    assert.throws(() => come(), SuiteInUse);
  });
});

describe('the suite with a client alone', () => {
  test('takes each request for the end of a case and the beginning of the next', async (context) => {
    const { suite, come, pass, rows } = start(context, [
      cleanEnd,
      lastEventId,
      multiLine,
      lf,
      stop204,
      stop404,
    ]);
    come();
    pass(100);
    come(undefined, 'clean-end');
    assert.deepEqual(
      rows.map(({ id }) => id),
      ['accept', 'cache-control', 'reconnect-end'],
    );
    pass(100);
    come(undefined, '8');
    pass(100);
    come(undefined, 'lf-3');
    pass(100);
    const stop = come(undefined, 'stop-204');
    assert.ok(stop.kind === 'act' && stop.act.kind === 'answer');
    assert.equal(stop.act.status, 204);
    pass(2_300);
    const result = await suite.over;
    assert.deepEqual(outcomes(result), {
      accept: 'pass',
      'cache-control': 'pass',
      'reconnect-end': 'pass',
      'last-event-id': 'pass',
      'multi-line': 'not-measured',
      lf: 'pass',
      'stop-204': 'pass',
      'stop-404': 'not-measured',
    });
    assert.equal(result.ended, 'complete');
    assert.equal(result.evidence, 'wire');
    const unmeasured = result.rows.filter(({ outcome }) => outcome === 'not-measured');
    assert.ok(unmeasured.every(({ evidence }) => evidence.startsWith('needs an adapter')));
  });

  test('goes on with a client that comes back where it must not', async (context) => {
    const { suite, come, pass } = start(context, [stop204, stop404]);
    for (let n = 0; n < 4; n += 1) {
      come();
      pass(100);
    }
    come();
    const result = await suite.over;
    assert.deepEqual(outcomes(result), { 'stop-204': 'fail', 'stop-404': 'fail' });
    assert.equal(result.ended, 'complete');
    assert.equal(come().kind, 'stop');
  });

  test('ends where the client comes no more, which is the failure of the case that it left', async (context) => {
    const { suite, come, pass } = start(context, [cleanEnd, lastEventId, lf]);
    come();
    pass(100);
    come(undefined, 'clean-end');
    pass(12_000);
    const result = await suite.over;
    assert.equal(result.ended, 'left');
    assert.equal(outcomes(result)['last-event-id'], 'fail');
    assert.equal(outcomes(result).lf, 'not-measured');
    assert.match(result.rows.at(-1)?.evidence ?? '', /came no more after last-event-id/);
  });

  test('is not for an adapter', (context) => {
    const { suite, come } = start(context, [cleanEnd]);
    come();
    assert.throws(() => suite.next(), SuiteInUse);
  });
});

describe('a suite that is ended', () => {
  test('by who started it has a row for everything all the same', async (context) => {
    const { suite, come } = start(context, [cleanEnd, lf]);
    come();
    suite.end('stopped');
    suite.end('complete');
    const result = await suite.over;
    assert.equal(result.ended, 'stopped');
    assert.equal(result.rows.length, 4);
    assert.equal(result.rows.at(-1)?.evidence, 'the run ended before');
    assert.match(result.rows.at(-1)?.source ?? '', /^https:\/\/html\.spec\.whatwg\.org\/.*#/);
  });

  test('before any client came says so', async (context) => {
    const { suite } = start(context, [cleanEnd]);
    assert.equal(suite.begun, false);
    suite.end('stopped');
    const result = await suite.over;
    assert.equal(result.ended, 'no-client');
    assert.equal(result.evidence, null);
    assert.equal(await suite.next(), undefined);
  });
});
