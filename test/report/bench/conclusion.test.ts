import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { conclusion } from '../../../src/report/bench/conclusion.ts';
import type { BenchResult } from '../../../src/results/bench/result.ts';
import { aResult, aTroubledResult, aWindow, figuresOf, NO_COUNTS, NO_ENDINGS, spread } from './results.ts';

const good = aResult();

function firstEvents(values: readonly number[], cut: readonly number[] = []): BenchResult {
  const figures = figuresOf(values, cut);
  const streams = values.length + cut.length;
  return aResult({
    counts: { ...good.counts, started: streams, attempts: streams, opened: streams, open: streams },
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
      /No stream received an event\. The headers came within 4\.00 ms for the one stream that was answered\./,
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

  it('leads on where nothing was answered', () => {
    const counts = { ...NO_COUNTS, planned: 20, started: 20, open: 20, attempts: 20 };
    const silent = { metrics: { lifetime: {} }, censored: {} };
    assert.match(
      conclusion(aResult({ counts, ...silent, series: [aWindow({ connected: 0, connecting: 20 })] })),
      /none was ever accepted: no answer came in at least 10\.0 s\. A proxy on the way may hold the answer back: ssekit check-proxy tells\.$/,
    );
  });

  it('tells open streams from those that had lost their connection', () => {
    const series = [aWindow({ connected: 390, waiting: 10 })];
    assert.match(
      conclusion(aResult({ series })),
      /^400 streams were started in 10 s; 390 were open at the end, 10 were trying to come back and none failed\./,
    );
  });

  it('names what failed and why, and says nothing of all where some had nothing', () => {
    // Nothing listened at first: 30 streams came in at last.
    const counts = { ...NO_COUNTS, planned: 30, started: 30, open: 30, opened: 30, events: 900 };
    const errors = [{ code: 'ECONNREFUSED', count: 54, sample: 'connection refused by h:80', exit: 7 }];
    const text = conclusion(
      aResult({
        ...{ counts: { ...counts, attempts: 84, failedAttempts: 54 }, errors },
        ...{ series: [aWindow({ connected: 30 })], censored: {} },
        metrics: { time_to_first_event: figuresOf(spread(30, 50, 105)), lifetime: {} },
      }),
    );
    assert.equal(
      text,
      '30 streams were started in 10 s; all were open at the end. 54 of 84 attempts failed (64.3 %): connection ' +
        'refused by h:80. The first event came within 105 ms for the 30 attempts that had one.',
    );
  });

  it('claims of none but one what is not true of all', () => {
    const counts = {
      ...NO_COUNTS,
      ...{ started: 30, open: 30, opened: 84, attempts: 84, failedAttempts: 54 },
    };
    const reset = {
      code: 'ECONNRESET',
      count: 54,
      sample: 'the connection was reset after 3 events',
      exit: 56,
    };
    const text = (error: typeof reset & { varies?: true }) =>
      conclusion(aResult({ counts, errors: [error] }));
    assert.match(text(reset), /failed \(64\.3 %\): the connection was reset after 3 events\./);
    assert.match(
      text({ ...reset, varies: true }),
      /failed \(64\.3 %\): for example the connection was reset after 3 events\./,
    );
  });

  it('tells of streams that never got in, and by what', () => {
    const counts = { ...NO_COUNTS, planned: 20, started: 20, open: 20, opened: 10, neverOpened: 10 };
    const errors = [
      { code: 'HTTP_STATUS', count: 9, sample: 'HTTP 429 Too Many\nRequests', exit: 4 },
      { code: 'HTTP_STATUS', count: 31, sample: 'HTTP 503 Service Unavailable', exit: 5 },
    ];
    const text = conclusion(
      aResult({
        counts: { ...counts, attempts: 50, failedAttempts: 40, events: 100 },
        ...{ errors, series: [aWindow({ connected: 10, waiting: 10 })] },
      }),
    );
    assert.match(
      text,
      /^20 streams were started in 10 s; 10 were open at the end and 10 were still trying\. /,
    );
    assert.match(
      text,
      /10 never got in; 40 of 50 attempts failed \(80 %\): HTTP 503 Service Unavailable \(31\) and HTTP 429 Too Many␊Requests \(9\)\./,
    );
    assert.match(text, / for 99 % of the accepted attempts\./);
    assert.doesNotMatch(text, /none failed|come back| all /);
  });

  it('names three reasons, and counts the others', () => {
    const counts = { ...NO_COUNTS, started: 20, open: 20, attempts: 20, failedAttempts: 20, neverOpened: 20 };
    const errors = [5, 4, 3, 2, 1].map((count) => ({
      code: `E${count}`,
      count,
      sample: `e${count}`,
      exit: 1,
    }));
    assert.match(
      conclusion(aResult({ counts, errors })),
      /none was ever accepted: e5 \(5\), e4 \(4\), e3 \(3\) and other errors \(3\)\./,
    );
  });

  it('does not call a 204 what was wanted where there was no stream', () => {
    const none = { ...NO_COUNTS, started: 1_007, succeeded: 1_007, attempts: 1_007, neverOpened: 1_007 };
    const endings = { ...NO_ENDINGS, no_content: 1_007 };
    assert.equal(
      conclusion(aResult({ counts: none, endings, metrics: { lifetime: {} }, censored: {} })),
      '1,007 streams tried for 10 s, and none was ever accepted: HTTP 204, which tells a client to stay away.',
    );
    const some = { ...none, opened: 7, neverOpened: 1_000 };
    const text = conclusion(aResult({ counts: some, endings: { ...endings, no_content: 1_000 } }));
    assert.match(text, /; all ended\. 1,000 never got in: HTTP 204, which tells a client to stay away\./);
  });

  it('says for how long there was no answer', () => {
    const counts = { ...NO_COUNTS, started: 5, open: 5, attempts: 5, neverOpened: 5 };
    const series = [aWindow({ connected: 0, connecting: 5 })];
    const censored = { time_to_headers: { count: 5, longest: 9_870, lost: 0 } };
    assert.match(
      conclusion(aResult({ counts, series, censored })),
      /^5 streams tried for 10 s, and none was ever accepted: no answer came in at least 9\.87 s\./,
    );
    const some = { ...counts, started: 10, open: 10, opened: 5, attempts: 10 };
    assert.match(
      conclusion(aResult({ counts: some, series: [aWindow({ connected: 5, connecting: 5 })], censored })),
      /; 5 were open at the end and 5 were without an answer\. 5 never got in: no answer came in at least 9\.87 s\./,
    );
  });

  it('says that a server was gone at the end, and how many gave up for it', () => {
    const counts = {
      ...NO_COUNTS,
      started: 20,
      open: 15,
      failed: 5,
      opened: 20,
      attempts: 60,
      failedAttempts: 60,
    };
    const errors = [{ code: 'ECONNREFUSED', count: 60, sample: 'refused', exit: 7 }];
    const censored = { reconnect_time: { count: 20, longest: 5_000, lost: 5 } };
    const text = conclusion(
      aResult({
        ...{ counts: { ...counts, outages: 20, events: 40 }, errors, censored },
        series: [aWindow({ connected: 0, waiting: 15 })],
      }),
    );
    assert.match(text, /; none was open at the end, 15 were trying to come back and 5 failed \(25 %\)\. /);
    assert.match(text, /Streams were interrupted 20 times, and none came back: 5 failed for good\.$/);
  });

  it('does not guess what became of the streams of a lost worker', () => {
    const reason = {
      code: 'worker-lost',
      figure: 1,
      limit: 0,
      unit: 'workers',
      message: '',
      remedy: '',
    } as const;
    const verdict = { status: 'INVALID', reasons: [reason] } as const;
    assert.match(
      conclusion(aResult({ verdict, series: [aWindow({ connected: 190, waiting: 10 })] })),
      /; 190 were open at the end, 10 were trying to come back, 200 were on a worker that was lost and none failed\./,
    );
  });

  it('counts no longer than the plan was', () => {
    const ended = { early: 'invalid', atMs: 13_500 } as const;
    assert.match(conclusion(aResult({ ended })), /^400 streams were held for 10 s;/);
  });

  it('does not make a silence of what we left after an event', () => {
    const { event_gap: _, ...metrics } = good.metrics;
    const censored = (longest: number) => ({ event_gap: { count: 400, longest, lost: 0 } });
    assert.doesNotMatch(conclusion(aResult({ metrics, censored: censored(0.725) })), /no event for/);
    assert.match(
      conclusion(aResult({ metrics, censored: censored(4_000) })),
      / A stream or more had had no event for at least 4\.00 s when it was over\./,
    );
  });

  it('says what could not be published', () => {
    const errors = [{ code: 'ECONNREFUSED', count: 10, sample: 'connection refused', exit: 7 }];
    const nothing = { planned: 10, published: 0, failed: 10, late: 0, notStarted: 0, errors };
    assert.match(
      conclusion(aResult({ publish: nothing })),
      / None of the 10 events could be published: connection refused\.$/,
    );
    const some = { ...nothing, planned: 90, published: 78, notStarted: 2 };
    assert.match(
      conclusion(aResult({ publish: some })),
      / 12 of 90 events could not be published: connection refused \(10\) and earlier ones took too long \(2\)\.$/,
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
      /within 41\.0 ms for the 150 streams that had one\./,
    );
  });

  it('leaves out of its figures what came in warm-up, and says so', () => {
    const result = firstEvents(spread(5, 1, 2));
    const counts = { ...result.counts, started: 20, attempts: 20, opened: 20 };
    const warmUp = { counts: { ...NO_COUNTS, started: 15, attempts: 15, opened: 15 } };
    assert.match(
      conclusion({ ...result, counts, warmUp }),
      /within 2\.00 ms for all 5 streams after the warm-up\./,
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

  it('speaks of connections where some were broken: the gap that one leaves behind is an outage', () => {
    const censored = { event_gap: { count: 40, longest: 90, lost: 40 } };
    assert.match(
      conclusion(aResult({ censored })),
      /While its connection lasted, no event was later than 1\.20 s after the one before\./,
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
