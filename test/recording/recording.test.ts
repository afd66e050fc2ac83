import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { Recording } from '../../src/recording/recording.ts';
import { RecordingError } from '../../src/recording/recording-error.ts';
import type { RecordingRecord } from '../../src/recording/records.ts';
import { line, recordingFile, temporaryFolder } from './recording-files.ts';

async function recordsOf(recording: Recording, index = 0): Promise<RecordingRecord[]> {
  const connection = recording.connections[index];
  assert.ok(connection);
  const found: RecordingRecord[] = [];
  for await (const record of recording.records(connection)) found.push(record);
  return found;
}

const bodyOf = (records: readonly RecordingRecord[]) =>
  Buffer.concat(records.flatMap((each) => (each.type === 'chunk' ? [each.bytes] : []))).toString();

async function refused(test: TestContext, content: string | Uint8Array | object[], name?: string) {
  const path = recordingFile(test, content, name);
  try {
    await Recording.open(path);
  } catch (error) {
    assert.ok(error instanceof RecordingError, String(error));
    return error;
  }
  return assert.fail('it was taken for a recording');
}

describe('a recording', () => {
  test('is read by connection, those of others in between left out', async (t) => {
    const path = recordingFile(t, [
      line.open({ t: 1 }),
      line.chunk('data: a\n\n', { t: 2 }),
      line.open({ conn: 2, t: 3 }),
      line.chunk('data: b\n\n', { t: 4 }),
      line.chunk('data: c\n\n', { conn: 2, t: 5 }),
      line.close('eof', { t: 6 }),
      line.close('reset', { conn: 2, t: 7 }),
    ]);
    const recording = await Recording.open(path);
    assert.equal(recording.connections.length, 2);
    assert.deepEqual(recording.notes, []);
    const [first, second] = [await recordsOf(recording, 0), await recordsOf(recording, 1)];
    assert.deepEqual(
      first.map(({ type }) => type),
      ['open', 'chunk', 'chunk', 'close'],
    );
    assert.equal(bodyOf(first), 'data: a\n\ndata: b\n\n');
    assert.equal(bodyOf(second), 'data: c\n\n');
  });

  test('that is large is read from the disk each time, with the same records', async (t) => {
    const part = 'x'.repeat(1024 * 1024);
    const records = [1, 2, 3].flatMap((conn) => [
      line.open({ conn }),
      ...Array.from({ length: 6 }, (_, index) => line.chunk(`${conn}${index}${part}`, { conn })),
      line.close('eof', { conn }),
    ]);
    for (const name of ['large.ndjson', 'large.ndjson.gz']) {
      const text = records.map((each) => `${JSON.stringify(each)}\n`).join('');
      const path = recordingFile(t, name.endsWith('gz') ? gzipSync(text, { level: 1 }) : text, name);
      const recording = await Recording.open(path);
      for (const [index, conn] of [1, 2, 3].entries()) {
        const found = await recordsOf(recording, index);
        assert.equal(found.length, 8, name);
        const expected = Array.from({ length: 6 }, (_, n) => `${conn}${n}${part}`).join('');
        assert.ok(bodyOf(found) === expected, `${name}, connection ${conn}`);
      }
    }
  });

  test('that is cut or replaced while it is read fails, and comes to no end', async (t) => {
    const part = 'x'.repeat(1024 * 1024);
    const lines = (size: number) => [
      line.open(),
      ...Array.from({ length: 18 }, () => line.chunk(part.slice(0, size))),
      line.close('eof'),
    ];
    const text = (size: number) =>
      lines(size)
        .map((each) => `${JSON.stringify(each)}\n`)
        .join('');
    const whole = text(part.length);
    const other = text(part.length - 300);
    const changes: [what: string, content: string | Uint8Array][] = [
      ['cut inside a line', whole.slice(0, 10 * part.length)],
      ['cut between two lines', whole.slice(0, whole.lastIndexOf('\n', 10 * part.length) + 1)],
      ['emptied', ''],
      ['another recording, shorter', other],
      ['another recording, longer', other + other],
    ];
    for (const [what, content] of changes) {
      const path = recordingFile(t, whole);
      const recording = await Recording.open(path);
      writeFileSync(path, content);
      await assert.rejects(recordsOf(recording), { name: 'RecordingError', message: /has changed/ }, what);
    }
    const path = recordingFile(t, whole.slice(0, -1));
    const recording = await Recording.open(path);
    for (const added of ['\n', `${JSON.stringify(line.open())}\n{"type":"chu`]) {
      appendFileSync(path, added);
      assert.equal((await recordsOf(recording)).length, 20, 'what is added later is no change');
    }
  });

  test('begins another connection where recordings that each count from 1 were put together', async (t) => {
    const one = (data: string) => [line.open(), line.chunk(data), line.close('eof')];
    const recording = await Recording.open(recordingFile(t, [...one('first'), ...one('second')]));
    assert.equal(recording.connections.length, 2);
    assert.equal(bodyOf(await recordsOf(recording, 1)), 'second');
  });

  test('counts an attempt that failed, and none that was only announced', async (t) => {
    const reconnect = { type: 'reconnect', conn: 2, t: 5, attempt: 2, delayMs: 3000, lastEventId: '' };
    const recording = await Recording.open(
      recordingFile(t, [line.close('connect_error', { code: 'ECONNREFUSED' }), reconnect]),
    );
    assert.deepEqual(
      recording.connections.map(({ conn, closed }) => [conn, closed]),
      [[1, true]],
    );
  });

  test('takes types and fields that it does not know, a byte order mark, blank lines and CRLF', async (t) => {
    const lines = [
      line.open({ colour: 'red' }),
      { type: 'weather', conn: 'none', sunny: true },
      line.chunk('data: x\n\n'),
      { type: 'summary', t: 9, exit: 0 },
    ];
    const text = `\ufeff${lines.map((each) => JSON.stringify(each)).join('\r\n\r\n')}\r\n`;
    const recording = await Recording.open(recordingFile(t, text));
    assert.deepEqual(
      (await recordsOf(recording)).map(({ type }) => type),
      ['open', 'chunk'],
    );
  });

  test('whose last line was cut off is used up to there, and says so', async (t) => {
    const text = `${JSON.stringify(line.open())}\n${JSON.stringify(line.chunk('data: whole\n\n'))}\n{"type":"chu`;
    for (const content of [text, gzipSync(text).subarray(0, -9)]) {
      const recording = await Recording.open(recordingFile(t, content));
      assert.deepEqual(recording.notes, ['line 3 of the recording, its last, was cut off: it is left out']);
      assert.equal(bodyOf(await recordsOf(recording)), 'data: whole\n\n');
    }
  });

  test('whose last line is whole but for its line ending has it', async (t) => {
    const text = `${JSON.stringify(line.open())}\n${JSON.stringify(line.chunk('last'))}`;
    const recording = await Recording.open(recordingFile(t, text));
    assert.deepEqual(recording.notes, []);
    assert.equal(bodyOf(await recordsOf(recording)), 'last');
  });
});

