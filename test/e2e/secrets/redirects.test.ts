import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { tail } from '../harness/command.ts';
import { type RawServer, rawServer, type Script } from '../harness/raw-server.ts';
import { recordsOfType } from '../harness/records.ts';
import { answer, head } from '../harness/wire.ts';
import { assertHidden, assertShown, basic, MANNERS } from './seen.ts';

const STREAM = `${head('200 OK', { 'Content-Type': 'text/event-stream' })}data: x\n\n`;

const CREDENTIALS = {
  Cookie: 'sid=SECRET-1',
  'X-Api-Key': 'SECRET-2',
  'My-Token': 'SECRET-3',
  'X-Client-Secret': 'SECRET-4',
  'X-Session-Id': 'SECRET-5',
  'X-Auth': 'SECRET-6',
  'Proxy-Authorization': 'SECRET-7',
};
const HARMLESS = { 'X-Trace': 'trace-1', 'Accept-Language': 'de' };
const HEADERS = Object.entries({ ...CREDENTIALS, ...HARMLESS }).flatMap(([name, value]) => [
  '-H',
  `${name}: ${value}`,
]);

/** `/` leads to a place; everything else is a stream. */
const leadsTo =
  (place: string, status = '302 Found'): Script =>
  async (client) => {
    const { target } = await client.request();
    await client.write(target === '/' ? answer(status, { Location: place }) : STREAM);
    client.finish();
  };

/** A server whose `/` leads to another origin: the same host under another port. */
async function twoOrigins(t: TestContext, status?: string): Promise<{ from: RawServer; to: RawServer }> {
  const to = await rawServer(t, leadsTo('/unused'));
  const from = await rawServer(t, leadsTo(`${to.url}/there?token=SECRET-8`, status));
  return { from, to };
}

