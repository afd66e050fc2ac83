import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { exitCodeOf } from '../../../src/bench/exit-code.ts';
import { readResult } from '../../../src/bench/saved-result.ts';
import type { BenchResult } from '../../../src/results/bench/result.ts';
import { type Outcome, runCli, startCli } from '../harness/cli.ts';
import { runCommand } from '../harness/command.ts';
import { startMock } from '../harness/mock.ts';
import { rawServer } from '../harness/raw-server.ts';

/** As short as a run can be that a plan, a ramp and a window fit into. */
const SHORT = ['--for', '1200ms', '--ramp-up', '0s', '--seed', '7'];

function folder(test: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'ssekit-bench-'));
  test.after(() => rmSync(path, { recursive: true }));
  return path;
}

/** The result on standard output. A busy machine may make it INVALID, which its exit code must then say. */
function resultOf({ stdout, stderr, code }: Outcome, signal?: NodeJS.Signals): BenchResult {
  assert.notEqual(stdout, '', stderr);
  const result = JSON.parse(stdout) as BenchResult;
  assert.equal(code, exitCodeOf(result, signal));
  return result;
}

test('bench loads a server, judges its thresholds, and writes what was asked for', async (t) => {
  const mock = await startMock(t, '--interval', '50ms');
  const file = join(folder(t), 'run.json');
  const rules = ['events > 20', 'gap p50 < 20s', 'gap max < 1ms', 'failed_attempts == 0'];
  const outcome = await runCli([
    ...['bench', mock.url, '-c', '4', ...SHORT, '--format', 'json', '-o', file],
    ...rules.flatMap((rule) => ['--threshold', rule]),
  ]);
  const result = resultOf(outcome);
  assert.equal(outcome.stdout, readFileSync(file, 'utf8'));
  assert.deepEqual(
    result.thresholds.map(({ rule, pass }) => [rule, pass]),
    [
      ['events > 20', true],
      ['gap p50 < 20s', true],
      ['gap max < 1ms', false],
      ['failed_attempts == 0', true],
    ],
  );
  const longest = Math.max(result.metrics.event_gap?.max ?? 0, result.censored.event_gap?.longest ?? 0);
  assert.ok(Math.abs((result.thresholds[2]?.seen ?? 0) - longest) < 0.01);
  assert.equal(result.plan.seed, 7);
  assert.deepEqual([result.counts.started, result.counts.open], [4, 4]);
  assert.ok(outcome.code === 10 || result.verdict.status === 'INVALID');
});

test('bench gives a run up at once when a threshold is lost for good', async (t) => {
  const mock = await startMock(t, '--interval', '50ms');
  const argv = ['bench', mock.url, '-c', '2', '--ramp-up', '0s', '--for', '1h', '--format', 'json'];
  const result = resultOf(await runCli([...argv, '--threshold', 'events < 5', '--abort-on-fail']));
  assert.equal(result.ended?.early, 'threshold');
  assert.equal(result.thresholds[0]?.pass, false);
});

test('Ctrl-C ends a run in order, with what there is', async (t) => {
  const mock = await startMock(t, '--interval', '50ms');
  const timeline = join(folder(t), 'run.ndjson');
  const argv = ['bench', mock.url, '-c', '2', '--ramp-up', '0s', '--for', '1h', '--format', 'json'];
  const bench = startCli([...argv, '-o', timeline]);
  await mock.cli.logged(/GET/);
  bench.signal('SIGINT');
  const result = resultOf(await bench.ended, 'SIGINT');
  assert.equal(result.ended?.early, 'signal');
  assert.equal((await bench.ended).code, 130);
  assert.match(readFileSync(timeline, 'utf8'), /"type":"summary"/);
});

