import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { LINT_KINDS } from '../../../../src/listen/findings/lint/lint.ts';
import { startMock } from '../../harness/mock.ts';
import { rawServer } from '../../harness/raw-server.ts';
import { answer } from '../../harness/wire.ts';
import { type Answering, answering, HEALTHY_BODY } from './answering.ts';
import { find, findIn } from './found.ts';
import { TIMED } from './timed.ts';

interface Case {
  answer: Answering;
  /** Words of the command line behind the URL. */
  words?: string[];
  /** Part of what is said. */
  says: RegExp;
  /** What comes near to it and is right. */
  beside: [answer: Answering, words?: string[]][];
}

const ORIGIN = ['-H', 'Origin: https://app.test'];
const COOKIE = ['-b', 'a=b'];
const head = (headers: Record<string, string>): Answering => ({ headers });
const data = (text: string): Answering => ({ body: `retry: 3000\nid: 1\ndata: ${text}\n\n` });

const CASES: Record<string, Case[]> = {
  cacheable: [
    {
      answer: head({ 'Cache-Control': 'public, no-transform' }),
      says: /public/,
      beside: [
        [head({ 'Cache-Control': 'No-Store, no-transform' })],
        [head({ 'Cache-Control': 'no-transform' }), ['-X', 'POST']],
      ],
    },
  ],
  'no-transform-missing': [
    { answer: head({ 'Cache-Control': 'no-cache' }), says: /no-cache/, beside: [[{}]] },
  ],
  'accel-buffering-missing': [
    {
      answer: head({ 'X-Accel-Buffering': '' }),
      says: /no X-Accel-Buffering/,
      beside: [[head({ 'X-Accel-Buffering': '', Server: 'nginx/1.27.0' })]],
    },
  ],
  'http-1-0': [
    { answer: { version: '1.0', headers: { 'Transfer-Encoding': '' } }, says: /HTTP\/1\.0/, beside: [[{}]] },
  ],
  'end-unmarked': [
    { answer: head({ 'Transfer-Encoding': '' }), says: /neither chunks nor a length/, beside: [[{}]] },
  ],
  'connection-close': [
    { answer: head({ Connection: 'close' }), says: /close/, beside: [[head({ Connection: 'keep-alive' })]] },
  ],
  'content-length': [
    {
      answer: head({ 'Transfer-Encoding': '', 'Content-Length': '5000' }),
      says: /5000/,
      beside: [[{}]],
    },
  ],
  'from-cache': [{ answer: head({ Age: '120' }), says: /120/, beside: [[head({ Age: '0' })]] }],
  'cors-refused': [
    {
      answer: {},
      words: ORIGIN,
      says: /none, for "https:\/\/app\.test"/,
      beside: [[{}], [head({ 'Access-Control-Allow-Origin': '*' }), ORIGIN]],
    },
    {
      answer: head({ 'Access-Control-Allow-Origin': 'https://other.test' }),
      words: ORIGIN,
      says: /other/,
      beside: [[head({ 'Access-Control-Allow-Origin': 'https://app.test', Vary: 'Accept, Origin' }), ORIGIN]],
    },
  ],
  'cors-credentials': [
    {
      answer: head({ 'Access-Control-Allow-Origin': '*' }),
      words: [...ORIGIN, ...COOKIE],
      says: /without Access-Control-Allow-Credentials/,
      beside: [
        [
          head({
            'Access-Control-Allow-Origin': 'https://app.test',
            'Access-Control-Allow-Credentials': 'true',
            Vary: 'Origin',
          }),
          [...ORIGIN, ...COOKIE],
        ],
      ],
    },
  ],
  'cors-wildcard': [
    {
      answer: head({ 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Credentials': 'true' }),
      says: /\* with credentials/,
      beside: [[head({ 'Access-Control-Allow-Origin': '*' })]],
    },
  ],
  'cors-vary': [
    {
      answer: head({ 'Access-Control-Allow-Origin': 'https://app.test' }),
      words: ORIGIN,
      says: /no Vary/,
      beside: [[head({ 'Access-Control-Allow-Origin': 'https://app.test', Vary: '*' }), ORIGIN]],
    },
  ],
  'no-ids': [
    {
      answer: { body: 'retry: 3000\ndata: x\n\n' },
      says: /the only event has no id/,
      beside: [
        [{}],
        [{ body: 'retry: 3000\ndata: x\n\n' }, ['-X', 'POST']],
        [{ body: 'retry: 3000\nid: 1\n\ndata: x\n\n' }],
      ],
    },
  ],
  'id-missing': [
    {
      answer: { body: `${HEALTHY_BODY}data: y\n\n` },
      words: ['-n', '2'],
      says: /event 2, of type "message"/,
      beside: [[{ body: `${HEALTHY_BODY}id: 2\ndata: y\n\n` }, ['-n', '2']]],
    },
  ],
  'type-without-ids': [
    {
      answer: { body: `${HEALTHY_BODY}event: price\ndata: 1\n\n` },
      words: ['-n', '2'],
      says: /"price": one event/,
      beside: [[{ body: `${HEALTHY_BODY}event: ping\ndata: 1\n\n` }, ['-n', '2']]],
    },
  ],
  'duplicate-id': [
    {
      answer: { body: HEALTHY_BODY + HEALTHY_BODY },
      words: ['-n', '2'],
      says: /event 2 has the id "1" again/,
      beside: [[{ body: `${HEALTHY_BODY}id: 2\ndata: x\n\n` }, ['-n', '2']]],
    },
  ],
  'long-id': [
    {
      answer: { body: `retry: 3000\nid: ${'a'.repeat(1025)}\ndata: x\n\n` },
      says: /1025 characters/,
      beside: [[{ body: `retry: 3000\nid: ${'a'.repeat(1024)}\ndata: x\n\n` }]],
    },
  ],
  'non-ascii-id': [
    { answer: { body: 'retry: 3000\nid: \xc3\xa9\ndata: x\n\n' }, says: /é/, beside: [[data('\xc3\xa9')]] },
  ],
  'no-retry': [{ answer: { body: 'id: 1\ndata: x\n\n' }, says: /no retry/, beside: [[{}]] }],
  'retry-extreme': [
    {
      answer: { body: 'retry: 0\nid: 1\ndata: x\n\n' },
      says: /retry: 0 ms/,
      beside: [[{ body: 'retry: 100\nid: 1\ndata: x\n\n' }], [{ body: 'retry: 600000\nid: 1\ndata: x\n\n' }]],
    },
    { answer: { body: 'retry: 600001\nid: 1\ndata: x\n\n' }, says: /600001 ms/, beside: [[{}]] },
  ],
  'server-ends-stream': [
    {
      answer: { ends: true },
      words: ['-n', '9'],
      says: /after an event/,
      beside: [[{ ends: true }, ['-n', '9', '-X', 'POST']], [{}]],
    },
  ],
  'token-in-url': [
    {
      answer: {},
      words: ['?access_token=secret'],
      says: /access_token=•••/,
      beside: [[{}, ['?max_tokens=5']]],
    },
  ],
  'large-event': [
    {
      answer: data('x'.repeat(65_536)),
      says: /event 1: 65\d\d\d bytes/,
      beside: [[data('x'.repeat(65_400))]],
    },
  ],
  'huge-event': [{ answer: data('x'.repeat(2 ** 20)), says: /event 1: 1048\d\d\d bytes/, beside: [[{}]] }],
  'bad-json': [
    { answer: data('{"a": NaN}'), says: /NaN is no JSON/, beside: [[data('{"a": "NaN"}')], [data('NaN')]] },
    {
      answer: data("{'a': 1}"),
      says: /single quotes/,
      beside: [[data("'a'")], [data('{{name}}')], [data('{}')]],
    },
    { answer: data('{"a": "b'), says: /cut short/, beside: [[data('[DONE]')], [data('[info] {"a": 1')]] },
    {
      answer: data('[{"a": 1},]'),
      says: /a comma before the end/,
      beside: [[data('[]')], [data('[{"a": ",]"}]')]],
    },
  ],
  'unsafe-integer': [
    {
      answer: data('{"id": 9007199254740993}'),
      says: /"9007199254740993" becomes 9007199254740992/,
      beside: [
        [data('{"id": 9007199254740992}')],
        [data('{"id": "9007199254740993"}')],
        [data('id 9007199254740993')],
      ],
    },
  ],
  'json-in-json': [
    {
      answer: data('"{\\"a\\": 1}"'),
      says: /event 1/,
      beside: [[data('"{a"')], [data('{"a": "{\\"b\\": 1}"}')]],
    },
  ],
  'framed-twice': [
    {
      answer: data('data: {"a": 1}'),
      says: /'data: \{"a"/,
      beside: [[data('{"data": 1}')], [data('database: up')], [data('event: a party')]],
    },
  ],
  'replacement-character': [
    { answer: data('caf\xef\xbf\xbd'), says: /caf/, beside: [[data('caf\xc3\xa9')]] },
  ],
  'error-detail': [
    {
      answer: data('{"stack":"Error: x\\n    at f (/app/a.js:1:2)"}'),
      says: /a stack trace \(JavaScript\)/,
      beside: [[data('meet me at 10:30:15')], [data('{"text": "see a.js:1:2"}')]],
    },
    {
      answer: data('SQLSTATE[42000]: Syntax error'),
      says: /an error of a database/,
      beside: [[data('an SQL error happened')]],
    },
    {
      answer: data('/srv/app/lib/db.py:12 failed'),
      says: /a path of the server/,
      beside: [[data('/srv/app/logo.png')]],
    },
  ],
};

/** Codes with a test of their own. */
const APART = ['six-connections', 'redirected', 'credentials-unencrypted', ...TIMED];

async function linted(t: Parameters<typeof answering>[0], answer: Answering, words: readonly string[] = []) {
  const server = await answering(t, answer);
  const [query = ''] = words.filter((word) => word.startsWith('?'));
  const rest = words.filter((word) => word !== query);
  const count = words.includes('-n') ? [] : ['-n', '1'];
  const found = await find([`${server.url}/${query}`, '--lint', ...count, ...rest]);
  // Those of times are also what a busy machine makes of an answer.
  const others: readonly string[] = ['six-connections', ...TIMED];
  return { ...found, codes: found.codes.filter((code) => !others.includes(code)) };
}

describe('--lint', { concurrency: 4 }, () => {
  test('has a case for every code', () => {
    assert.deepEqual([...Object.keys(CASES), ...APART].sort(), LINT_KINDS.map(({ code }) => code).sort());
  });

  for (const [code, cases] of Object.entries(CASES)) {
    for (const [index, { answer: given, words, says, beside }] of cases.entries()) {
      test(`finds ${code} (${index + 1}), and fails for nothing`, async (t) => {
        const { codes, messages, code: exit } = await linted(t, given, words);
        assert.deepEqual(codes, [code]);
        assert.ok(
          messages.some((message) => says.test(message)),
          messages.join('\n'),
        );
        assert.equal(exit, 0);
      });
      for (const [place, [near, nearWords]] of beside.entries()) {
        test(`finds nothing beside ${code} (${index + 1}.${place + 1})`, async (t) => {
          assert.deepEqual((await linted(t, near, nearWords)).codes, []);
        });
      }
    }
  }

  test('finds credentials that go over plain HTTP to another machine', async (t) => {
    const { port } = await answering(t, {});
    const words = ['--lint', '-n', '1', '--resolve', `events.test:${port}:127.0.0.1`];
    const url = `http://events.test:${port}/`;
    const found = await find([url, ...words, '--bearer', 'abc']);
    assert.deepEqual(found.codes, ['six-connections', 'credentials-unencrypted']);
    assert.match(found.messages[1] ?? '', /to events\.test:\d+: Authorization$/);
    assert.deepEqual((await find([url, ...words])).codes, ['six-connections']);
    const here = await find([`http://127.0.0.1:${port}/`, '--lint', '-n', '1', '--bearer', 'abc']);
    assert.deepEqual(here.codes, ['six-connections']);
  });

  test('finds a redirect in front of the stream', async (t) => {
    const { url } = await answering(t, {});
    const front = await rawServer(t, async (client) => {
      await client.request();
      await client.write(answer('302 Found', { Location: url }));
      client.finish();
    });
    const found = await find([front.url, '--lint', '-n', '1']);
    assert.deepEqual(found.codes, ['six-connections', 'redirected']);
    assert.match(found.messages[1] ?? '', /by HTTP 302/);
  });

  test('tells text that was damaged before from text that is no UTF-8 now', async (t) => {
    const { codes } = await linted(t, data('caf\xe9'), ['--strict']);
    assert.deepEqual(codes, ['invalid-utf8']);
  });

  test('says nothing of six connections over HTTP/2', async (t) => {
    const { url } = await startMock(t, '--tls', '--http2', '--interval', '20ms');
    assert.deepEqual((await find([url, '-k', '--lint', '-n', '2'])).codes, ['no-retry']);
    assert.deepEqual((await find([url, '-k', '--http1.1', '--lint', '-n', '2'])).codes, [
      'six-connections',
      'no-retry',
    ]);
  });

  test('says of a healthy stream only what is really so', async (t) => {
    const { url } = await startMock(t, '--interval', '50ms', '--send-retry', '3s');
    const { codes, code } = await find([url, '--lint', '--strict', '-n', '20']);
    assert.deepEqual({ codes, code }, { codes: ['six-connections'], code: 0 });
  });

  test('tells facts of the answer once, and counts them on each connection', async (t) => {
    const server = await answering(t, { ends: true, body: 'retry: 100\nid: 1\ndata: x\n\n' });
    const { codes, findings } = await find([server.url, '--lint', '--follow', '-n', '3']);
    assert.equal(codes.filter((code) => code === 'six-connections').length, 1);
    assert.equal(findings.find(({ code }) => code === 'six-connections')?.count, 3);
    // The same ids on another connection are a replay.
    assert.equal(codes.includes('duplicate-id'), false);
  });

  test('looks at no head and no times of standard input', async () => {
    assert.deepEqual((await findIn('retry: 3000\nid: 1\ndata: {"a": NaN}\n\n', '--lint')).codes, [
      'bad-json',
    ]);
  });
});
