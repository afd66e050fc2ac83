import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { startCli } from '../harness/cli.ts';
import { tail } from '../harness/command.ts';
import type { RawConnection } from '../harness/raw-connection.ts';
import { rawServer } from '../harness/raw-server.ts';
import { endings, ids, outages, recordsOfType } from '../harness/records.ts';
import { answer, chunk, LAST_CHUNK, streamHead } from '../harness/wire.ts';

const SOON = ['--retry-delay', '50ms', '--format', 'ndjson'];
const NO_CONTENT = 'HTTP/1.1 204 No Content\r\n\r\n';

/** Answers the connections one after the other; the last answer is repeated. */
function inTurn(...answers: ((client: RawConnection) => Promise<void> | void)[]) {
  return async (client: RawConnection) => {
    await client.request();
    await answers[Math.min(client.number, answers.length) - 1]?.(client);
  };
}

const send =
  (...bytes: string[]) =>
  async (client: RawConnection) => {
    await client.write(bytes.join(''));
    client.finish();
  };
const stream = (body: string) => send(streamHead.chunked, chunk(body), LAST_CHUNK);
const event = (id: number) => `id: ${id}\ndata: event ${id}\n\n`;

describe('listen --follow and --retry', () => {
  test('without them one connection is read, whatever its end', async (t) => {
    const server = await rawServer(t, inTurn(stream(event(1))));
    assert.equal((await tail(server.url)).code, 0);
    assert.equal(server.connections, 1);
  });

  test('resume behind the last id, until a 204 ends it with 0', async (t) => {
    const script = inTurn(stream(event(1) + event(2)), stream(event(3)), send(NO_CONTENT));
    const server = await rawServer(t, script);
    const outcome = await tail(server.url, '--follow', ...SOON);
    assert.equal(outcome.code, 0);
    assert.deepEqual(ids(outcome), ['1', '2', '3']);
    assert.deepEqual(
      server.requests.map((request) => request.header('last-event-id')),
      [undefined, '2', '3'],
    );
    assert.deepEqual(endings(outcome), ['eof', 'eof', 'no_content']);
    const [first] = outages(outcome);
    assert.deepEqual([first?.reason, first?.resumedFrom, first?.repeated], ['eof', '2', 0]);
  });

  test('give up after N failed attempts in a row, with the code of the last', async (t) => {
    const server = await rawServer(t, inTurn(stream(event(1)), send(answer('503 Service Unavailable'))));
    const outcome = await tail(server.url, '--retry', '3', ...SOON);
    assert.equal(outcome.code, 5);
    assert.equal(server.connections, 4);
  });

  test('stop at a status that asking again would not change', async (t) => {
    const server = await rawServer(t, inTurn(stream(event(1)), send(answer('404 Not Found'))));
    assert.equal((await tail(server.url, '--follow', ...SOON)).code, 4);
    assert.equal(server.connections, 2);
  });

  test('stop at a wrong type', async (t) => {
    const page = send(answer('200 OK', { 'Content-Type': 'text/html' }, 'hi'));
    const server = await rawServer(t, inTurn(stream(event(1)), page));
    assert.equal((await tail(server.url, '--follow', ...SOON)).code, 11);
  });

  test('reconnect after a reset, an idle timeout and a truncation', async (t) => {
    const cut = send(streamHead.chunked, chunk(event(2)));
    const silent = async (client: RawConnection) => {
      await client.write(streamHead.chunked + chunk(event(1)));
      await client.left();
    };
    const script = inTurn((client) => client.reset(), silent, cut, send(NO_CONTENT));
    const server = await rawServer(t, script);
    const outcome = await tail(server.url, '--follow', '--idle-timeout', '300ms', ...SOON);
    assert.deepEqual(endings(outcome), ['reset', 'idle', 'truncated', 'no_content']);
    assert.equal(outcome.code, 0);
  });

  test("wait as long as the server's retry: says, and not at random", async (t) => {
    const server = await rawServer(t, inTurn(stream(`retry: 120\n${event(1)}`), send(NO_CONTENT)));
    const outcome = await tail(server.url, '--follow', ...SOON);
    const [reconnect] = recordsOfType(outcome, 'reconnect');
    assert.equal(reconnect?.delayMs, 120);
    assert.equal(reconnect?.lastEventId, '1');
  });

  test('honour Retry-After of a 503 and tell that a browser would have stopped', async (t) => {
    const busy = send(answer('503 Service Unavailable', { 'Retry-After': '1' }));
    const server = await rawServer(t, inTurn(busy, stream(event(1)), send(NO_CONTENT)));
    const outcome = await tail(server.url, '--follow', ...SOON);
    const [first] = recordsOfType(outcome, 'reconnect');
    assert.equal(first?.delayMs, 1_000);
    assert.deepEqual(recordsOfType(outcome, 'summary')[0]?.browserWouldStop, [503]);
  });

  test('start each attempt at the original URL, with the id that --last-event-id gave', async (t) => {
    const server = await rawServer(t, inTurn(stream(': nothing new\n\n'), send(NO_CONTENT)));
    await tail(`${server.url}/a?b=c`, '--follow', '--last-event-id', 'héllo', ...SOON);
    for (const { target, header } of server.requests) {
      assert.equal(target, '/a?b=c');
      // The header's bytes are UTF-8; they are read here one by one.
      assert.equal(Buffer.from(header('last-event-id') ?? '', 'latin1').toString('utf8'), 'héllo');
    }
  });

  test('send the body of a POST again', async (t) => {
    const server = await rawServer(t, inTurn(stream(event(1)), send(NO_CONTENT)));
    await tail(server.url, '--follow', '--json', '{"q":1}', ...SOON);
    assert.deepEqual(
      server.requests.map(({ method, body }) => `${method} ${body}`),
      ['POST {"q":1}', 'POST {"q":1}'],
    );
  });
});

describe('listen --state', () => {
  test('resumes in the next run where the last one left off', async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'ssekit-state-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'id.txt');
    const server = await rawServer(t, inTurn(stream(event(7)), stream(event(8))));
    await tail(server.url, '--state', file);
    await tail(server.url, '--state', file);
    assert.equal(server.requests[0]?.header('last-event-id'), undefined);
    assert.equal(server.requests[1]?.header('last-event-id'), '7');
    assert.match(readFileSync(file, 'utf8'), /8/);
  });

  test('loses no event when it is killed', async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'ssekit-state-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'id.txt');
    writeFileSync(file, '');
    const server = await rawServer(t, async (client) => {
      const from = Number((await client.request()).header('last-event-id') ?? 0) + 1;
      await client.write(streamHead.chunked);
      for (let id = from; !client.hasLeft && id < from + 20_000; id += 1)
        await client.write(chunk(event(id)));
      await client.left();
    });
    const cli = startCli(['listen', server.url, '--state', file, '--format', 'data']);
    await cli.printed(/event 500\n/);
    cli.signal('SIGKILL');
    const { stdout } = await cli.ended;
    const last = Number(
      stdout
        .match(/event (\d+)\n/g)
        ?.at(-1)
        ?.match(/\d+/)?.[0],
    );
    const next = await tail(server.url, '--state', file, '--format', 'data', '-n', '1');
    const first = Number(/event (\d+)/.exec(next.stdout)?.[1]);
    assert.ok(first <= last + 1, `event ${last} was shown before, event ${first} is the next`);
  });
});