test('each stream has the values of its user', async (t) => {
  const path = join(folder(t), 'users.csv');
  writeFileSync(path, 'id,token\n1,alpha\n"2/x","be""ta"\n3,gamma\n');
  const server = await rawServer(t, async (client) => {
    await client.request();
    await client.write('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n');
  });
  const outcome = await runCli([
    ...['bench', `${server.url}/users/{{id}}/events`, '--bearer', '{{token}}', '--users', path],
    ...['-c', '3', ...SHORT, '--format', 'json'],
  ]);
  assert.equal(resultOf(outcome).counts.events, 3);
  const seen = server.requests.map((request) => [request.target, request.header('authorization')]);
  assert.deepEqual(seen.sort(), [
    ['/users/1/events', 'Bearer alpha'],
    ['/users/2%2Fx/events', 'Bearer be"ta'],
    ['/users/3/events', 'Bearer gamma'],
  ]);
});

test('a run in which nothing could connect ends with the code of its error', async () => {
  const outcome = await runCli(['bench', '127.0.0.1:1', '-c', '2', ...SHORT, '--reconnect', 'none']);
  assert.match(outcome.stdout, /ECONNREFUSED: connection refused by 127\.0\.0\.1:1/);
  assert.ok(outcome.code === 7 || outcome.stdout.includes('INVALID'), `exit ${outcome.code}`);
});

test('--dry-run tells what a run would take, and asks nobody for anything', async (t) => {
  const server = await rawServer(t, () => {});
  const { code, stdout } = await runCommand(['bench', `${server.url}/?token=abc`, '-c', '100', '--dry-run']);
  assert.match(stdout, /target +http:\/\/127\.0\.0\.1:\d+\/\?token=•••\n/);
  assert.match(stdout, /streams +100 to start, at most 100 open at a time\n/);
  assert.match(stdout, /YES +this machine can make that load\n$/);
  assert.equal(code, 0);
  const many = await runCommand(['bench', server.url, '-c', '10000000', '--dry-run']);
  assert.match(many.stdout, /NO +this machine can not make that load/);
  assert.equal(many.code, 13);
  const started = await runCommand(['bench', server.url, '-c', '10000000']);
  assert.match(started.stderr, /^ssekit: this machine can't do it: .*\n {2}\S/);
  assert.deepEqual([started.stdout, started.code], ['', 13]);
  assert.equal(server.requests.length, 0);
});

test('a run that this machine can not make leaves a result that says so', async (t) => {
  const [file, timeline] = [join(folder(t), 'run.json'), join(folder(t), 'run.ndjson')];
  const { stdout, stderr, code } = await runCli([
    ...['bench', '127.0.0.1:1/?token=abc', '-c', '60000', '--local-address', '127.0.0.9'],
    ...['--threshold', 'failed == 0', '--format', 'json', '-o', file, '-o', timeline],
  ]);
  assert.equal(code, 13);
  assert.match(stderr, /^ssekit: this machine can't do it: .*the source address needs 60,000 local ports/);
  assert.equal(readFileSync(file, 'utf8'), stdout);
  const result = readResult(Buffer.from(stdout), 'standard output');
  assert.deepEqual(
    [result.verdict.status, result.verdict.reasons.at(-1)?.code, result.verdict.reasons.at(-1)?.figure],
    ['INVALID', 'machine-limits', 60_000],
  );
  assert.deepEqual([result.counts.started, result.thresholds[0]?.pass], [0, false]);
  assert.equal(result.target, 'http://127.0.0.1:1/?token=•••');
  const lines = readFileSync(timeline, 'utf8').trimEnd().split('\n');
  assert.deepEqual(
    lines.map((line) => JSON.parse(line).type),
    ['start', 'summary'],
  );
});

test('what can not be run is told before anything is asked of a server or a file', async (t) => {
  const file = join(folder(t), 'run.json');
  const line = ['bench', '127.0.0.1:1', '-o', file];
  const { code, stderr } = await runCli([...line, '--for', '5s', '--warm-up', '6s']);
  assert.equal(code, 2);
  assert.match(stderr, /^ssekit: --warm-up 6s: the run is over by then, after 5s\n/);
  assert.equal(existsSync(file), false);
  const twice = await runCli([...line, '-o', file]);
  assert.equal(twice.code, 2);
  assert.match(twice.stderr, /this is the file of --output/);
});
