import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { benchText } from '../../../src/report/bench/screen.ts';
import { displayWidth } from '../../../src/report/display-width.ts';
import { loadPalette, plainPalette } from '../../../src/report/palette.ts';
import type { BenchResult } from '../../../src/results/bench/result.ts';
import { aResult, aTroubledResult, aWindow, figuresOf, NO_COUNTS, spread } from './results.ts';

const screen = (result: BenchResult, columns: number | undefined = 80) =>
  benchText(result, { palette: plainPalette, columns });

const lines = (result: BenchResult, columns?: number) => screen(result, columns).split('\n').slice(0, -1);

describe('the closing screen', () => {
  it('begins with the verdict, and says in words what the server did', () => {
    assert.deepEqual(lines(aResult()).slice(0, 4), [
      '  VALID     the figures can be trusted: the load was made as planned',
      '  found     400 streams were held for 10 s; none failed. The first event came',
      '            within 40.9 ms for 99 % of the streams. No event was later than',
      '            1.20 s after the one before.',
    ]);
  });

  it('says that nothing judges what failed, where there is no rule', () => {
    const counts = { ...aResult().counts, attempts: 480, failedAttempts: 80 };
    const unjudged = /No rule judges that: --threshold 'error_rate < 1%'/;
    assert.match(screen(aResult({ counts })), unjudged);
    assert.doesNotMatch(screen(aResult()), unjudged);
    assert.doesNotMatch(screen(aResult({ counts: { ...counts, events: 0 } })), unjudged);
    const thresholds = [{ rule: 'error_rate < 1%', pass: false, seen: 16.7 }];
    assert.doesNotMatch(screen(aResult({ counts, thresholds })), unjudged);
  });

  it('fits a screen of 80 columns where all went well', () => {
    assert.ok(lines(aResult()).length <= 40);
  });

  for (const columns of [40, 60, 80, 120, 200]) {
    it(`keeps to ${columns} columns, whatever there is to say`, () => {
      for (const result of [aResult(), aTroubledResult()]) {
        const long = lines(result, columns).filter((line) => displayWidth(line) > columns);
        assert.deepEqual(long, []);
      }
    });
  }

  it('says the same in colour', async () => {
    const palette = await loadPalette(true);
    const colored = benchText(aTroubledResult(), { palette, columns: 80 });
    assert.match(colored, /\u001b\[/);
    assert.equal(colored.replace(/\u001b\[\d+m/g, ''), screen(aTroubledResult()));
  });

  it('leaves out what the run has nothing to say about', () => {
    const text = screen(aResult());
    for (const absent of [/^reconnects/m, /^delivery/m, /errors/, /rules/, /goodput/, /keepalive/]) {
      assert.doesNotMatch(text, absent);
    }
  });

  it('shows no control character of a server', () => {
    const text = screen(
      aResult({ errors: [{ code: 'HTTP_STATUS', count: 1, sample: 'HTTP 500 \u001b[2J\nroot', exit: 5 }] }),
    );
    assert.match(text, /1 × HTTP_STATUS: HTTP 500 ␛\[2J␊root/);
    assert.doesNotMatch(text, /\u001b/);
  });
});

describe('an invalid run', () => {
  it('names each reason with its figure, its limit and what to do', () => {
    const text = screen(aTroubledResult(), 200);
    assert.match(text, /^ {2}INVALID {3}the figures can't be trusted\n/);
    assert.match(
      text,
      /generator-late: streams started later than planned \(1\.83 s, the limit is 10\.0 ms\)\n/,
    );
    assert.match(text, /→ Start fewer a second, give it more cores/);
    assert.match(text, /generator-saturated: worker 2 used a whole core \(7 s, the limit is 2 s\)\n/);
  });

  it('counts one thing as one', () => {
    const reason = { code: 'worker-lost', figure: 1, limit: 0, message: 'gone', remedy: 'more' } as const;
    const reasons = [
      { ...reason, unit: 'workers' },
      { ...reason, unit: 'processes' },
    ];
    const text = screen(aResult({ verdict: { status: 'INVALID', reasons } }), 200);
    assert.match(text, /gone \(1 worker, the limit is 0 workers\)\n/);
    assert.match(text, /gone \(1 process, the limit is 0 processes\)\n/);
  });

  it('that ended before it began has no figures to trust', () => {
    const counts = { ...NO_COUNTS };
    const verdict = { status: 'INVALID', reasons: [] } as const;
    const text = screen(aResult({ counts, verdict, ended: { early: 'signal', atMs: 0 } }), 200);
    assert.match(text, /^ {2}INVALID {3}there are no figures; interrupted after 0 ms\n\n/);
  });

  it('says that what was seen may not be true', () => {
    assert.match(screen(aTroubledResult(), 200), /For what it is worth: 990 streams were started in 10 s;/);
  });

  it('that was interrupted says so', () => {
    const text = screen(aResult({ ended: { early: 'signal', atMs: 4_200 } }));
    assert.match(text, /interrupted after 4\.2 s/);
    assert.match(text, /400 streams were held for 4\.2 s/);
  });
});

describe('latency', () => {
  it('is told once where streams started when they were due', () => {
    const text = screen(aResult());
    assert.match(text, /^ {2}first event +400 +26\.6 ms/m);
    assert.doesNotMatch(text, /from its start|start delay/);
  });

  it('is told from when streams were due where that differs, and from their start beside it', () => {
    const text = screen(aTroubledResult());
    assert.match(text, /^ {2}first event .* 1\.95 s$/m);
    assert.match(text, /^ {4}from its start .* 48\.0 ms$/m);
    assert.match(text, /^ {2}start delay .* 1\.90 s$/m);
  });

  it('that falls among attempts which never saw an event is at least so long', () => {
    const text = screen(aTroubledResult());
    assert.match(text, /^ {2}first event .* ≥1\.95 s /m);
    assert.match(text, /30 attempts were left before a first event came, the longest after 7\.90 s\./);
  });

  it('has no quantile that too few samples support, and says what it takes', () => {
    const text = screen(aResult());
    assert.match(text, /^ {2}first event .* 40\.9 ms +– +41\.2 ms$/m);
    assert.match(text, /–: too few samples; p99\.9 takes 3,000\n/);
  });

  it('whose headers came with the first event may be a proxy’s doing', () => {
    const { metrics } = aResult();
    const held = (headers: number, event: number) => ({
      ...metrics,
      time_to_headers: figuresOf(Array<number>(10).fill(headers)),
      time_to_first_event: figuresOf(Array<number>(10).fill(event)),
    });
    const note = /The headers came with the first event\..*check-proxy/;
    assert.match(screen(aResult({ metrics: held(1_001, 1_001) }), 200), note);
    assert.doesNotMatch(screen(aResult({ metrics: held(4, 4) }), 200), note);
    assert.doesNotMatch(screen(aResult({ metrics: held(60, 90) }), 200), note);
  });

  it('of a closed model whose slots reopened says what is not corrected', () => {
    // Each of the 400 slots was due once, and each stream that followed one that had ended was due then.
    const counts = { ...aResult().counts, planned: 900, started: 900, succeeded: 500 };
    const text = screen(aResult({ counts }));
    assert.match(text, /closed model: no schedule, coordinated omission is not corrected\n/);
    assert.match(text, / 900 started \(400 planned, 500 in place of others\) /);
    assert.doesNotMatch(screen(aResult()), /coordinated omission/);
  });
});

describe('silence', () => {
  it('that an end cut short is no news where whole ones lasted longer', () => {
    assert.match(
      screen(aResult()),
      /400 event gaps and silences cut short by an end, the longest at least 498 ms\n/,
    );
  });

  it('that outlasts all whole ones is marked', () => {
    const censored = { silence: { count: 3, longest: 8_200, lost: 0 } };
    const text = screen(aResult({ censored }), 200);
    assert.match(
      text,
      /3 silences cut short by an end, the longest at least 8\.20 s: longer than any whole one\n/,
    );
  });

  it('that a broken connection cut is told from what might have ended', () => {
    const note = (lost: number) =>
      screen(aResult({ censored: { event_gap: { count: 60, longest: 90, lost } } }), 200);
    assert.match(
      note(40),
      /60 event gaps cut short by an end, 40 of them on streams that were cut off, the longest/,
    );
    assert.match(
      note(60),
      /60 event gaps cut short by an end, all on streams that were cut off, the longest/,
    );
  });

  it('of streams that sent nothing at all is told by its end alone', () => {
    const { event_gap: _, ...metrics } = aResult().metrics;
    const silent = { ...metrics, silence: figuresOf([], [10_000]) };
    const censored = { silence: { count: 1, longest: 10_000, lost: 0 } };
    const text = screen(aResult({ metrics: silent, censored }));
    assert.match(text, /^ {2}silence +0 +– +– +– +– +–$/m);
    assert.match(text, /1 silence cut short by an end, the longest at least 10\.0 s/);
  });

  it('before an end shows what cuts idle streams', () => {
    assert.match(screen(aResult({ shortestCut: { reset: 60_001 } })), /before an end: reset after 1m 00s\n/);
  });
});

describe('reconnects', () => {
  it('show the headline, its parts, and the outages that were not over', () => {
    const text = screen(aTroubledResult());
    assert.match(text, /^ {2}reconnect time +100 +1\.80 s/m);
    assert.match(text, /^ {4}waits +100/m);
    assert.match(text, /outages {3}138 · 38 not over when the run was\n/);
  });

  it('tell outages of streams that failed for good from those that might have ended', () => {
    const outages = (lost: number) => {
      const result = aTroubledResult();
      const reconnect_time = { count: 38, longest: 4_000, lost };
      return screen({ ...result, censored: { ...result.censored, reconnect_time } }, 200);
    };
    assert.match(
      outages(30),
      /outages {3}138 · 8 not over when the run was · 30 on streams that failed for good\n/,
    );
    assert.match(outages(38), /outages {3}138 · 38 on streams that failed for good\n/);
  });

  it('after a storm tell when how many were back', () => {
    assert.match(
      screen(aTroubledResult(), 200),
      /100 streams cut at 6\.00 s within 49\.0 ms · 99 back · half after 1\.20 s, 95 % after 2\.80 s from the first cut · at most 81 attempts\/s · 429 answered 12 times\n/,
    );
  });
});

describe('delivery, rules and errors', () => {
  const text = screen(aTroubledResult(), 200);

  it('counts what was lost, with examples', () => {
    assert.match(text, /18,190 events received · 14 missing · 3 duplicated · 1 out of order/);
    assert.match(text, /stream 17: 204-209 missing after 203\n/);
  });

  it('tells what our own publisher did, and what is to be known of the figures', () => {
    assert.match(
      text,
      /published 790 of 800 events · 6 failed · 2 more than 10 ms late · 4 not begun, as earlier ones took too long · HTTP_STATUS: HTTP 413\n/,
    );
    assert.match(text, /3 events had no number, and are left out of the audit\n/);
  });

  it('shows each rule with what it saw, in its unit', () => {
    assert.match(text, /FAIL {2}first_event p99 < 500ms {2}seen 1,948 ms\n/);
    assert.match(text, /PASS {2}error_rate < 10% {2}seen 5\.44 %\n/);
    assert.match(text, /FAIL {2}delivery_latency p99\.9 < 50ms {2}nothing to judge it by: 2,000 samples/);
    const calm = {
      ...{ rule: 'outage max < 9s', pass: true, seen: null, why: 'no stream was interrupted' },
    };
    const held = screen(aTroubledResult({ thresholds: [calm] }), 200);
    assert.match(held, /PASS {2}outage max < 9s {2}no stream was interrupted\n/);
    assert.match(text, /goodput {3}88 % of streams met all of it: 871 of 990/);
  });

  it('lists the most frequent errors first, and counts those beyond a few', () => {
    assert.match(text, /errors {4}38 × ECONNRESET: the connection was reset\n/);
    const errors = Array.from({ length: 9 }, (_, i) => ({
      ...{ code: `E${i}`, count: 10 - i, sample: 'no', exit: 7 },
    }));
    assert.match(screen(aResult({ errors })), /9 more, of 3 other kinds/);
    const [one] = errors;
    const varied = screen(aResult({ errors: one === undefined ? [] : [{ ...one, varies: true }] }));
    assert.match(varied, /errors +\d+ × \w+: for example /);
  });
});

describe('the course of the run', () => {
  it('is a line of blocks from nothing to the most', () => {
    const series = [0, 100, 400, 800].map((events, i) =>
      aWindow({ from: i * 1000, to: i * 1000 + 1000, events }),
    );
    assert.match(screen(aResult({ series })), /^ {2}events\/s {4} {11}▁{11}▄{11}█{11} 0 – 800\/s$/m);
  });

  it('of a long run takes several windows together', () => {
    const series = Array.from({ length: 600 }, (_, i) =>
      aWindow({ from: i * 1000, to: i * 1000 + 1000, failedAttempts: i === 333 ? 7 : 0 }),
    );
    const line = lines(aResult({ series })).find((each) => each.includes('failed/s')) ?? '';
    assert.equal(line.match(/█/g)?.length, 1);
    assert.match(line, / 0 – 7\/s$/);
  });

  it('is left out of runs that are too short for one', () => {
    assert.doesNotMatch(screen(aResult({ series: [aWindow()] })), /events\/s {2}/);
  });
});

describe('what this machine adds', () => {
  it('has in it what the host took of the cores meanwhile', () => {
    const floor = { p50: 0.3, p99: 1.2, max: 4 };
    const calibration = { startDelay: floor, headers: floor, firstEvent: floor, delivery: floor };
    const { generator } = aResult();
    const calibrated = (mean: number) =>
      screen(aResult({ calibration, generator: { ...generator, steal: { mean, max: 0.04 } } }));
    assert.match(calibrated(0.02), /^ {2}start delay +300 µs +1\.20 ms +4\.00 ms$/m);
    assert.match(calibrated(0.02), /^ {2}The host took cores of this machine meanwhile \(steal\)/m);
    assert.doesNotMatch(calibrated(0.01), /host/i);
  });
});

describe('the load generator', () => {
  it('has a line a worker', () => {
    assert.match(screen(aResult()), /^ {2}worker 1 +200 +7 % +21 % +0\.4 % +300 µs +92 MB$/m);
  });

  it('of many workers shows the busiest', () => {
    const [worker] = aResult().generator.workers;
    assert.ok(worker);
    const workers = spread(16, 0.1, 0.85).map((max, i) => ({
      ...worker,
      worker: i,
      cpu: { mean: max, max },
    }));
    const text = screen(aResult({ generator: { cores: 16, node: 'v20', workers } }));
    assert.match(text, /worker 16 /);
    assert.match(text, /12 more, at most 65 % of a core each\n/);
  });
});
