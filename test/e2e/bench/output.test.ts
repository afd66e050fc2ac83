import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { HistogramLogReader } from 'hdr-histogram-js';
import type { BenchResult } from '../../../src/results/bench/result.ts';
import { BENCH_RESULT_SCHEMA } from '../../../src/results/bench/schema.ts';
import { runCli, startCli } from '../harness/cli.ts';
import { until } from '../harness/until.ts';

const folder = mkdtempSync(join(tmpdir(), 'ssekit-bench-output-'));
after(() => rmSync(folder, { recursive: true }));

const path = (name: string) => join(folder, name);
const content = (name: string) => readFileSync(path(name), 'utf8');

/** Counts of a metric, summed over the intervals of a histogram log. */
function totalsIn(log: string): Map<string, number> {
  const totals = new Map<string, number>();
  const reader = new HistogramLogReader(log);
  for (let next = reader.nextIntervalHistogram(); next !== null; next = reader.nextIntervalHistogram())
    totals.set(next.tag, (totals.get(next.tag) ?? 0) + next.totalCount);
  return totals;
}

test('a run leaves files that agree with each other, and with what it printed', async () => {
  const names = ['run.json', 'run.ndjson', 'run.csv', 'run.hgrm', 'run.prom'];
  const outputs = names.flatMap((name) => ['-o', path(name)]);
  const run = await runCli(['bench', 'demo:', '-c', '5', '--for', '2200ms', ...outputs]);
  assert.doesNotMatch(run.stderr, /ssekit:|\r/, 'nothing animates without a terminal');

  const result: BenchResult = JSON.parse(content('run.json'));
  const validate = new Ajv2020({ strict: false }).compile(BENCH_RESULT_SCHEMA);
  assert.equal(validate(result), true, JSON.stringify(validate.errors));

  const totals = totalsIn(content('run.hgrm'));
  const windows = content('run.ndjson')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
    .filter(({ type }) => type === 'window');
  for (const metric of ['time_to_first_event', 'event_gap'] as const) {
    const { count } = result.metrics[metric] ?? {};
    assert.ok(count !== undefined && count > 0);
    assert.equal(totals.get(metric), count);
    const inWindows = windows.map(({ histograms }) => histograms[metric]?.count ?? 0);
    assert.equal(
      inWindows.reduce((sum, each) => sum + each, 0),
      count,
    );
  }
  assert.equal(content('run.csv').trimEnd().split('\n').length, result.series.length + 1);
  assert.match(
    content('run.prom'),
    new RegExp(`^ssekit_bench_events\\{phase="measured"\\} ${result.counts.events}$`, 'm'),
  );

  const report = await runCli(['report', path('run.json')]);
  assert.equal(report.stdout, run.stdout);
});

test('a run that is killed leaves its timeline up to then, in whole lines', async () => {
  const run = startCli(['bench', 'demo:', '-c', '2', '--for', '30s', '-o', path('killed.ndjson')]);
  const timeline = () => {
    try {
      return content('killed.ndjson');
    } catch {
      // It is made when the run begins.
      return '';
    }
  };
  await until(() => timeline().includes('"type":"window"'), 'a first window in the file');
  run.signal('SIGKILL');
  await run.gone;
  const types = content('killed.ndjson')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).type);
  assert.equal(types[0], 'start');
  assert.ok(types.includes('window') && !types.includes('summary'));
});
