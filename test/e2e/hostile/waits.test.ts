import assert from 'node:assert/strict';
import { closeSync, openSync } from 'node:fs';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startCli } from '../harness/cli.ts';
import { rawServer, type Script } from '../harness/raw-server.ts';
import { recordsOfType } from '../harness/records.ts';
import { until } from '../harness/until.ts';
import { answer } from '../harness/wire.ts';
import { measured } from './measured.ts';
import { openHead } from './pour.ts';

const HOUR_MS = 3_600_000;
const NO_CONTENT = 'HTTP/1.1 204 No Content\r\n\r\n';

/** Answers each connection with a text and ends it. */
const answers =
  (textOf: (connection: number) => string): Script =>
  async (client) => {
    await client.request();
    await client.write(textOf(client.number));
    client.finish();
  };

describe('listen, told to wait for ages', { concurrency: 2 }, () => {
  const ages = [
    ['a retry: that no timer can hold', `${openHead}retry: 99999999999999999999\nid: 1\ndata: x\n\n`],
    ['a retry: with a thousand digits', `${openHead}retry: ${'9'.repeat(1000)}\nid: 1\ndata: x\n\n`],
    ['a retry: just above what a timer can hold', `${openHead}retry: 2147483648\ndata: x\n\n`],
    ['a Retry-After that no timer can hold', answer('503 Busy', { 'Retry-After': '99999999999' })],
    ['a Retry-After with a thousand digits', answer('429 Slow Down', { 'Retry-After': '9'.repeat(1000) })],
    [
      'a Retry-After in the year 9999',
      answer('503 Busy', { 'Retry-After': 'Fri, 31 Dec 9999 23:59:59 GMT' }),
    ],
  ] as const;
  for (const [what, text] of ages) {
    test(`waits an hour after ${what}, and Ctrl-C ends it at once`, async (t) => {
      const server = await rawServer(
        t,
        answers(() => text),
      );
      const cli = startCli(['listen', server.url, '--retry', '3', '--format', 'ndjson']);
      await cli.printed(/"type":"reconnect"/);
      await sleep(1_000);
      assert.equal(server.connections, 1);
      assert.equal(recordsOfType(cli, 'reconnect')[0]?.delayMs, HOUR_MS);
      const interrupted = performance.now();
      cli.signal('SIGINT');
      const { code, stderr } = await cli.ended;
      assert.equal(code, 130);
      assert.ok(performance.now() - interrupted < 1_000);
      assert.doesNotMatch(stderr, /TimeoutOverflow/);
    });
  }

  test('says that the wait is limited', async (t) => {
    const server = await rawServer(
      t,
      answers(() => `${openHead}retry: 1${'0'.repeat(20)}\ndata: x\n\n`),
    );
    const cli = startCli(['listen', server.url, '--follow']);
    await cli.logged(/limited to 1 h/);
    await cli.logged(/reconnecting in 1h 00m/);
    cli.signal('SIGINT');
    await cli.ended;
  });

  for (const value of ['1e20', '-5', '+5', '0x10', '1.5', '٣', '5 ', '']) {
    test(`takes no wait from retry: ${JSON.stringify(value)}`, async (t) => {
      const server = await rawServer(
        t,
        answers(() => `${openHead}retry: ${value}\ndata: x\n\n`),
      );
      const cli = startCli(['listen', server.url, '--follow', '--retry-delay', '2.5s', '--format', 'ndjson']);
      await cli.printed(/"type":"reconnect"/);
      cli.signal('SIGINT');
      const outcome = await cli.ended;
      assert.equal(recordsOfType(outcome, 'reconnect')[0]?.delayMs, 2_500);
      assert.deepEqual(recordsOfType(outcome, 'retry'), []);
    });
  }
});

