import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { conclusion } from '../../../src/report/bench/conclusion.ts';
import type { BenchResult } from '../../../src/results/bench/result.ts';
import { aResult, aTroubledResult, aWindow, figuresOf, NO_COUNTS, spread } from './results.ts';

const good = aResult();

function firstEvents(values: readonly number[], cut: readonly number[] = []): BenchResult {
  const figures = figuresOf(values, cut);
  return aResult({
    metrics: { time_to_first_event: figures, time_to_first_event_from_planned: figures, lifetime: {} },
    censored:
      cut.length === 0
        ? {}
        : { time_to_first_event: { count: cut.length, longest: Math.max(...cut), lost: 0 } },
  });
}

describe('the conclusion', () => {
  it('of finite streams tells how many ended as wanted', () => {
    const counts = { ...good.counts, planned: 1000, started: 1000, succeeded: 988, failed: 12, open: 0 };
    assert.match(
      conclusion(aResult({ counts })),
      /^1,000 streams were started in 10 s; 988 ended as wanted and 12 failed \(1\.2 %\)\./,
    );
  });

  it('says so when no event ever came, and whether there was an answer', () => {
    const counts = { ...good.counts, events: 0 };
    assert.match(
      conclusion(aResult({ counts, metrics: { time_to_headers: figuresOf([4]), lifetime: {} } })),
      /No stream received an event\. The headers came within 4\.00 ms for the one stream\./,
    );
  });

  it('does not take streams that never got through for streams that were held', () => {
    const counts = { ...NO_COUNTS, planned: 20, started: 20, open: 20, attempts: 60, failedAttempts: 60 };
    const errors = [{ code: 'ECONNREFUSED', count: 60, sample: 'connection refused', exit: 7 }];
    const silent = { metrics: { lifetime: {} }, censored: {} };
    assert.equal(
      conclusion(aResult({ counts, errors, ...silent, series: [aWindow({ connected: 0 })] })),
      '20 streams tried for 10 s, and none was ever accepted: connection refused.',
    );
  });

  it('tells open streams from those that had lost their connection', () => {
    const series = [aWindow({ connected: 390, waiting: 10 })];
    assert.match(
      conclusion(aResult({ series })),
      /^400 streams were started in 10 s; 390 were open at the end, 10 were trying to come back and none failed\./,
    );
  });

  it('counts attempts where streams had several', () => {
    const counts = { ...good.counts, attempts: 500 };
    assert.match(conclusion(aResult({ counts })), /within 40\.9 ms for 99 % of the attempts\./);
  });

  it('claims no more than the samples support', () => {
    assert.match(conclusion(firstEvents(spread(150, 10, 41))), /within 41\.0 ms for all 150 streams\./);
    assert.match(
      conclusion(firstEvents(spread(150, 10, 41), [9_000])),
      /within 41\.0 ms for all 150 streams that had one\./,
    );
  });

  it('does not call a server quick that never answered many', () => {
    assert.match(
      conclusion(firstEvents(spread(400, 10, 41), spread(40, 8_000, 9_000))),
      /within 27\.\d ms for half of the streams, and after more than 41\.0 ms, or never, for at least 1 %\./,
    );
    assert.match(
      conclusion(firstEvents(spread(400, 10, 41), spread(900, 8_000, 9_000))),
      /within 41\.0 ms where it came; for most it never did\./,
    );
  });

  it('tells of a stream that fell silent', () => {
    const censored = { event_gap: { count: 400, longest: 8_200, lost: 0 } };
    assert.match(
      conclusion(aResult({ censored })),
      /No event was later than 1\.20 s after the one before, but a stream or more had had no event for at least 8\.20 s/,
    );
  });

  it('tells what interruptions took and what was lost', () => {
    const text = conclusion(aTroubledResult());
    assert.match(
      text,
      /Streams were interrupted 138 times; coming back took at most 3\.06 s, and 38 did not come back in time\./,
    );
    assert.match(text, /14 events never came, 3 came twice and 1 came out of order\.$/);
  });

  it('says that nothing was lost where that was watched', () => {
    const audit = { received: 10, missing: 0, duplicated: 0, out_of_order: 0, replayed: 4, rate: 1 };
    const delivery = { ...audit, unnumbered: 0, examples: [], notes: [] };
    assert.match(
      conclusion(aResult({ delivery })),
      /No event was lost between the first and the last of each stream\.$/,
    );
    const publish = { planned: 9, published: 9, failed: 0, late: 0, notStarted: 0, errors: [] };
    assert.match(conclusion(aResult({ delivery, publish })), /No event was lost\.$/);
  });

  it('does not pass over streams that never had a published event', () => {
    const audit = { received: 10, missing: 0, duplicated: 0, out_of_order: 0, replayed: 0, rate: 1 };
    const delivery = { ...audit, unreached: 12, partial: 0, unnumbered: 0, examples: [], notes: [] };
    const publish = { planned: 9, published: 9, failed: 0, late: 0, notStarted: 0, errors: [] };
    assert.match(
      conclusion(aResult({ delivery, publish })),
      /No event was lost on the streams that had one\. 12 streams never had a published event\.$/,
    );
    const nothing = { ...delivery, received: 0, rate: null };
    assert.match(
      conclusion(aResult({ delivery: nothing, publish })),
      /12 streams never had a published event\.$/,
    );
  });
});
