import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { startCli } from '../harness/cli.ts';
import { runCommand } from '../harness/command.ts';
import { listen } from '../harness/listening.ts';
import { startMock } from '../harness/mock.ts';
import { endings, ids, recordsOfType } from '../harness/records.ts';
import { until } from '../harness/until.ts';

describe('ssekit serve-mock', () => {
  test('ticks on any path, with ids from 1, for whoever asks', async (t) => {
    const { url } = await startMock(t, '--interval', '5ms');
    const run = await runCommand(['listen', `${url}any/path`, '-n', '3', '--format', 'ndjson']);
    assert.equal(run.code, 0);
    assert.deepEqual(ids(run), ['1', '2', '3']);
    const [event] = recordsOfType(run, 'event');
    assert.deepEqual(Object.keys(event?.json as object), ['n', 'sentAt']);
  });

  test('takes the shape of the events from flags, and for one request from its query', async (t) => {
    const { url } = await startMock(
      t,
      '--interval',
      '1ms',
      '--count',
      '3',
      '--event',
      'tick',
      '--size',
      '100',
    );
    const asFlagged = recordsOfType(await runCommand(['listen', url, '--format', 'ndjson']), 'event');
    assert.deepEqual(
      asFlagged.map(({ event, data }) => [event, String(data).length]),
      Array(3).fill(['tick', 100]),
    );
    const query = '?count=1&event=tock&data=%7B%7Bmethod%7D%7D%20%7B%7Bn%7D%7D&size=';
    const refused = await fetch(`${url}${query}`);
    assert.equal(refused.status, 400);
    assert.match(await refused.text(), /\?size=: /);
    const asAsked = await (await fetch(`${url}?count=1&event=tock`)).text();
    assert.match(asAsked, /^event: tock$/m);
  });

  test('prints the ready line for programs as JSON', async (t) => {
    const cli = startCli(['serve-mock', '--port', '0', '--format', 'ndjson']);
    t.after(() => cli.signal('SIGKILL'));
    await cli.printed(/\n/);
    const ready = JSON.parse(cli.stdout) as { type: string; url: string };
    assert.equal(ready.type, 'ready');
    assert.equal((await fetch(`${ready.url}healthz`)).status, 200);
    cli.signal('SIGINT');
    assert.equal((await cli.ended).code, 0);
  });

  test('ends its streams in order, and itself with 0, when Ctrl-C stops it; with 143 when it is terminated', async (t) => {
    for (const [signal, code] of [
      ['SIGINT', 0],
      ['SIGTERM', 143],
    ] as const) {
      const { url, cli } = await startMock(t, '--interval', '5ms');
      const listener = startCli(['listen', url, '--format', 'ndjson']);
      await listener.printed(/"type":"event"/);
      cli.signal(signal);
      assert.equal((await cli.ended).code, code);
      const run = await listener.ended;
      assert.equal(run.code, 0);
      assert.deepEqual(endings(run), ['eof']);
      assert.match(cli.stderr, /ended with the server/);
    }
  });

  test('logs who came and how it ended, with secrets masked', async (t) => {
    const { url, cli } = await startMock(t, '--interval', '1ms', '--count', '2', '--auth', 'token=hunter2');
    await (await fetch(`${url}x?token=hunter2`)).text();
    await fetch(`${url}x`);
    await cli.logged(/401/);
    assert.match(cli.stderr, /^seed \d+$/m);
    assert.match(cli.stderr, /#1 {4}GET \/x\?token=••• {2}connection 1\n/);
    assert.match(cli.stderr, /#1 {4}✓ ended {2}2 events · \d+ B/);
    assert.match(cli.stderr, /#2 {4}GET \/x {2}401 /);
    assert.doesNotMatch(cli.stderr, /hunter2/);
  });

  test('says nothing on standard error where it is told to be silent', async (t) => {
    const { url, cli } = await startMock(t, '-s');
    await fetch(`${url}healthz`);
    cli.signal('SIGINT');
    assert.equal((await cli.ended).stderr, '');
  });

  test('repeats a run by its seed', async (t) => {
    const text = async () => {
      const { url } = await startMock(
        t,
        '--interval',
        '1ms',
        '--count',
        '20',
        '--seed',
        '7',
        '--fault',
        'drop@30%',
      );
      return (await (await fetch(url)).text()).match(/^id: .*$/gm);
    };
    const first = await text();
    assert.ok(first !== null && first.length < 20 && first.length > 0);
    assert.deepEqual(await text(), first);
  });

  test('with --fixed, queries change nothing', async (t) => {
    const { url } = await startMock(t, '--fixed', '--interval', '1ms', '--count', '2');
    const response = await fetch(`${url}?fault=status=503&count=9&preset=openai`);
    assert.equal(response.status, 200);
    assert.equal((await response.text()).match(/^id: /gm)?.length, 2);
  });

  test('warns when the network can reach it and ask for faults', async (t) => {
    const open = await startMock(t, '--host', '0.0.0.0');
    await open.cli.logged(/warning: 0\.0\.0\.0 can be reached from the network.*--fixed turns that off/);
    const fixed = await startMock(t, '--host', '0.0.0.0', '--fixed');
    await until(() => /^seed/m.test(fixed.cli.stderr));
    assert.doesNotMatch(fixed.cli.stderr, /warning/);
  });

  test('refuses a port that is taken', async (t) => {
    const taken = createServer();
    const { port } = await listen(t, taken);
    const run = await runCommand(['serve-mock', '--port', String(port)]);
    assert.equal(run.code, 2);
    assert.match(
      run.stderr,
      new RegExp(`^ssekit: 127\\.0\\.0\\.1:${port} is in use already\n {2}Choose another`),
    );
  });

  test('takes defaults from a config file', async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'ssekit-'));
    writeFileSync(join(folder, 'c.json'), JSON.stringify({ 'serve-mock': { interval: '1ms', count: 1 } }));
    const { url } = await startMock(t, '--config', join(folder, 'c.json'));
    assert.equal((await (await fetch(url)).text()).match(/^id: /gm)?.length, 1);
  });

  const wrong: readonly (readonly [flags: string[], message: RegExp])[] = [
    [['--fault', 'rest@3'], /^ssekit: --fault: .*rest.*\n.*reset/],
    [['--fault', 'status=503@3'], /^ssekit: --fault: /],
    [['--interval', '5'], /^ssekit: --interval: "5" needs a unit: write 5s/],
    [['--data', '{{querry.user}}'], /^ssekit: --data: .*querry/],
    [['--data', 'x', '--size', '1KB'], /^ssekit: --data: data of your own is as long as it is/],
    [['--preset', 'opnai'], /^ssekit: --preset: "opnai" is not known/],
    [['--preset', 'openai', '--size', '1KB'], /^ssekit: --size: the preset openai has no use for it/],
    [['--preset', 'quiet', '--lines', '-'], /one of them can be served/],
    [['--speed', '2'], /^ssekit: --speed: there is no recording/],
    [['--token-ttl', '1s'], /^ssekit: --token-ttl: there is no token/],
    [['--auth', 'secret'], /^ssekit: --auth: that is no rule\n {2}Write token=SECRET/],
    [['--auth', 'token=@no-such-file'], /^ssekit: --auth: can't read no-such-file/],
    [['--port', '70000'], /^ssekit: --port: 70000 is no port/],
    [['--cors', 'example'], /^ssekit: --cors: "example" is no origin/],
    [['--redis-pubsub'], /^ssekit: --redis-pubsub: there is no Redis/],
    [['--redis', 'http://x'], /^ssekit: --redis: /],
    [['no-such.yaml'], /^ssekit: no-such\.yaml: can't be read/],
    [['a.yaml', 'b.yaml'], /^ssekit: b\.yaml: one scenario/],
    [
      ['--probe', '--preset', 'openai'],
      /^ssekit: --preset: --probe has no use for it: what is sent, check-proxy says/,
    ],
    [['--probe', 'scenario.yaml'], /^ssekit: scenario\.yaml: --probe has no use for it/],
    [['--probe', '--check'], /^ssekit: --check: --probe has no use for it/],
    [['--probe', '--tls'], /^ssekit: --tls: --probe has no use for it/],
    [['--probe', '--workers', '2'], /^ssekit: --workers: --probe has no use for it/],
    [['--probe', '-s'], /^ssekit: --silent: nobody would learn the token\b.*\n {2}Set SSEKIT_PROBE_TOKEN/],
    [['--probe', '--format', 'json'], /^ssekit: --format json: --probe has no result/],
    [
      ['--probe', '--probe-token', 'short'],
      /^ssekit: --probe-token: the token is too short\b(?!.*\bshort\b.*\bshort\b)/,
    ],
    [['--probe-token', 'x'.repeat(20)], /^ssekit: --probe-token: there is no origin: --probe is missing\n/],
    [['--intervall', '1s'], /--interval/],
  ];
  for (const [flags, message] of wrong) {
    test(`refuses ${flags.join(' ')}`, async () => {
      const run = await runCommand(['serve-mock', '--port', '0', ...flags]);
      assert.equal(run.code, 2, run.stderr);
      assert.match(run.stderr, message);
      assert.equal(run.stdout, '');
    });
  }
});
