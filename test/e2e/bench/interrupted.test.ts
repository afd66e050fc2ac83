import assert from 'node:assert/strict';
import { closeSync, existsSync, openSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import type { BenchResult } from '../../../src/results/bench/result.ts';
import type { Outcome, RunningCli } from '../harness/cli.ts';
import { rawServer } from '../harness/raw-server.ts';
import { streamHead } from '../harness/wire.ts';
import { assertAddsUp, folder, gone, resultOf, startBench, until, workersOf } from './run.ts';

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
  assert.match(timelineIn(where), /\{"type":"summary".*\}\n$/);
  const result = JSON.parse(readFileSync(join(where, 'run.json'), 'utf8')) as BenchResult;
  assertAddsUp(result);
  return result;
}

/** Empty until the run begins. */
function timelineIn(where: string): string {
  const path = join(where, 'run.ndjson');
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

function outputs(where: string): string[] {
  return ['-o', join(where, 'run.json'), '-o', join(where, 'run.ndjson')];
}

/** Ends a run that has had its event. */
async function end(cli: RunningCli, where: string): Promise<Outcome> {
  await until(() => /"events":1\b/.test(timelineIn(where)), 'an event');
  cli.signal('SIGINT');
  const outcome = await cli.ended;
  assert.equal(written(where).counts.events, 1);
  return outcome;
}

describe('a run of bench', { concurrency: 3 }, () => {
  test('that is ended before its first connection has its files, and no streams', async (t) => {
    const { server } = await quietServer(t);
    const where = folder(t);
    const cli = startBench([server.url, '-c', '2', '--workers', '2', ...LONG, ...outputs(where)]);
    const workers = await workersOf(cli, 2);
    cli.signal('SIGINT');
    const { ended, counts } = resultOf(await cli.ended);
    assert.deepEqual([ended, counts.started, server.connections], [{ early: 'signal', atMs: 0 }, 0, 0]);
    assert.deepEqual(written(where).ended, ended);
    await gone(workers);
  });

  test('that is ended while what it publishes to does not answer waits for nothing', async (t) => {
    const mute = await rawServer(t, (client) => client.left());
    const target = `redis://127.0.0.1:${mute.port}#a`;
    const cli = startBench([
      mute.url,
      '--publish',
      target,
      '--publish-rate',
      '1/s',
      '--workers',
      '1',
      ...LONG,
    ]);
    await until(() => mute.connections === 1, 'the publisher');
    const workers = await workersOf(cli, 1);
    cli.signal('SIGINT');
    const { ended, counts } = resultOf(await cli.ended);
    assert.deepEqual([ended, counts.started, mute.connections], [{ early: 'signal', atMs: 0 }, 0, 1]);
    await gone(workers);
  });

  test('that is ended by SIGTERM while streams come has what there was until then', async (t) => {
    const { server, left } = await quietServer(t);
    const where = folder(t);
    const words = ['-c', '100', '--ramp-up', '50s', '--workers', '2', ...LONG, ...outputs(where)];
    const cli = startBench([server.url, ...words]);
    const workers = await workersOf(cli, 2);
    await until(() => server.requests.length >= 2, 'two streams');
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

  test('ends at once the second time that it is told to, although a worker does not answer', async (t) => {
    const { server } = await quietServer(t);
    const cli = startBench([server.url, '-c', '2', '--ramp-up', '0s', '--workers', '1', ...LONG]);
    const workers = await workersOf(cli, 1);
    await until(() => server.requests.length === 2, 'two streams');
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
    }, 'its end');
    for (const pid of workers) process.kill(pid, 'SIGCONT');
    await gone(workers);
    assert.equal((await cli.ended).stdout, '');
  });

  test('that is ended by SIGKILL takes its workers and their connections with it', async (t) => {
    const { server, left } = await quietServer(t);
    const cli = startBench([server.url, '-c', '4', '--ramp-up', '0s', '--workers', '2', ...LONG]);
    const workers = await workersOf(cli, 2);
    await until(() => server.requests.length === 4, 'four streams');
    cli.signal('SIGKILL');
    await cli.gone;
    await gone(workers);
    await until(() => left() === 4, 'the connections to close');
  });

  test('that loses a worker keeps what the others measured, and is not to be trusted', async (t) => {
    const { server } = await quietServer(t);
    const where = folder(t);
    const words = ['-c', '4', '--ramp-up', '0s', '--workers', '2', ...LONG, ...outputs(where)];
    const cli = startBench([server.url, ...words]);
    const workers = await workersOf(cli, 2);
    await until(() => /"type":"window"/.test(timelineIn(where)), 'a window');
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

  test('has its files although the reader of its screen has left', async (t) => {
    const { server } = await quietServer(t);
    const where = folder(t);
    const cli = startBench([server.url, '-c', '1', ...LONG, ...outputs(where)]);
    cli.closeStdout();
    const { code, stderr } = await end(cli, where);
    assert.deepEqual([code, stderr], [141, '']);
  });

  test('has its files although the disk that its screen goes to is full', async (t) => {
    const { server } = await quietServer(t);
    const where = folder(t);
    const full = openSync('/dev/full', 'w');
    t.after(() => closeSync(full));
    const words = [server.url, '-c', '1', ...LONG, ...outputs(where)];
    const { code, stderr } = await end(startBench(words, { stdout: full }), where);
    assert.equal(code, 23);
    assert.match(stderr, /^ssekit: could not write standard output: ENOSPC/);
  });

  test('has the other files, and its screen, when some can not be written', async (t) => {
    const { server } = await quietServer(t);
    const where = folder(t);
    const full = ['full.json', 'full.csv'].map((name) => join(where, name));
    for (const path of full) symlinkSync('/dev/full', path);
    const broken = full.flatMap((path) => ['-o', path]);
    const words = [server.url, '-c', '1', ...LONG, ...broken, ...outputs(where)];
    const { code, stdout, stderr } = await end(startBench(words), where);
    assert.equal(code, 23);
    assert.deepEqual(JSON.parse(stdout), written(where));
    for (const path of full) assert.match(stderr, new RegExp(`--output ${path}: ENOSPC`));
  });
});
