import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { REQUEST_KINDS } from '../../../../src/listen/findings/requests/requests.ts';
import { startCli } from '../../harness/cli.ts';
import { runCommand } from '../../harness/command.ts';
import { startMock } from '../../harness/mock.ts';
import type { RawRequest } from '../../harness/raw-connection.ts';
import { type RawServer, rawServer } from '../../harness/raw-server.ts';
import { until } from '../../harness/until.ts';
import { answer } from '../../harness/wire.ts';
import { framed, headOf } from './answering.ts';
import { find } from './found.ts';

/** What a server answers to a request: a status, or the numbers of the events that it begins with. */
type Answers = (request: RawRequest, lastEventId: string | undefined) => number | number[];

/** Has sent events 1 to 4, and goes on where it is asked to. */
const healthy: Answers = (_request, lastEventId) => {
  if (lastEventId === undefined) return [1, 2, 3, 4];
  const after = Number(lastEventId);
  return Number.isNaN(after) ? [1, 2, 3, 4] : [1, 2, 3, 4].filter((n) => n > after);
};

function serving(t: TestContext, answers: Answers): Promise<RawServer> {
  return rawServer(t, async (client) => {
    const request = await client.request();
    const what = answers(request, request.header('last-event-id'));
    if (typeof what === 'number') {
      await client.write(answer(`${what} Whatever`));
      return client.finish();
    }
    const events = what.map((n) => `retry: 3000\nid: ${n}\ndata: x\n\n`).join('');
    await client.write(Buffer.concat([Buffer.from(headOf({})), framed({}, `:\n\n${events}`)]));
    await client.left();
  });
}

async function asked(t: TestContext, answers: Answers, ...words: string[]) {
  const server = await serving(t, answers);
  const [query = ''] = words.filter((word) => word.startsWith('?'));
  const rest = words.filter((word) => word !== query);
  const found = await find([`${server.url}/${query}`, '--lint-requests', '-n', '4', ...rest]);
  const codes = found.codes.filter((code) => !['six-connections', 'token-in-url'].includes(code));
  return { ...found, codes, server };
}

const token = (request: RawRequest) => request.header('authorization') !== undefined;
const BEARER = ['--bearer', 'secret'];
/** Something else where the request is of this kind, health everywhere else. */
const where =
  (is: (request: RawRequest, id: string | undefined) => boolean, what: number | number[]): Answers =>
  (request, id) =>
    is(request, id) ? what : healthy(request, id);

interface Case {
  answers: Answers;
  words?: string[];
  says: RegExp;
  beside: [answers: Answers, words?: string[]][];
}

const resuming = (_request: RawRequest, id: string | undefined) => id === '3';
const unknown = (_request: RawRequest, id: string | undefined) => id !== undefined && id !== '3';
const accepting = (type: string) => (request: RawRequest) => request.header('accept') === type;

const CASES: Record<string, Case[]> = {
  'resume-repeats': [
    { answers: () => [1, 2, 3, 4], says: /"3" began with "1" again/, beside: [[healthy]] },
    {
      answers: where(resuming, [3, 4]),
      says: /"3" began with "3" again/,
      beside: [[where(resuming, [4, 5])]],
    },
  ],
  'resume-loses': [
    {
      answers: where(resuming, [5, 6]),
      says: /"3" began with "5"; "4" had followed it/,
      beside: [[healthy]],
    },
    { answers: where(resuming, []), says: /brought no event with an id in 5 s; "4"/, beside: [[healthy]] },
    { answers: where(resuming, 204), says: /was answered with 204; "4"/, beside: [[where(unknown, 204)]] },
    // Of an event that none had followed nobody knows what should come.
    {
      answers: where(resuming, [9]),
      says: /"9"/,
      beside: [[where((_, id) => id === '1', [7]), ['-n', '1']]],
    },
  ],
  'resume-refused': [
    {
      answers: where(resuming, 400),
      says: /HTTP 400 to Last-Event-ID: "3"/,
      beside: [[where(resuming, 429)], [where(resuming, 503)]],
    },
  ],
  'unknown-id-refused': [
    {
      answers: where(unknown, 410),
      says: /HTTP 410/,
      beside: [[where(unknown, [4])], [where(unknown, 204)]],
    },
  ],
  'open-without-credentials': [
    {
      answers: healthy,
      words: BEARER,
      says: /HTTP 200 without Authorization/,
      beside: [[where((request) => !token(request), 401), BEARER], [healthy]],
    },
    {
      answers: healthy,
      words: ['?topic=a&api_key=secret'],
      says: /HTTP 200 without \?api_key=/,
      beside: [[where(({ target }) => target === '/?topic=a', 403), ['?topic=a&api_key=secret']]],
    },
  ],
  'failure-without-credentials': [
    {
      answers: where((request) => !token(request), 500),
      words: BEARER,
      says: /HTTP 500 without Authorization/,
      beside: [[where((request) => !token(request), 404), BEARER]],
    },
  ],
  'accept-refused': [
    {
      answers: where(accepting('*/*'), 406),
      says: /HTTP 406/,
      beside: [[where(accepting('application/json'), 406)]],
    },
  ],
  'failure-on-accept': [
    { answers: where(accepting('application/json'), 500), says: /HTTP 500/, beside: [[healthy]] },
    { answers: where(accepting('*/*'), 502), says: /HTTP 502 to Accept: \*/, beside: [[healthy]] },
  ],
  'requests-skipped': [{ answers: healthy, words: ['-X', 'POST'], says: /is a POST/, beside: [[healthy]] }],
};