describe('a file that is no recording', () => {
  const cases: [what: string, lines: (string | object)[], message: RegExp, hint: RegExp][] = [
    ['no JSON', [line.open(), 'data: hello'], /^line 2: data: hello is not JSON$/, /NDJSON/],
    ['a list', ['[1,2]'], /^line 1: \[1,2\] is no JSON object$/, /--record/],
    ['some other log', ['{"level":"info"}'], /^line 1: .*has no "type"$/, /NDJSON/],
    ['another version', [{ ...line.open(), v: 2 }], /^line 1: .*"open" is of version 2$/, /version 1/],
    ['no version', [{ ...line.open(), v: undefined }], /"open" is of version unknown/, /version 1/],
    ['a wrong status', [line.open({ status: 'OK' })], /has "status": "OK"$/, /200 to 599/],
    ['headers in a list', [line.open({ headers: [] })], /has "headers": \[\]$/, /object of names/],
    [
      'a wrong time',
      [line.open(), line.chunk('x', { t: '5' as never })],
      /^line 2: .*has "t": "5"$/,
      /a number/,
    ],
    ['no time', [line.open(), { ...line.chunk('x'), t: undefined }], /has no "t"$/, /a number/],
    ['a connection of 0', [line.open({ conn: 0 })], /has "conn": 0$/, /from 1/],
    ['no base64', [line.open(), { ...line.chunk(''), b64: 'a?b=' }], /has "b64": "a\?b="$/, /base64/],
    ['base64 cut short', [line.open(), { ...line.chunk(''), b64: 'YWJ' }], /has "b64"/, /padded/],
    ['data that is no text', [line.open(), { ...line.event(''), data: 7 }], /"event" has "data": 7$/, /text/],
    [
      'an event type of two lines',
      [line.open(), line.event('a', { event: 'x\ny' })],
      /^line 2: .*has "event": "x\\ny"$/,
      /one line/,
    ],
    ['an id of two lines', [line.open(), line.event('a', { id: '1\r2' })], /^line 2: .*has "id"/, /one line/],
    ['an id with NUL', [line.open(), line.event('a', { id: '1\0' })], /^line 2: .*has "id"/, /without NUL/],
    [
      'a negative time to reconnect',
      [line.open(), { type: 'retry', conn: 1, t: 0, ms: -5 }],
      /^line 2: .*has "ms": -5$/,
      /0 or more/,
    ],
    [
      'an ending that nobody knows',
      [line.open(), line.close('boredom')],
      /^line 2: .*has "reason": "boredom"$/,
      /one of eof, truncated, reset, .*client$/,
    ],
    ['an ending named as what every object has', [line.open(), line.close('toString')], /"toString"$/, /eof/],
    ['nothing that it knows', ['{"type":"weather"}'], /no connection/, /--record/],
  ];
  for (const [what, lines, message, hint] of cases) {
    test(`is told by its line where it has ${what}`, async (t) => {
      const text = lines.map((each) => (typeof each === 'string' ? each : JSON.stringify(each))).join('\n');
      const error = await refused(t, `${text}\n`);
      assert.match(error.message, message);
      assert.match(error.hint, hint);
    });
  }

  test('is told in one line that drives no terminal', async (t) => {
    const { message } = await refused(t, `\u001b[2J${'x'.repeat(500)}\n`);
    assert.ok(message.length < 120);
    assert.doesNotMatch(message, /[\x00-\x1f]/);
  });

  test('is told where it is missing, empty, a folder, a pipe or damaged', async (t) => {
    const folder = temporaryFolder(t);
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    await assert.rejects(Recording.open(join(folder, 'none')), { message: 'no such file' });
    await assert.rejects(Recording.open(folder), { message: 'a folder' });
    await assert.rejects(Recording.open(pipe), { message: 'no ordinary file' });
    assert.match((await refused(t, '')).message, /empty/);
    const damaged = gzipSync(JSON.stringify(line.open()));
    damaged.fill(0xff, 12);
    assert.match((await refused(t, damaged)).message, /compressed data is damaged/);
  });

  test('with an endless line is refused when it outgrows the limit', async (t) => {
    const megabyte = gzipSync(Buffer.alloc(1024 * 1024, '{'));
    const bomb = Buffer.concat(Array<Buffer>(129).fill(megabyte));
    const path = recordingFile(t, bomb, 'bomb.gz');
    assert.ok(readFileSync(path).length < 1024 * 1024);
    await assert.rejects(Recording.open(path), { message: 'line 1: longer than 128 MB' });
  });
});
