import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { assertUsageError } from '../flags/rejection.ts';
import { options, settled } from './command-line.ts';

describe('bench without flags', () => {
  test('holds 50 streams for 10 s, which come within a second and reconnect as listen --follow does', async () => {
    const { seed, request, ...rest } = await options();
    assert.deepEqual(rest, {
      load: { model: 'closed', connections: 50, rampUpMs: 1000 },
      durationMs: 10_000,
      warmUpMs: 0,
      life: {},
      reconnect: { mode: 'persistent', retryDelayMs: 3000, retryMaxMs: 30_000, jitter: 0 },
      behaviour: {},
      delivery: {},
      workers: 'auto',
      thresholds: [],
      abortOnFail: false,
    });
    assert.ok(Number.isSafeInteger(seed));
    assert.deepEqual(request.urls, ['http://localhost:1/events']);
    assert.equal(request.connection.connectTimeoutMs, 10_000);
    assert.deepEqual(request.headers.slice(0, 2), [
      ['Accept', 'text/event-stream'],
      ['Cache-Control', 'no-cache'],
    ]);
  });

  test('draws another seed each time', async () => {
    const seeds = await Promise.all([options(), options(), options()]);
    assert.equal(new Set(seeds.map(({ seed }) => seed)).size, 3);
  });
});

describe('the load', () => {
  test('is closed with -c, and takes a second for each thousand to come', async () => {
    const { load, durationMs } = await options('-c', '5000');
    assert.deepEqual(load, { model: 'closed', connections: 5000, rampUpMs: 5000 });
    assert.equal(durationMs, 10_000);
  });

  test('comes within half of a run that is short', async () => {
    const rampOf = async (...argv: string[]) => {
      const { load, durationMs } = await options(...argv);
      assert.ok(load.model === 'closed');
      return [load.rampUpMs, durationMs];
    };
    assert.deepEqual(await rampOf('-c', '5', '--for', '1s'), [500, 1000]);
    assert.deepEqual(await rampOf('-c', '5', '--for', '2s'), [1000, 2000]);
    assert.deepEqual(await rampOf('-c', '900', '--for', '1s'), [900, 1000]);
    assert.deepEqual(await rampOf('-c', '5', '--for', '1s', '--ramp-up', '999ms'), [999, 1000]);
  });

  test('is open with -r, which -c caps', async () => {
    assert.deepEqual(await options('-r', '6000/m', '--ramp-up', '0s').then(({ load }) => load), {
      model: 'open',
      rate: 100,
      arrival: 'constant',
      rampUpMs: 0,
    });
    const capped = await options('-r', '10/s', '-c', '5', '--arrival', 'poisson');
    assert.deepEqual(capped.load, { model: 'open', rate: 10, arrival: 'poisson', rampUpMs: 0, maxOpen: 5 });
    assert.equal(capped.durationMs, 10_000);
  });

  test('has stages of open streams, or of starts', async () => {
    const closed = await options('--stages', '30s:1000, 2m:5000,0s:0');
    assert.deepEqual(closed.load, {
      model: 'closed-stages',
      stages: [
        { durationMs: 30_000, target: 1000 },
        { durationMs: 120_000, target: 5000 },
        { durationMs: 0, target: 0 },
      ],
    });
    assert.equal(closed.durationMs, 150_000);
    const open = await options('--stages', '1s:100/s,1s:0/s', '-c', '50', '--arrival', 'poisson');
    assert.deepEqual(open.load, {
      model: 'open-stages',
      stages: [
        { durationMs: 1000, target: 100 },
        { durationMs: 1000, target: 0 },
      ],
      arrival: 'poisson',
      maxOpen: 50,
    });
  });

  for (const [argv, message] of [
    [['--for', '5s', '-c', '5000'], /--for 5s: the streams take 5s to come.*\n.*--ramp-up 0s to 5s/],
    [['--for', '1s', '-c', '1000'], /--for 1s: the streams take 1s to come, at 1,000 a second\n/],
    [['--for', '1s', '--ramp-up', '1s'], /--ramp-up 1s: the run is over by then \(--for 1s\)/],
    [['--for', '5s', '--ramp-up', '6s'], /--ramp-up 6s: the run is over by then \(--for 5s\)/],
    [['--for', '5s', '--warm-up', '5s'], /--warm-up 5s: the run is over by then, after 5s/],
    [['--stages', '5s:10', '--warm-up', '9s'], /--warm-up 9s: the run is over by then, after 5s/],
    [['--for', '5s', '--drop-at', '5s'], /--drop-at: the run is over by then/],
    [['--for', '5'], /--for: "5" needs a unit: write 5s/],
    [
      ['--stages', '30s:1000,1m:10/s'],
      /--stages: .*position 13: open streams and starts per second are mixed/,
    ],
    [['--stages', '30s:1000,1m'], /position 12: expected : and a target, and the rule ends here/],
    [['--stages', '30:1000'], /position 1: "30" needs a unit/],
    [['--stages', '30s:1.5'], /position 5: "1.5" is not a whole number/],
    [['--stages', '30s:0,1m:0'], /no stage has any stream/],
    [['--stages', '0s:10'], /they take no time/],
    [['-r', '100'], /--rate: "100" is not a rate/],
    [['-c', '0'], /--connections: "0" is too small/],
    [['-c', '99999999'], /too many: at most 10000000/],
  ] as const) {
    test(`is refused: ${argv.join(' ')}`, () => assertUsageError(() => options(...argv), message));
  }
});