describe('--lint-requests', { concurrency: 4 }, () => {
  test('has a case for every code', () => {
    assert.deepEqual(Object.keys(CASES).sort(), REQUEST_KINDS.map(({ code }) => code).sort());
  });

  for (const [code, cases] of Object.entries(CASES)) {
    for (const [index, { answers, words = [], says, beside }] of cases.entries()) {
      test(`finds ${code} (${index + 1}), and fails for nothing`, async (t) => {
        const { codes, messages, code: exit } = await asked(t, answers, ...words);
        assert.deepEqual(codes, [code]);
        assert.ok(
          messages.some((message) => says.test(message)),
          messages.join('\n'),
        );
        assert.equal(exit, 0);
      });
      for (const [place, [near, nearWords = []]] of beside.entries()) {
        test(`finds nothing beside ${code} (${index + 1}.${place + 1})`, async (t) => {
          assert.deepEqual((await asked(t, near, ...nearWords)).codes, []);
        });
      }
    }
  }

  test('makes five requests at most, of the same path, behind its own', async (t) => {
    const { server } = await asked(
      t,
      where((request) => !token(request), 401),
      ...BEARER,
    );
    const seen = server.requests.map((request) => [
      request.method,
      request.header('accept'),
      request.header('last-event-id'),
      token(request),
    ]);
    const stream = 'text/event-stream';
    assert.deepEqual(seen, [
      ['GET', stream, undefined, true],
      ['GET', stream, '3', true],
      ['GET', stream, 'ssekit-unknown-id', true],
      ['GET', stream, undefined, false],
      ['GET', '*/*', undefined, true],
      ['GET', 'application/json', undefined, true],
    ]);
  });

  test('makes none with --lint, none where no stream opened, and no more after a 429', async (t) => {
    const server = await serving(t, where(resuming, 429));
    await runCommand(['listen', server.url, '--lint', '-n', '4']);
    assert.equal(server.connections, 1);
    await runCommand(['listen', server.url, '--lint-requests', '-n', '4']);
    assert.equal(server.connections, 3);
    const refusing = await serving(t, () => 403);
    assert.equal((await runCommand(['listen', refusing.url, '--lint-requests'])).code, 4);
    assert.equal(refusing.connections, 1);
  });

  test('is over at once with Ctrl-C, the summary still told', async (t) => {
    let extra = 0;
    const server = await serving(t, (request, id) => {
      if (id === undefined) return healthy(request, id);
      extra += 1;
      return [];
    });
    const cli = startCli(['listen', server.url, '--lint-requests', '-n', '4', '--format', 'ndjson']);
    await cli.printed(/"type":"close"/);
    await until(() => extra === 1, 'the first extra request');
    cli.signal('SIGINT');
    const { code, stdout } = await cli.ended;
    assert.equal(code, 0);
    assert.match(stdout, /"type":"summary"/);
    assert.doesNotMatch(stdout, /"resume-loses"/);
    assert.equal(server.connections, 2);
  });

  test('finds nothing to say of the mock server with a token', async (t) => {
    const { url } = await startMock(t, '--auth', 'token=abc', '--interval', '50ms', '--send-retry', '3s');
    const { codes } = await find([url, '--lint-requests', '-n', '5', '--bearer', 'abc']);
    assert.deepEqual(codes, ['six-connections']);
  });

  test('is refused for standard input, which can not be asked', async () => {
    const { code, stderr } = await runCommand(['listen', '-', '--lint-requests'], { stdin: '' });
    assert.equal(code, 2);
    assert.match(stderr, /--lint-requests: it concerns a connection/);
  });
});
