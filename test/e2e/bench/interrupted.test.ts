import assert from 'node:assert/strict';
import { closeSync, openSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import type { BenchResult } from '../../../src/results/bench/result.ts';
import { runCli, startCli } from '../harness/cli.ts';
import { rawServer } from '../harness/raw-server.ts';
import { until } from '../harness/until.ts';
import { streamHead } from '../harness/wire.ts';
import { assertAddsUp, folder, gone, resultOf, workersOf } from './run.ts';

const LONG = ['--for', '1h', '--format', 'json'];

/** Sends one event, and waits for the client to leave. */
async function quietServer(test: TestContext) {
  let left = 0;
  const server = await rawServer(test, async (client) => {
    await client.request();
    await client.write(`${streamHead.close}data: 1\n\n`);
    await client.left();
    left += 1;
  });
  return { server, left: () => left };
}

/** What `-o` left behind: a result, and a timeline that ends with its summary. */
function written(where: string): BenchResult {
  assert.match(readFileSync(join(where, 'run.ndjson'), 'utf8'), /\{"type":"summary".*\}\n$/);
  const result = JSON.parse(readFileSync(join(where, 'run.json'), 'utf8')) as BenchResult;
  assertAddsUp(result);
  return result;
}

function outputs(where: string): string[] {
  return ['-o', join(where, 'run.json'), '-o', join(where, 'run.ndjson')];
}

describe('a run of bench that is ended', { concurrency: 3 }, () => {
  test('before its first connection has its files, and no streams', async (t) => {
    const { server } = await quietServer(t);
    const where = folder(t);
    const cli = startCli(['bench', server.url, '-c', '2', '--workers', '2', ...LONG, ...outputs(where)]);
    const workers = await workersOf(cli, 2);
    cli.signal('SIGINT');
    const { ended, counts } = resultOf(await cli.ended);
    assert.deepEqual([ended, counts.started, server.connections], [{ early: 'signal', atMs: 0 }, 0, 0]);
    assert.deepEqual(written(where).ended, ended);
    await gone(workers);
  });

  test('by SIGTERM while streams come has what there was until then', async (t) => {
    const { server, left } = await quietServer(t);
    const where = folder(t);
    const words = ['-c', '100', '--ramp-up', '50s', '--workers', '2', ...LONG, ...outputs(where)];
    const cli = startCli(['bench', server.url, ...words]);
    const workers = await workersOf(cli, 2);
    await until(() => server.requests.length >= 2);
    cli.signal('SIGTERM');
    const outcome = await cli.ended;
    const { ended, counts, endings } = resultOf(outcome, 'SIGTERM');
    assert.equal(outcome.code, 143);
    assert.equal(ended?.early, 'signal');
    assert.ok(counts.started >= 2 && counts.started < 50, `${counts.started} started`);
    assert.deepEqual([counts.open, endings.open], [counts.started, counts.started]);
    assert.deepEqual(written(where).counts, counts);
    await gone(workers);
    await until(() => left() === server.connections, 'the connections to close');
  });

  test('a second time ends at once, although a worker does not answer', async (t) => {
    const { server } = await quietServer(t);
    const cli = startCli(['bench', server.url, '-c', '2', '--ramp-up', '0s', '--workers', '1', ...LONG]);
    const workers = await workersOf(cli, 1);
    await until(() => server.requests.length === 2);
    for (const pid of workers) process.kill(pid, 'SIGSTOP');
    cli.signal('SIGINT');
    let code = Number.NaN;
    void cli.gone.then((seen) => {
      code = seen;
    });
    // Two that come at once are one.
    await until(() => {
      cli.signal('SIGINT');
      return code === 130;
    });
    for (const pid of workers) process.kill(pid, 'SIGCONT');
    await gone(workers);
    assert.equal((await cli.ended).stdout, '');
  });

  test('by SIGKILL takes its workers and their connections with it', async (t) => {
    const { server, left } = await quietServer(t);
    const cli = startCli(['bench', server.url, '-c', '4', '--ramp-up', '0s', '--workers', '2', ...LONG]);
    const workers = await workersOf(cli, 2);
    await until(() => server.requests.length === 4);
    cli.signal('SIGKILL');
    await cli.gone;
    await gone(workers);
    await until(() => left() === 4, 'the connections to close');
  });

  test('by the loss of a worker keeps what the others measured, and is not to be trusted', async (t) => {
    const { server } = await quietServer(t);
    const where = folder(t);
    const words = ['-c', '4', '--ramp-up', '0s', '--workers', '2', ...LONG, ...outputs(where)];
    const cli = startCli(['bench', server.url, ...words]);
    const workers = await workersOf(cli, 2);
    await until(() => /"type":"window"/.test(readFileSync(join(where, 'run.ndjson'), 'utf8')));
    const [victim = Number.NaN] = workers;
    process.kill(victim, 'SIGKILL');
    const outcome = await cli.ended;
    const { verdict, ended, counts } = resultOf(outcome);
    assert.deepEqual([outcome.code, ended?.early], [13, 'invalid']);
    assert.match(verdict.reasons[0]?.message ?? '', /^worker \d of 2 was killed by SIGKILL, \d+\.\d s into/);
    assert.deepEqual([counts.started, counts.open, counts.events], [4, 4, 4]);
    assert.deepEqual(written(where).counts, counts);
    await gone(workers);
  });
});

describe('a run of bench that can not write', { concurrency: 3 }, () => {
  const SHORT = ['-c', '1', '--ramp-up', '0s', '--for', '600ms', '--workers', '1'];

  test('to standard output has its files: its reader has left', async (t) => {
    const { server } = await quietServer(t);
    const where = folder(t);
    const cli = startCli(['bench', server.url, ...SHORT, ...outputs(where)]);
    cli.closeStdout();
    const { code, stderr } = await cli.ended;
    assert.deepEqual([code, stderr], [141, '']);
    assert.equal(written(where).counts.events, 1);
  });

  test('to standard output has its files: the disk is full', async (t) => {
    const { server } = await quietServer(t);
    const where = folder(t);
    const full = openSync('/dev/full', 'w');
    t.after(() => closeSync(full));
    const { code, stderr } = await runCli(['bench', server.url, ...SHORT, ...outputs(where)], {
      stdout: full,
    });
    assert.equal(code, 23);
    assert.match(stderr, /^ssekit: could not write standard output: ENOSPC/);
    assert.equal(written(where).counts.events, 1);
  });

  test('some of its files has the others, and its screen', async (t) => {
    const { server } = await quietServer(t);
    const where = folder(t);
    const full = ['full.json', 'full.csv'].map((name) => join(where, name));
    for (const path of full) symlinkSync('/dev/full', path);
    const broken = full.flatMap((path) => ['-o', path]);
    const { code, stdout, stderr } = await runCli([
      ...['bench', server.url, ...SHORT, ...broken, ...outputs(where)],
    ]);
    assert.equal(code, 23);
    assert.match(stdout, /1 of 1 started/);
    for (const path of full) assert.match(stderr, new RegExp(`--output ${path}: ENOSPC`));
    assert.equal(written(where).counts.events, 1);
  });
});
