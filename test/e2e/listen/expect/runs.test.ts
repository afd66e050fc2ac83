import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { runCli, startCli } from '../../harness/cli.ts';
import { runCommand, tail } from '../../harness/command.ts';
import { rawServer } from '../../harness/raw-server.ts';
import { recordsOfType } from '../../harness/records.ts';
import { answer } from '../../harness/wire.ts';
import { listed, listenToMock } from './mock-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'ssekit-expect-'));
after(() => rmSync(folder, { recursive: true }));

const FIVE = 'interval=20ms&count=5';
const ENDLESS = 'interval=50ms';

describe('a pipeline with --expect', () => {
  const mock = listenToMock();
  const PIPELINE = ['ends clean', 'no duplicates', 'ids increasing', 'first-event<5s', 'gap<3s', 'count==5'];

  test('passes on a stream that is as it should be', async () => {
    const outcome = await mock.expect(FIVE, PIPELINE);
    assert.equal(outcome.code, 0, outcome.stderr);
    assert.equal(listed(outcome).length, PIPELINE.length);
  });

  for (const [what, fault, message] of [
    ['truncated', 'truncate@3', /ends clean \(.*without its last chunk, inside an event.*\)/],
    ['duplicated', 'dup@3', /no duplicates \(event 4: 3 came before\)/],
    ['late', 'late-headers=20s', /first-event<5s \(no event in 5000 ms\)/],
    ['silent', 'stall@3', /gap<3s \(nothing for 3000 ms(, longest \d+ ms of \d gaps?)?\)/],
    ['short of an event', 'drop@4', /count==5 \(4 events\)/],
  ] as const) {
    test(`fails on a stream that is ${what}, and says so`, async () => {
      const { code, stderr } = await mock.expect(`${FIVE}&fault=${fault}`, PIPELINE, '-s');
      assert.equal(code, 10);
      assert.match(stderr, /^ssekit: \d of 6 expectations failed: /);
      assert.match(stderr, message);
    });
  }
});

