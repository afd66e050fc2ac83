import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, type TestContext, test } from 'node:test';
import type { BenchResult } from '../../../src/results/bench/result.ts';
import { type RunningCli, runCli, startCli } from '../harness/cli.ts';
import { startMock } from '../harness/mock.ts';
import type { RawConnection } from '../harness/raw-connection.ts';
import { rawServer } from '../harness/raw-server.ts';
import { EndlessRun } from './run.ts';

const SHORT = ['--ramp-up', '0s', '--format', 'json'];

/** Whatever a busy machine makes of its verdict: counts are exact all the same. */
async function bench(...words: string[]): Promise<BenchResult> {
  const { stdout, stderr } = await runCli(['bench', ...words, ...SHORT]);
  assert.notEqual(stdout, '', stderr);
  return JSON.parse(stdout) as BenchResult;
}

function publisherOf({ pid }: RunningCli): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
  const publisher = children.find((child) =>
    /publisher-process/.test(readFileSync(`/proc/${child}/cmdline`, 'utf8')),
  );
  return Number(publisher ?? assert.fail('nothing publishes'));
}

const HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n';

/** Numbers are sent in this order; behind them the first connection is reset, so that what they were is replayed. */
async function faultyServer(t: TestContext) {
  return rawServer(t, async (client) => {
    const { headers } = await client.request();
    const resumes = headers.some(([name]) => name.toLowerCase() === 'last-event-id');
    const numbers = resumes ? [8, 9, 10, 11, 12] : [1, 2, 4, 5, 5, 7, 6, 8, 9, 10];
    const events = numbers.map((n) => `id: ${n}\ndata: {"n":${n}}\n\n`);
    await client.write(`${HEAD}retry: 20\n\ndata: hello\n\n${events.join('')}`);
    if (!resumes) await client.finish();
  });
}

const STREAMS = 8;
const ACCEPTED = 60;
const STOPS_AFTER = 20;

/**
 * Hands on what is published once all streams are there, so many events, and refuses the others. Of four streams the
 * third never gets one, and the fourth none after its first few.
 */
async function unfairServer(t: TestContext) {
  const streams: RawConnection[] = [];
  let accepted = 0;
  const server = await rawServer(t, async (client) => {
    for (;;) {
      const { method, body } = await client.request();
      if (method === 'GET') {
        await client.write(`${HEAD}: hello\n\n`);
        streams.push(client);
        return;
      }
      const takes = streams.length === STREAMS && accepted < ACCEPTED;
      if (takes) {
        accepted += 1;
        const kinds = accepted <= STOPS_AFTER ? [0, 1, 3] : [0, 1];
        const served = streams.filter((_, index) => kinds.includes(index % 4));
        await Promise.all(served.map((stream) => stream.write(`data: ${body}\n\n`)));
      }
      await client.write(
        `HTTP/1.1 ${takes ? '204 No Content' : '503 Service Unavailable\r\nContent-Length: 0'}\r\n\r\n`,
      );
    }
  });
  return {
    server,
    get accepted() {
      return accepted;
    },
  };
}

describe('the delivery audit of bench', () => {
  test('is exact about what was dropped, repeated, swapped and replayed', async (t) => {
    const { url } = await faultyServer(t);
    const { delivery, counts } = await bench(url, '-c', '3', '--for', '1s', '--sequence', 'id');
    assert.equal(counts.attempts, 6);
    const { examples, notes, ...figures } = delivery ?? assert.fail('no audit');
    assert.deepEqual(figures, {
      received: 3 * 11,
      missing: 3 * 1,
      duplicated: 3 * 1,
      out_of_order: 3 * 1,
      replayed: 3 * 3,
      rate: 11 / 12,
      unnumbered: 3 * 2,
    });
    assert.equal(examples.filter((each) => /^stream [0-2]: 3 missing after 2$/.test(each)).length, 3);
    assert.match(notes.join(), /^6 events had no number/);
  });
});

