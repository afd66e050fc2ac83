import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { PlainAnswer } from '../../src/mock/answer.ts';
import type { Hub } from '../../src/mock/channels/hub.ts';
import { createMemoryHub } from '../../src/mock/channels/memory-hub.ts';
import { publishHandler } from '../../src/mock/publish.ts';
import { type MockRequest, RequestError } from '../../src/mock/request.ts';
import { PacedReader } from './channels/paced-reader.ts';

function post(
  body: string | Buffer,
  {
    query = '',
    headers = {},
    user,
  }: { query?: string; headers?: Record<string, string>; user?: string } = {},
): MockRequest {
  return {
    method: 'POST',
    path: '/publish',
    query: new URLSearchParams(query),
    target: `/publish?${query}`,
    headers,
    httpVersion: '1.1',
    secure: false,
    client: '127.0.0.1',
    remoteAddress: '127.0.0.1',
    connection: 1,
    params: {},
    user,
    lastEventId: '',
    random: () => 0,
    body: async () => Buffer.from(body),
    onLeave: () => {},
  };
}

async function streamOf(hub: Hub, ...channels: string[]): Promise<PacedReader> {
  const reader = new PacedReader();
  hub.follow(channels, await hub.locate(channels, ''), reader);
  return reader;
}

/** Publishes one, and returns what a stream of the channel `global` got and what was answered. */
async function publish(request: MockRequest): Promise<{ sent: string; answer: unknown }> {
  const hub = createMemoryHub();
  const reader = await streamOf(hub, 'global');
  const answer = (await publishHandler({ hub, clock: () => 0 })(request)) as PlainAnswer;
  assert.equal(answer.status, 200);
  assert.equal(answer.headers?.['content-type'], 'application/json');
  return { sent: String(reader.events[0]?.frame.bytes), answer: JSON.parse(String(answer.body)) };
}

const published = async (request: MockRequest) => {
  const handler = publishHandler({ hub: createMemoryHub(), clock: () => 0 });
  assert.equal(((await handler(request)) as PlainAnswer).status, 200);
};

const refused = async (request: MockRequest) => {
  const handler = publishHandler({ hub: createMemoryHub(), clock: () => 0 });
  return Promise.resolve(handler(request)).then(
    () => assert.fail('it was published'),
    (error: unknown) => {
      if (!(error instanceof RequestError)) throw error;
      return error;
    },
  );
};

