import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HistogramLogReader, listTags } from 'hdr-histogram-js';
import { csvForm } from '../../../src/report/bench/forms/csv.ts';
import type { ResultForm } from '../../../src/report/bench/forms/form.ts';
import { histogramLogForm } from '../../../src/report/bench/forms/histogram-log.ts';
import { jsonForm } from '../../../src/report/bench/forms/json.ts';
import { prometheusForm } from '../../../src/report/bench/forms/prometheus.ts';
import { timelineForm } from '../../../src/report/bench/forms/timeline.ts';
import type { BenchResult } from '../../../src/results/bench/result.ts';
import { aLiveWindow, aSnapshot } from './live.ts';
import { aResult, aTroubledResult, aWindow } from './results.ts';

function whole(form: ResultForm, result: BenchResult): string {
  assert.ok(form.text);
  return form.text(result);
}

describe('.json', () => {
  it('is the result, with nothing that would drive a terminal', () => {
    const result = aResult({ target: 'http://h/\u009b2J' });
    const text = whole(jsonForm, result);
    assert.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify(result)));
    assert.doesNotMatch(text, /\u009b/);
    assert.match(text, /^\{\n {2}"schema": 1,\n/);
  });
});

describe('.csv', () => {
  it('is a row for each window, below the names of the columns with their units', () => {
    const [head, first, ...rows] = whole(csvForm, aTroubledResult()).trimEnd().split('\n');
    assert.match(head ?? '', /^from_ms,to_ms,warm_up,started,.*,first_event_p99_ms,event_gap_p99_ms,/);
    assert.match(first ?? '', /^0,1000,1,100,/);
    assert.equal(rows.length, 9);
  });

  it('has as many cells in every row, empty where there is no figure', () => {
    const { target: _, ...openModel } = aWindow();
    const rows = whole(csvForm, aResult({ series: [aWindow(), openModel] }))
      .trimEnd()
      .split('\n');
    assert.equal(new Set(rows.map((row) => row.split(',').length)).size, 1);
    assert.match(rows[2] ?? '', /^0,1000,0,0,400,0,0,,800,/);
  });
});

describe('.hgrm', () => {
  it('is read by the reader of HdrHistogram, a tag for each metric', () => {
    const result = aTroubledResult();
    const log = whole(histogramLogForm, result);
    const { lifetime: _, ...metrics } = result.metrics;
    assert.deepEqual(listTags(log).sort(), Object.keys(metrics).sort());
    const reader = new HistogramLogReader(log);
    for (let next = reader.nextIntervalHistogram(); next !== null; next = reader.nextIntervalHistogram()) {
      const figures = metrics[next.tag as keyof typeof metrics];
      assert.equal(next.totalCount, figures?.count);
      assert.equal(next.startTimeStampMsec, Date.parse(result.startedAt) + result.plan.warmUpMs);
    }
  });

  it('has a line a window while the run goes on, whose sum is the whole', () => {
    const { live } = histogramLogForm;
    assert.ok(live);
    const { run } = aLiveWindow();
    const warmUp = aLiveWindow({ window: aWindow({ warmUp: true }), snapshot: aSnapshot([9_000]) });
    const log =
      live.head(run) +
      live.window(warmUp) +
      live.window(aLiveWindow()) +
      live.window(aLiveWindow({ window: aWindow({ from: 4_000, to: 5_000 }), snapshot: aSnapshot([700]) })) +
      live.tail(aResult());
    const reader = new HistogramLogReader(log);
    const counts: number[] = [];
    const starts: number[] = [];
    for (let next = reader.nextIntervalHistogram(); next !== null; next = reader.nextIntervalHistogram()) {
      counts.push(next.totalCount);
      starts.push(next.startTimeStampMsec - Date.parse(run.startedAt));
    }
    assert.deepEqual(counts, [3, 1]);
    assert.deepEqual(starts, [3_000, 4_000]);
  });
});

