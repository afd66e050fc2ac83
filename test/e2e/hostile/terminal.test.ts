import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { tail } from '../harness/command.ts';
import { httpProxy } from '../harness/proxy.ts';
import { rawServer, type Script } from '../harness/raw-server.ts';
import { head } from '../harness/wire.ts';
import { assertHarmless, onTerminal } from './terminal.ts';

/** Clears the screen, sets its title, turns text around, rings, steps back; as controls of 7 and of 8 bits. */
const ATTACK = '\x1b[2J\x1b]0;owned\x07\u009b31m\u0090q\u202eabc\u2066\u2028\x7f\x08\x00\t';
/** What of it a header may hold (RFC 9110 §5.5): no C0 controls, but bytes from 0x80 on. */
const IN_HEADER = Buffer.from('\u009b31m\u202eabc\u2066');
const LATIN1 = Buffer.from([0x9b, 0x33, 0x31, 0x6d, 0x90, 0x85]);
const TYPE = { 'Content-Type': 'text/event-stream' };
const EVENT = 'data: x\n\n';

const FORMATS = ['pretty', 'data', 'ndjson'];

const answers =
  (...parts: (string | Uint8Array)[]): Script =>
  async (client) => {
    await client.request();
    await client.write(Buffer.concat(parts.map((part) => Buffer.from(part))));
    client.finish();
  };

/** An answer with a hostile text in one place, its blank line and body behind it. */
const around = (before: string, text: Uint8Array, after: string): Script => answers(before, text, after);

const stream = answers(
  head('200 OK', TYPE),
  `: ${ATTACK}\n`,
  `event: name ${ATTACK}\nid: id \x1b[2J\u009b31m\u202e\ndata: data ${ATTACK}\ndata: {"a":"${ATTACK}"}\n\n`,
  `event: n\ndata: "\\u001b[2J\u009b\u202e"\n\n`,
  `${ATTACK}: ${ATTACK}\nretry: ${ATTACK}\n\n`,
  'data: \xff\x9b\n\n',
  Buffer.from('data: \x9b31m\n\n', 'latin1'),
);

const rest = '\r\nContent-Length: 0\r\n\r\n';
const headers = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n';
/** Each with what is left of it on the screen in every format. */
const cases: [what: string, script: Script, seen: RegExp][] = [
  ['events, ids, names, comments', stream, /abc/],
  ['a header in UTF-8', around(`${headers}X-Evil: `, IN_HEADER, `\r\n\r\n${EVENT}`), /abc/],
  ['a header in Latin-1', around(`${headers}X-Evil: `, LATIN1, `\r\n\r\n${EVENT}`), /31m/],
  [
    'a header with an escape sequence',
    around(`${headers}X-Evil: `, Buffer.from(ATTACK), `\r\n\r\n${EVENT}`),
    /not valid HTTP/,
  ],
  ['a type', around('HTTP/1.1 200 OK\r\nContent-Type: text/', IN_HEADER, rest), /abc/],
  ['a status line', around('HTTP/1.1 404 Not ', IN_HEADER, rest), /abc/],
  ['a status line in Latin-1', around('HTTP/1.1 503 Not ', LATIN1, rest), /31m/],
  ['a status line with an escape sequence', around('HTTP/1.1 404 \x1b[2J', IN_HEADER, rest), /2J/],
  ['a content coding', around(`${headers}Content-Encoding: `, IN_HEADER, rest), /abc/],
  ['a Location that is followed', around('HTTP/1.1 302 Found\r\nLocation: /', IN_HEADER, rest), /abc/],
  [
    'a Location that is not followed',
    around('HTTP/1.1 302 Found\r\nLocation: ftp://', IN_HEADER, rest),
    /abc/,
  ],
  ['a Location that is no URL', around('HTTP/1.1 302 Found\r\nLocation: http://:', LATIN1, rest), /31m/],
  ['an error body', answers(head('500 Oh', { Connection: 'close' }), ATTACK, LATIN1), /\b500\b/],
  ['something that is no HTTP', answers(ATTACK, '\r\n\r\n'), /not valid HTTP/],
];