describe('POST /publish', () => {
  it('sends event, data and id to the default channel, and tells the id and how many streams carry it', async () => {
    const { sent, answer } = await publish(post('{"event":"note","data":"hello","id":"n7"}'));
    assert.equal(sent, 'id: n7\nevent: note\ndata: hello\n\n');
    assert.deepEqual(answer, { ids: { global: 'n7' }, streams: 1 });
  });

  it('sends to the channels of the query', async () => {
    const hub = createMemoryHub();
    const readers = [await streamOf(hub, 'a'), await streamOf(hub, 'b', 'a'), await streamOf(hub, 'global')];
    const handler = publishHandler({ hub, clock: () => 0 });
    const answer = (await handler(post('{"data":"x"}', { query: 'channel=a&channel=b' }))) as PlainAnswer;
    assert.deepEqual(JSON.parse(String(answer.body)), { ids: { a: '1', b: '2' }, streams: 2 });
    assert.deepEqual(
      readers.map(({ ids }) => ids),
      [['1'], ['1', '2'], []],
    );
  });

  const values: readonly [what: string, json: string, line: string][] = [
    ['an object', '{"data":{"a":[1,"ü"]}}', 'data: {"a":[1,"ü"]}'],
    ['a number', '{"data":7}', 'data: 7'],
    ['null', '{"data":null}', 'data: null'],
    ['false', '{"data":false}', 'data: false'],
    ['an empty text', '{"data":""}', 'data: '],
    ['several lines', '{"data":"one\\ntwo\\r\\nthree"}', 'data: one\ndata: two\ndata: three'],
  ];
  for (const [what, body, line] of values) {
    it(`takes ${what} as data`, async () => {
      assert.equal((await publish(post(body))).sent, `id: 1\n${line}\n\n`);
    });
  }

  it('takes a text/plain body as the data, whatever is in it', async () => {
    const headers = { 'content-type': 'Text/Plain; charset=utf-8' };
    const { sent } = await publish(post('{"not": "looked at"}\nüber', { headers }));
    assert.equal(sent, 'id: 1\ndata: {"not": "looked at"}\ndata: über\n\n');
  });

  it('takes JSON whatever the type says, as curl -d sends it', async () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    assert.equal((await publish(post('{"data":"x"}', { headers }))).sent, 'id: 1\ndata: x\n\n');
  });

  const bad: readonly [what: string, body: string | Buffer, message: RegExp][] = [
    ['no body', '', /not JSON.*text\/plain/],
    ['what is not JSON', 'hello', /not JSON.*text\/plain/],
    ['a list', '[1]', /must be a JSON object: \{"event"/],
    ['null', 'null', /must be a JSON object/],
    ['an object without data', '{"event":"x"}', /^data is missing/],
    [
      'a key that is unknown',
      '{"data":"x","evnt":"y"}',
      /^"evnt" is no key of a published event: did you mean event\?/,
    ],
    ['a key that is like none', '{"data":"x","priority":1}', /^"priority" .* known are event, data, id$/],
    ['a channel in the body', '{"data":"x","channel":"y"}', /^channel: .*\/publish\?channel=news/],
    ['a number as id', '{"data":"x","id":7}', /^id: must be a string, not a number: write "7"$/],
    ['an object as event', '{"data":"x","event":{}}', /^event: must be a string, not an object$/],
    ['null as event', '{"data":"x","event":null}', /^event: must be a string, not null$/],
    ['a line ending in event', '{"data":"x","event":"a\\nb"}', /^event: "a\\nb" has a line ending/],
    ['a line ending in id', '{"data":"x","id":"a\\rb"}', /^id: "a\\rb" has a line ending/],
    [
      'data that is nested too deeply to be written again',
      `{"data":${'['.repeat(300_000)}${']'.repeat(300_000)}}`,
      /^data: it is nested too deeply$/,
    ],
    ['what is not UTF-8', Buffer.from([0x22, 0xff, 0x22]), /^the body is not UTF-8$/],
  ];
  for (const [what, body, message] of bad) {
    it(`refuses ${what}`, async () => {
      const error = await refused(post(body));
      assert.equal(error.status, 400);
      assert.match(error.message, message);
    });
  }

  it('refuses a query parameter that is unknown: a channel that is misspelt would be the default one', async () => {
    const { status, message } = await refused(post('{"data":"x"}', { query: 'chanel=a' }));
    assert.equal(status, 400);
    assert.match(message, /^"chanel" is no query parameter of a published event: did you mean channel\?/);
  });

  it('lets who asks be said in the query', async () => {
    const { answer } = await publish(post('{"data":"x"}', { query: 'token=s&client=me' }));
    assert.deepEqual(answer, { ids: { global: '1' }, streams: 1 });
  });

  it('refuses a channel that can’t be', async () => {
    const { status, message } = await refused(post('{"data":"x"}', { query: 'channel=' }));
    assert.deepEqual([status, message], [400, 'a channel needs a name: ?channel=news']);
  });

  it('lets a user publish to everybody and to himself, and to no other user', async () => {
    const to = (query: string, user?: string) =>
      post('{"data":"x"}', { query, ...(user === undefined ? {} : { user }) });
    for (const query of ['', 'channel=news', 'channel=user:bob']) await published(to(query, 'bob'));
    const { status, message } = await refused(to('channel=news&channel=user:alice', 'bob'));
    assert.deepEqual([status, message], [403, '"user:alice" is the channel of another user']);
  });

  it('lets one who is no user publish to any', async () => {
    const { answer } = await publish(post('{"data":"x"}', { query: 'channel=global&channel=user:alice' }));
    assert.deepEqual(answer, { ids: { global: '1', 'user:alice': '2' }, streams: 1 });
  });

  it('refuses a compressed body', async () => {
    const { status } = await refused(post('…', { headers: { 'content-encoding': 'gzip' } }));
    assert.equal(status, 415);
  });

  it('passes on that the body is too long', async () => {
    const tooLong = new RequestError(413, 'the body is larger than 1 bytes');
    const request = { ...post(''), body: () => Promise.reject(tooLong) };
    assert.equal(await refused(request), tooLong);
  });

  it('answers 429 above the rate, and says in whole seconds when to come again', async () => {
    let now = 0;
    const handler = publishHandler({ hub: createMemoryHub(), maxRate: 0.4, clock: () => now });
    const status = async () => {
      try {
        return ((await handler(post('{"data":"x"}'))) as PlainAnswer).status;
      } catch (error) {
        const { status, headers } = error as RequestError;
        return [status, headers['retry-after']];
      }
    };
    assert.deepEqual(await status(), 200);
    assert.deepEqual(await status(), [429, '3']);
    now = 2_500;
    assert.deepEqual(await status(), 200);
  });
});
