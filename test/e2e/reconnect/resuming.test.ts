import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { tail } from '../harness/command.ts';
import { type RawServer, rawServer } from '../harness/raw-server.ts';
import { endings, ids, outages, recordsOfType } from '../harness/records.ts';
import { answer, chunk, streamHead } from '../harness/wire.ts';
import {
  event,
  inTurn,
  noContent,
  send,
  status,
  stream,
  streamThenReset,
  streamThenSilence,
  utf8,
} from './turns.ts';

const FOLLOW = ['--follow', '--retry-delay', '10ms', '--format', 'ndjson'];

/** The Last-Event-ID of each request. */
function resumedFrom(server: RawServer): (string | undefined)[] {
  return server.requests.map(({ header }) => utf8(header('last-event-id')));
}

describe('listen --follow, when a stream ends', { concurrency: 2 }, () => {
  const endingsOfStreams = [
    ['well', stream(event(1) + event(2)), 'eof'],
    ['in a reset', streamThenReset(event(1) + event(2)), 'reset'],
    ['without its last chunk', send(streamHead.chunked, chunk(event(1) + event(2))), 'truncated'],
    ['inside an event', stream(`${event(1)}${event(2)}id: 3\ndata: lost`), 'truncated'],
    ['after an id in a block that is cut', stream(`${event(1)}${event(2)}id: 3\n`), 'truncated'],
  ] as const;
  for (const [how, first, reason] of endingsOfStreams) {
    test(`${how}, resumes behind the last whole event`, async (t) => {
      const server = await rawServer(t, inTurn(first, stream(event(3)), noContent));
      const outcome = await tail(server.url, ...FOLLOW);
      assert.equal(outcome.code, 0, outcome.stderr);
      assert.deepEqual(endings(outcome), [reason, 'eof', 'no_content']);
      assert.deepEqual(resumedFrom(server), [undefined, '2', '3']);
      assert.deepEqual(ids(outcome), ['1', '2', '3']);
    });
  }

  test('by --retry as by --follow', async (t) => {
    const server = await rawServer(t, inTurn(stream(event(1)), streamThenReset(event(2)), noContent));
    const outcome = await tail(server.url, '--retry', '1', '--retry-delay', '10ms', '--format', 'ndjson');
    assert.equal(outcome.code, 0);
    assert.deepEqual(resumedFrom(server), [undefined, '1', '2']);
  });

  test('in silence, comes back after the idle timeout', async (t) => {
    const server = await rawServer(t, inTurn(streamThenSilence(event(1)), noContent));
    const outcome = await tail(server.url, '--idle-timeout', '200ms', ...FOLLOW);
    assert.deepEqual(endings(outcome), ['idle', 'no_content']);
    assert.deepEqual(resumedFrom(server), [undefined, '1']);
  });

  for (const [line, code] of [
    ['404 Not Found', 4],
    ['401 Unauthorized', 4],
    ['410 Gone', 4],
    ['501 Not Implemented', 5],
    ['302 Found', 3],
  ] as const) {
    test(`stops at ${line}`, async (t) => {
      const server = await rawServer(t, inTurn(stream(event(1)), status(line)));
      const outcome = await tail(server.url, ...FOLLOW);
      assert.equal(outcome.code, code);
      assert.equal(server.connections, 2);
    });
  }

  test('stops at 204 with 52 where no event ever came', async (t) => {
    const server = await rawServer(t, inTurn(noContent));
    assert.equal((await tail(server.url, ...FOLLOW)).code, 52);
    assert.equal(server.connections, 1);
  });
});

