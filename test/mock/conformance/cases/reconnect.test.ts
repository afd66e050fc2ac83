import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { cleanEnd, cutOff, reset } from '../../../../src/mock/conformance/cases/reconnect.ts';
import { judge, observe, outcome } from '../observations.ts';

describe('coming back', () => {
  for (const [conformanceCase, id] of [
    [cleanEnd, 'reconnect-end'],
    [cutOff, 'reconnect-cut'],
    [reset, 'reconnect-reset'],
  ] as const) {
    test(`passes ${id} with the second request, and tells how long it took`, () => {
      const verdict = judge(conformanceCase, id, observe([{}, { after: 1_004.4 }]));
      assert.deepEqual(verdict, {
        outcome: 'pass',
        evidence: 'came back after 1,004 ms, asked retry: 100',
        waitsMs: [1004.4],
      });
    });

    test(`fails ${id} once nothing more is expected, not before`, () => {
      assert.equal(outcome(conformanceCase, id, observe([{}])), 'undecided');
      const verdict = judge(conformanceCase, id, observe([{}], { over: true, patienceMs: 12_000 }));
      assert.equal(verdict?.outcome, 'fail');
      assert.equal(verdict?.evidence, 'did not come back in 12 s');
    });

    test(`measures no ${id} where no request came at all`, () => {
      assert.equal(outcome(conformanceCase, id, observe([], { over: true })), 'not-measured');
    });
  }
});

describe('the headers of the first request', () => {
  const accepts = (accept?: string) =>
    outcome(cleanEnd, 'accept', observe([accept === undefined ? {} : { accept }]));

  test('name the type, alone or among others', () => {
    assert.equal(accepts('text/event-stream'), 'pass');
    assert.equal(accepts('application/json, text/event-stream;q=0.9'), 'pass');
  });

  test('are worth a note without it, as the standard leaves it open', () => {
    assert.equal(accepts(), 'note');
    assert.equal(accepts('*/*'), 'note');
    assert.equal(accepts('text/event-streams'), 'note');
  });

  test('keep caches out', () => {
    const caches = (cacheControl?: string) =>
      outcome(cleanEnd, 'cache-control', observe([cacheControl === undefined ? {} : { cacheControl }]));
    assert.equal(caches('no-cache'), 'pass');
    assert.equal(caches('no-store'), 'pass');
    assert.equal(caches('max-age=0'), 'note');
    assert.equal(caches(), 'note');
  });
});
