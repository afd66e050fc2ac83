import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startCli } from '../harness/cli.ts';
import { tail } from '../harness/command.ts';
import { type RawServer, rawServer } from '../harness/raw-server.ts';
import { until } from '../harness/until.ts';
import { chunk, streamHead } from '../harness/wire.ts';
import { event, inTurn, noContent, stream, utf8 } from './turns.ts';

const KILLS = 10;

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'ssekit-state-'));
  t.after(() => rmSync(path, { recursive: true }));
  return path;
}

/** What the file holds; nothing before it is written for the first time. */
function keptIn(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

/** An event a millisecond, from the one after Last-Event-ID on, until the client leaves. */
function counting(t: TestContext): Promise<RawServer> {
  return rawServer(t, async (client) => {
    const request = await client.request();
    await client.write(streamHead.chunked);
    for (let id = Number(request.header('last-event-id') ?? 0) + 1; !client.hasLeft; id += 1) {
      await client.write(chunk(event(id)));
      await sleep(1);
    }
  });
}

describe('listen --state', { concurrency: 2 }, () => {
  test('resumes where the last run left off, and beats --last-event-id', async (t) => {
    const file = join(folder(t), 'id.txt');
    const server = await rawServer(
      t,
      inTurn(stream(event('é-1') + event('é-2')), stream(event('é-3')), noContent),
    );
    assert.equal((await tail(server.url, '--state', file)).code, 0);
    assert.equal(readFileSync(file, 'utf8'), 'é-2\n');
    assert.equal((await tail(server.url, '--state', file, '--last-event-id', 'other')).code, 0);
    assert.equal(readFileSync(file, 'utf8'), 'é-3\n');
    assert.equal((await tail(server.url, '--state', file)).code, 52);
    const sent = server.requests.map(({ header }) => utf8(header('last-event-id')));
    assert.deepEqual(sent, [undefined, 'é-2', 'é-3']);
    assert.equal(readFileSync(file, 'utf8'), 'é-3\n');
  });

  test('starts with --last-event-id while there is no file', async (t) => {
    const file = join(folder(t), 'id.txt');
    const server = await rawServer(t, inTurn(stream('data: no id\n\n')));
    await tail(server.url, '--state', file, '--last-event-id', '41');
    assert.equal(server.requests[0]?.header('last-event-id'), '41');
  });

  test('does not keep the id of an event that was cut', async (t) => {
    const file = join(folder(t), 'id.txt');
    const server = await rawServer(t, inTurn(stream(`${event(1)}id: 2\ndata: lost`)));
    assert.equal((await tail(server.url, '--state', file)).code, 18);
    assert.equal(readFileSync(file, 'utf8'), '1\n');
  });

  test('does not keep what it would refuse to read again', async (t) => {
    const file = join(folder(t), 'id.txt');
    const server = await rawServer(
      t,
      inTurn(stream(event(1) + event('i'.repeat(100_000))), stream(event(2))),
    );
    assert.equal((await tail(server.url, '--state', file)).code, 0);
    assert.equal((await tail(server.url, '--state', file)).code, 0);
    assert.equal(readFileSync(file, 'utf8'), '2\n');
    assert.equal(server.requests[1]?.header('last-event-id'), '1');
  });

  test('is up to date after Ctrl-C', async (t) => {
    const file = join(folder(t), 'id.txt');
    const server = await counting(t);
    const cli = startCli(['listen', server.url, '--state', file, '--format', 'data']);
    await cli.printed(/^50$/m);
    cli.signal('SIGINT');
    const { stdout } = await cli.ended;
    assert.equal(readFileSync(file, 'utf8').trim(), stdout.trim().split('\n').at(-1));
  });

  test('keeps the id of the last event that a slow reader gets, though the run was over before', async (t) => {
    const file = join(folder(t), 'id.txt');
    const body = Array.from({ length: 4_000 }, (_, n) => event(n + 1, `${n + 1} ${'x'.repeat(200)}`)).join(
      '',
    );
    const server = await rawServer(t, inTurn(stream(body)));
    const cli = startCli(['listen', server.url, '--state', file, '--format', 'data', '--for', '700ms']);
    cli.stopReading();
    await cli.logged(/time of --for is over/);
    cli.keepReading();
    const { code, stdout } = await cli.ended;
    assert.equal(code, 0);
    const last = stdout.trim().split('\n').at(-1)?.split(' ')[0];
    assert.equal(keptIn(file), `${last}\n`);
  });

  test('lets a reader that leaves end the run', async (t) => {
    const server = await counting(t);
    const cli = startCli(['listen', server.url, '--state', join(folder(t), 'id.txt'), '--format', 'data']);
    await cli.printed(/^5$/m);
    cli.closeStdout();
    assert.equal((await cli.ended).code, 141);
  });

  test('is kept up to date while attempts follow one another', async (t) => {
    const file = join(folder(t), 'id.txt');
    const server = await rawServer(
      t,
      inTurn(stream(event(1)), stream(event(2)), (client) => client.left()),
    );
    const cli = startCli(['listen', server.url, '--state', file, '--follow', '--retry-delay', '1ms']);
    await until(() => server.connections === 3);
    await until(() => keptIn(file) === '2\n', 'the second id in the file');
    cli.signal('SIGINT');
    await cli.ended;
  });

  test(`survives kill -9, ${KILLS} times: the file is whole, and no event is lost`, async (t) => {
    const place = folder(t);
    const file = join(place, 'id.txt');
    const server = await counting(t);
    let before = 0;
    for (let kill = 0; kill < KILLS; kill += 1) {
      const cli = startCli(['listen', server.url, '--state', file, '--format', 'data']);
      // At another moment each time, between two writes or in one.
      await cli.printed(new RegExp(`^${before + 140 + 13 * kill}$`, 'm'));
      cli.signal('SIGKILL');
      const { stdout } = await cli.ended;
      assert.equal(Number(server.requests[kill]?.header('last-event-id') ?? 0), before);
      const shown = stdout.split('\n').slice(0, -1).map(Number);
      assert.equal(shown[0], before + 1);
      const kept = keptIn(file);
      assert.match(kept, /^(?:\d+\n)?$/);
      assert.ok(
        Number(kept) <= (shown.at(-1) ?? 0),
        `${kept} is kept, ${shown.at(-1)} was the last one shown`,
      );
      before = Number(kept);
    }
    assert.ok(before > 0);
    // A write that was killed may leave its own file behind, never more than one a run.
    assert.ok(readdirSync(place).length <= 1 + KILLS);
  });
});

describe('listen --state with a file that can not be used', { concurrency: 2 }, () => {
  test('ends with 23 before any request where it can not be written, and says so', async (t) => {
    const server = await counting(t);
    const file = join(folder(t), 'missing', 'id.txt');
    const { code, stderr } = await tail(server.url, '--state', file);
    assert.equal(code, 23, stderr);
    assert.match(stderr, /--state .*missing.*id\.txt/);
    assert.match(stderr, /writable/);
    assert.doesNotMatch(stderr, /^\s+at /m);
    assert.equal(server.connections, 0);
  });

  test('ends with 23 where it can no longer be written at the end', async (t) => {
    const place = join(folder(t), 'removed');
    mkdirSync(place);
    const server = await rawServer(t, async (client) => {
      await client.request();
      rmSync(place, { recursive: true });
      await stream(event(1))(client);
    });
    const { code, stderr } = await tail(server.url, '--state', join(place, 'id.txt'));
    assert.equal(code, 23, stderr);
    assert.match(stderr, /could not be kept/);
  });

  const unusable = [
    ['a folder', (path: string) => mkdirSync(path)],
    ['several lines', (path: string) => writeFileSync(path, '1\n2\n')],
    ['bytes of some other file', (path: string) => writeFileSync(path, Buffer.from([0, 1, 2, 3]))],
    ['a megabyte', (path: string) => writeFileSync(path, 'x'.repeat(1024 ** 2))],
  ] as const;
  for (const [what, make] of unusable) {
    test(`ends with 2 before any request where it is ${what}`, async (t) => {
      const path = join(folder(t), 'id.txt');
      make(path);
      const server = await counting(t);
      const { code, stderr } = await tail(server.url, '--state', path);
      assert.equal(code, 2, stderr);
      assert.match(stderr, /--state .*id\.txt/);
      assert.equal(server.connections, 0);
    });
  }
});
