import assert from 'node:assert/strict';
import { appendFileSync, readFileSync } from 'node:fs';
import { describe, type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { SseKitError } from '../../../src/client/errors.ts';
import type { Instrument, InstrumentContext } from '../../../src/listen/instrument.ts';
import type { ListenOptions } from '../../../src/listen/options.ts';
import { openRecordedRun } from '../../../src/listen/replay/recorded-run.ts';
import { line, recordingFile } from '../../recording/recording-files.ts';
import { listen, listenOptions, Told } from '../http-case.ts';
import { replay, replaySource } from './kept-run.ts';

const once = { retries: 0, retryDelayMs: 1, retryMaxMs: 1 };
const reconnect = (conn: number, t: number, delayMs: number) => ({
  type: 'reconnect',
  conn,
  t,
  delayMs,
  cause: 'base',
});

/** What a replay tells, and what an instrument hears in it. */
async function told(
  t: TestContext,
  lines: readonly object[] | string | Uint8Array,
  changes: Partial<ListenOptions> = {},
  watch: (context: InstrumentContext) => Instrument = () => ({}),
) {
  const source = await replaySource(recordingFile(t, lines));
  const options = { ...listenOptions('http://unused/', { reconnect: once }), ...changes, source };
  return listen(options, {}, new Told(), [watch]);
}

const dataOf = ({ events }: Told) => events.map(({ data }) => data);

describe('the replay of a recording', () => {
  test('waits for nothing, however long it was', async (t) => {
    const { told: run, exitCode } = await told(t, [
      line.open({ t: 10 }),
      line.chunk('data: a\n\n', { t: 20 }),
      line.close('eof', { t: 90_000_000 }),
      reconnect(2, 90_000_000, 3_600_000),
      line.open({ conn: 2, t: 93_600_010, timing: { headers: 9 } }),
      line.chunk('data: b\n\n', { conn: 2, t: 93_600_020 }),
      line.close('eof', { conn: 2, t: 93_600_030 }),
    ]);
    assert.equal(exitCode, 0);
    assert.deepEqual(dataOf(run), ['a', 'b']);
    assert.deepEqual(run.reconnects, [{ attempt: 2, delayMs: 3_600_000, lastEventId: '', cause: 'base' }]);
    assert.equal(run.summaryTold?.t, 93_600_030);
    assert.equal(run.summaryTold?.outages[0]?.backoff, 3_600_001);
  });

  test('sets off alarms at their times, before what was read after them', async (t) => {
    const heard: string[] = [];
    await told(
      t,
      [
        line.open(),
        line.chunk('data: a\n\n', { t: 100 }),
        line.chunk('data: b\n\n', { t: 5000 }),
        line.close('eof', { t: 5000 }),
      ],
      {},
      ({ clock }) => {
        for (const at of [50, 100, 4999, 9000]) clock.alarm(at, () => heard.push(`alarm ${clock.now()}`));
        return { event: ({ data }, at) => void heard.push(`${data} ${at.t}`) };
      },
    );
    assert.deepEqual(heard, ['alarm 50', 'a 100', 'alarm 100', 'alarm 4999', 'b 5000']);
  });

  test('shows the wall clock that each connection recorded, to the millisecond', async (t) => {
    const shown: number[] = [];
    const ts = ['2026-01-01T00:00:00.123Z', '2026-01-01T00:59:59.999Z'];
    await told(
      t,
      [
        line.open({ t: 40.123, ts: ts[0] }),
        line.close('eof', { t: 41 }),
        reconnect(2, 41, 5),
        line.open({ conn: 2, t: 77.777, ts: ts[1] }),
        line.close('eof', { conn: 2, t: 80 }),
      ],
      {},
      () => ({ open: (_info, { wallMs }) => void shown.push(wallMs) }),
    );
    assert.deepEqual(
      shown.map((ms) => new Date(ms).toISOString()),
      ts,
    );
    const { exitCode } = await told(t, [line.open({ ts: 'noon' }), line.event('a'), line.close('eof')]);
    assert.equal(exitCode, 0);
  });

  test('decodes no further than the run had come when it was left', async (t) => {
    const coded = gzipSync('data: a\n\ndata: b\n\n');
    const lines = [
      line.open({
        headers: { 'content-type': 'text/event-stream', 'content-encoding': 'gzip' },
        encoding: 'gzip',
      }),
      line.chunk(coded, { t: 5 }),
    ];
    const left = await told(t, [...lines, line.close('client', { t: 5, by: 'signal', events: 0 })]);
    assert.deepEqual(dataOf(left.told), []);
    // Lines of events that were taken out, or never were: the bytes are there all the same.
    const whole = await told(t, [...lines, line.close('client', { t: 5, by: 'signal', events: 2 })]);
    assert.deepEqual(dataOf(whole.told), ['a', 'b']);
    const { events: _, ...close } = line.close('client', { t: 5, by: 'signal' });
    assert.deepEqual(dataOf((await told(t, [...lines, close])).told), ['a', 'b']);
  });

  test('does not wait for events that the bytes have not', async (t) => {
    const coded = gzipSync('data: a\n\n');
    const { told: run, exitCode } = await told(t, [
      line.open({ headers: { 'content-type': 'text/event-stream' }, encoding: 'gzip' }),
      line.chunk(coded, { t: 5 }),
      line.event('a', { t: 5 }),
      line.event('invented', { t: 6 }),
      line.close('eof', { t: 7 }),
    ]);
    assert.equal(exitCode, 0);
    assert.deepEqual(dataOf(run), ['a']);
  });

  test('tells the warnings of the connection again, and makes the others anew', async (t) => {
    const warn = (code: string, fields: object = {}) => ({
      type: 'warn',
      conn: 1,
      t: 1,
      code,
      message: code,
      ...fields,
    });
    const { told: run } = await told(t, [
      warn('credentials-dropped'),
      line.open({ t: 1 }),
      warn('status-201'),
      line.chunk('retry: 9999999999\n\ndata: a\n\n', { t: 2 }),
      { type: 'retry', conn: 1, t: 2, ms: 9_999_999_999 },
      warn('retry-clamped'),
      warn('unknown-field', { severity: 'error', offset: 3 }),
      line.event('a', { t: 2 }),
      line.close('eof', { t: 3 }),
      warn('body-resent'),
      reconnect(2, 3, 5),
      line.close('connect_error', { conn: 2, t: 9, code: 'ECONNREFUSED', exit: 7, message: 'refused' }),
    ]);
    assert.deepEqual(run.warnings, ['credentials-dropped', 'status-201', 'retry-clamped', 'body-resent']);
    const [, last] = run.closes;
    assert.deepEqual(
      [last?.error?.code, last?.error?.exitCode, last?.error?.message],
      ['ECONNREFUSED', 7, 'refused'],
    );
  });

  test('ends where the run was left between two attempts', async (t) => {
    const lines = [
      line.open(),
      line.chunk('data: a\n\n', { t: 1 }),
      line.close('eof', { t: 2 }),
      reconnect(2, 2, 3000),
      { type: 'left', conn: 2, t: 1000.5, by: 'for' },
    ];
    const { told: run, exitCode } = await told(t, lines);
    assert.equal(exitCode, 0);
    assert.equal(run.closes.length, 1);
    assert.equal(run.summaryTold?.t, 1000.5);
    const own = await told(t, lines, { stop: { forMs: 1000 } });
    assert.equal(own.told.summaryTold?.t, 1000.5, 'the same wish was noticed as late as it was');
    const earlier = await told(t, lines, { stop: { maxTimeMs: 500 } });
    assert.equal(earlier.exitCode, 28);
  });

  test('says so where the recorder was killed, in an attempt or before one', async (t) => {
    for (const lines of [
      [line.open(), line.chunk('data: a\n\n', { t: 1 })],
      [line.open(), line.chunk('data: a\n\n', { t: 1 }), line.close('eof', { t: 2 }), reconnect(2, 2, 3000)],
    ]) {
      const { told: run, exitCode } = await told(t, lines);
      assert.equal(exitCode, 0);
      assert.deepEqual(dataOf(run), ['a']);
      assert.deepEqual(run.warnings, ['recording-cut']);
    }
  });

  test('takes recordings that were put behind each other for one run', async (t) => {
    const whole = [line.open({ t: 1 }), line.chunk('data: a\n\n', { t: 2 }), line.close('eof', { t: 3 })];
    const killed = whole.slice(0, 2);
    const times: number[] = [];
    const { told: run } = await told(t, [...killed, ...whole, ...whole], {}, () => ({
      event: (_event, at) => void times.push(at.t),
    }));
    assert.deepEqual(dataOf(run), ['a', 'a', 'a']);
    assert.deepEqual(times, [2, 4, 7]);
    assert.deepEqual(run.warnings, ['recording-cut']);
  });

  test('goes on to the next attempt although times in the recording go back', async (t) => {
    const { told: run } = await told(t, [
      line.open({ t: 50 }),
      line.chunk('data: a\n\n', { t: 60 }),
      line.close('eof', { t: 40 }),
      reconnect(2, 40, 10),
      line.open({ conn: 2, t: 45 }),
      line.event('b', { conn: 2, t: 46 }),
      line.close('eof', { conn: 2, t: 47 }),
    ]);
    assert.deepEqual(dataOf(run), ['a', 'b']);
  });

  test('is refused where connections overlap', async (t) => {
    const { told: run, exitCode } = await told(t, [
      line.open(),
      line.open({ conn: 2 }),
      line.chunk('data: a\n\n', { conn: 1, t: 2 }),
    ]);
    assert.equal(exitCode, 2);
    assert.match(
      run.closes.at(-1)?.error?.message ?? '',
      /chunk of connection 1 comes before connection 2 has ended/,
    );
  });

  test('names the line that is wrong, also behind the beginning', async (t) => {
    const path = recordingFile(t, [line.open(), line.chunk('data: a\n\n', { t: 1 })]);
    appendFileSync(path, '{"type":"chunk"}\n');
    const kept = await replay(path, listenOptions('http://unused/', { reconnect: once }));
    assert.equal(kept.code, 2);
    assert.match(kept.log, /"message":"--from .*: line 3: the record of type \\"chunk\\" has no \\"b64\\""/);
  });

  test('has a limit of its own for events, and another error', async (t) => {
    const lines = [
      line.open(),
      line.chunk(`data: ${'x'.repeat(1024 * 1024)}\n\n`, { t: 4 }),
      line.close('eof', { t: 5 }),
    ];
    const { told: run, exitCode } = await told(t, lines);
    assert.equal(exitCode, 12);
    assert.equal(run.closes[0]?.error?.code, 'EVENT_TOO_LARGE');
    assert.equal(run.summaryTold?.t, 4);
  });

  test('reads on only when everybody can take more', async (t) => {
    const heard: string[] = [];
    let held: InstrumentContext | undefined;
    const ended = told(
      t,
      [line.open(), ...['a', 'b', 'c'].map((data) => line.chunk(`data: ${data}\n\n`)), line.close('eof')],
      {},
      (context) => ({
        event: ({ data }) => {
          heard.push(data);
          held = context;
          context.pause();
        },
        resumed: () => assert.fail('no recorded time passed meanwhile'),
      }),
    );
    for (const expected of ['a', 'b', 'c']) {
      while (heard.at(-1) !== expected) await new Promise((resolve) => setImmediate(resolve));
      // Whatever could still be read would be by then.
      for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
      assert.equal(heard.at(-1), expected);
      held?.resume();
    }
    assert.equal((await ended).exitCode, 0);
  });

  test('reads the bytes of a stream as they are', async (t) => {
    const { told: run, exitCode } = await told(t, 'data: a\n\n: b\n\ndata: lost');
    assert.deepEqual(dataOf(run), ['a']);
    assert.equal(exitCode, 18);
    assert.equal(run.closes[0]?.pendingBytes, 'data: lost'.length);
  });

  test('is refused at once where there is nothing to replay', async (t) => {
    for (const [content, message] of [
      ['', /the file is empty/],
      ['{"type":"summary","t":1}\n', /there is no connection in it/],
      ['{"type":"open","v":2}\n', /line 1: .*version 1/s],
      ['{"no":"record"}\n', /line 1: .*has no "type"/],
    ] as const) {
      const path = recordingFile(t, content);
      await assert.rejects(
        openRecordedRun(path, () => assert.fail('standard input')),
        (error: SseKitError) => error.exitCode === 2 && message.test(`${error.message} ${error.hint}`),
      );
      assert.equal(readFileSync(path, 'utf8'), content);
    }
  });
});
