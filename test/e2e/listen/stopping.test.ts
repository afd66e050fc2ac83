import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runCommand, tail } from '../harness/command.ts';
import type { RawConnection } from '../harness/raw-connection.ts';
import { rawServer } from '../harness/raw-server.ts';
import { recordsOfType } from '../harness/records.ts';
import { chunk, LAST_CHUNK, streamHead } from '../harness/wire.ts';

/** Sends these events, and then nothing until the client leaves. */
const thenSilence = (body: string) => async (client: RawConnection) => {
  await client.request();
  await client.write(streamHead.chunked + chunk(body));
  await client.left();
};

const thenEnd = (body: string) => async (client: RawConnection) => {
  await client.request();
  await client.write(streamHead.chunked + chunk(body) + LAST_CHUNK);
  client.finish();
};

const THREE = 'data: one\n\nevent: tick\ndata: two\n\ndata: [DONE]\n\n';

describe('listen, told when to stop', () => {
  test('-n leaves with 0 after so many events, and closes the connection', async (t) => {
    let left = false;
    const server = await rawServer(t, async (client) => {
      await thenSilence(THREE)(client);
      left = true;
    });
    const { code, stdout } = await tail(server.url, '-n', '2', '--format', 'data');
    assert.deepEqual({ code, stdout }, { code: 0, stdout: 'one\ntwo\n' });
    assert.equal(left, true);
  });

  test('-n with an earlier clean end is 0 too, as with `head`', async (t) => {
    const server = await rawServer(t, thenEnd(THREE));
    assert.equal((await tail(server.url, '-n', '10')).code, 0);
  });

  test('-n counts only what is shown', async (t) => {
    const server = await rawServer(t, thenSilence(THREE));
    const { stdout } = await tail(server.url, '-n', '1', '--event', 'tick', '--format', 'data');
    assert.equal(stdout, 'two\n');
  });

  test('--for leaves with 0 after that time', async (t) => {
    const server = await rawServer(t, thenSilence(THREE));
    const { code, stdout } = await tail(server.url, '--for', '300ms', '--format', 'data');
    assert.deepEqual({ code, stdout }, { code: 0, stdout: 'one\ntwo\n[DONE]\n' });
  });

  test('--for fails as the last attempt did where no stream ever opened', async () => {
    const { code, stderr } = await tail('http://127.0.0.1:9/', '--follow', '--for', '300ms');
    assert.equal(code, 7);
    assert.match(stderr, /no stream opened in the time of --for: connection refused/);
  });

  for (const [flag, value, shown] of [
    ['--until', '^t', 'one\ntwo\n'],
    ['--until-event', 'tick', 'one\ntwo\n'],
    ['--until-data', '[DONE]', 'one\ntwo\n[DONE]\n'],
  ] as const) {
    test(`${flag} leaves with 0 when that event has come`, async (t) => {
      const server = await rawServer(t, thenSilence(THREE));
      const { code, stdout } = await tail(server.url, flag, value, '--format', 'data');
      assert.deepEqual({ code, stdout }, { code: 0, stdout: shown });
    });
  }

  test('several of them are alternatives', async (t) => {
    const server = await rawServer(t, thenSilence(THREE));
    const { code } = await tail(server.url, '--until-event', 'never', '--until-data', 'two');
    assert.equal(code, 0);
  });

  test('a clean end without what --until waits for exits 18', async (t) => {
    const server = await rawServer(t, thenEnd(THREE));
    const { code, stderr } = await tail(server.url, '--until', 'never');
    assert.equal(code, 18);
    assert.match(stderr, /^✗ ended cleanly after 3 events, before --until matched\n {2}\S/m);
    assert.doesNotMatch(stderr, /ssekit:/);
  });

  test('an --until that an earlier -n overtakes is a success', async (t) => {
    const server = await rawServer(t, thenSilence(THREE));
    assert.equal((await tail(server.url, '--until', 'never', '-n', '1')).code, 0);
  });
});

