import assert from 'node:assert/strict';
import { readdirSync, readlinkSync } from 'node:fs';
import { describe, type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { SseKitError } from '../../src/client/errors.ts';
import type { RelayAnswer } from '../../src/mock/answer.ts';
import { type ReplayOptions, replayHandler } from '../../src/mock/replay.ts';
import type { Step } from '../../src/mock/step.ts';
import { until } from '../e2e/harness/until.ts';
import { line, recordingFile } from '../recording/recording-files.ts';
import { requestOf } from './presets/asked.ts';

async function replay(t: TestContext, lines: readonly object[], options?: ReplayOptions) {
  const { handler, notes } = await replayHandler(recordingFile(t, lines), options);
  return { notes, answer: async (connection = 1) => handler(requestOf({ connection })) };
}

async function relayed(t: TestContext, lines: readonly object[], options?: ReplayOptions) {
  const { answer } = await replay(t, lines, options);
  const found = await answer();
  assert.equal(found.kind, 'relay');
  return found as RelayAnswer;
}

async function stepsOf({ schedule }: RelayAnswer): Promise<Step[]> {
  const steps: Step[] = [];
  for (let next = await schedule.next(); next.done !== true; next = await schedule.next())
    steps.push(next.value);
  return steps;
}

const textOf = (steps: readonly Step[]) =>
  steps.map((step) => (step.kind === 'bytes' ? Buffer.from(step.bytes).toString() : step.kind));

/** Where a descriptor leads; '' where it was closed meanwhile. */
function targetOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

/** What was promised by now has happened. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('a replay', () => {
  test('writes each recorded read in one write of the same bytes, at its time, and ends as it did', async (t) => {
    const answer = await relayed(t, [
      line.open({ t: 40 }),
      line.chunk('data: a\n\nda', { t: 50 }),
      line.event('a', { t: 50 }),
      line.chunk('ta: b\n\n', { t: 75.5 }),
      line.event('b', { t: 75.5 }),
      line.close('eof', { t: 100.5 }),
    ]);
    assert.equal(answer.live, false);
    assert.equal(answer.content, 'events');
    const steps = await stepsOf(answer);
    assert.deepEqual(textOf(steps), ['data: a\n\nda', 'ta: b\n\n', 'end']);
    assert.deepEqual(
      steps.map(({ afterMs }) => afterMs),
      [10, 25.5, 25],
    );
    assert.deepEqual(steps.at(-1), { kind: 'end', how: 'eof', afterMs: 25 });
  });

  test('of any recording gives its bytes and its cuts, whatever they are', async (t) => {
    const chunks = fc.array(fc.uint8Array({ minLength: 1, maxLength: 50 }), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(chunks, async (parts) => {
        const lines = [
          line.open(),
          ...parts.map((part, index) => line.chunk(part, { t: index })),
          line.close('eof'),
        ];
        const steps = await stepsOf(await relayed(t, lines));
        const bytes = steps.flatMap((step) => (step.kind === 'bytes' ? [Buffer.from(step.bytes)] : []));
        assert.deepEqual(
          bytes,
          parts.map((part) => Buffer.from(part)),
        );
      }),
      { numRuns: 50 },
    );
  });

  test('goes at the speed that is asked for; time that goes backwards is no wait', async (t) => {
    const lines = [
      line.open({ t: 0 }),
      line.chunk('a', { t: 100 }),
      line.chunk('b', { t: 90 }),
      line.chunk('c', { t: 120 }),
    ];
    const waits = async (speed?: number) =>
      (await stepsOf(await relayed(t, lines, speed === undefined ? {} : { speed }))).map(
        ({ afterMs }) => afterMs,
      );
    assert.deepEqual(await waits(), [100, 0, 20]);
    assert.deepEqual(await waits(4), [25, 0, 5]);
    assert.deepEqual(await waits(Number.POSITIVE_INFINITY), [0, 0, 0]);
  });

  test('gives a connection its own recorded one, and those after the last the last', async (t) => {
    const { answer } = await replay(t, [
      line.open({ conn: 1 }),
      line.chunk('first', { conn: 1 }),
      line.close('reset', { conn: 1 }),
      line.open({ conn: 2, status: 503 }),
      line.close('status', { conn: 2 }),
      line.close('connect_error', { conn: 3, code: 'ECONNREFUSED' }),
      line.open({ conn: 4 }),
      line.chunk('last', { conn: 4 }),
      line.close('eof', { conn: 4 }),
    ]);
    const first = await answer(1);
    assert.deepEqual(first.kind === 'relay' && textOf(await stepsOf(first)), ['first', 'end']);
    const second = await answer(2);
    assert.equal(second.kind === 'relay' && second.status, 503);
    assert.deepEqual(await answer(3), { kind: 'hang-up', how: 'reset' });
    for (const connection of [4, 5, 100]) {
      const last = await answer(connection);
      assert.deepEqual(
        last.kind === 'relay' && textOf(await stepsOf(last)),
        ['last', 'end'],
        String(connection),
      );
    }
  });

  const endings: [reason: string, framing: string, how: string][] = [
    ['eof', 'chunked', 'eof'],
    ['truncated', 'chunked', 'cut'],
    ['truncated', 'length', 'cut'],
    ['truncated', 'close', 'eof'],
    ['reset', 'chunked', 'reset'],
    ['client', 'chunked', 'eof'],
    ['protocol', 'chunked', 'cut'],
    ['wrong_type', 'chunked', 'eof'],
  ];
  for (const [reason, framing, how] of endings) {
    test(`ends "${reason}" of a body framed by ${framing} as ${how}`, async (t) => {
      const steps = await stepsOf(await relayed(t, [line.open({ framing }), line.close(reason)]));
      assert.deepEqual(steps, [{ kind: 'end', how, afterMs: 0 }]);
    });
  }

  test('stays silent where the recorder gave up waiting, until the client leaves', async (t) => {
    const { schedule } = await relayed(t, [line.open(), line.chunk('a'), line.close('idle', { t: 9 })]);
    await schedule.next();
    let over = false;
    const pending = Promise.resolve(schedule.next()).then(() => {
      over = true;
    });
    await settled();
    assert.equal(over, false);
    await schedule.return?.();
    await pending;
  });

  test('of a recording that was cut off ends in order there', async (t) => {
    assert.deepEqual(textOf(await stepsOf(await relayed(t, [line.open(), line.chunk('a')]))), ['a']);
  });

  test('closes the file of a large recording when its stream ends early, or never began', async (t) => {
    const chunk = line.chunk(Buffer.alloc(1024 * 1024));
    const path = recordingFile(t, [line.open(), ...Array.from({ length: 14 }, () => chunk)]);
    const { handler } = await replayHandler(path);
    const isOpen = () => readdirSync('/proc/self/fd').some((fd) => targetOf(`/proc/self/fd/${fd}`) === path);
    for (const steps of [0, 1, 5]) {
      const answer = await handler(requestOf());
      assert.ok(answer.kind === 'relay' && isOpen());
      for (let step = 0; step < steps; step += 1) await answer.schedule.next();
      await answer.schedule.return?.();
      await until(() => !isOpen(), 'the file to be closed');
    }
  });

  test('keeps what was not event stream: status, type and coding, and sends no coding of its own', async (t) => {
    const bytes = gzipSync('data: a\n\n');
    const headers = { 'content-type': 'text/event-stream', 'content-encoding': 'gzip', 'x-own': 'yes' };
    const answer = await relayed(t, [line.open({ headers }), line.chunk(bytes, { enc: 'gzip' })]);
    assert.equal(answer.content, 'coded stream');
    assert.deepEqual(Object.fromEntries(answer.headers), headers);
    const [step] = await stepsOf(answer);
    assert.deepEqual(step?.kind === 'bytes' && Buffer.from(step.bytes), bytes);
  });

  test('leaves out the headers of that connection and that moment, masked credentials, and what is no header', async (t) => {
    const headers = {
      'content-type': 'text/event-stream',
      'set-cookie': ['a=1', 'b=2'],
      'x-api-key': '•••',
      'x-name': 'Zoë',
      'not a name': '1',
      'x-split': 'a\r\nb: c',
      connection: 'keep-alive, X-Hop',
      'x-hop': '1',
      'keep-alive': 'timeout=5',
      'transfer-encoding': 'chunked',
      'content-length': '10',
      date: 'Thu, 01 Jan 2026 00:00:00 GMT',
      'strict-transport-security': 'max-age=1',
      'access-control-allow-origin': 'https://app.example',
      'alt-svc': 'h3=":443"',
    };
    assert.deepEqual((await relayed(t, [line.open({ headers })])).headers, [
      ['content-type', 'text/event-stream'],
      ['set-cookie', 'a=1'],
      ['set-cookie', 'b=2'],
      ['x-name', Buffer.from('Zoë').toString('latin1')],
    ]);
  });

  test('holds the headers back for as long as the server did, and no longer than the client stays', async (t) => {
    const timing = { dns: 1, tcp: 20, tls: 30, headers: 5_030 };
    const { handler } = await replayHandler(recordingFile(t, [line.open({ timing })]), { speed: 2 });
    t.mock.timers.enable({ apis: ['setTimeout'] });
    let answers = 0;
    let leave = () => {};
    const ask = () => {
      const onLeave = (callback: () => void) => {
        leave = callback;
      };
      void Promise.resolve(handler({ ...requestOf(), onLeave })).then(() => {
        answers += 1;
      });
      return settled();
    };
    await ask();
    t.mock.timers.tick(2_499);
    await settled();
    assert.equal(answers, 0);
    t.mock.timers.tick(1);
    await settled();
    assert.equal(answers, 1);
    await ask();
    leave();
    await settled();
    assert.equal(answers, 2);
  });

  test('writes events anew where the recording has no bytes, and says so', async (t) => {
    const headers = { 'content-type': 'text/event-stream', 'content-encoding': 'gzip' };
    const { answer, notes } = await replay(t, [
      line.open({ headers }),
      { type: 'retry', conn: 1, t: 1, ms: 3000 },
      line.event('a\nb', { t: 2, event: 'update', id: '7' }),
      { type: 'comment', conn: 1, t: 3, text: 'ping' },
      line.event('c', { t: 4 }),
      { type: 'warn', conn: 1, t: 4, code: 'x', message: 'y' },
      line.close('eof', { t: 5 }),
    ]);
    assert.deepEqual(notes, [
      'the recording has no chunk lines: the events are written anew, not byte for byte as they were',
    ]);
    const relay = (await answer()) as RelayAnswer;
    assert.deepEqual(relay.headers, [['content-type', 'text/event-stream']]);
    assert.equal(relay.content, 'events');
    assert.deepEqual(textOf(await stepsOf(relay)), [
      'retry: 3000\n\n',
      'id: 7\nevent: update\ndata: a\ndata: b\n\n',
      ': ping\n',
      'data: c\n\n',
      'end',
    ]);
  });

  test('of a stream that had no headers begins with its first record', async (t) => {
    const answer = await relayed(t, [
      line.event('a', { t: 500 }),
      line.event('b', { t: 510 }),
      line.close('eof', { t: 510 }),
    ]);
    assert.equal(answer.status, 200);
    const steps = await stepsOf(answer);
    assert.deepEqual(textOf(steps), ['data: a\n\n', 'data: b\n\n', 'end']);
    assert.deepEqual(
      steps.map(({ afterMs }) => afterMs),
      [0, 10, 0],
    );
  });

  test('is refused with the file, the line and what is accepted where it is no recording', async (t) => {
    const path = recordingFile(t, `${JSON.stringify(line.open())}\nhello\n`);
    await assert.rejects(replayHandler(path), (error: unknown) => {
      assert.ok(error instanceof SseKitError);
      assert.equal(error.exitCode, 2);
      assert.equal(error.message, `--replay ${path}: line 2: hello is not JSON`);
      assert.match(error.hint, /NDJSON/);
      return true;
    });
  });
});
