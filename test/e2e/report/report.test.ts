import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { BENCH_RESULT_SCHEMA } from '../../../src/results/bench/schema.ts';
import { aTroubledResult } from '../../report/bench/results.ts';
import { runCli } from '../harness/cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'ssekit-report-'));
after(() => rmSync(folder, { recursive: true }));

const result = JSON.stringify(aTroubledResult());
const file = join(folder, 'run.json');
writeFileSync(file, result);

test('a saved result is printed as its closing screen, and written in other forms', async () => {
  const csv = join(folder, 'run.csv');
  const { code, stdout, stderr } = await runCli(['report', file, '-o', csv]);
  assert.equal(stderr, '');
  assert.equal(code, 0);
  assert.match(stdout, /^ {2}INVALID {3}the figures can't be trusted\n/);
  assert.doesNotMatch(stdout, /\u001b/);
  assert.match(readFileSync(csv, 'utf8'), /^from_ms,.*\n0,1000,1,/);
});

test('a result from standard input is printed as JSON, the same value', async () => {
  const { code, stdout } = await runCli(['report', '-', '--format', 'json'], { stdin: result });
  assert.equal(code, 0);
  assert.deepEqual(JSON.parse(stdout), JSON.parse(result));
});

test('colour is a matter of the flag', async () => {
  const { stdout } = await runCli(['report', file, '--color', 'always']);
  assert.match(stdout, /\u001b\[31m.*INVALID|INVALID.*\u001b\[3[19]m/);
});

test('what is no result, or more than one, is a usage error', async () => {
  const cut = join(folder, 'cut.json');
  writeFileSync(cut, result.slice(0, 2_000));
  const damaged = join(folder, 'damaged.json');
  writeFileSync(damaged, result.replace(/("event_gap":.*?"hdr":"HISTFA)[^"]*/, '$1AAAA'));
  const log = join(folder, 'run.hgrm');
  const refused: [string[], RegExp][] = [
    [[damaged, '-o', log], /damaged\.json: "metrics\.event_gap\.hdr" is damaged: it can't be decoded\n/],
    [[], /^ssekit: report: the file is missing\n/],
    [[cut], /^ssekit: .*cut\.json: it is cut off: .*\n {2}Was the disk full/],
    [[join(folder, 'none.json')], /there is no such file\n/],
    [[file, cut], /merging or comparing 2 results: not available yet\n/],
    [[file, '-o', file], /this is the file of the result\n/],
  ];
  await Promise.all(
    refused.map(async ([words, message]) => {
      const { code, stdout, stderr } = await runCli(['report', ...words]);
      assert.match(stderr, message);
      assert.equal(code, 2);
      assert.equal(stdout, '');
    }),
  );
  assert.ok(!existsSync(log));
});

test('the package carries the schema of the result', () => {
  const require = createRequire(import.meta.url);
  assert.deepEqual(
    require('ssekit/schemas/bench-result.json'),
    JSON.parse(JSON.stringify(BENCH_RESULT_SCHEMA)),
  );
});
