import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, test } from 'node:test';
import { missingRedis, RedisServer } from '../../real/redis-server.ts';
import { runCli, startCli } from '../harness/cli.ts';
import { listen } from '../harness/listening.ts';
import { ids, recordsOfType } from '../harness/records.ts';
import { until } from '../harness/until.ts';
import { childrenOf, isRunning, servingWorkers } from './workers-serving.ts';

async function publish(url: string, data: string) {
  const response = await fetch(`${url}publish`, {
    method: 'POST',
    headers: { 'Content-Type': 'text/plain' },
    body: data,
  });
  return (await response.json()) as { ids: Record<string, string>; streams: number };
}

/** A tail that has opened. */
async function tailing(url: string, ...words: string[]) {
  const cli = startCli(['listen', url, '--format', 'ndjson', ...words]);
  await cli.printed(/"type":"open"/);
  return cli;
}

const data = (run: { stdout: string }) => recordsOfType(run, 'event').map((record) => record.data);

describe('ssekit serve-mock --workers', () => {
  test('sends what is published at one port to the streams of all, with ids of one order', async (t) => {
    const { urls } = await servingWorkers(t, ['--preset', 'quiet']);
    const tails = await Promise.all(urls.map((url) => tailing(url, '-n', '3')));
    for (const [index, url] of urls.entries()) {
      const id = String(index + 1);
      assert.deepEqual(await publish(url, `event ${id}`), { ids: { global: id }, streams: 3 });
    }
    for (const tail of tails) {
      const run = await tail.ended;
      assert.deepEqual(ids(run), ['1', '2', '3']);
      assert.deepEqual(data(run), ['event 1', 'event 2', 'event 3']);
    }
  });

  test('resumes a stream at another port', async (t) => {
    const { urls } = await servingWorkers(t, ['--preset', 'quiet']);
    for (const url of [...urls, ...urls]) await publish(url, url);
    for (const url of urls) {
      const { stdout } = await runCli([
        'listen',
        url,
        '--format',
        'ndjson',
        '--last-event-id',
        '2',
        '-n',
        '4',
      ]);
      assert.deepEqual(ids({ stdout }), ['3', '4', '5', '6']);
      assert.deepEqual(data({ stdout }), [urls[2], ...urls]);
    }
    const lost = await tailing(urls[1], '--last-event-id', '99', '-n', '1', '--comments');
    const run = await lost.ended;
    assert.deepEqual(ids(run), ['1']);
    assert.match(run.stdout, /there is no event \\"99\\" here/);
  });

  test('keeps the order of what is published everywhere at once', async (t) => {
    const { urls } = await servingWorkers(t, ['--preset', 'quiet', '-s']);
    const tails = await Promise.all(urls.map((url) => tailing(url, '-n', '60')));
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, n) => publish(urls[n % 3] as string, String(n))),
    );
    const byId = new Map(answers.map((answer, n) => [answer.ids.global, String(n)]));
    const wanted = Array.from({ length: 60 }, (_, index) => String(index + 1));
    for (const tail of tails) {
      const run = await tail.ended;
      assert.deepEqual(ids(run), wanted);
      assert.deepEqual(
        data(run),
        wanted.map((id) => byId.get(id)),
      );
    }
  });

  test('takes consecutive ports, and says where each is in one line', async (t) => {
    const { port } = await listen(t, createServer());
    const taken = await runCli(['serve-mock', '--workers', '2', '--port', String(port - 1)]);
    assert.equal(taken.code, 2);
    assert.equal(taken.stdout, '');
    assert.match(
      taken.stderr,
      new RegExp(`^ssekit: 127\\.0\\.0\\.1:(${port}|${port - 1}) is in use already\n`),
    );
    assert.match(taken.stderr, new RegExp(`--workers 2 takes the ports ${port - 1} to ${port}:`));
  });

  test('draws alike in all, and writes whole lines into one log', async (t) => {
    const { urls, cli } = await servingWorkers(t, [
      '--fault',
      'drop@50%',
      '--interval',
      '5ms',
      '--seed',
      '7',
    ]);
    assert.match(cli.stderr, /^seed 7\n/);
    const runs = await Promise.all(
      urls.map((url) => runCli(['listen', `${url}?count=30&client=x`, '--format', 'ndjson'])),
    );
    const [first, ...others] = runs.map(ids);
    assert.ok(first !== undefined && first.length > 0 && first.length < 30);
    for (const each of others) assert.deepEqual(each, first);
    await until(
      () => (cli.stderr.match(/✓ ended/g) ?? []).length === 3,
      () => cli.stderr,
    );
    for (const url of urls) {
      const { port } = new URL(url);
      assert.match(
        cli.stderr,
        new RegExp(`^\\d\\d:\\d\\d:\\d\\d :${port} #1 +GET /.*client x · connection 1`, 'm'),
      );
    }
    assert.doesNotMatch(cli.stderr, /^(?!seed|\d\d:\d\d:\d\d :\d+ )./m);
  });

  test('publishes the lines of standard input to all of them', async (t) => {
    const stdin = new PassThrough();
    const { urls } = await servingWorkers(t, ['--lines', '-'], { stdin });
    const tails = await Promise.all(urls.map((url) => tailing(url)));
    stdin.write('one\n');
    for (const tail of tails) await tail.printed(/"data":"one"/);
    stdin.end('two\nthree');
    for (const tail of tails) {
      const run = await tail.ended;
      assert.deepEqual([data(run), ids(run), run.code], [['one', 'two', 'three'], ['1', '2', '3'], 0]);
    }
    assert.equal((await runCli(['listen', urls[2], '--last-event-id', '3'])).code, 52);
  });

  test('lets all of them stand still together', async (t) => {
    const { urls } = await servingWorkers(t, ['--interval', '20ms', '-s']);
    const tail = await tailing(urls[2]);
    await tail.printed(/"id":"3"/);
    await runCli(['listen', `${urls[0]}?fault=freeze=2s@1&count=2`]);
    tail.signal('SIGINT');
    const gaps = recordsOfType(await tail.ended, 'event').map(({ dt }) => Number(dt));
    assert.ok(Math.max(...gaps) > 1_000, `the longest gap was ${Math.max(...gaps)} ms`);
  });

  test('writes the requests of all into one file, and says which worker each came to', async (t) => {
    const path = join(mkdtempSync(join(tmpdir(), 'ssekit-workers-')), 'requests.ndjson');
    t.after(() => rmSync(dirname(path), { recursive: true }));
    const { urls, cli } = await servingWorkers(t, ['--log-requests', path]);
    await Promise.all(urls.map((url) => runCli(['listen', `${url}?count=1&interval=1ms`])));
    cli.signal('SIGINT');
    await cli.ended;
    const records = readFileSync(path, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as { type: string; worker: number; id: number });
    const seen = records.map(({ type, worker, id }) => `${type} ${worker} ${id}`);
    const wanted = [1, 2, 3].flatMap((worker) => [`request ${worker} 1`, `disconnect ${worker} 1`]);
    assert.deepEqual(seen.sort(), wanted.sort());
  });

  test('ends all streams in order with Ctrl-C, and with 0', async (t) => {
    const { urls, cli } = await servingWorkers(t, ['--preset', 'quiet']);
    const workers = childrenOf(cli.pid as number);
    assert.equal(workers.length, 3);
    const tails = await Promise.all(urls.map((url) => tailing(url)));
    cli.signal('SIGINT');
    for (const tail of tails) {
      const run = await tail.ended;
      assert.equal(recordsOfType(run, 'close')[0]?.reason, 'eof');
    }
    const { code, stderr } = await cli.ended;
    assert.equal(code, 0, stderr);
    assert.equal((stderr.match(/✓ ended with the server/g) ?? []).length, 3);
    assert.deepEqual(workers.filter(isRunning), []);
  });

  test('is told by SIGTERM to end as well, with the code of that', async (t) => {
    const { cli } = await servingWorkers(t, ['-s']);
    cli.signal('SIGTERM');
    assert.equal((await cli.ended).code, 143);
  });

  test('ends with 1 where a worker is killed, and says which', async (t) => {
    const { urls, cli } = await servingWorkers(t, []);
    const tail = await tailing(urls[0]);
    const workers = childrenOf(cli.pid as number);
    process.kill(workers[1] as number, 'SIGKILL');
    const { code, stderr } = await cli.ended;
    assert.equal(code, 1);
    assert.match(
      stderr,
      new RegExp(`^ssekit: worker 2 \\(${urls[1]}\\) was killed by SIGKILL: its streams are lost`, 'm'),
    );
    assert.equal(recordsOfType(await tail.ended, 'close')[0]?.reason, 'eof');
    assert.deepEqual(workers.filter(isRunning), []);
  });

  test('leaves no worker behind when it is killed itself', async (t) => {
    const { cli } = await servingWorkers(t, []);
    const workers = childrenOf(cli.pid as number);
    cli.signal('SIGKILL');
    await cli.ended;
    await until(() => workers.every((pid) => !isRunning(pid)));
  });

  const refused: readonly [words: string[], message: RegExp][] = [
    [['--workers', '0'], /^ssekit: --workers: /],
    [['--workers', '65'], /^ssekit: --workers: 65 is too many: at most 64/],
    [['--workers', '2', '--port', '65535'], /^ssekit: --workers: the ports 65535 to 65536/],
    [['--workers', '2', '--check'], /^ssekit: --workers: --check has no use for it/],
    [
      ['--workers', '2', '--lines', '-', '--redis', 'redis://127.0.0.1:1'],
      /^ssekit: --lines -: with --redis/,
    ],
    [['--workers', '2', '--port', '0', 'missing.yaml'], /^ssekit: missing\.yaml: .*there is no such file/],
  ];
  for (const [words, message] of refused) {
    test(`refuses ${words.join(' ')}`, async () => {
      const { code, stderr, stdout } = await runCli(['serve-mock', ...words]);
      assert.deepEqual([code, stdout], [2, '']);
      assert.match(stderr, message);
    });
  }
});

describe('ssekit serve-mock --workers --redis', { skip: missingRedis() }, () => {
  test('shares its channels through Redis', async (t) => {
    const redis = await RedisServer.start(t);
    const { urls } = await servingWorkers(t, ['--preset', 'quiet', '--redis', redis.url]);
    const tails = await Promise.all(urls.map((url) => tailing(url, '-n', '3')));
    for (const url of urls) await publish(url, url);
    const [first, ...others] = await Promise.all(tails.map((tail) => tail.ended));
    assert.ok(first !== undefined);
    assert.deepEqual(data(first), urls);
    for (const other of others) assert.deepEqual(ids(other), ids(first));
  });
});
