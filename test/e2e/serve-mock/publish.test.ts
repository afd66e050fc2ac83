import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { describe, test } from 'node:test';
import { startCli } from '../harness/cli.ts';
import { startMock } from '../harness/mock.ts';
import { ids, recordsOfType } from '../harness/records.ts';
import { until } from '../harness/until.ts';

const MB = 1024 ** 2;

/** A tail of some streams that has opened. */
async function tailing(url: string, events: number) {
  const cli = startCli(['listen', url, '-n', String(events), '--format', 'ndjson']);
  await cli.printed(/"type":"open"/);
  return cli;
}

async function publish(url: string, body: unknown, type = 'application/json'): Promise<Response> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return fetch(url, { method: 'POST', headers: { 'Content-Type': type }, body: text });
}

const events = (run: { stdout: string }) =>
  recordsOfType(run, 'event').map(({ id, event, data }) => [id, event, data]);

describe('ssekit serve-mock, POST /publish', () => {
  test('sends an event to every stream of its channel, with an id', async (t) => {
    const { url } = await startMock(t, '--preset', 'quiet');
    const [all, news, both] = await Promise.all([
      tailing(url, 2),
      tailing(`${url}any/path?channel=news`, 2),
      tailing(`${url}?channel=news&channel=global`, 4),
    ]);
    const first = await publish(`${url}publish`, { event: 'note', data: { n: 1 } });
    assert.deepEqual([first.status, await first.json()], [200, { ids: { global: '1' }, streams: 2 }]);
    const second = await publish(`${url}publish?channel=news`, 'as it is\n{"n":2}', 'text/plain');
    assert.deepEqual(await second.json(), { ids: { news: '2' }, streams: 2 });
    const third = await publish(`${url}publish?channel=news&channel=global`, { data: 'to both' });
    assert.deepEqual(await third.json(), { ids: { news: '3', global: '4' }, streams: 3 });
    assert.deepEqual(events(await all.ended), [
      ['1', 'note', '{"n":1}'],
      ['4', 'message', 'to both'],
    ]);
    assert.deepEqual(events(await news.ended), [
      ['2', 'message', 'as it is\n{"n":2}'],
      ['3', 'message', 'to both'],
    ]);
    assert.deepEqual(ids(await both.ended), ['1', '2', '3', '4']);
  });

  test('slips an event in between ticks, whose ids go on', async (t) => {
    const { url } = await startMock(t, '--interval', '20ms');
    const stream = startCli(['listen', url, '--format', 'ndjson']);
    await stream.printed(/"id":"2"/);
    await publish(`${url}publish`, { data: 'published' });
    await stream.printed(/"data":"published"[\s\S]*"id":"\d+"/);
    stream.signal('SIGINT');
    const run = await stream.ended;
    const published = recordsOfType(run, 'event').filter(({ data }) => data === 'published');
    assert.deepEqual(
      published.map(({ id }) => id),
      [undefined],
    );
    const ticks = ids(run).filter((id) => id !== undefined);
    assert.deepEqual(
      ticks,
      ticks.map((_, index) => String(index + 1)),
    );
  });

  test('says what is wrong with an event', async (t) => {
    const { url } = await startMock(t);
    const refused = await publish(`${url}publish`, { data: 'x', evnt: 'note' });
    assert.equal(refused.status, 400);
    assert.equal(refused.headers.get('content-type'), 'application/json');
    const { error } = (await refused.json()) as { error: string };
    assert.match(error, /^"evnt" is no key of a published event: did you mean event\?$/);
  });

  test('keeps to the rate and to the size that flags allow', async (t) => {
    const { url } = await startMock(t, '--max-publish', '6/m', '--max-payload', '1KB');
    assert.equal((await publish(`${url}publish`, { data: 'x' })).status, 200);
    const tooMany = await publish(`${url}publish`, { data: 'x' });
    assert.equal(tooMany.status, 429);
    assert.ok(Number(tooMany.headers.get('retry-after')) <= 10);

    const { url: other } = await startMock(t, '--max-payload', '1KB');
    assert.equal((await publish(`${other}publish`, { data: 'x'.repeat(1_000) })).status, 200);
    const tooLong = await publish(`${other}publish`, { data: 'x'.repeat(1_100) });
    assert.deepEqual(await tooLong.json(), { error: 'the body is larger than 1024 bytes' });
  });

  test('refuses a body of a gigabyte while it comes, for next to no memory', async (t) => {
    const { url, cli } = await startMock(t);
    const peak = () => Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${cli.pid}/status`, 'utf8'))?.[1]);
    const before = process.platform === 'linux' ? peak() : 0;
    const { answer, sent } = await upload(new URL(url), 1024 * MB);
    assert.match(answer, /^HTTP\/1\.1 413 [\s\S]*"the body is larger than 1048576 bytes"/);
    assert.ok(sent < 64 * MB, `${sent} bytes went out`);
    if (process.platform === 'linux') assert.ok(peak() - before < 64 * 1024);
    assert.equal((await publish(`${url}publish`, { data: 'x' })).status, 200);
  });

  test('asks for the token where streams need it, and has a channel for each user', async (t) => {
    const { url } = await startMock(t, '--preset', 'quiet', '--auth', 'token=hunter2');
    assert.equal((await publish(`${url}publish`, { data: 'x' })).status, 401);
    const stream = await tailing(`${url}?token=hunter2:alice`, 1);
    const channel = encodeURIComponent('user:alice');
    const answer = await publish(`${url}publish?token=hunter2&channel=${channel}`, { data: 'hello alice' });
    assert.deepEqual(await answer.json(), { ids: { 'user:alice': '1' }, streams: 1 });
    assert.deepEqual(events(await stream.ended), [['1', 'message', 'hello alice']]);
  });

  test('reaches a thousand streams with one event', async (t) => {
    const { url } = await startMock(t, '--preset', 'quiet');
    const { hostname, port } = new URL(url);
    let received = 0;
    const sockets = Array.from({ length: 1_000 }, () =>
      connect(Number(port), hostname).setEncoding('utf8').on('data', count),
    );
    t.after(() => {
      for (const socket of sockets) socket.destroy();
    });
    function count(text: string): void {
      if (text.includes('data: one for all')) received += 1;
    }
    for (const socket of sockets)
      socket.write('GET / HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n\r\n');
    await until(async () => /ssekit_mock_streams 1000\b/.test(await (await fetch(`${url}metrics`)).text()));
    const answer = await publish(`${url}publish`, { data: 'one for all' });
    assert.deepEqual(await answer.json(), { ids: { global: '1' }, streams: 1_000 });
    await until(
      () => received === 1_000,
      () => `all to have it; ${received} have`,
    );
  });
});

/** Sends zeros until the connection ends or there have been enough. */
function upload({ hostname, port }: URL, bytes: number): Promise<{ answer: string; sent: number }> {
  return new Promise((resolve) => {
    const part = Buffer.alloc(64 * 1024);
    let answer = '';
    let sent = 0;
    const socket = connect(Number(port), hostname);
    const send = () => {
      while (socket.writable && sent < bytes) {
        sent += part.length;
        if (!socket.write(part)) return;
      }
    };
    socket.setEncoding('utf8').on('data', (text) => {
      answer += text;
    });
    // Cut off while it sends, as may be.
    socket.on('error', () => {}).on('close', () => resolve({ answer, sent }));
    socket.on('drain', send);
    socket.write(`POST /publish HTTP/1.1\r\nHost: x\r\nContent-Length: ${bytes}\r\n\r\n`, send);
  });
}