describe('flags that leave each other no meaning', () => {
  for (const [argv, message] of [
    [['-c', '10', '--stages', '1s:10'], /-c: the stages say how many streams are open/],
    [['-r', '1/s', '--stages', '1s:10'], /-r: the stages say how streams come/],
    [['--for', '1s', '--stages', '1s:10'], /--for: the stages say how long/],
    [['--ramp-up', '1s', '--stages', '1s:10/s'], /--ramp-up: the stages say how streams come/],
    [['--arrival', 'poisson', '--stages', '1s:10'], /--arrival: it is about starts per second/],
    [['--arrival', 'poisson'], /--arrival: it is about starts per second: -r is missing/],
    [['--reconnect', 'none', '--jitter', '0.5'], /--jitter: --reconnect none waits for nothing/],
    [['--reconnect', 'none', '--drop-at', '5s'], /--drop-at: --reconnect none has no stream.*\n.*--cancel/],
    [['--reconnect', 'none', '--retry-delay', '1'], /--retry-delay: --reconnect none/],
    [
      ['--publish', ':2/p', '--publish-rate', '1/s', '--sent-at', 't'],
      /--sent-at: what --publish sends has times/,
    ],
    [['--publish', ':2/p'], /--publish: how often is missing/],
    [['--publish-rate', '1/s'], /--publish-rate: there is nothing to publish to/],
    [['--publish-body', 'x'], /--publish-body: there is nothing to publish to/],
    [['--abort-on-fail'], /--abort-on-fail: there is nothing to fail/],
    [
      ['--threshold', 'missing == 0'],
      /--threshold "missing == 0": events are not audited: --sequence is missing/,
    ],
    [['--threshold', 'delivery_latency p50 < 1s'], /--publish or --sent-at is missing/],
    [['--threshold', 'goodput > 90%'], /--goodput is missing/],
    [['--threshold', 'detect max < 1s'], /--drop-at is missing/],
    [
      ['--threshold', 'reconnect_time max < 1s', '--reconnect', 'none'],
      /no stream comes back with --reconnect none/,
    ],
    [
      ['--streams-per-connection', '5'],
      /a connection of HTTP\/1.1 carries one stream.*\n.*--http2-prior-knowledge/,
    ],
    [['--mask'], /--curl is missing/],
  ] as const) {
    test(`are refused: ${argv.join(' ')}`, () => assertUsageError(() => options(...argv), message));
  }

  test('may be thresholds on what is asked for', async () => {
    const { thresholds } = await options(
      '--sequence',
      'id',
      '--threshold',
      'missing == 0',
      '--threshold',
      'gap p50 < 1s',
    );
    assert.deepEqual(
      thresholds.map(({ text }) => text),
      ['missing == 0', 'gap p50 < 1s'],
    );
  });
});

describe('what streams do', () => {
  test('is told by shares, in percent or as a fraction', async () => {
    const { behaviour } = await options('--slow', '10%@1KB/s', '--cancel', '.05@2s', '--drop-at', '3s:50%');
    assert.deepEqual(behaviour, {
      drop: { atMs: 3000, share: 0.5 },
      slow: { share: 0.1, bytesPerSecond: 1024 },
      cancel: { share: 0.05, afterMs: 2000 },
    });
    assert.deepEqual((await options('--drop-at', '3s')).behaviour, { drop: { atMs: 3000, share: 1 } });
  });

  test('is how long they live', async () => {
    const { life } = await options(
      '--stream-for',
      '1s',
      '--max-events',
      '3',
      '--until-data',
      '[DONE]',
      '-m',
      '5',
    );
    assert.deepEqual(life, { forMs: 1000, maxEvents: 3, untilData: ['[DONE]'], maxTimeMs: 5000 });
    assert.deepEqual((await options('-m', '0')).life, {});
  });

  test('is how they reconnect, with a note where the limit is below the first wait', async () => {
    const { options: made, notes } = await settled([
      ':1',
      ...['--reconnect', 'browser', '--retry-max', '1s', '--jitter', '50%'],
    ]);
    assert.deepEqual(made.reconnect, { mode: 'browser', retryDelayMs: 3000, retryMaxMs: 1000, jitter: 0.5 });
    assert.match(notes.join(), /^--retry-max 1s is less than the first wait/);
  });

  for (const [argv, message] of [
    [['--slow', '20@1KB/s'], /--slow: "20" is above 1, which is all of them\nWrite 20%, or 0.2/],
    [['--slow', '10%'], /--slow: "10%" has no @ between its two parts/],
    [['--slow', '0%@1KB/s'], /"0%" is none of them/],
    [['--cancel', 'some@1s'], /"some" is not a share/],
    [['--drop-at', '3s:200%'], /"200%" is too large/],
    [['--jitter', '2'], /--jitter: "2" is above 1/],
  ] as const) {
    test(`is refused: ${argv.join(' ')}`, () => assertUsageError(() => options(...argv), message));
  }
});