describe('listen, kept waiting', () => {
  test('-m exits 28 in the middle of a stream', async (t) => {
    const server = await rawServer(t, thenSilence(THREE));
    const { code, stdout } = await tail(server.url, '-m', '0.4', '--format', 'data');
    assert.deepEqual({ code, stdout }, { code: 28, stdout: 'one\ntwo\n[DONE]\n' });
  });

  test('-m exits 28 while --until still waits', async (t) => {
    const server = await rawServer(t, thenSilence(THREE));
    assert.equal((await tail(server.url, '-m', '0.4', '--until', 'never')).code, 28);
  });

  test('-m exits 28 when no headers come', async (t) => {
    const server = await rawServer(t, (client) => client.left());
    assert.equal((await tail(server.url, '-m', '0.3')).code, 28);
  });

  test('--idle-timeout exits 28 when no headers come', async (t) => {
    const server = await rawServer(t, (client) => client.left());
    const { code, stderr } = await tail(server.url, '--idle-timeout', '300ms');
    assert.equal(code, 28);
    assert.match(stderr, /300 ?ms|0\.3 ?s/);
  });

  test('--idle-timeout exits 28 when the stream falls silent', async (t) => {
    const server = await rawServer(t, thenSilence(THREE));
    const outcome = await tail(server.url, '--idle-timeout', '300ms', '--format', 'ndjson');
    assert.equal(outcome.code, 28);
    assert.equal(recordsOfType(outcome, 'event').length, 3);
    assert.equal(recordsOfType(outcome, 'close')[0]?.reason, 'idle');
  });

  test('--idle-timeout takes a comment for a sign of life', async (t) => {
    const server = await rawServer(t, async (client) => {
      await client.request();
      await client.write(streamHead.chunked + chunk('data: x\n\n'));
      const beat = setInterval(() => void client.write(chunk(': beat\n')), 50);
      await client.left();
      clearInterval(beat);
    });
    assert.equal((await tail(server.url, '--idle-timeout', '600ms', '--for', '1500ms')).code, 0);
  });
});

describe('listen, given too much', () => {
  test('exits 12 for an event above --max-event-size, after the events before it', async (t) => {
    const server = await rawServer(t, thenSilence(`data: small\n\ndata: ${'x'.repeat(20_000)}\n\n`));
    const { code, stdout, stderr } = await tail(server.url, '--max-event-size', '10KB', '--format', 'data');
    assert.deepEqual({ code, stdout }, { code: 12, stdout: 'small\n' });
    assert.match(stderr, /--max-event-size|10 ?KB/);
  });

  test('exits 12 for a line without end, long before it has swallowed it', async (t) => {
    let sent = 0;
    const server = await rawServer(t, async (client) => {
      await client.request();
      await client.write(`${streamHead.close}data: `);
      const part = 'x'.repeat(64 * 1024);
      for (; !client.hasLeft && sent < 1e9; sent += part.length) await client.write(part);
    });
    assert.equal((await tail(server.url, '--max-event-size', '1MB')).code, 12);
    assert.ok(sent < 50e6, `${sent} bytes were taken`);
  });
});

describe('listen, without a server at hand', () => {
  test('`demo:` shows ten varied events', async () => {
    const outcome = await tail('demo:', '-n', '10', '--format', 'ndjson');
    assert.equal(outcome.code, 0);
    const events = recordsOfType(outcome, 'event');
    assert.deepEqual(
      events.map((event) => event.id),
      ['1', '2', '3', '4', '5', '6', '7', '8', '9', '10'],
    );
    assert.ok(new Set(events.map((event) => event.event)).size >= 4);
  });

  test('`-` reads a stream from standard input', async () => {
    const { code, stdout } = await runCommand(['listen', '-', '--format', 'data'], { stdin: THREE });
    assert.deepEqual({ code, stdout }, { code: 0, stdout: 'one\ntwo\n[DONE]\n' });
  });

  test('`-` says nothing after its summary, whatever the same read still holds', async () => {
    const stdin = 'data: one\n\nretry: 99999999999\n\ndata: two\n\n';
    const { code, stdout } = await runCommand(['listen', '-', '-n', '1', '--format', 'ndjson'], { stdin });
    assert.equal(code, 0);
    const types = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).type);
    assert.deepEqual(types, ['event', 'close', 'summary']);
  });

  test('`-` fails where standard input is a folder', (t) => {
    const folder = openSync('.', 'r');
    t.after(() => closeSync(folder));
    const words = [fileURLToPath(new URL('../../../bin/ssekit.js', import.meta.url)), 'listen', '-'];
    const { status, stderr } = spawnSync(process.execPath, words, {
      stdio: [folder, 'pipe', 'pipe'],
      encoding: 'utf8',
      timeout: 20_000,
    });
    assert.equal(status, 1);
    assert.match(stderr, /standard input can't be read: it is a folder/);
  });

  test('`-` exits 18 when its input ends inside an event', async () => {
    assert.equal((await runCommand(['listen', '-'], { stdin: 'data: one\n\ndata: tw' })).code, 18);
  });

  test('`-` exits 18 when its input ends inside a block, and says so where no event is lost', async () => {
    for (const [rest, bytes] of [
      ['retry: 5\n', 9],
      [': comm', 6],
    ] as const) {
      const { code, stderr } = await runCommand(['listen', '-'], { stdin: `data: x\n\n${rest}` });
      assert.equal(code, 18);
      const words = `✗ the stream ended before the blank line of its last block: ${bytes} bytes, none of them of an event, after 1 event\n`;
      assert.ok(stderr.includes(words), stderr);
      assert.doesNotMatch(stderr, /lost:|browser/);
    }
  });
});
