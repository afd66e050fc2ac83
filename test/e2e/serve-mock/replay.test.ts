import assert from 'node:assert/strict';
import { once } from 'node:events';
import {
  closeSync,
  createWriteStream,
  openSync,
  readdirSync,
  readlinkSync,
  statSync,
  truncateSync,
} from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { describe, type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { line, recordingFile, temporaryFolder } from '../../recording/recording-files.ts';
import { startCli } from '../harness/cli.ts';
import { runCommand, tail } from '../harness/command.ts';
import { startMockWith } from '../harness/mock.ts';
import { endings, ids, recordsOfType } from '../harness/records.ts';
import { until } from '../harness/until.ts';
import { measured, peakMemoryMb } from '../hostile/measured.ts';

async function replaying(t: TestContext, lines: readonly object[], ...flags: string[]): Promise<string> {
  return (await startMockWith(t, ['--replay', recordingFile(t, lines), ...flags], {})).url;
}

const listen = (url: string, ...words: string[]) => tail(url, '--format', 'ndjson', ...words);

const data = (outcome: { stdout: string }) => recordsOfType(outcome, 'event').map((record) => record.data);

describe('serve-mock --replay, listened to', () => {
  test('gives the bytes of the recording, its reads and its times', async (t) => {
    const text = 'id: 1\ndata: é\n\n: ping\n\nevent: update\r\ndata: b\r\n\r\n';
    const bytes = Buffer.from(text);
    const cuts = [0, 3, 13, 14, 20, 31, bytes.length];
    const chunks = cuts
      .slice(1)
      .map((end, index) => line.chunk(bytes.subarray(cuts[index], end), { t: 40 * (index + 1) }));
    const url = await replaying(t, [line.open({ t: 10 }), ...chunks, line.close('eof', { t: 250 })]);

    assert.equal((await tail(url, '--format', 'raw')).stdout, text);
    assert.deepEqual(
      await chunksOf(url),
      cuts.slice(1).map((end, index) => bytes.subarray(cuts[index], end)),
    );
    const outcome = await listen(url);
    assert.equal(outcome.code, 0);
    assert.deepEqual(data(outcome), ['é', 'b']);
    // However late it was read: it can't have ended before its time.
    assert.ok(Number(recordsOfType(outcome, 'close')[0]?.t) > 235);
  });

  const verdicts: [reason: string, code: number, lines: object[]][] = [
    ['eof', 0, [line.open(), line.chunk('data: a\n\n'), line.close('eof')]],
    ['truncated', 18, [line.open(), line.chunk('data: a\n\nda'), line.close('truncated')]],
    [
      'truncated',
      18,
      [line.open({ framing: 'close' }), line.chunk('data: a\n\nda'), line.close('truncated')],
    ],
    ['reset', 56, [line.open(), line.chunk('data: a\n\n'), line.close('reset', { t: 30 })]],
    ['reset', 56, [line.close('connect_error', { code: 'ECONNREFUSED' })]],
    ['status', 5, [line.open({ status: 503 }), line.close('status')]],
    [
      'wrong_type',
      11,
      [line.open({ headers: { 'content-type': 'text/html' } }), line.chunk('<p>'), line.close('wrong_type')],
    ],
    ['no_content', 52, [line.open({ status: 204, headers: {} }), line.close('no_content')]],
    ['idle', 28, [line.open(), line.chunk('data: a\n\n'), line.close('idle', { t: 20 })]],
  ];
  for (const [index, [reason, code, lines]] of verdicts.entries()) {
    test(`comes to the verdict that was recorded: ${reason} (${index + 1})`, async (t) => {
      const outcome = await listen(await replaying(t, lines), '--idle-timeout', '2s');
      assert.deepEqual(endings(outcome), [reason], outcome.stderr);
      assert.equal(outcome.code, code);
    });
  }

  test('gives each attempt its own, and the last one again', async (t) => {
    const url = await replaying(t, [
      line.open({ conn: 1 }),
      line.chunk('retry: 1\n\nid: 1\ndata: a\n\n', { conn: 1 }),
      line.close('reset', { conn: 1, t: 400 }),
      line.open({ conn: 2, status: 503, headers: {} }),
      line.close('status', { conn: 2 }),
      line.open({ conn: 3 }),
      line.chunk('id: 2\ndata: b\n\n', { conn: 3 }),
      line.close('eof', { conn: 3 }),
    ]);
    const outcome = await listen(url, '--follow', '-n', '3');
    assert.deepEqual(ids(outcome), ['1', '2', '2']);
    assert.deepEqual(endings(outcome), ['reset', 'status', 'eof', 'client']);
    // Another path is another stream.
    assert.deepEqual(data(await listen(`${url}other`)), ['a']);
  });

  test('serves what listen itself wrote down, and makes the same of it', async (t) => {
    const ticks = await startMockWith(
      t,
      ['--count', '5', '--interval', '20ms', '--event', 'tick', '--send-retry', '5s'],
      {},
    );
    const recorded = await listen(ticks.url);
    const path = recordingFile(t, recorded.stdout);
    const { url, cli: server } = await startMockWith(t, ['--replay', path], {});
    await server.logged(/note: the recording has no chunk lines/);
    const again = await listen(url);
    const told = (outcome: { stdout: string }) =>
      ['event', 'comment', 'retry'].map((type) =>
        recordsOfType(outcome, type).map(({ event, id, data: text, text: comment, ms }) => [
          event,
          id,
          text,
          comment,
          ms,
        ]),
      );
    assert.deepEqual(told(again), told(recorded));
    assert.equal(data(again).length, 5);
  });

  test('keeps a coding with its bytes', async (t) => {
    const bytes = gzipSync('data: a\n\ndata: b\n\n');
    const url = await replaying(t, [
      line.open({ headers: { 'content-type': 'text/event-stream', 'content-encoding': 'gzip' } }),
      line.chunk(bytes.subarray(0, 9), { enc: 'gzip' }),
      line.chunk(bytes.subarray(9), { enc: 'gzip', t: 20 }),
      line.close('eof', { t: 20 }),
    ]);
    const outcome = await listen(url, '--compressed');
    assert.deepEqual(data(outcome), ['a', 'b']);
    assert.equal(outcome.code, 0);
  });

  test('lets faults into it, which know its events however they were cut', async (t) => {
    const bytes = 'data: a\n\ndata: b\n\ndata: c\n\n';
    const chunks = [...bytes].map((letter, index) => line.chunk(letter, { t: index }));
    const url = await replaying(t, [line.open(), ...chunks, line.close('eof', { t: 30 })]);
    const cases: [fault: string, seen: string[], code: number][] = [
      ['truncate@3', ['a', 'b'], 18],
      ['drop@2', ['a', 'c'], 0],
      ['dup@2', ['a', 'b', 'b', 'c'], 0],
    ];
    for (const [fault, seen, code] of cases) {
      const outcome = await listen(`${url}?fault=${fault}&client=${fault}`);
      assert.deepEqual([data(outcome), outcome.code], [seen, code], fault);
    }
  });

  test('waits for nothing at the speed max', async (t) => {
    const hour = 3_600_000;
    const url = await replaying(
      t,
      [
        line.open({ timing: { headers: hour } }),
        line.chunk('data: a\n\n', { t: hour }),
        line.close('eof', { t: 2 * hour }),
      ],
      '--speed',
      'max',
    );
    assert.deepEqual(data(await listen(url)), ['a']);
  });

  test('that is cut while it is served resets the client, and says why', async (t) => {
    const chunk = (n: number) => line.chunk(`data: a\n\n: ${'x'.repeat(1024 * 1024)}\n\n`, { t: 100 * n });
    const path = recordingFile(t, [
      line.open(),
      ...Array.from({ length: 18 }, (_, n) => chunk(n)),
      line.close('eof', { t: 1_800 }),
    ]);
    const { url, cli: server } = await startMockWith(t, ['--replay', path], {});
    const client = startCli(['listen', url, '--format', 'ndjson']);
    await client.printed(/"type":"event"/);
    truncateSync(path, 15 * 1024 * 1024);
    assert.equal((await client.ended).code, 56);
    await until(() => server.stderr.includes('the file has changed'), 'the warning');
  });

  test('of 300 MB takes no more memory than a small one, for several at a time', async (t) => {
    const path = join(temporaryFolder(t), 'large.ndjson');
    const block = `data: ${'x'.repeat(3_993)}\n\n`.repeat(8);
    const out = createWriteStream(path);
    out.write(`${JSON.stringify(line.open())}\n`);
    const text = Buffer.from(`${JSON.stringify(line.chunk(block))}\n`);
    for (let n = 0; n < 7_200; n += 1) if (!out.write(text)) await once(out, 'drain');
    out.end(`${JSON.stringify(line.close('eof'))}\n`);
    await finished(out);
    assert.ok(statSync(path).size > 300e6, `${statSync(path).size} bytes`);

    const { url, cli: server } = await startMockWith(t, ['--replay', path, '--speed', 'max'], {});
    const nowhere = openSync('/dev/null', 'w');
    t.after(() => closeSync(nowhere));
    const runs = await Promise.all(
      ['a', 'b'].map((client) =>
        measured(['listen', `${url}?client=${client}`, '--format', 'raw', '--summary'], {
          stdout: nowhere,
          deadlineMs: 150_000,
        }),
      ),
    );
    for (const run of runs) {
      assert.equal(run.code, 0, run.stderr);
      assert.match(run.stderr, /57,?600/);
    }
    const peakMb = peakMemoryMb(server);
    assert.ok(peakMb > 20 && peakMb < 250, `${peakMb} MB resident`);
    const isOpen = () =>
      readdirSync(`/proc/${server.pid}/fd`).some((fd) => linkOf(`/proc/${server.pid}/fd/${fd}`) === path);
    await until(() => !isOpen(), 'the recording to be closed');
  });
});

/** The chunks of an answer in chunked coding, which no reader can run together. */
async function chunksOf(url: string): Promise<Buffer[]> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.write('GET /chunks HTTP/1.1\r\nHost: mock\r\nConnection: close\r\n\r\n');
  const parts: Buffer[] = [];
  for await (const part of socket) parts.push(part as Buffer);
  const answer = Buffer.concat(parts);
  const chunks: Buffer[] = [];
  for (let at = answer.indexOf('\r\n\r\n') + 4; ; ) {
    const line = answer.indexOf('\r\n', at);
    const size = Number.parseInt(answer.toString('latin1', at, line), 16);
    if (size === 0) return chunks;
    chunks.push(answer.subarray(line + 2, line + 2 + size));
    at = line + 2 + size + 2;
  }
}

/** Where a descriptor leads; '' where it was closed meanwhile. */
function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

describe('serve-mock --replay, given no recording', () => {
  test('ends with 2, and names the file, the line and what is accepted', async (t) => {
    const path = recordingFile(
      t,
      `${JSON.stringify(line.open())}\n{"type":"chunk","conn":1,"t":1,"b64":"?"}\n`,
    );
    const outcome = await runCommand(['serve-mock', '--port', '0', '--replay', path]);
    assert.equal(outcome.code, 2);
    assert.match(
      outcome.stderr,
      /--replay .*recording\.ndjson: line 2: the record of type "chunk" has "b64": "\?"/,
    );
    assert.match(outcome.stderr, /accepted: the bytes in base64/);
    assert.equal(outcome.stdout, '');
  });

  test('ends with 2 for a speed that is none', async (t) => {
    const path = recordingFile(t, [line.open()]);
    const outcome = await runCommand(['serve-mock', '--port', '0', '--replay', path, '--speed', '0']);
    assert.equal(outcome.code, 2);
    assert.match(outcome.stderr, /--speed: "0" is too slow/);
  });
});