describe('delivery', () => {
  test('is audited by the id, or by a number in the data', async () => {
    assert.deepEqual((await options('--sequence', 'id')).delivery, { sequence: { kind: 'id' } });
    assert.deepEqual((await options('--sequence', '$.id')).delivery.sequence, { kind: 'path', path: '$.id' });
    await assertUsageError(() => options('--sequence', 'a..b'), /--sequence: /);
    assert.deepEqual((await options('--sent-at', 'meta.ts')).delivery, { sentAtPath: 'meta.ts' });
  });

  test('is measured with events of our own, sent to a URL', async () => {
    const { options: made } = await settled([
      ...[':1/events', '--publish', 'http://me:word@h/p', '--publish-rate', '600/m'],
      ...['--publish-header', 'X-Team: a', '--publish-header', 'Content-Type: text/x'],
    ]);
    const { publish } = made.delivery;
    assert.ok(publish);
    assert.match(publish.run, /^\w+$/);
    assert.deepEqual(publish.target, { kind: 'http', url: 'http://h/p' });
    assert.equal(publish.ratePerSecond, 10);
    assert.deepEqual(publish.headers, [
      ['Authorization', `Basic ${Buffer.from('me:word').toString('base64')}`],
      ['X-Team', 'a'],
      ['Content-Type', 'text/x'],
    ]);
    const sent = publish.body.replace('{{n}}', '7').replace('{{sentAt}}', 'ssekit:r:7:1');
    assert.deepEqual(JSON.parse(sent), { data: { n: 7, sentAt: 'ssekit:r:7:1' } });
  });

  test('is measured with events sent through Redis, or by a command', async () => {
    const target = async (publish: string) =>
      (await options('--publish', publish, '--publish-rate', '1/s')).delivery.publish?.target;
    assert.deepEqual(await target('redis://h:6379/2#sse:a%20b'), {
      kind: 'redis',
      url: 'redis://h:6379/2',
      channel: 'sse:a b',
    });
    assert.deepEqual(await target('exec: ./p.sh -v'), { kind: 'exec', command: './p.sh -v' });
  });

  for (const [argv, message] of [
    [['--publish', 'redis://h'], /--publish: the channel is missing/],
    [['--publish', 'exec:'], /--publish: the command is empty/],
    [['--publish', 'ws://h/p'], /--publish: ws: is not supported/],
    [['--publish', '-'], /--publish: "-" can't be published to/],
    [
      ['--publish', ':2', '--publish-rate', '1/s', '--publish-body', '{{n}}'],
      /--publish-body: it has no \{\{sentAt\}\}/,
    ],
    [
      ['--publish', 'exec:x', '--publish-rate', '1/s', '--publish-header', 'A: b'],
      /only a URL takes headers/,
    ],
  ] as const) {
    test(`is refused: ${argv.join(' ')}`, () => assertUsageError(() => options(...argv), message));
  }
});

test('a flag that is planned is refused as such', async () => {
  for (const flag of ['--llm', '--baseline', '--max-regression', '--shard', '--start-at']) {
    await assertUsageError(() => options(flag, 'x'), new RegExp(`^${flag}: not available yet`));
  }
});

test('a warm-up in which all streams come and stay is noted beside rules on how they came', async () => {
  const notesOf = async (...argv: string[]) => (await settled([':1', ...argv])).notes.join();
  const late = ['-c', '5', '--warm-up', '2s', '--threshold', 'error_rate < 1%'];
  assert.match(await notesOf(...late), /^--warm-up 2s: all streams have come .* "error_rate < 1%" by$/);
  assert.match(await notesOf('--warm-up', '1s', '--threshold', 'first_event p50 < 1s'), /^--warm-up 1s/);
  assert.equal(await notesOf(...late, '--max-events', '1'), '');
  assert.equal(await notesOf(...late, '--ramp-up', '3s'), '');
  assert.equal(await notesOf('-r', '5/s', ...late), '');
  assert.equal(await notesOf('--warm-up', '2s', '--threshold', 'gap max < 1s'), '');
});

test('an empty URL is refused with an example of bench', async () => {
  await assertUsageError(() => settled(['']), /^the URL is empty\nFor example: ssekit bench :3000\/events/);
  await assertUsageError(() => settled(['curl http://h/']), /ssekit bench curl/);
  await assertUsageError(
    () => options('--publish', '', '--publish-rate', '1/s'),
    /^--publish: it is empty\nWrite a URL/,
  );
});