describe("a server's bytes on a terminal", { concurrency: 2 }, () => {
  for (const [what, script, seen] of cases) {
    test(`do not drive it: ${what}`, async (t) => {
      const server = await rawServer(t, script);
      for (const format of FORMATS) {
        const words = ['listen', server.url, '--format', format, '-v', '--comments', '--summary'];
        const screen = await onTerminal([...words, '--max-redirs', '2']);
        assertHarmless(screen);
        assert.match(screen.text, seen);
      }
    });
  }

  test('do not drive it while attempts follow one another', async (t) => {
    const server = await rawServer(t, async (client) => {
      await client.request();
      await client.write(
        `${head('200 OK', TYPE)}retry: 1\nid: ${client.number} \u009b31m\u202e\ndata: x\n\n`,
      );
      client.finish();
    });
    for (const format of FORMATS) {
      const words = ['listen', server.url, '--format', format, '-v', '--summary'];
      const screen = await onTerminal([...words, '--follow', '-n', '2']);
      assertHarmless(screen);
      assert.match(screen.text, /reconnect/);
    }
  });

  test('do not drive it: what a proxy answers to CONNECT', async (t) => {
    const proxy = await rawServer(t, around('HTTP/1.1 502 Bad ', IN_HEADER, rest));
    const odd = await rawServer(t, answers(ATTACK));
    for (const { url } of [proxy, odd]) {
      for (const format of FORMATS)
        assertHarmless(await onTerminal(['listen', 'https://127.0.0.1:9/', '-x', url, '--format', format]));
    }
  });

  test('do not drive it: what the user wrote', async (t) => {
    const proxy = await httpProxy(t, { connect: 403 });
    for (const words of [
      ['http://127.0.0.1:9/\u009b31m\u202e?a=\u202e'],
      ['http://\u202e\u009b/'],
      ['http://127.0.0.1:9/', '-H', 'X: \u009b31m\u202e', '-v'],
      ['http://127.0.0.1:9/', '--last-event-id', '\u009b31m\u202e', '--retry', '1', '--retry-delay', '1ms'],
      ['https://127.0.0.1:9/', '-x', proxy.url, '-H', 'X: \u009b\u202e', '-v'],
      ['http://127.0.0.1:9/', '--\u202ewrong'],
    ]) {
      for (const format of ['pretty', 'ndjson'])
        assertHarmless(await onTerminal(['listen', ...words, '--format', format]));
    }
  });
});

describe('large events on a terminal', { concurrency: 2 }, () => {
  const large = [
    ['100,000 nested arrays', '['.repeat(100_000) + ']'.repeat(100_000), '200 KB'],
    ['100,000 nested objects', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`, '600 KB'],
    [
      '10 MB of JSON',
      JSON.stringify({ items: Array.from({ length: 100_000 }, (_, n) => `item ${n} ${'x'.repeat(80)}`) }),
      'MB',
    ],
    ['10 MB of one letter', 'x'.repeat(10_000_000), '10 MB'],
    ['10 MB of escapes', '\x1b'.repeat(10_000_000), '10 MB'],
    ['10 MB of marks on one letter', `a${'\u0301'.repeat(5_000_000)}`, '10 MB'],
  ] as const;
  for (const [what, data, size] of large) {
    test(`are cut, with their true size: ${what}`, async (t) => {
      const server = await rawServer(t, answers(head('200 OK', TYPE), `data: ${data}\n\ndata: next\n\n`));
      const screen = await onTerminal(['listen', server.url, '--format', 'pretty']);
      assert.equal(screen.code, 0);
      assertHarmless(screen);
      assert.match(screen.text, new RegExp(`… [\\d.]* ?${size} in all`));
      assert.match(screen.text, /next/);
      assert.ok(screen.text.length < 50_000, `${screen.text.length} characters`);
    });
  }
});

describe("a server's bytes on a pipe", () => {
  const controls = 'a\x1b[2J\u009b\u202e\x07\x7f\tb';

  test('come as they are with --format data', async (t) => {
    const server = await rawServer(t, answers(head('200 OK', TYPE), `data: ${controls}\n\n`));
    assert.equal((await tail(server.url, '--format', 'data')).stdout, `${controls}\n`);
  });

  test('come as they are with --format raw', async (t) => {
    const body = `: ${controls}\r\nevent:${controls}\rdata: ${controls}\n\n`;
    const server = await rawServer(t, answers(head('200 OK', TYPE), body));
    assert.equal((await tail(server.url, '--format', 'raw')).stdout, body);
  });

  test('are the same value with --format ndjson', async (t) => {
    const server = await rawServer(t, answers(head('200 OK', TYPE), `data: ${controls}\n\n`));
    const { stdout } = await tail(server.url, '--format', 'ndjson');
    const records = stdout
      .trimEnd()
      .split('\n')
      .map((line): { type: string; data?: string } => JSON.parse(line));
    assert.equal(records.find(({ type }) => type === 'event')?.data, controls);
  });
});
