import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { stop204, stop404, stop503, stopType } from '../../../../src/mock/conformance/cases/stops.ts';
import { judge, observe, outcome } from '../observations.ts';

const over = { over: true };

describe('an answer to stop at', () => {
  for (const [conformanceCase, answer] of [
    [stop204, 'the 204'],
    [stop404, 'the 404'],
    [stopType, 'the text/plain'],
  ] as const) {
    const { id } = conformanceCase;

    test(`passes ${id} after a silence, never before`, () => {
      assert.equal(outcome(conformanceCase, id, observe([{}, {}])), 'undecided');
      assert.deepEqual(judge(conformanceCase, id, observe([{}, {}], over)), {
        outcome: 'pass',
        evidence: `no request in 2.3 s after ${answer}`,
      });
    });

    test(`fails ${id} at the next request`, () => {
      const verdict = judge(conformanceCase, id, observe([{}, {}, { after: 104 }]));
      assert.equal(verdict?.outcome, 'fail');
      assert.equal(verdict?.evidence, `came back 104 ms after ${answer}`);
    });

    test(`measures no ${id} where the client never got that answer`, () => {
      assert.equal(outcome(conformanceCase, id, observe([{}], over)), 'not-measured');
    });

    test(`waits for ${id} longer than such a client takes to come back`, () => {
      for (const usual of [undefined, 100, 1_000, 3_000, 4_000]) {
        const patience = conformanceCase.patienceMs?.(usual, 'reports') ?? 0;
        assert.ok(patience >= 2_000 && patience >= 3 * (usual ?? 0), `${patience} ms for ${usual}`);
        assert.ok(patience <= 15_000);
      }
    });
  }
});

describe('a 503', () => {
  const waits = (...list: number[]) => [{}, {}, ...list.map((after) => ({ after }))];

  test('passes a client that stops', () => {
    assert.equal(outcome(stop503, 'stop-503', observe(waits())), 'undecided');
    assert.equal(outcome(stop503, 'stop-503', observe(waits(), over)), 'pass');
  });

  test('is worth a note where it is asked again less and less often', () => {
    assert.equal(outcome(stop503, 'stop-503', observe(waits(100, 200, 400))), 'undecided');
    assert.equal(outcome(stop503, 'stop-503', observe(waits(100, 200, 400, 800, 1_600))), 'note');
  });

  test('is worth a note where the client gives up after some attempts', () => {
    assert.equal(outcome(stop503, 'stop-503', observe(waits(100, 100), over)), 'note');
  });

  test('fails a client that goes on asking', () => {
    const verdict = judge(stop503, 'stop-503', observe(waits(100, 101, 102, 100, 103)));
    assert.equal(verdict?.outcome, 'fail');
    assert.match(
      verdict?.evidence ?? '',
      /came back 5 times, after 100, 101, 102, 100 and 103 ms: no back-off/,
    );
  });
});