describe('publishing while a load runs', () => {
  test('is measured from there to each stream, and audited', async (t) => {
    const { url } = await startMock(t, '--preset', 'quiet');
    const { delivery, publish, metrics, counts } = await bench(
      ...[`${url}events`, '-c', '5', '--for', '4s'],
      ...['--publish', `${url}publish`, '--publish-rate', '100/s'],
    );
    assert.ok(publish && delivery);
    assert.equal(publish.planned, 380);
    assert.equal(publish.published + publish.failed + publish.notStarted, publish.planned);
    assert.equal(delivery.duplicated, 0);
    // Publishing ends 200 ms before the run: on a machine that is busier, the last ones are on their way then.
    assert.ok(delivery.missing < 5 * 40, `${delivery.missing} missing of ${publish.published} published`);
    assert.equal(delivery.rate, delivery.received / (delivery.received + delivery.missing));
    assert.equal(delivery.received, counts.events);
    // A stream has all from the first that it saw.
    assert.ok(delivery.received > 100 && delivery.received <= 5 * publish.published, `${delivery.received}`);
    // One that was sent while a stream was asked for may have no latency on it.
    const timed = metrics.delivery_latency?.count ?? 0;
    assert.ok(
      timed <= delivery.received && timed > delivery.received - 10,
      `${timed} of ${delivery.received}`,
    );
    assert.ok((metrics.delivery_latency?.min ?? 0) > 0);
  });

  test('misses what streams did not get behind their last event, and tells which never had one', async (t) => {
    const unfair = await unfairServer(t);
    const { url, requests } = unfair.server;
    const rules = ['delivery_rate >= 99.9%', 'missing == 80', 'unreached == 2', 'partial == 40'];
    const run = new EndlessRun(
      t,
      ...[
        url,
        '-c',
        String(STREAMS),
        '--workers',
        '2',
        '--publish',
        `${url}/publish`,
        '--publish-rate',
        '50/s',
      ],
      ...rules.flatMap((rule) => ['--threshold', rule]),
    );
    const received = (STREAMS / 2) * ACCEPTED + (STREAMS / 4) * STOPS_AFTER;
    await run.until(() => run.counted('events') === received, `${received} events, of ${unfair.accepted}`);
    // What was sent shortly before the end may still be on its way: half a second has none but refused ones.
    const { length } = requests;
    await run.until(() => requests.length > length + 25, 'refused events');
    const { delivery, thresholds, publish } = await run.end();
    assert.equal(publish?.published, ACCEPTED);
    const missing = (STREAMS / 4) * (ACCEPTED - STOPS_AFTER);
    const { examples, notes, ...figures } = delivery ?? assert.fail('no audit');
    assert.deepEqual(figures, {
      ...{ received, missing, duplicated: 0, out_of_order: 0, replayed: 0, unnumbered: 0 },
      ...{ unreached: STREAMS / 4, partial: ACCEPTED - STOPS_AFTER },
      rate: received / (received + missing),
    });
    assert.match(
      examples.join('\n'),
      /^stream [0-7]: none of \d+ published events\npublished \d+-\d+: on some/,
    );
    assert.match(notes.join(), /80 of the missing are behind the last one of their stream/);
    assert.deepEqual(
      thresholds.map(({ pass }) => pass),
      [false, true, true, true],
    );
  });

  test('by a command, ended by Ctrl-C, tells what there was', async (t) => {
    const { url, cli } = await startMock(t, '--preset', 'quiet');
    const request = '{method: "POST", headers: {"content-type": "text/plain"}, body: process.env.SSE_DATA}';
    const post = `"${process.execPath}" -e 'fetch("${url}publish", ${request})'`;
    const words = [`${url}events`, '-c', '2', '--for', '1h', '--publish', `exec:${post}`];
    const running = startCli(['bench', ...words, '--publish-rate', '5/s', ...SHORT]);
    await cli.logged(/(?:POST \/publish[\s\S]*){2}/);
    running.signal('SIGINT');
    const { code, stdout } = await running.ended;
    assert.equal(code, 130);
    const { publish, delivery } = JSON.parse(stdout) as BenchResult;
    assert.ok(publish && publish.published > 0, stdout);
    assert.equal(delivery?.duplicated, 0);
    assert.ok(publish.planned >= publish.published && publish.planned < 1_000, `${publish.planned}`);
  });

  test('of what the server refuses misses nothing on the streams, and says why', async (t) => {
    const { url } = await startMock(t, '--preset', 'quiet', '--max-publish', '10/s');
    const { delivery, publish } = await bench(
      ...[`${url}events`, '-c', '2', '--for', '1200ms'],
      ...['--publish', `${url}publish`, '--publish-rate', '60/s'],
    );
    assert.ok(publish && delivery);
    assert.ok(publish.failed > 0 && publish.published > 0);
    // But what was on its way when the run ended, on a machine that is busier.
    assert.ok(
      delivery.missing < publish.published && publish.published < publish.failed,
      JSON.stringify(delivery),
    );
    assert.match(publish.errors[0]?.code ?? '', /^HTTP_429$/);
  });

  test('is no run to be believed when the process that publishes is lost', async (t) => {
    const { url, cli } = await startMock(t, '--preset', 'quiet');
    const words = [`${url}events`, '-c', '2', '--for', '2s', '--publish', `${url}publish`];
    const running = startCli(['bench', ...words, '--publish-rate', '20/s', ...SHORT]);
    await cli.logged(/POST \/publish/);
    process.kill(publisherOf(running), 'SIGKILL');
    const { code, stdout } = await running.ended;
    assert.equal(code, 13);
    const { verdict, publish, delivery } = JSON.parse(stdout) as BenchResult;
    assert.equal(verdict.reasons[0]?.code, 'worker-lost');
    assert.match(verdict.reasons[0]?.message ?? '', /^the process that publishes was killed by SIGKILL/);
    assert.equal(publish, undefined);
    assert.equal(delivery?.missing, 0);
  });

  test('does not begin where it can be published to nowhere', async () => {
    const words = ['http://127.0.0.1:9/', '--publish', 'redis://127.0.0.1:9#a', '--publish-rate', '1/s'];
    const { code, stderr, stdout } = await runCli(['bench', ...words]);
    assert.equal(code, 7);
    assert.equal(stdout, '');
    assert.match(stderr, /--publish: redis:\/\/127\.0\.0\.1:9: connection refused/);
    const wrong = await runCli([
      'bench',
      ':9',
      '--publish',
      ':9/p',
      '--publish-rate',
      '1/s',
      '--publish-body',
      '{{now}}',
    ]);
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /--publish-body: \{\{now\}\} stands for nothing/);
  });
});
