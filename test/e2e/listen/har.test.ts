import assert from 'node:assert/strict';
import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { type Har, harFaults } from '../../recording/har-schema.ts';
import { temporaryFolder } from '../../recording/recording-files.ts';
import { runCli } from '../harness/cli.ts';
import { tail } from '../harness/command.ts';
import { rawServer, type Script } from '../harness/raw-server.ts';
import { recordsOfType } from '../harness/records.ts';
import { answer, chunk, head, streamHead } from '../harness/wire.ts';

const STREAM = { 'Content-Type': 'text/event-stream' };
const EVENTS = 'retry: 20\n\nid: 1\ndata: {"a":1}\n\n: ping\n\nevent: x\nid: 2\ndata: zwei\n\ndata: drei\n\n';

/** Answers each request so. */
const answers =
  (text: string): Script =>
  async (client) => {
    await client.request();
    await client.write(text);
    client.finish();
  };

function har(path: string): Har {
  const value = JSON.parse(readFileSync(path, 'utf8')) as Har;
  assert.deepEqual(harFaults(value), []);
  return value;
}

describe('a HAR file', () => {
  test('has an entry for each attempt, with its events, sizes and phases', async (t) => {
    const path = join(temporaryFolder(t), 'run.har');
    const coded = gzipSync(EVENTS);
    const server = await rawServer(t, async (client) => {
      await client.request();
      if (client.number === 1) await client.write(answer('200 OK', STREAM, EVENTS));
      else if (client.number === 2) return client.reset();
      else {
        await client.write(
          head('200 OK', { ...STREAM, 'Content-Encoding': 'gzip', 'Content-Length': coded.length }),
        );
        await client.write(coded);
      }
      client.finish();
    });
    const before = Date.now();
    const live = await tail(
      `${server.url}/e?token=geheim&a=b`,
      ...['-H', 'Authorization: Bearer geheim', '--follow', '--retry-max', '30ms'],
      ...['--until-event', 'never', '-n', '6', '--format', 'ndjson', '--record', path],
    );
    const { entries } = har(path).log;
    assert.deepEqual(
      entries.map(({ response }) => response.status),
      [200, 0, 200],
    );
    const [first, failed, last] = entries;
    assert.deepEqual(
      first?._eventSourceMessages.map(({ eventName, eventId, data }) => [eventName, eventId, data]),
      [
        ['message', '1', '{"a":1}'],
        ['x', '2', 'zwei'],
        ['message', '2', 'drei'],
      ],
    );
    assert.ok(
      first._eventSourceMessages.every(({ time }) => time * 1000 >= before - 1 && time * 1000 <= Date.now()),
    );
    assert.equal(first._resourceType, 'eventsource');
    assert.equal(first.request.url, `${server.url}/e?token=•••&a=b`);
    assert.equal(readFileSync(path, 'utf8').includes('geheim'), false);
    assert.deepEqual(first.response.content, { size: EVENTS.length, mimeType: 'text/event-stream' });
    assert.equal(last?.response.bodySize, coded.length);
    assert.equal(last?.response.content.compression, EVENTS.length - coded.length);
    assert.deepEqual(failed?._eventSourceMessages, []);
    assert.equal(failed?.request.url.startsWith(server.url), true);
    assert.equal(recordsOfType(live, 'event').length, 6);
  });

  test('is made of a recording too, with the times of the run', async (t) => {
    const folder = temporaryFolder(t);
    const [recording, path] = [join(folder, 'a.ndjson'), join(folder, 'a.har')];
    const server = await rawServer(t, async (client) => {
      await client.request();
      await client.write(answer('200 OK', STREAM, EVENTS));
      client.finish();
    });
    const live = await tail(server.url, '--format', 'ndjson', '--record', recording);
    await tail('--from', recording, '--record', path);
    const [entry] = har(path).log.entries;
    const [open] = recordsOfType(live, 'open');
    const openedMs = Date.parse(String(open?.ts)) - Number(open?.t);
    const events = recordsOfType(live, 'event');
    assert.deepEqual(
      entry?._eventSourceMessages.map(({ time, data }) => [Math.round(time * 1000 - openedMs), data]),
      events.map(({ t: at, data }) => [Math.round(Number(at)), data]),
    );
    assert.deepEqual(
      entry?.request.headers.map(({ name }) => name),
      ['accept', 'cache-control', 'user-agent'],
    );
  });

  test('is read, as a browser exports it', async (t) => {
    const path = join(temporaryFolder(t), 'browser.har');
    const start = Date.UTC(2026, 0, 1);
    const entry = {
      startedDateTime: new Date(start).toISOString(),
      time: 4000,
      _resourceType: 'eventsource',
      request: { method: 'GET', url: 'https://example.com/events', headers: [] },
      response: {
        status: 200,
        statusText: '',
        httpVersion: 'h2',
        headers: [{ name: 'Content-Type', value: 'text/event-stream' }],
        content: { size: 0, mimeType: 'text/event-stream' },
      },
      timings: { blocked: 1, dns: -1, connect: -1, send: 0.5, wait: 8.5, receive: 3990 },
      _eventSourceMessages: [
        { time: start / 1000 + 1.5, eventName: 'message', eventId: '7', data: 'a' },
        { time: start / 1000 + 3, eventName: 'x', eventId: '7', data: 'b' },
      ],
    };
    const page = { ...entry, _resourceType: 'document', _eventSourceMessages: undefined };
    page.response = { ...entry.response, content: { size: 5, mimeType: 'text/html' } };
    writeFileSync(path, JSON.stringify({ log: { version: '1.2', entries: [page, entry] } }, null, 2));
    const outcome = await tail('--from', path, '--format', 'ndjson');
    assert.equal(outcome.code, 0);
    assert.deepEqual(
      recordsOfType(outcome, 'event').map(({ t: time, event, id, lastEventId, data }) => [
        time,
        event,
        id,
        lastEventId,
        data,
      ]),
      [
        [1500, 'message', '7', '7', 'a'],
        [3000, 'x', undefined, '7', 'b'],
      ],
    );
    const judged = await tail('--from', path, '--expect', 'ends clean');
    assert.notEqual(judged.code, 0);
    assert.match(judged.stderr, /a HAR file does not tell how its streams ended/);
    const [open] = recordsOfType(outcome, 'open');
    assert.deepEqual([open?.t, open?.url, open?.http], [10, 'https://example.com/events', '2']);
    for (const [content, reason] of [
      ['{"log":{"entries":[', /a HAR file that is not whole/],
      ['{"log":{"entries":[]}}', /no event stream in the HAR file/],
    ] as const) {
      const wrong = await runCli(['listen', '--from', '-'], { stdin: content });
      assert.equal(wrong.code, 2);
      assert.match(wrong.stderr, reason);
    }
  });

  test('tells a replay how the run ended, and nothing less than the run was told', async (t) => {
    const path = join(temporaryFolder(t), 'run.har');
    const chunked = `${streamHead.chunked}${chunk('data: a\n\n')}`;
    const server = await rawServer(t, async (client) => {
      const { target } = await client.request();
      if (target === '/status') await client.write(answer('503 Service Unavailable', {}, 'later'));
      else if (target === '/type')
        await client.write(answer('200 OK', { 'Content-Type': 'text/html' }, '<p>'));
      else if (target === '/none') await client.write(answer('204 No Content'));
      else await client.write(chunked + (target === '/truncated' ? chunk('data: b') : ''));
      if (target === '/reset') return client.reset();
      if (target !== '/idle' && target !== '/left') client.finish();
    });
    const left = ['-n', '1'];
    const runs: [target: string, reason: string, ...flags: string[]][] = [
      ['/truncated', 'truncated'],
      ['/reset', 'reset'],
      ['/idle', 'idle', '--idle-timeout', '200ms'],
      ['/status', 'status'],
      ['/type', 'wrong_type'],
      ['/none', 'no_content'],
      ['/left', 'client', ...left],
    ];
    for (const [target, reason, ...flags] of runs) {
      const live = await tail(server.url + target, '--format', 'ndjson', '--record', path, ...flags);
      har(path);
      const told = await tail('--from', path, '--format', 'ndjson');
      assert.equal(told.code, live.code, target);
      for (const type of ['open', 'close']) {
        assert.deepEqual(recordsOfType(told, type), recordsOfType(live, type));
      }
      assert.equal(recordsOfType(told, 'close')[0]?.reason, reason);
      const timed = ({ t: at, dt, data }: Record<string, unknown>) => [at, dt, data];
      assert.deepEqual(recordsOfType(told, 'event').map(timed), recordsOfType(live, 'event').map(timed));
      const judged = await tail('--from', path, '--expect', 'ends clean');
      assert.notEqual(judged.code, 0, target);
    }
  });

  test('has the waits of the run, up to the one that it was left in', async (t) => {
    const path = join(temporaryFolder(t), 'run.har');
    const server = await rawServer(t, answers(answer('200 OK', STREAM, EVENTS)));
    const flags = ['--follow', '--retry-max', '30ms', '-n', '4', '--format', 'ndjson'];
    const live = await tail(server.url, ...flags, '--record', path);
    const told = await tail('--from', path, '--format', 'ndjson');
    assert.equal(recordsOfType(live, 'reconnect').length, 1);
    assert.deepEqual(recordsOfType(told, 'reconnect'), recordsOfType(live, 'reconnect'));
    const judged = await tail(server.url, ...flags, '--expect', 'outages==0', '--record', path);
    const again = await tail('--from', path, '--expect', 'outages==0');
    assert.deepEqual([judged.code, again.code], [10, 10]);
  });

  test('that was cut is read as far as it goes', async (t) => {
    const path = join(temporaryFolder(t), 'run.har');
    const server = await rawServer(t, answers(answer('200 OK', STREAM, EVENTS)));
    await tail(server.url, '--record', path);
    const whole = readFileSync(path, 'utf8');
    writeFileSync(path, whole.slice(0, whole.indexOf('"drei"')));
    const cut = await tail('--from', path, '--format', 'data');
    assert.equal(cut.stdout, '{"a":1}\nzwei\n');
    assert.match(cut.stderr, /the recording stops before its run ends \(line 5, its last, was cut off\)/);
    writeFileSync(path, whole.slice(0, 200));
    const nothing = await tail('--from', path);
    assert.equal(nothing.code, 2);
    assert.match(nothing.stderr, /its recorder was killed before an answer came/);
  });

  test('has an entry for each redirect, and the body of a request without its secrets', async (t) => {
    const path = join(temporaryFolder(t), 'run.har');
    const server = await rawServer(t, async (client) => {
      const { target } = await client.request();
      const to: Record<string, [string, string]> = { '/a': ['307', '/b'], '/b': ['303', '/c?token=geheim'] };
      const [status, location] = to[target] ?? [];
      const moved = answer(`${status} Moved`, { Location: location ?? '', Connection: 'close' });
      await client.write(status === undefined ? answer('200 OK', STREAM, EVENTS) : moved);
      client.finish();
    });
    const body = ['--json', '{"q":1,"password":"geheim"}'];
    const live = await tail(`${server.url}/a`, ...body, '--record', path, '--format', 'ndjson');
    const { entries } = har(path).log;
    assert.deepEqual(
      entries.map(({ request, response }) => [
        request.method,
        request.url,
        response.status,
        response.redirectURL,
      ]),
      [
        ['POST', `${server.url}/a`, 307, `${server.url}/b`],
        ['POST', `${server.url}/b`, 303, `${server.url}/c?token=•••`],
        ['GET', `${server.url}/c?token=•••`, 200, ''],
      ],
    );
    assert.deepEqual(
      entries.map(({ request }) => request.postData?.text),
      ['{"q":1,"password":"•••"}', '{"q":1,"password":"•••"}', undefined],
    );
    assert.equal(readFileSync(path, 'utf8').includes('geheim'), false);
    const told = await tail('--from', path, '--format', 'ndjson');
    assert.deepEqual(recordsOfType(told, 'open'), recordsOfType(live, 'open'));
  });

  test('books the time of a connection that was refused as connecting', async (t) => {
    const path = join(temporaryFolder(t), 'run.har');
    const server = await rawServer(t, () => {});
    await server.close();
    const { code } = await tail(server.url.replace('127.0.0.1', 'localhost'), '-4', '--record', path);
    const { timings, time } = har(path).log.entries[0] ?? {};
    assert.equal(code, 7);
    assert.deepEqual([timings?.send, timings?.wait, timings?.receive], [0, 0, 0]);
    assert.ok((timings?.dns ?? -1) >= 0 && (timings?.connect ?? -1) >= 0 && (time ?? 0) > 0);
    assert.equal((await tail('--from', path)).code, 7);
  });

  test('says what is in it where the disk is full', { skip: !existsSync('/dev/full') }, async (t) => {
    const path = join(temporaryFolder(t), 'run.har');
    symlinkSync('/dev/full', path);
    const server = await rawServer(t, answers(answer('200 OK', STREAM, EVENTS)));
    const outcome = await tail(server.url, '--record', path);
    assert.equal(outcome.code, 23);
    assert.match(outcome.stderr, /0 bytes were written\n.*nothing of the run is in it/);
  });

  test('is read without the fields of our own, too', async (t) => {
    const path = join(temporaryFolder(t), 'run.har');
    const server = await rawServer(t, async (client) => {
      await client.request();
      await client.write(`${streamHead.chunked}${chunk('retry: 9\ndata: a\n\n')}`);
      client.reset();
    });
    await tail(server.url, '--record', path);
    // As another program has it.
    writeFileSync(path, readFileSync(path, 'utf8').replaceAll('_ssekit', '_x'));
    const outcome = await tail('--from', path, '--format', 'ndjson');
    const [open] = recordsOfType(outcome, 'open');
    assert.equal(open?.framing, 'chunked');
    assert.equal(recordsOfType(outcome, 'close')[0]?.reason, 'reset');
  });

  test('is refused with the entry that is wrong', async (t) => {
    const path = join(temporaryFolder(t), 'wrong.har');
    writeFileSync(path, '{"log":{"entries":[{"_eventSourceMessages":[null],"response":{"status":200}}]}}');
    const outcome = await tail('--from', path);
    assert.equal(outcome.code, 2);
    assert.match(outcome.stderr, /entry 1 of the HAR file has no "request"/);
  });

  test('is refused for a stream that nobody asked for', async () => {
    const outcome = await runCli(['listen', '-', '--record', 'any.har'], { stdin: EVENTS });
    assert.equal(outcome.code, 2);
    assert.match(outcome.stderr, /a HAR file tells of requests, and none is made for this stream/);
  });
});
