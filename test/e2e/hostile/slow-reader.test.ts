import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { describe, type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startCli } from '../harness/cli.ts';
import type { RawConnection } from '../harness/raw-connection.ts';
import { type RawServer, rawServer } from '../harness/raw-server.ts';
import { until } from '../harness/until.ts';
import { peakMemoryMb } from './measured.ts';
import { openHead } from './pour.ts';

const command = fileURLToPath(new URL('../../../bin/ssekit.js', import.meta.url));
const LIMIT_MB = 250;
const EVENT_BYTES = 32 * 1024;
const EVENTS = 6_400;
/** What the kernel and our own buffers may hold of the 200 MB while nobody reads. */
const HELD_BYTES = 40e6;
const STILL_MS = 400;

interface Flow {
  server: RawServer;
  /** Events that the kernel has taken. */
  sent: number;
  client?: RawConnection;
}

/** 200 MB of numbered events, as fast as they are taken. */
async function flood(t: TestContext): Promise<Flow> {
  const filling = 'x'.repeat(EVENT_BYTES);
  const server = await rawServer(t, async (client) => {
    flow.client = client;
    await client.request();
    await client.write(openHead);
    for (; flow.sent < EVENTS && !client.hasLeft; flow.sent += 1)
      await client.write(`id: ${flow.sent}\ndata: ${flow.sent} ${filling}\n\n`);
    client.finish();
  });
  const flow: Flow = { server, sent: 0 };
  return flow;
}

/** Resolves when a figure that has begun to grow stands still. */
async function standsStill(figure: () => number): Promise<void> {
  let last = figure();
  let since = Date.now();
  await until(() => {
    const now = figure();
    if (now !== last) since = Date.now();
    last = now;
    return now > 0 && Date.now() - since > STILL_MS;
  }, 'the flow to stop');
}

describe('listen, when nobody reads its standard output', () => {
  for (const format of ['ndjson', 'data', 'pretty', 'raw']) {
    test(`holds the server back in flat memory, then loses nothing (${format})`, async (t) => {
      const flow = await flood(t);
      const cli = startCli(['listen', flow.server.url, '--format', format], { deadlineMs: 40_000 });
      cli.stopReading();
      await standsStill(() => flow.sent);
      assert.ok(flow.sent * EVENT_BYTES < HELD_BYTES, `${flow.sent} events were taken from the server`);
      cli.keepReading();
      await until(() => flow.sent === EVENTS, 'the server to be rid of its events', 30_000);
      const peakMb = peakMemoryMb(cli);
      assert.ok(peakMb > 20 && peakMb < LIMIT_MB, `${peakMb} MB resident`);
      const { code, stdout } = await cli.ended;
      assert.equal(code, 0);
      assert.ok(stdout.endsWith('\n'));
      assert.deepEqual(
        numbers(stdout, format),
        Array.from({ length: EVENTS }, (_, n) => n),
      );
    });
  }

  test('ends in order at the first Ctrl-C, when reading goes on: the last line is whole', async (t) => {
    const flow = await flood(t);
    const cli = startCli(['listen', flow.server.url, '--format', 'ndjson']);
    cli.stopReading();
    await standsStill(() => flow.sent);
    cli.signal('SIGINT');
    cli.keepReading();
    const { code, stdout } = await cli.ended;
    assert.equal(code, 130);
    const lines = stdout.split('\n');
    assert.equal(lines.pop(), '');
    const records = lines.map((line): { type: string } => JSON.parse(line));
    assert.equal(records.at(-1)?.type, 'summary');
  });

  test('ends at once at the second Ctrl-C', async (t) => {
    const flow = await flood(t);
    const cli = startCli(['listen', flow.server.url, '--format', 'ndjson']);
    cli.stopReading();
    await standsStill(() => flow.sent);
    cli.signal('SIGINT');
    // The first one has been heard when the connection is gone.
    await until(() => flow.client?.hasLeft === true);
    const again = performance.now();
    cli.signal('SIGINT');
    assert.equal(await cli.gone, 130);
    assert.ok(performance.now() - again < 1_000);
    cli.keepReading();
    await cli.ended;
  });
});

describe('listen, when nobody reads its standard error', () => {
  test('holds the server back in flat memory, then loses no line of log', async (t) => {
    const lines = 100_000;
    let sent = 0;
    const server = await rawServer(t, async (client) => {
      await client.request();
      await client.write(openHead);
      const filling = `\n: ${'x'.repeat(250)}\n\n`;
      const piece = `retry: 1000${filling}retry: 2000${filling}`.repeat(50);
      for (; sent < lines && !client.hasLeft; sent += 100) await client.write(piece);
      await client.write('data: x\n\n');
      client.finish();
    });
    const child = spawn(process.execPath, [command, 'listen', server.url, '--no-summary'], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    t.after(() => child.kill('SIGKILL'));
    let log = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      log += text;
    });
    child.stderr.pause();
    await standsStill(() => sent);
    assert.ok(sent < lines, 'the server was not held back');
    const peakMb = peakMemoryMb(child);
    assert.ok(peakMb > 20 && peakMb < LIMIT_MB, `${peakMb} MB resident`);
    const ended = new Promise((resolve) => child.once('close', resolve));
    child.stderr.resume();
    assert.equal(await ended, 0);
    assert.equal(log.match(/^· the server sets the wait before a reconnect to [12] s$/gm)?.length, lines);
    assert.ok(log.endsWith('\n'));
  });
});

/** The numbers of the events that a format printed, in order; every line must be whole. */
function numbers(stdout: string, format: string): number[] {
  const lines = stdout.split('\n').filter((line) => line !== '');
  if (format === 'ndjson') {
    return lines
      .map((line): { type: string; data: string } => JSON.parse(line))
      .filter(({ type }) => type === 'event')
      .map(({ data }) => numberOf(data));
  }
  if (format === 'pretty') return lines.map((line) => numberOf(line.split('\t')[2] ?? ''));
  if (format === 'raw')
    return lines.filter((line) => line.startsWith('data: ')).map((line) => numberOf(line.slice(6)));
  return lines.map(numberOf);
}

function numberOf(data: string): number {
  const [number = '', filling = ''] = data.split(' ');
  assert.equal(filling.length, EVENT_BYTES);
  return Number(number);
}