describe('a run with --expect', () => {
  const mock = listenToMock();

  test('leaves an endless stream as soon as all of them hold', async () => {
    const { code, stdout, stderr } = await mock.expect(ENDLESS, ['count>=3', 'status==200', 'event=message']);
    assert.equal(code, 0);
    assert.equal(stdout.split('\n').length, 4);
    assert.match(stderr, /✓ stopped after 3 events: every expectation is met/);
  });

  test('leaves it as soon as one has failed, and tells what is undecided', async () => {
    const outcome = await mock.expect(ENDLESS, ['every data.n < 3', 'count>=1000', 'ends clean', 'gap<60s']);
    assert.equal(outcome.code, 10);
    assert.equal(outcome.stdout.split('\n').length, 4);
    assert.match(outcome.stderr, /✗ stopped after 3 events: an expectation failed/);
    assert.deepEqual(
      listed(outcome).map((line) => line.replace(/^(gap<60s · pass · ).*/, '$1…')),
      [
        'every data.n < 3 · FAIL · event 3: 3',
        'count>=1000 · undecided · 3 events',
        'ends clean · undecided · it had not ended when we left',
        'gap<60s · pass · …',
      ],
    );
  });

  test('goes on for what --until awaits, and fails without it', async () => {
    const met = await mock.expect(FIVE, ['count>=1'], '--until-data', 'never');
    assert.equal(met.code, 18);
    assert.deepEqual(listed(met), ['count>=1 · pass · 1 event']);
    const both = await mock.expect(ENDLESS, ['count>=1'], '--until', '"n":3');
    assert.equal(both.code, 0);
    assert.equal(both.stdout.split('\n').length, 4);
  });

  test('says what an endless stream would be judged for ever for, unless something ends the run', async () => {
    const cli = startCli(['listen', mock.url(ENDLESS), '--expect', 'gap<60s']);
    await cli.logged(/^note: gap<60s can hold only when the stream is over: .* --for or -n\n/);
    cli.signal('SIGINT');
    assert.equal((await cli.ended).code, 130);
    assert.doesNotMatch((await mock.expect(ENDLESS, ['gap<60s'], '-n', '1')).stderr, /note:/);
  });

  test('judges what is not shown, too', async () => {
    const { code, stdout } = await mock.expect(FIVE, ['count==5'], '--event', 'other');
    assert.deepEqual({ code, stdout }, { code: 0, stdout: '' });
  });

  test('lists the rules without a summary, and is summed up with one by default', async () => {
    const without = await mock.expect(FIVE, ['count==5'], '--no-summary');
    assert.deepEqual(listed(without), ['count==5 · pass · 5 events']);
    assert.doesNotMatch(without.stderr, /^ {2}bytes/m);
    assert.match((await mock.expect(FIVE, ['count==5'])).stderr, /^ {2}bytes {5}\d+ B$/m);
  });

  test('under -s says nothing where all hold, and one line where one fails', async () => {
    assert.equal((await mock.expect(FIVE, ['count==5'], '-s')).stderr, '');
    assert.equal(
      (await mock.expect(FIVE, ['count==6', 'ends clean'], '-s')).stderr,
      'ssekit: 1 of 2 expectations failed: count==6 (5 events)\n',
    );
  });

  test('has them in its NDJSON, with the time of each', async () => {
    const outcome = await mock.expect(FIVE, ['count>5', 'ends clean'], '--format', 'ndjson');
    assert.equal(outcome.code, 10);
    const [summary] = recordsOfType(outcome, 'summary');
    const results = summary?.expectations as { rule: string; pass: boolean; seen: string; t: number }[];
    assert.deepEqual(
      results.map(({ rule, pass, seen }) => ({ rule, pass, seen })),
      [
        { rule: 'count>5', pass: false, seen: '5 events' },
        { rule: 'ends clean', pass: true, seen: 'ended cleanly' },
      ],
    );
    assert.ok(results.every(({ t }) => t > 0 && t <= (summary?.t as number)));
    const error = JSON.parse(outcome.stderr) as { code: string; exit: number; message: string };
    assert.deepEqual(
      { code: error.code, exit: error.exit, message: error.message },
      { code: 'EXPECTATION_FAILED', exit: 10, message: '1 of 2 expectations failed: count>5 (5 events)' },
    );
  });

  test('takes a status that was asked for as a success, and no other', async () => {
    const query = `${FIVE}&fault=status=401`;
    assert.equal((await mock.expect(query, ['status==401'])).code, 0);
    assert.equal((await mock.expect(query, ['status==401', 'count==0'])).code, 0);
    assert.equal((await mock.expect(query, ['status==403'])).code, 10);
    assert.equal((await mock.expect(query, ['count==0'])).code, 4);
    assert.equal((await mock.expect(query, ['status<500', 'status!=200'])).code, 4);
  });

  test('is no success where the status is right and the answer no stream', async () => {
    const { code, stderr } = await mock.expect(`${FIVE}&fault=wrong-type`, ['status==200']);
    assert.equal(code, 11);
    assert.match(stderr, /status==200 · pass · 200/);
  });

  test('keeps the code of what else went wrong where all rules hold', async () => {
    assert.equal((await mock.expect(`${FIVE}&fault=reset@3`, ['no duplicates'])).code, 56);
    assert.equal((await mock.expect(ENDLESS, ['no duplicates'], '-m', '2')).code, 28);
  });

  test('tells the cause where no connection was made', async () => {
    const shown = await tail('http://127.0.0.1:9/', '--expect', 'count>=1');
    assert.match(shown.stderr, /^✗ connection refused by 127\.0\.0\.1:9, and an expectation failed\n/m);
    const { code, stderr } = await tail('http://127.0.0.1:9/', '--expect', 'count>=1', '-s');
    assert.equal(code, 10);
    assert.match(
      stderr,
      /^ssekit: the expectation failed: count>=1 \(0 events\); connection refused by 127\.0\.0\.1:9\n/,
    );
  });

  test('does not speak over Ctrl-C', async () => {
    const cli = startCli(['listen', mock.url(ENDLESS), '--expect', 'count>=100000']);
    await cli.printed(/"n":2/);
    cli.signal('SIGINT');
    const { code, stderr } = await cli.ended;
    assert.equal(code, 130);
    assert.match(stderr, /expect {4}count>=100000 · undecided · \d+ events/);
  });

  test('does not take it for a silence of the server that nobody reads our output', async () => {
    const rules = ['gap<1s', 'keepalive<1s', 'count==60000'].flatMap((rule) => ['--expect', rule]);
    const url = mock.url('preset=burst&count=60000&size=200B');
    const cli = startCli(['listen', url, '--format', 'data', ...rules], { deadlineMs: 60_000 });
    await cli.printed(/./);
    cli.stopReading();
    // Longer than the rules allow: with all pipes full, nothing is read from the server either.
    await sleep(2500);
    cli.keepReading();
    const { code, stderr } = await cli.ended;
    assert.equal(code, 0, stderr);
  });

  test('comes to the same when its recording is replayed, on the clock of the recording', async () => {
    const recording = join(folder, 'run.ndjson');
    const rules = [
      'gap<400ms',
      'first-event<10s',
      'keepalive<15s',
      'ends clean',
      'count>=9',
      'no duplicates',
    ];
    const ndjson = ['--format', 'ndjson'];
    const live = await mock.expect(`${FIVE}&fault=stall@3`, rules, '--record', recording, ...ndjson);
    const replay = await runCommand([
      ...['listen', '--from', recording, ...ndjson],
      ...rules.flatMap((rule) => ['--expect', rule]),
    ]);
    const resultsOf = (outcome: typeof live) => recordsOfType(outcome, 'summary')[0]?.expectations;
    assert.equal(live.code, 10, live.stderr);
    assert.deepEqual(replay.code, live.code);
    assert.deepEqual(resultsOf(replay), resultsOf(live));
  });

  test('judges standard input as any other stream', async () => {
    const args = ['listen', '-', '--expect', 'count==1', '--expect', 'ends clean', '--format', 'data'];
    assert.equal((await runCommand(args, { stdin: 'data: a\n\n' })).code, 0);
    const cut = await runCommand(args, { stdin: 'data: a\n\ndata: b' });
    assert.equal(cut.code, 10);
    assert.match(cut.stderr, /ends clean · FAIL · the stream ended inside an event/);
  });

  test('shows what a server sent without obeying it', async (t) => {
    const server = await rawServer(t, async (client) => {
      await client.request();
      await client.write(
        answer(
          '200 OK',
          { 'Content-Type': 'text/event-stream', 'Set-Cookie': 'sid=secret' },
          'data: \x1b[2J\n\n',
        ),
      );
      client.finish();
    });
    const { stderr } = await tail(
      server.url,
      '--expect',
      'data ~ "x"',
      '--expect',
      'header set-cookie == "x"',
    );
    assert.doesNotMatch(stderr, /\x1b|secret/);
    assert.match(stderr, /header set-cookie == "x" · FAIL · "•••"/);
  });

  test('refuses what it does not understand before it asks a server', async (t) => {
    const server = await rawServer(t, (client) => client.left());
    const text = join(folder, 'text.json');
    writeFileSync(text, 'no JSON');
    for (const [rules, message] of [
      [
        ['cuont>=1'],
        /--expect "cuont>=1": position 1: there is no rule and no metric "cuont"\n {2}Did you mean count\?/,
      ],
      [['data.a="b"'], /--expect 'data\.a="b"': position 7: expected one of == /],
      [['count>=1', 'events>=1'], /says the same as "count>=1"/],
      [['schema=none.json'], /can't read none\.json: there is no such file/],
      [[`schema=${text}`], /is not JSON/],
      [[''], /--expect: the rule is empty/],
    ] as const) {
      const { code, stderr } = await tail(server.url, ...rules.flatMap((rule) => ['--expect', rule]));
      assert.equal(code, 2, stderr);
      assert.match(stderr, message);
    }
    assert.equal(server.connections, 0);
  });

  test('takes rules from a config file, but a schema only from one that was named', async () => {
    const config = join(folder, 'ssekit.config.json');
    writeFileSync(config, JSON.stringify({ listen: { expect: ['count==5', 'schema=none.json'] } }));
    const found = await runCli(['listen', mock.url(FIVE), '--format', 'data'], { cwd: folder });
    assert.equal(found.code, 0, found.stderr);
    assert.match(found.stderr, /may not set expect unless named/);
    assert.deepEqual(listed(found), ['count==5 · pass · 5 events']);
    const named = await runCli(['listen', mock.url(FIVE), '--config', config], { cwd: folder });
    assert.equal(named.code, 2);
    assert.match(named.stderr, /none\.json/);
  });
});