describe('credentials at a redirect', { concurrency: 2 }, () => {
  for (const status of [
    '301 Moved',
    '302 Found',
    '303 See Other',
    '307 Temporary Redirect',
    '308 Permanent Redirect',
  ]) {
    test(`do not follow to another origin, and a note says so (${status})`, async (t) => {
      const { from, to } = await twoOrigins(t, status);
      const outcome = await tail(from.url, '-u', 'user:SECRET-9', ...HEADERS);
      assert.equal(outcome.code, 0, outcome.stderr);
      const [request] = to.requests;
      const sent = request?.header('authorization');
      assert.equal(sent, undefined);
      for (const name of Object.keys(CREDENTIALS)) assert.equal(request?.header(name), undefined, name);
      for (const [name, value] of Object.entries(HARMLESS)) assert.equal(request?.header(name), value);
      assert.doesNotMatch(request?.head ?? '', /SECRET-[1-79]/);
      assert.match(outcome.stderr, /not sent on to another origin/);
      assertShown(outcome, ['Authorization', ...Object.keys(CREDENTIALS)]);
      assertHidden(outcome, ['SECRET', basic('user:SECRET-9')]);
    });
  }

  const sources = [
    ['the URL', (port: number) => [`http://user:SECRET@127.0.0.1:${port}/`]],
    ['-u', (port: number) => [`http://127.0.0.1:${port}/`, '-u', 'user:SECRET']],
    ['--bearer', (port: number) => [`http://127.0.0.1:${port}/`, '--bearer', 'SECRET']],
    ['-b', (port: number) => [`http://127.0.0.1:${port}/`, '-b', 'sid=SECRET']],
  ] as const;
  for (const [source, words] of sources) {
    test(`those of ${source} stay behind at another origin, and go along on the same`, async (t) => {
      const { from, to } = await twoOrigins(t);
      assert.equal((await tail(...words(from.port))).code, 0);
      assert.doesNotMatch(to.requests[0]?.head ?? '', /authorization|cookie/i);

      const same = await rawServer(t, leadsTo('/there'));
      const outcome = await tail(...words(same.port));
      assert.doesNotMatch(outcome.stderr, /not sent on/);
      const [first, second] = same.requests;
      const credentials = (request: typeof first) =>
        request?.header('authorization') ?? request?.header('cookie');
      assert.notEqual(credentials(first), undefined);
      assert.equal(credentials(second), credentials(first));
    });
  }

  test('do not come back when the way leads back to their origin', async (t) => {
    const home: Script = async (client) => {
      const { target } = await client.request();
      const next = target === '/' ? answer('302 Found', { Location: `${away.url}/` }) : STREAM;
      await client.write(next);
      client.finish();
    };
    const server = await rawServer(t, home);
    const away = await rawServer(t, leadsTo(`${server.url}/back`));
    const outcome = await tail(server.url, '-u', 'user:SECRET', ...HEADERS);
    assert.equal(outcome.code, 0, outcome.stderr);
    assert.equal(server.requests[1]?.target, '/back');
    assert.doesNotMatch(server.requests[1]?.head ?? '', /SECRET|authorization/i);
  });

  test('are sent again to the original URL at the next attempt', async (t) => {
    const { from, to } = await twoOrigins(t);
    const words = ['--retry', '1', '--retry-delay', '10ms', '-n', '2'];
    assert.equal((await tail(from.url, '-u', 'user:SECRET', ...words)).code, 0);
    assert.equal(from.requests.length, 2);
    for (const request of from.requests) assert.match(request.head, /authorization/i);
    for (const request of to.requests) assert.doesNotMatch(request.head, /authorization/i);
  });

  test('in a Location are not sent as Authorization', async (t) => {
    const to = await rawServer(t, leadsTo('/unused'));
    const from = await rawServer(t, leadsTo(`http://someone:SECRET@127.0.0.1:${to.port}/there`));
    assertHidden(await tail(from.url, '-v'), ['SECRET']);
    assert.equal(to.requests[0]?.header('authorization'), undefined);
  });

  test('are named in `redirects` and the warning of NDJSON, without their values', async (t) => {
    const { from } = await twoOrigins(t);
    const outcome = await tail(from.url, ...HEADERS, '--format', 'ndjson');
    const [open] = recordsOfType(outcome, 'open');
    const [redirect] = (open?.redirects ?? []) as { dropped: string[] }[];
    assert.deepEqual(redirect?.dropped, Object.keys(CREDENTIALS));
    assert.deepEqual(
      recordsOfType(outcome, 'warn').map((record) => record.code),
      ['credentials-dropped'],
    );
    assertHidden(outcome, ['SECRET']);
  });
});

describe('secrets in a Location', { concurrency: 2 }, () => {
  const places = [
    ['a place without a server', 'http://user:SECRET@127.0.0.1:9/?access_token=SECRET', 7],
    ['a scheme that is not followed', 'ftp://user:SECRET@127.0.0.1/?token=SECRET', 3],
    ['no URL', 'http://user:SECRET@:x/?token=SECRET', 3],
    ['itself', '/?token=SECRET', 0],
    ['a circle', '/../?api_key=SECRET', 0],
  ] as const;
  for (const [what, place, code] of places) {
    test(`stay hidden where it leads to ${what}`, async (t) => {
      const server = await rawServer(t, leadsTo(place));
      for (const manner of MANNERS) {
        const outcome = await tail(server.url, ...manner);
        assert.equal(outcome.code, code, outcome.stderr);
        assertHidden(outcome, ['SECRET']);
      }
    });
  }

  test('stay hidden when the redirects do not end, or are not followed', async (t) => {
    const server = await rawServer(t, async (client) => {
      await client.request();
      await client.write(answer('302 Found', { Location: '/?token=SECRET' }));
      client.finish();
    });
    for (const manner of MANNERS) {
      for (const most of ['0', '2']) {
        const outcome = await tail(server.url, '--max-redirs', most, ...manner);
        assert.equal(outcome.code, 3);
        assertHidden(outcome, ['SECRET']);
      }
    }
  });

  test('are shown where asked for', async (t) => {
    const { from } = await twoOrigins(t);
    assertShown(await tail(from.url, '-v', '--show-secrets'), ['token=SECRET-8']);
  });
});
