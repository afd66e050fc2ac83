import assert from 'node:assert/strict';
import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { brotliCompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { temporaryFolder } from '../../recording/recording-files.ts';
import { type Outcome, runCli, startCli } from '../harness/cli.ts';
import { tail } from '../harness/command.ts';
import { startMock } from '../harness/mock.ts';
import type { RawConnection } from '../harness/raw-connection.ts';
import { rawServer } from '../harness/raw-server.ts';
import { ids, recordsOfType } from '../harness/records.ts';
import { until } from '../harness/until.ts';
import { answer, chunk, head, LAST_CHUNK, streamHead } from '../harness/wire.ts';

const STREAM = { 'Content-Type': 'text/event-stream' };
const EVENTS = 'retry: 20\n\nid: 1\ndata: {"a":1}\n\n: ping\n\nevent: x\nid: 2\ndata: zwei\n\n';

interface Run {
  title: string;
  /** What each connection gets, until the client leaves. */
  answers: ((client: RawConnection) => Promise<void> | void)[];
  flags?: string[];
  /** Flags that only the run itself takes. */
  live?: string[];
  /** Why each attempt ended: the case is the one that it says it is. */
  endings: string[];
}

const sends = (...pieces: (string | Uint8Array)[]) => {
  return async (client: RawConnection) => {
    for (const piece of pieces) {
      await client.write(piece);
      await new Promise((resolve) => setImmediate(resolve));
    }
    client.finish();
  };
};

const coded = (coding: string, bytes: Uint8Array) => [
  head('200 OK', { ...STREAM, 'Content-Encoding': coding, 'Content-Length': bytes.length }),
  bytes.subarray(0, 20),
  bytes.subarray(20, 50),
  bytes.subarray(50),
];

const RUNS: Run[] = [
  { title: 'a clean end', answers: [sends(answer('200 OK', STREAM, EVENTS))], endings: ['eof'] },
  {
    title: 'chunks cut anywhere',
    answers: [
      sends(
        streamHead.chunked,
        chunk('data: a\nda'),
        chunk('ta: b\n\nda'),
        `5\r\nta: `,
        'c\r\n',
        chunk('\n\n') + LAST_CHUNK,
      ),
    ],
    endings: ['eof'],
  },
  {
    title: 'CRLF, a byte order mark and invalid UTF-8',
    answers: [
      sends(
        streamHead.close,
        Buffer.from([0xef, 0xbb]),
        Buffer.from([0xbf]),
        'data: a\r',
        '\n\r\ndata: ',
        Buffer.from([0xc3]),
        Buffer.from([0xa4, 0xff]),
        '\r\n\r\n',
      ),
    ],
    endings: ['eof'],
  },
  { title: 'gzip', answers: [sends(...coded('gzip', gzipSync(EVENTS)))], endings: ['eof'] },
  {
    title: 'brotli',
    answers: [sends(...coded('br', brotliCompressSync(EVENTS.repeat(9))))],
    endings: ['eof'],
  },
  {
    title: 'damaged gzip',
    answers: [
      sends(...coded('gzip', Buffer.concat([gzipSync(EVENTS).subarray(0, 40), Buffer.alloc(60, 7)]))),
    ],
    endings: ['protocol'],
  },
  {
    title: 'an end inside an event',
    answers: [sends(streamHead.close, 'data: a\n\ndata: lost')],
    endings: ['truncated'],
  },
  {
    title: 'a reset',
    answers: [
      async (client) => {
        await client.write(streamHead.chunked + chunk('data: a\n\n'));
        await until(() => false, '', 60).catch(() => {});
        client.reset();
      },
    ],
    endings: ['reset'],
  },
  {
    title: 'reconnects with failures in between',
    answers: [
      sends(answer('200 OK', STREAM, EVENTS)),
      sends(answer('503 Service Unavailable', { 'Content-Type': 'text/html' }, '<title>Busy</title>')),
      (client) => client.reset(),
      sends(answer('200 OK', STREAM, 'id: 3\ndata: three\n\n')),
      sends(answer('404 Not Found', { 'Content-Type': 'text/plain' }, 'gone')),
    ],
    live: ['--follow', '--retry-delay', '20ms', '--retry-max', '30ms'],
    endings: ['eof', 'status', 'reset', 'eof', 'status'],
  },
  {
    title: 'a wait that is too long, and left',
    answers: [sends(answer('200 OK', STREAM, 'retry: 7200000\n\ndata: a\n\n'))],
    live: ['--follow'],
    flags: ['--for', '300ms'],
    endings: ['eof'],
  },
  {
    title: 'an answer of another type',
    answers: [sends(answer('200 OK', { 'Content-Type': 'text/html' }, '<title>Sign in</title>'))],
    endings: ['wrong_type'],
  },
  {
    title: 'a number of events',
    answers: [sends(answer('200 OK', STREAM, EVENTS + EVENTS))],
    flags: ['-n', '3', '--event', 'message'],
    endings: ['eof'],
  },
  {
    title: 'what was awaited, among compressed events',
    answers: [sends(...coded('gzip', gzipSync(EVENTS + EVENTS)))],
    flags: ['--until-data', 'zwei'],
    endings: ['client'],
  },
  {
    title: 'a time that was over',
    answers: [
      async (client) => {
        await client.write(streamHead.chunked + chunk(EVENTS));
        await client.left();
      },
    ],
    flags: ['--for', '400ms'],
    endings: ['client'],
  },
  {
    title: 'an event that is too large',
    answers: [sends(answer('200 OK', STREAM, `data: a\n\ndata: ${'x'.repeat(3000)}\n\n`))],
    flags: ['--max-event-size', '1KB'],
    endings: ['client'],
  },
];

async function serve(t: TestContext, answers: Run['answers']) {
  return rawServer(t, async (client) => {
    await client.request();
    const each = answers[client.number - 1];
    if (each === undefined) client.reset();
    else await each(client);
  });
}

/**
 * Chunks are recorded as they come, and what is in them when it has been decompressed, which may be behind the next
 * chunk or before it: each kind has its order, and the two among each other have none.
 */
function chunksFirst(recording: string): string {
  const lines = recording.split('\n');
  const isChunk = (line: string) => line.startsWith('{"type":"chunk"');
  return [...lines.filter(isChunk), ...lines.filter((line) => !isChunk(line))].join('\n');
}

describe('a run that was recorded', () => {
  for (const { title, answers, flags = [], live: liveFlags = [], endings } of RUNS) {
    test(`is the same when it is replayed: ${title}`, async (t) => {
      const folder = temporaryFolder(t);
      const [first, second] = [join(folder, 'a.ndjson'), join(folder, 'b.ndjson.gz')];
      const server = await serve(t, answers);
      const live = await tail(server.url, ...flags, ...liveFlags, '--format', 'ndjson', '--record', first);
      assert.deepEqual(
        recordsOfType(live, 'close').map(({ reason }) => reason),
        endings,
      );
      const again = await tail('--from', first, ...flags, '--format', 'ndjson', '--record', second);
      assert.equal(again.stdout, live.stdout);
      assert.equal(again.stderr, live.stderr);
      assert.equal(again.code, live.code);
      const recordings = [gunzipSync(readFileSync(second)).toString(), readFileSync(first, 'utf8')];
      const [replayed, recorded] = recordings.map(chunksFirst);
      assert.equal(replayed, recorded);
      const third = await tail('--from', second, ...flags, '--format', 'ndjson');
      assert.equal(third.stdout, live.stdout);
    });
  }

  test('is the same from standard input, recorded and replayed', async (t) => {
    const path = join(temporaryFolder(t), 'a.ndjson');
    const live = await runCli(['listen', '-', '--format', 'ndjson', '--record', path], {
      stdin: `${EVENTS}data: lost`,
    });
    assert.equal(live.code, 18);
    const again = await runCli(['listen', '--from', '-', '--format', 'ndjson'], {
      stdin: readFileSync(path, 'utf8'),
    });
    assert.deepEqual(again, live);
  });

  test('breaks the same rule where the run was left for it between two attempts', async (t) => {
    const [a, b] = ['a.ndjson', 'b.ndjson'].map((name) => join(temporaryFolder(t), name)) as [string, string];
    const server = await serve(t, [sends(answer('200 OK', STREAM, EVENTS)), (client) => client.reset()]);
    const expect = ['--expect', 'outages==0', '-s'];
    const live = await tail(server.url, '--follow', '--format', 'ndjson', ...expect, '--record', a);
    assert.equal(live.code, 10);
    assert.deepEqual(await tail('--from', a, '--format', 'ndjson', ...expect, '--record', b), live);
    assert.equal((await tail('--from', a, '--record', b)).code, 0);
    assert.equal(readFileSync(b, 'utf8'), readFileSync(a, 'utf8'));
    // It goes on where another is put behind it.
    const twice = await runCli(['listen', '--from', '-', '--expect', 'outages==2'], {
      stdin: readFileSync(a, 'utf8').repeat(2),
    });
    assert.match(twice.stderr, /outages==2 · pass/);
  });

  test('ends with success where its recorder was interrupted, and says so', async (t) => {
    const path = join(temporaryFolder(t), 'a.ndjson');
    const server = await serve(t, [
      async (client) => void (await client.write(streamHead.chunked + chunk(EVENTS))),
    ]);
    const live = startCli(['listen', server.url, '--record', path]);
    await live.printed(/zwei/);
    live.signal('SIGINT');
    assert.equal((await live.ended).code, 130);
    const again = await tail('--from', path);
    assert.equal(again.code, 0);
    assert.match(again.stderr, /✓ the recording ends after 2 events: it was interrupted\n$/);
    const unmatched = await tail('--from', path, '--until-data', 'drei');
    assert.equal(unmatched.code, 18);
    const rules = ['count>=3', 'ends clean', 'some data.a == 1'].flatMap((rule) => ['--expect', rule]);
    const undecided = await tail('--from', path, ...rules, '-s', '--format', 'ndjson');
    assert.equal(undecided.code, 18);
    assert.match(undecided.stderr, /the recording ends before it is decided: count>=3 \(2 events\)/);
    const [summary] = recordsOfType(undecided, 'summary');
    assert.match(
      JSON.stringify(summary?.expectations),
      /"undecided":true.*"undecided":true.*"pass":true,"seen"/,
    );
    const broken = await tail('--from', path, '--expect', 'count<2', '--expect', 'count>=3');
    assert.equal(broken.code, 10);
  });

  test('is left earlier, or lasts longer, where other flags say so', async (t) => {
    const path = join(temporaryFolder(t), 'a.ndjson');
    const server = await serve(t, [sends(answer('200 OK', STREAM, EVENTS + EVENTS))]);
    await tail(server.url, '--record', path, '-n', '3');
    const fewer = await tail('--from', path, '-n', '1', '--format', 'ndjson');
    assert.deepEqual(ids(fewer), ['1']);
    // The read that brought the third event brought the fourth.
    const all = await tail('--from', path, '--format', 'ndjson');
    assert.deepEqual(ids(all), ['1', '2', '1', '2']);
    assert.equal(all.code, 0);
  });
});

describe('what is recorded', () => {
  test('is every event, whatever the filters show, with its bytes before it', async (t) => {
    const path = join(temporaryFolder(t), 'a.ndjson');
    const server = await serve(t, [sends(...coded('gzip', gzipSync(EVENTS)))]);
    const outcome = await tail(server.url, '--grep', 'nothing', '--record', path);
    assert.equal(outcome.stdout, '');
    const lines = readFileSync(path, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const types = lines.map(({ type }) => type);
    assert.equal(types[0], 'open');
    assert.ok(types.indexOf('chunk') < types.indexOf('event'));
    assert.deepEqual(types.filter((type) => type !== 'chunk').slice(1), [
      'retry',
      'event',
      'comment',
      'event',
      'close',
    ]);
    const chunks = lines.filter(({ type }) => type === 'chunk');
    assert.ok(chunks.every(({ enc }) => enc === 'gzip'));
    assert.equal(
      gunzipSync(Buffer.concat(chunks.map(({ b64 }) => Buffer.from(b64, 'base64')))).toString(),
      EVENTS,
    );
  });

  test('can be read again, however long its lines are', async (t) => {
    const path = join(temporaryFolder(t), 'a.ndjson');
    const size = 12_000_000;
    const stdin = `data: ${'\u0001'.repeat(size)}\n\n`;
    assert.equal((await runCli(['listen', '-', '--record', path, '--event', 'none'], { stdin })).code, 0);
    const again = await tail('--from', path, '--event', 'none', '--expect', 'count==1', '-s');
    assert.deepEqual([again.code, again.stderr], [0, '']);
  });

  test('has no secrets of the request and the headers, unless they are asked for', async (t) => {
    const folder = temporaryFolder(t);
    const headers = { ...STREAM, 'Set-Cookie': 'session=geheim' };
    const server = await serve(t, [
      sends(answer('200 OK', headers, EVENTS)),
      sends(answer('200 OK', headers, EVENTS)),
    ]);
    const [masked, shown] = [join(folder, 'a.ndjson'), join(folder, 'b.ndjson')];
    const words = [`${server.url}/?token=geheim`, '-H', 'Authorization: Bearer geheim', '-b', 'a=geheim'];
    await tail(...words, '--record', masked);
    assert.equal(readFileSync(masked, 'utf8').includes('geheim'), false);
    await tail(...words, '--record', shown, '--show-secrets');
    assert.equal(readFileSync(shown, 'utf8').split('geheim').length, 5);
    const again = await tail('--from', masked, '-i');
    assert.equal(again.code, 0);
  });

  for (const name of ['killed.ndjson', 'killed.ndjson.gz']) {
    test(`can be read although its recorder was killed: ${name}`, async (t) => {
      const path = join(temporaryFolder(t), name);
      const server = await serve(t, [
        async (client) => void (await client.write(streamHead.chunked + chunk(EVENTS))),
      ]);
      const live = startCli(['listen', server.url, '--record', path]);
      await live.printed(/zwei/);
      await until(
        async () => (await tail('--from', path)).stdout.includes('zwei'),
        'the events to be in the file',
      );
      live.signal('SIGKILL');
      await live.gone;
      const again = await tail('--from', path, '--format', 'ndjson');
      assert.equal(again.code, 0);
      assert.deepEqual(ids(again), ['1', '2']);
      const [warning] = recordsOfType(again, 'warn');
      assert.equal(warning?.code, 'recording-cut');
    });
  }

  test('can be read where its last line is cut', async (t) => {
    const path = join(temporaryFolder(t), 'a.ndjson');
    const server = await serve(t, [sends(answer('200 OK', STREAM, EVENTS))]);
    await tail(server.url, '--record', path);
    truncateSync(path, readFileSync(path).length - 10);
    const again = await tail('--from', path);
    assert.equal(again.code, 0);
    assert.match(again.stderr, /line \d+, its last, was cut off/);
  });

  test('is served again by serve-mock, chunk for chunk', async (t) => {
    const path = join(temporaryFolder(t), 'a.ndjson');
    const second = join(temporaryFolder(t), 'b.ndjson');
    const pieces = ['id: 1\nda', 'ta: a\n\n', 'id: 2\r\ndata: ü\r\n\r\n', ': still here\n'];
    const reads = (file: string): { b64: string; ends?: number[] }[] =>
      readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => line.startsWith('{"type":"chunk"'))
        .map((line) => JSON.parse(line));
    const server = await serve(t, [
      async (client) => {
        await client.write(streamHead.chunked);
        for (const [index, piece] of pieces.entries()) {
          await client.write(chunk(piece));
          // Each is to be a read of its own.
          await until(() => reads(path).length > index);
        }
        await client.write(LAST_CHUNK);
        client.finish();
      },
    ]);
    const live = await tail(server.url, '--format', 'ndjson', '--record', path);
    const mock = await startMock(t, '--replay', path);
    const again = await tail(mock.url, '--format', 'ndjson', '--record', second);
    const told = (outcome: Outcome) =>
      recordsOfType(outcome, 'event').map(({ id, data, bytes }) => ({ id, data, bytes }));
    assert.deepEqual(told(again), told(live));
    /** The chunks of HTTP, which stay apart where a busy client reads several at once. */
    const chunks = (file: string) =>
      reads(file).flatMap(({ b64, ends = [] }) =>
        ends.map((end, index) =>
          Buffer.from(b64, 'base64')
            .subarray(ends[index - 1] ?? 0, end)
            .toString(),
        ),
      );
    assert.deepEqual(chunks(path), pieces);
    assert.deepEqual(chunks(second), pieces);
  });
});

describe('a file that is no good', () => {
  const TICK = { stdin: EVENTS };

  test('for a recording is found before anything is connected', async (t) => {
    const folder = temporaryFolder(t);
    const server = await serve(t, [sends(answer('200 OK', STREAM, EVENTS))]);
    for (const [path, reason] of [
      [join(folder, 'none', 'a.ndjson'), /the folder is not there/],
      [folder, /it is a folder/],
    ] as const) {
      const outcome = await tail(server.url, '--record', path);
      assert.equal(outcome.code, 23);
      assert.match(outcome.stderr, reason);
    }
    assert.equal(server.connections, 0);
  });

  test('for a recording fails the run when the disk is full', {
    skip: process.platform !== 'linux',
  }, async () => {
    const outcome = await runCli(['listen', '-', '--record', '/dev/full'], TICK);
    assert.equal(outcome.code, 23);
    assert.match(outcome.stderr, /--record \/dev\/full: no space is left on the disk; 0 bytes were written/);
  });

  test('is no recording, and is named with the line that shows it', async (t) => {
    const path = join(temporaryFolder(t), 'a.ndjson');
    writeFileSync(
      path,
      '{"type":"open","v":1,"t":0,"conn":1,"status":200,"headers":{"content-type":"text/event-stream"}}\n{"type":"chunk","conn":1,"t":1}\n',
    );
    const outcome = await tail('--from', path);
    assert.equal(outcome.code, 2);
    assert.match(outcome.stderr, /a\.ndjson: line 2: the record of type "chunk" has no "b64"/);
    assert.equal((await tail('--from', `${path}x`)).code, 2);
  });

  test('is the one that is read, to be written', async (t) => {
    const folder = temporaryFolder(t);
    const path = join(folder, 'a.ndjson');
    mkdirSync(join(folder, 'sub'));
    await runCli(['listen', '-', '--record', path], TICK);
    const before = readFileSync(path, 'utf8');
    const outcome = await tail('--from', path, '--record', join(folder, 'sub', '..', 'a.ndjson'));
    assert.equal(outcome.code, 2);
    assert.match(outcome.stderr, /this is the file of --from/);
    assert.equal(readFileSync(path, 'utf8'), before);
  });
});

describe('--from', () => {
  test('reads the bytes of a stream where a file holds nothing else', async (t) => {
    const path = join(temporaryFolder(t), 'a.txt');
    for (const bytes of [Buffer.from(`${EVENTS}data: lost`), gzipSync(`${EVENTS}data: lost`)]) {
      writeFileSync(path, bytes);
      const outcome = await tail('--from', path, '--format', 'ndjson');
      assert.equal(outcome.code, 18);
      assert.deepEqual(ids(outcome), ['1', '2']);
      assert.ok(recordsOfType(outcome, 'event').every(({ t: time }) => time === 0));
    }
  });

  test('is what is meant where a recording comes as a stream on standard input', async () => {
    const { stdout } = await runCli(['listen', '-', '--format', 'ndjson'], { stdin: 'data: x\n\n' });
    for (const stdin of [stdout, '{"log": {"entries": []}}\n']) {
      const { stderr } = await runCli(['listen', '-'], { stdin });
      assert.match(stderr, /this is a recording, .*: --from - in place of - replays it/);
    }
    const { stderr } = await runCli(['listen', '-'], { stdin: '{"type":"message","id":1}\n' });
    assert.doesNotMatch(stderr, /recording/);
  });

  test('replays what --format ndjson printed, without the bytes', async (t) => {
    const path = join(temporaryFolder(t), 'a.ndjson');
    const server = await serve(t, [
      sends(answer('200 OK', STREAM, EVENTS)),
      sends(answer('200 OK', STREAM, EVENTS)),
    ]);
    const live = await tail(server.url, '--format', 'ndjson', '--retry', '1', '-n', '4');
    writeFileSync(path, live.stdout);
    const again = await tail('--from', path, '--format', 'ndjson', '-n', '4');
    assert.equal(again.stdout, live.stdout);
  });

  test('refuses what looks at bytes where a recording has none, before anything is told', async (t) => {
    const path = join(temporaryFolder(t), 'a.ndjson');
    const ignored = await runCli(['listen', '-', '--format', 'ndjson'], { stdin: 'dta: 1\n\ndata: \n\n' });
    writeFileSync(path, ignored.stdout);
    const flags = [
      '--strict',
      '--wire',
      '--format raw',
      "--expect 'bytes>0'",
      "--expect 'first-byte<1s'",
      "--expect 'keepalive<1s'",
    ];
    for (const flag of flags) {
      const { code, stdout, stderr } = await tail(
        ...['--from', path],
        ...flag.split(/ (?=')|(?<=format) /).map((word) => word.replaceAll("'", '')),
      );
      assert.deepEqual([code, stdout], [2, ''], flag);
      assert.ok(stderr.includes(`--from ${path}: ${flag} looks at the bytes of the stream`), stderr);
      assert.match(stderr, /^ {2}a recording with them is made by --record FILE\.ndjson/m);
    }
    assert.equal((await tail('--from', path, '--expect', 'comments==0', '--expect', 'count==1')).code, 0);
    assert.match((await tail('--from', path, '--lint')).stderr, /^note: the recording has no bytes: --lint/);
  });

  test('refuses it when it comes to an attempt without bytes', async (t) => {
    const folder = temporaryFolder(t);
    const kept = join(folder, 'kept.ndjson');
    const listen = (stdin: string) =>
      runCli(['listen', '-', '--format', 'ndjson', '--record', kept], { stdin });
    // Nothing of the second is known but its size.
    const [whole, lost] = [await listen('data: x\n\n'), await listen('dta: 1\n\n')];
    await listen('data: x\n\n');
    assert.deepEqual([whole.code, lost.code], [0, 52]);
    const both = { stdin: readFileSync(kept, 'utf8') + lost.stdout };
    const { code, stderr } = await runCli(['listen', '--from', '-', '--strict', '-s'], both);
    assert.equal(code, 2);
    assert.match(stderr, /--from -: --strict looks at the bytes/);
  });

  test('keeps the recorded times with --pace, and can be interrupted', async (t) => {
    const path = join(temporaryFolder(t), 'a.ndjson');
    const lines = [
      { type: 'open', v: 1, t: 0, conn: 1, status: 200, headers: STREAM, framing: 'close' },
      { type: 'event', conn: 1, t: 1, data: 'first' },
      { type: 'event', conn: 1, t: 600, data: 'second' },
      { type: 'event', conn: 1, t: 3_600_000, data: 'third' },
    ];
    writeFileSync(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    const started = performance.now();
    const cli = startCli(['listen', '--from', path, '--pace', '2', '--format', 'data']);
    await cli.printed(/second\n/);
    assert.ok(performance.now() - started > 300);
    cli.signal('SIGINT');
    const { code, stdout } = await cli.ended;
    assert.equal(code, 130);
    assert.equal(stdout, 'first\nsecond\n');
  });

  test('leaves at a time of the recording, at once', async (t) => {
    const path = join(temporaryFolder(t), 'a.ndjson');
    const lines = [
      { type: 'open', v: 1, t: 0, conn: 1, status: 200, headers: STREAM, framing: 'close' },
      { type: 'event', conn: 1, t: 1, data: 'first' },
      { type: 'event', conn: 1, t: 3_600_000, data: 'second' },
    ];
    writeFileSync(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    const outcome = await tail('--from', path, '--for', '10m', '--format', 'ndjson');
    assert.equal(outcome.code, 0);
    const [close] = recordsOfType(outcome, 'close');
    assert.deepEqual([close?.by, close?.t], ['for', 600_000]);
  });

  test('needs no more memory for a large recording', async (t) => {
    const path = join(temporaryFolder(t), 'large.ndjson');
    const body = `data: ${'x'.repeat(200)}\n\n`.repeat(300);
    const event = {
      type: 'event',
      conn: 1,
      n: 1,
      t: 1,
      dt: 0,
      event: 'message',
      lastEventId: '',
      data: 'x'.repeat(200),
    };
    const read = { type: 'chunk', conn: 1, t: 1, b64: Buffer.from(body).toString('base64') };
    const block = `${JSON.stringify(read)}\n${`${JSON.stringify(event)}\n`.repeat(300)}`;
    const file = openSync(path, 'w');
    writeSync(
      file,
      `${JSON.stringify({ type: 'open', v: 1, t: 0, conn: 1, status: 200, headers: STREAM })}\n`,
    );
    for (let megabytes = 0; megabytes < 100; megabytes += block.length / 1e6) writeSync(file, block);
    writeSync(file, `${JSON.stringify({ type: 'close', conn: 1, t: 2, reason: 'eof' })}\n`);
    closeSync(file);
    const env = { NODE_OPTIONS: '--max-old-space-size=40' };
    const outcome = await runCli(['listen', '--from', path, '--grep', 'none', '--format', 'ndjson'], { env });
    assert.equal(outcome.code, 0, outcome.stderr);
    const [summary] = recordsOfType(outcome, 'summary');
    assert.ok(Number(summary?.events) > 100_000);
  });

  test('waits for a slow reader of its output', async (t) => {
    const path = join(temporaryFolder(t), 'a.txt');
    writeFileSync(path, `data: ${'x'.repeat(1000)}\n\n`.repeat(40_000));
    const cli = startCli(['listen', '--from', path, '--format', 'data']);
    cli.stopReading();
    cli.keepReading();
    const { code, stdout } = await cli.ended;
    assert.equal(code, 0);
    assert.equal(stdout.length, 40_000 * 1001);
  });

  test('refuses what concerns a connection, and a URL', async () => {
    for (const [flag, message] of [
      ['--follow', /--follow: it concerns a connection, and the stream comes from a file/],
      ['-k', /--insecure: it concerns a connection/],
      [':3000/', /--from: there is a URL too: ":3000\/"/],
    ] as const) {
      const outcome = await tail('--from', 'any.ndjson', flag);
      assert.equal(outcome.code, 2);
      assert.match(outcome.stderr, message);
    }
    const outcome = await tail(':3000/', '--pace');
    assert.match(outcome.stderr, /--pace: .*--from is missing/);
  });
});