describe('the id that a reconnect resumes from', { concurrency: 2 }, () => {
  const moves = [
    ['goes out as the UTF-8 bytes it came in', event('é-💡-日本'), 'é-💡-日本'],
    ['may be a hundred characters of it', event('日'.repeat(100)), '日'.repeat(100)],
    ['is moved by a block with nothing else', `${event(1)}id: 2\n\n`, '2'],
    ['is moved by a block with a comment beside it', `${event(1)}id: 2\n: hello\n\n`, '2'],
    ['stays where an event names none', `${event(1)}data: x\n\n`, '1'],
    ['is taken back by an empty one', `${event(1)}id\ndata: x\n\n`, undefined],
    ['is the last of several in a block', 'id: 1\nid: 2\ndata: x\n\n', '2'],
    ['is not moved by one with a NUL', `${event(1)}id: a\0b\ndata: x\n\n`, '1'],
    ['loses only one space in front', `id:  two\ndata: x\n\n`, 'two'],
  ] as const;
  for (const [what, body, id] of moves) {
    test(what, async (t) => {
      const server = await rawServer(t, inTurn(stream(body), noContent));
      assert.equal((await tail(server.url, ...FOLLOW)).code, 0);
      assert.deepEqual(resumedFrom(server), [undefined, id]);
    });
  }

  test('outlives attempts that fail', async (t) => {
    const server = await rawServer(
      t,
      inTurn(stream(event('é')), (client) => client.reset(), status('503 Busy'), noContent),
    );
    await tail(server.url, '--retry-max', '20ms', ...FOLLOW);
    assert.deepEqual(resumedFrom(server), [undefined, 'é', 'é', 'é']);
  });

  test('starts as --last-event-id says, in any header', async (t) => {
    const server = await rawServer(t, inTurn(stream('data: no id\n\n'), noContent));
    await tail(server.url, '--last-event-id', 'ü-7', ...FOLLOW);
    assert.deepEqual(resumedFrom(server), ['ü-7', 'ü-7']);
  });
});

describe('a request that is sent again', { concurrency: 2 }, () => {
  test('starts at the original URL, whatever redirects the one before followed', async (t) => {
    const server = await rawServer(t, async (client) => {
      const { target } = await client.request();
      const last = server.requests.length > 4;
      if (target === '/start')
        await client.write(answer('307 Temporary Redirect', { Location: `/over-${client.number}` }));
      else if (last) await noContent(client);
      else await stream(event(server.requests.length))(client);
      client.finish();
    });
    const outcome = await tail(`${server.url}/start`, ...FOLLOW);
    assert.equal(outcome.code, 0, outcome.stderr);
    assert.deepEqual(
      server.requests.map(({ target }) => target),
      ['/start', '/over-1', '/start', '/over-3', '/start', '/over-5'],
    );
    assert.deepEqual(resumedFrom(server), [undefined, undefined, '2', '2', '4', '4']);
  });

  test('has its body again, and a note says so once', async (t) => {
    const server = await rawServer(
      t,
      inTurn(stream(event(1)), stream(event(2)), stream(event(3)), noContent),
    );
    const outcome = await tail(server.url, '--json', '{"q":"é"}', ...FOLLOW);
    const bodies = server.requests.map(({ method, body }) => `${method} ${body.toString('utf8')}`);
    assert.deepEqual(
      bodies,
      Array.from({ length: 4 }, () => 'POST {"q":"é"}'),
    );
    const warned = recordsOfType(outcome, 'warn').map((record) => record.code);
    assert.deepEqual(warned, ['body-resent']);
  });

  test('has no note where there is no body', async (t) => {
    const server = await rawServer(t, inTurn(stream(event(1)), noContent));
    const outcome = await tail(server.url, ...FOLLOW);
    assert.deepEqual(recordsOfType(outcome, 'warn'), []);
  });
});

describe('what a resume brings', { concurrency: 2 }, () => {
  const cases = [
    ['nothing lost, nothing repeated', event(4), 0, 0],
    ['two events again', event(2) + event(3) + event(4), 2, 0],
    ['two events lost', event(6), 0, 2],
    ['everything again', event(1) + event(2) + event(3) + event(4), 3, 0],
  ] as const;
  for (const [what, body, repeated, lost] of cases) {
    test(`is told: ${what}`, async (t) => {
      const before = event(1) + event(2) + event(3);
      const server = await rawServer(t, inTurn(stream(before), stream(body), noContent));
      const [outage] = outages(await tail(server.url, ...FOLLOW));
      assert.deepEqual([outage?.repeated, outage?.lost], [repeated, lost]);
      assert.equal(outage?.resumedFrom, '3');
    });
  }

  test('is told to people too', async (t) => {
    const server = await rawServer(
      t,
      inTurn(stream(event(1) + event(2)), stream(event(2) + event(5)), noContent),
    );
    const { stderr } = await tail(server.url, '--follow', '--retry-delay', '10ms', '--summary');
    assert.match(stderr, /resumed from 2: 2 lost, 1 repeated/);
  });
});