describe('.ndjson', () => {
  const { live } = timelineForm;
  assert.ok(live);
  const { run } = aLiveWindow();
  const text = live.head(run) + live.window(aLiveWindow()) + live.tail(aResult());
  const records = text
    .trimEnd()
    .split('\n')
    .map((each) => JSON.parse(each));

  it('begins with what is run and ends with what it came to', () => {
    const [start, , summary] = records;
    assert.equal(start.type, 'start');
    assert.equal(start.v, 1);
    assert.deepEqual(start.plan, run.plan);
    assert.equal(summary.type, 'summary');
    assert.equal(summary.verdict.status, 'VALID');
    assert.equal(summary.series, undefined);
  });

  it('has the histograms of each window, so that any span can be summed', () => {
    const [, window] = records;
    assert.equal(window.type, 'window');
    assert.equal(window.from, 3_000);
    assert.equal(window.histograms.event_gap.count, 3);
    assert.equal(window.histograms.event_gap.max, 504);
    assert.match(window.histograms.event_gap.hdr, /^HISTFA/);
    assert.deepEqual(window.generator, aLiveWindow().generator);
  });
});

describe('.prom', () => {
  const text = whole(prometheusForm, aTroubledResult());

  /** What the exposition format allows (Prometheus, text format 0.0.4). */
  const SAMPLE = /^([a-z_:][a-z\d_:]*)(\{(?:[a-z_]+="(?:[^"\\\n]|\\[\\"n])*",?)*\})? (?:[-\d.e+]+|\+Inf)$/;

  it('is what Prometheus reads: each family once, with its type, before its samples', () => {
    const families = new Set<string>();
    let family = '';
    for (const line of text.trimEnd().split('\n')) {
      const type = /^# TYPE (\S+) (?:gauge|summary)$/.exec(line)?.[1];
      if (type !== undefined) {
        assert.ok(!families.has(type), line);
        families.add(type);
        family = type;
      } else if (!line.startsWith('# HELP ')) {
        const name = SAMPLE.exec(line)?.[1];
        assert.ok(name !== undefined, line);
        assert.equal(
          name.replace(/_(sum|count)$/, (suffix) => (family.endsWith(suffix) ? suffix : '')),
          family,
        );
      }
    }
  });

  it('gives latencies in seconds, infinite where too many never came', () => {
    assert.match(text, /^ssekit_bench_time_to_headers_seconds\{quantile="0\.99"\} 0\.0079/m);
    assert.match(text, /^ssekit_bench_time_to_first_event_seconds\{quantile="0\.99"\} \+Inf$/m);
    assert.match(text, /^ssekit_bench_time_to_first_event_cut_short 30$/m);
    assert.doesNotMatch(text, /NaN|null|undefined/);
  });

  it('tells counts of warm-up apart, and rates of what is measured', () => {
    assert.match(text, /^ssekit_bench_events\{phase="measured"\} 17000$/m);
    assert.match(text, /^ssekit_bench_events\{phase="warmup"\} 1204$/m);
    assert.match(text, /^ssekit_bench_measured_seconds 8$/m);
    assert.match(text, /^ssekit_bench_events_per_second 2125$/m);
    assert.match(text, /^ssekit_bench_body_bytes_per_second 255000$/m);
    assert.match(text, /^ssekit_bench_error_ratio 0\.0543859649123$/m);
    assert.doesNotMatch(whole(prometheusForm, aResult()), /warmup/);
  });

  it('has one sample of a code and exit code, however many statuses there were', () => {
    const error = { code: 'HTTP_STATUS', sample: '' };
    const errors = [
      { ...error, count: 5, exit: 5 },
      { ...error, count: 3, exit: 4 },
      { ...error, count: 2, exit: 5 },
    ];
    const samples = whole(prometheusForm, aResult({ errors })).match(/^ssekit_bench_errors\{.*$/gm);
    assert.deepEqual(samples, [
      'ssekit_bench_errors{code="HTTP_STATUS",exit="5"} 7',
      'ssekit_bench_errors{code="HTTP_STATUS",exit="4"} 3',
    ]);
  });

  it('escapes what others wrote', () => {
    const thresholds = [{ rule: 'a "b" \\ c\nd', pass: true, seen: 1 }];
    const escaped = whole(prometheusForm, aResult({ thresholds }));
    assert.match(escaped, /^ssekit_bench_threshold_pass\{rule="a \\"b\\" \\\\ c\\nd"\} 1$/m);
  });
});