describe('listen --follow, told not to wait', () => {
  const hot = [
    ['streams that say nothing', () => `${openHead}retry: 0\n\n`],
    ['streams with one event each', () => `${openHead}retry: 0\ndata: x\n\n`],
    ['streams cut inside an event', () => `${openHead}retry: 0\ndata: x\n`],
    [
      'a stream, then errors',
      (n: number) =>
        n === 1 ? `${openHead}retry: 0\ndata: x\n\n` : answer('503 Busy', { 'Retry-After': '0' }),
    ],
  ] as const;
  for (const [what, textOf] of hot) {
    test(`asks at most twenty times a second for ${what}`, async (t) => {
      const server = await rawServer(t, answers(textOf));
      const cli = startCli(['listen', server.url, '--follow', '--retry-delay', '1ms']);
      await until(() => server.requests.length >= 2);
      const before = server.requests.length;
      await sleep(1_500);
      const asked = server.requests.length - before;
      cli.signal('SIGINT');
      assert.equal((await cli.ended).code, 130);
      assert.ok(asked <= 31, `${asked} requests in 1.5 s`);
    });
  }
});

describe('listen --follow, given ids that no header can carry', { concurrency: 2 }, () => {
  const ids = [
    ['a control character', '\x01', undefined],
    ['an escape sequence', '\x1b[2J', undefined],
    ['DEL', 'a\x7fb', undefined],
    ['a NUL, which makes it no id', 'a\0b', undefined],
    ['a C1 control', 'a\u009bb', 'a\u009bb'],
    ['a tab inside', 'a\tb', 'a\tb'],
    ['a bidirectional override', 'a\u202eb', 'a\u202eb'],
    ['colons and spaces', 'x: y', 'x: y'],
  ] as const;
  for (const [what, id, sent] of ids) {
    const resumes = sent === undefined ? 'comes back without an id' : 'sends it back as it came';
    test(`${resumes} for an id with ${what}`, async (t) => {
      const script = answers((n) => (n === 1 ? `${openHead}retry: 10\nid: ${id}\ndata: x\n\n` : NO_CONTENT));
      const server = await rawServer(t, script);
      const cli = startCli(['listen', server.url, '--follow', '--format', 'ndjson']);
      const outcome = await cli.ended;
      assert.equal(outcome.code, 0, outcome.stderr);
      const header = server.requests[1]?.header('last-event-id');
      assert.equal(header === undefined ? header : Buffer.from(header, 'latin1').toString('utf8'), sent);
      const warned = recordsOfType(outcome, 'warn').map((record) => record.code);
      assert.deepEqual(warned, sent !== undefined || id.includes('\0') ? [] : ['last-event-id-unsendable']);
    });
  }

  test('huge ids, another one for each attempt, leave the memory flat', async (t) => {
    const attempts = 30;
    const script = answers((n) => {
      const id = `${n}${'i'.repeat(6_000_000)}`;
      return n > attempts ? NO_CONTENT : `${openHead}retry: 1\nid: ${id}\ndata: x\n\n`;
    });
    const server = await rawServer(t, script);
    const nowhere = openSync('/dev/null', 'w');
    t.after(() => closeSync(nowhere));
    const run = await measured(['listen', server.url, '--follow', '--summary', '-s'], {
      deadlineMs: 90_000,
      stdout: nowhere,
    });
    assert.equal(run.code, 0, run.stderr.slice(0, 1_000));
    assert.equal(server.connections, attempts + 1);
    assert.ok(run.peakMb < 300, `${run.peakMb} MB resident`);
    assert.ok(run.stderr.length < 3_000, `${run.stderr.length} characters of log`);
  });

  test('a refused id of a megabyte ends the run with the status that the server gave', async (t) => {
    const big = 'i'.repeat(1024 ** 2);
    const script = answers((n) =>
      n === 1
        ? `${openHead}retry: 10\nid: ${big}\ndata: x\n\n`
        : answer('431 Request Header Fields Too Large'),
    );
    const server = await rawServer(t, script);
    const { code, stderr } = await startCli(['listen', server.url, '--follow']).ended;
    assert.equal(code, 4);
    assert.ok(stderr.length < 5_000, `${stderr.length} characters of log`);
  });
});
