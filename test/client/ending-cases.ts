import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CloseInfo, CloseReason } from '../../src/client/records.ts';
import type { RawConnection } from '../e2e/harness/raw-connection.ts';
import { type RawServerOptions, rawServer } from '../e2e/harness/raw-server.ts';
import { chunk, head, LAST_CHUNK } from '../e2e/harness/wire.ts';
import { attempt } from './recorded-attempt.ts';

const EVENT = 'data: one\n\n';
/** A reset is a race between segments, so one right answer proves nothing. */
const TRIES = 100;
const AT_ONCE = 10;

interface Answer {
  headers: Record<string, string | number>;
  body: string;
}

/** A way to delimit a body. */
interface Framing {
  name: string;
  whole(body: string): Answer;
  /** The beginning of a longer body; absent where nothing tells it from a whole one. */
  unfinished?(body: string): Answer;
}

const CHUNKED = { 'Transfer-Encoding': 'chunked' };
const framings: Framing[] = [
  { name: 'a body that the connection delimits', whole: (body) => ({ headers: {}, body }) },
  {
    name: 'a chunked body',
    whole: (body) => ({ headers: CHUNKED, body: chunk(body) + LAST_CHUNK }),
    unfinished: (body) => ({ headers: CHUNKED, body: chunk(body) }),
  },
  {
    name: 'a body with Content-Length',
    whole: (body) => ({ headers: { 'Content-Length': body.length }, body }),
    unfinished: (body) => ({ headers: { 'Content-Length': body.length + 50 }, body }),
  },
];

interface EndingCase {
  title: string;
  serve(client: RawConnection): Promise<void>;
  expected: { reason: CloseReason; exitCode: number; pendingBytes: number };
}

const clean = { reason: 'eof', exitCode: 0, pendingBytes: 0 } as const;
const truncated = { reason: 'truncated', exitCode: 18, pendingBytes: 0 } as const;
const LOST = 'data: lost';

function orderlyEnds({ whole, unfinished }: Framing, connection: Record<string, string>): EndingCase[] {
  const cases: EndingCase[] = [
    {
      title: 'whole, then FIN, is a clean end',
      serve: (client) => thenFinish(client, written(whole(EVENT), connection)),
      expected: clean,
    },
    {
      title: 'an end inside an event is a truncation that tells the lost bytes',
      serve: (client) => thenFinish(client, written(whole(EVENT + LOST), connection)),
      expected: { ...truncated, pendingBytes: LOST.length },
    },
  ];
  if (unfinished === undefined) return cases;
  return [
    ...cases,
    {
      title: 'whole, is a clean end although the connection stays open',
      serve: (client) => client.write(written(whole(EVENT), connection)),
      expected: clean,
    },
    {
      title: 'FIN before it is complete is a truncation',
      serve: (client) => thenFinish(client, written(unfinished(EVENT), connection)),
      expected: truncated,
    },
    {
      title: 'FIN before it is complete and inside an event tells the lost bytes',
      serve: (client) => thenFinish(client, written(unfinished(EVENT + LOST), connection)),
      expected: { ...truncated, pendingBytes: LOST.length },
    },
  ];
}

function written({ headers, body }: Answer, connection: Record<string, string>): string {
  return head('200 OK', { 'Content-Type': 'text/event-stream', ...headers, ...connection }) + body;
}

async function thenFinish(client: RawConnection, bytes: string): Promise<void> {
  await client.write(bytes);
  client.finish();
}

const connections: [headers: Record<string, string>, suffix: string][] = [
  [{}, ''],
  [{ Connection: 'close' }, ' with Connection: close'],
];

/** Every way to end a body, over the transport that the options choose. */
export function describeEndings(transport: string, options: () => Promise<RawServerOptions>): void {
  describe(`the end over ${transport} of`, () => {
    for (const framing of framings) {
      for (const [headers, suffix] of connections) {
        const what = `${framing.name}${suffix}`;
        for (const { title, serve, expected } of orderlyEnds(framing, headers)) {
          test(`${what}: ${title}`, async (t) => {
            const server = await rawServer(t, answering(serve), await options());
            const { close } = await attempt(t, server.url);
            const { reason, events, pendingBytes, error } = close;
            assert.deepEqual({ reason, exitCode: error?.exitCode ?? 0, pendingBytes }, expected);
            assert.equal(events, 1);
          });
        }
        const open = written((framing.unfinished ?? framing.whole)(EVENT), headers);

        test(`${what}: RST together with the data is a reset, every time`, async (t) => {
          const serve = async (client: RawConnection) => {
            await client.write(open);
            client.reset();
          };
          const server = await rawServer(t, answering(serve), await options());
          await manyTimes(async () => assertReset((await attempt(t, server.url)).close));
        });

        test(`${what}: RST after the data was read is a reset, every time`, async (t) => {
          const serve = async (client: RawConnection) => {
            await client.write(open);
            await sleep(15);
            client.reset();
          };
          const server = await rawServer(t, answering(serve), await options());
          await manyTimes(async () => {
            const { close } = await attempt(t, server.url);
            assertReset(close);
            assert.equal(close.events, 1);
          });
        });
      }
    }

    test('no answer: RST before the headers is a reset, every time', async (t) => {
      const server = await rawServer(
        t,
        answering((client) => client.reset()),
        await options(),
      );
      await manyTimes(async () => {
        const { close } = await attempt(t, server.url);
        assertReset(close);
        assert.match(close.error?.message ?? '', /before it answered/);
      });
    });
  });
}

function assertReset(close: CloseInfo): void {
  assert.equal(close.reason, 'reset', close.error?.message);
  assert.equal(close.error?.exitCode, 56);
}

/** A script that lets the client say what it wants first. */
export function answering(serve: (client: RawConnection) => Promise<void> | void) {
  return async (client: RawConnection) => {
    await client.request();
    await serve(client);
  };
}

async function manyTimes(once: () => Promise<void>): Promise<void> {
  for (let done = 0; done < TRIES; done += AT_ONCE) {
    await Promise.all(Array.from({ length: AT_ONCE }, once));
  }
}
