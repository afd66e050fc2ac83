import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SseKitError } from '../../src/client/errors.ts';
import type { Instrument, InstrumentContext, InstrumentMaker } from '../../src/listen/instrument.ts';
import { rawServer } from '../e2e/harness/raw-server.ts';
import { until } from '../e2e/harness/until.ts';
import { answer, chunk, LAST_CHUNK, streamHead } from '../e2e/harness/wire.ts';
import { listen, listenOptions, Told } from './http-case.ts';

const EVENT_STREAM = { 'Content-Type': 'text/event-stream' };
const BODY = 'retry: 5\n\n: hello\ndata: a\n\nretry: 5\ndata: b\n\n';
const once = { retries: 0, retryDelayMs: 10, retryMaxMs: 20 };

/** A server that answers each connection with {@link BODY}. */
function serve(test: Parameters<typeof rawServer>[0]) {
  return rawServer(test, async (client) => {
    await client.request();
    await client.write(answer('200 OK', EVENT_STREAM, BODY));
    client.finish();
  });
}

/** Remembers what it was told, a word a call. */
function witness(calls: string[]): InstrumentMaker {
  return () => ({
    open: (_info, _at, accepted) => void calls.push(`open ${accepted}`),
    chunk: (bytes) => void calls.push(`chunk ${bytes.length}`),
    body: (bytes) => void calls.push(`body ${bytes.length}`),
    event: (event, { n }, shown) => void calls.push(`event ${n} ${event.data} ${shown?.data}`),
    comment: (text) => void calls.push(`comment ${text}`),
    retry: (ms) => void calls.push(`retry ${ms}`),
    warn: ({ code }) => void calls.push(`warn ${code}`),
    close: ({ reason }, _at, final) => void calls.push(`close ${reason} ${final}`),
    resumed: () => void calls.push('resumed'),
    reconnect: ({ lastEventId }) => void calls.push(`reconnect ${lastEventId}`),
    judge: (outcome) => {
      calls.push(`judge ${outcome.exitCode}`);
      return outcome;
    },
    conclude: () => {
      calls.push('conclude');
      return { exec: { started: 1, failed: 0 } };
    },
  });
}

async function run(
  test: Parameters<typeof rawServer>[0],
  instruments: readonly InstrumentMaker[],
  changes: Parameters<typeof listenOptions>[1] = {},
) {
  const server = await serve(test);
  return listen(listenOptions(server.url, { reconnect: once, ...changes }), {}, new Told(), instruments);
}

describe('the instruments of a run', () => {
  test('hear of everything in its order: bytes before what they complete, hidden events too', async (t) => {
    const calls: string[] = [];
    const { told } = await run(t, [witness(calls)], {
      filters: { event: [], excludeEvent: [], grep: [/b/] },
    });
    assert.deepEqual(calls, [
      'open true',
      `chunk ${BODY.length}`,
      `body ${BODY.length}`,
      'retry 5',
      'comment hello',
      'event 1 a undefined',
      'retry 5',
      'event 2 b b',
      'close eof true',
      'judge 0',
      'conclude',
    ]);
    assert.deepEqual(told.summaryTold?.exec, { started: 1, failed: 0 });
  });

  test('hear of a reconnect, and of the attempt that is not the last', async (t) => {
    const calls: string[] = [];
    await run(t, [witness(calls)], { reconnect: { ...once, retries: 1 }, stop: { maxEvents: 3 } });
    assert.deepEqual(
      calls.filter((call) => /close|reconnect/.test(call)),
      ['close eof false', 'reconnect ', 'close client true'],
    );
  });

  test('judge one after the other what the run comes to', async (t) => {
    const refuse: Instrument = {
      judge: () => ({ exitCode: 12, failure: new SseKitError('REFUSED', 12, 'not like this') }),
    };
    const forgive: Instrument = {
      judge: (outcome) => (outcome.exitCode === 12 ? { exitCode: 0, failure: undefined } : outcome),
    };
    const refused = await run(t, [() => forgive, () => refuse]);
    assert.equal(refused.exitCode, 12);
    assert.equal(refused.told.consequences.at(-1)?.failure?.code, 'REFUSED');
    assert.equal((await run(t, [() => refuse, () => forgive])).exitCode, 0);
  });

  test('end a run, and fail it: also when they conclude', async (t) => {
    const leaveAtFirst = ({ leave }: InstrumentContext): Instrument => ({ event: () => leave('until') });
    const left = await run(t, [leaveAtFirst]);
    assert.equal(left.exitCode, 0);
    assert.equal(left.told.events.length, 1);
    const full = new SseKitError('NO_SPACE', 23, 'no space left');
    const failing = ({ fail }: InstrumentContext): Instrument => ({ event: () => fail(full) });
    assert.equal((await run(t, [failing])).exitCode, 23);
    const late = await run(t, [() => ({ conclude: () => Promise.reject(full) })]);
    assert.equal(late.exitCode, 23);
    assert.deepEqual(late.told.failures, ['NO_SPACE']);
  });

  test('conclude one after the other: what one still tells, those behind it hear', async (t) => {
    const calls: string[] = [];
    const lateTeller = ({ warn, clock }: InstrumentContext): Instrument => ({
      conclude: async () => {
        await new Promise((resolve) => setImmediate(resolve));
        warn({ code: 'late', message: 'there is more' }, clock.now());
        throw new SseKitError('NO_SPACE', 23, 'no space left');
      },
    });
    const { exitCode } = await run(t, [lateTeller, witness(calls)]);
    assert.deepEqual(calls.slice(-3), ['judge 0', 'warn late', 'conclude']);
    assert.equal(exitCode, 23);
  });

  test('have the reading stopped until all of them can go on', async (t) => {
    const held: InstrumentContext[] = [];
    const holder = (context: InstrumentContext): Instrument => ({
      open: () => {
        held.push(context);
        context.pause();
      },
    });
    const calls: string[] = [];
    const server = await rawServer(t, async (client) => {
      await client.request();
      await client.write(streamHead.chunked);
      // What came with the head has been read before anybody could stop it.
      await until(() => held.length === 2);
      await client.write(chunk(BODY) + LAST_CHUNK);
      client.finish();
    });
    const options = listenOptions(server.url, { reconnect: once });
    const ended = listen(options, {}, new Told(), [holder, holder, witness(calls)]);
    await until(() => held.length === 2);
    held[0]?.resume();
    const { clock } = held[0] as InstrumentContext;
    const since = clock.now();
    // A pause that nobody could notice is not told.
    await until(() => clock.now() - since > 5);
    // Whatever could still be read would be by then.
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(calls, ['open true']);
    held[1]?.resume();
    assert.equal((await ended).exitCode, 0);
    assert.equal(calls[1], 'resumed');
    assert.ok(calls.includes('event 2 b b'));
  });
});
