import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { STRICT_KINDS } from '../../../../src/listen/findings/strict/strict.ts';
import { rawServer } from '../../harness/raw-server.ts';
import { recordsOfType } from '../../harness/records.ts';
import { answer, chunk, head, LAST_CHUNK, streamHead } from '../../harness/wire.ts';
import { find, findIn } from './found.ts';

interface Case {
  /** Texts stand for Latin-1 bytes. */
  body: string;
  offset: number;
  /** Part of what is said. */
  says: RegExp;
  /** Streams that come near to it and are right. */
  beside: string[];
}

const MARK = '\xef\xbb\xbf';

/** What each code is found in; the charset is a header and has a test of its own. */
const CASES: Record<string, Case[]> = {
  'unknown-field': [
    { body: 'dta: 5\ndata: x\n\n', offset: 0, says: /is "data" meant\?/, beside: ['data: 5\n: dta: 5\n\n'] },
    {
      body: 'data: {\n"a": 1}\n\n',
      offset: 8,
      says: /hold a newline\?/,
      beside: ['data: {\ndata: "a": 1}\n\n'],
    },
    {
      body: 'data: x\r\ntime: 5\r\n\r\n',
      offset: 9,
      says: /"time" is no field/,
      beside: ['data: time: 5\r\n\r\n'],
    },
  ],
  'field-case': [
    { body: 'data: x\nID: 4\n\n', offset: 8, says: /"ID" is not "id"/, beside: ['data: x\nid: ID\n\n'] },
  ],
  'field-space': [
    {
      body: 'data: x\n data: y\n\n',
      offset: 8,
      says: /" data" is no field/,
      beside: ['data: x\ndata:  y\n\n'],
    },
    { body: 'data : x\ndata: y\n\n', offset: 0, says: /"data " is no field/, beside: ['data: : x\n\n'] },
  ],
  'line-without-colon': [
    {
      body: 'data: a\nb\n\n',
      offset: 8,
      says: /hold a newline\?/,
      beside: ['data: a\ndata\n\n', 'data: a\n:\n\n'],
    },
    { body: 'data x\ndata: y\n\n', offset: 0, says: /no colon after "data"/, beside: ['data\n\n'] },
    { body: '1f\r\ndata: y\r\n\r\n', offset: 0, says: /chunked twice/, beside: ['data: 1f\r\n\r\n'] },
    { body: 'data: a\rb\n\n', offset: 8, says: /hold a newline\?/, beside: ['data: a\rdata: b\r\r'] },
  ],
  'whitespace-line': [
    {
      body: 'data: a\n \ndata: b\n\n',
      offset: 8,
      says: /" " is not blank/,
      beside: ['data: a\n\n\ndata: b\n\n', 'data: \n\n'],
    },
  ],
  'stray-bom': [
    {
      body: `${MARK}${MARK}data: a\ndata: b\n\n`,
      offset: 3,
      says: /\\ufeff/,
      beside: [`${MARK}data: a\n\n`],
    },
    {
      body: `data: a\n\n${MARK}data: b\ndata: c\n\n`,
      offset: 9,
      says: /mark/,
      beside: [`data: ${MARK}\n\n`],
    },
  ],
  'bad-retry': [
    {
      body: 'retry: 3s\ndata: x\n\n',
      offset: 0,
      says: /"3s" is not only digits/,
      beside: ['retry: 3000\ndata: x\n\n'],
    },
    { body: 'data: x\nretry\n\n', offset: 8, says: /no value/, beside: ['retry:0\ndata: x\n\n'] },
    { body: 'retry:  5\ndata: x\n\n', offset: 0, says: /" 5"/, beside: ['retry: 007\ndata: x\n\n'] },
  ],
  'nul-in-id': [
    { body: 'data: x\nid: a\0b\n\n', offset: 13, says: /U\+0000/, beside: ['data: a\0b\nid: x\n\n'] },
  ],
  'event-without-data': [
    {
      body: 'event: ping\n\ndata: x\n\n',
      offset: 0,
      says: /"ping" has no data/,
      beside: ['event: ping\ndata\n\n', 'id: 4\n\ndata: x\n\n'],
    },
  ],
  'repeated-field': [
    {
      body: 'id: 1\ndata: x\nid: 2\n\n',
      offset: 0,
      says: /"1" is replaced by "2" at byte 14/,
      beside: ['id: 1\ndata: x\n\nid: 2\ndata: y\n\n', 'id: 1\nid: 1\ndata: x\n\n'],
    },
    {
      body: 'event: a\nevent: b\ndata: x\n\n',
      offset: 0,
      says: /event: "a"/,
      beside: ['event: a\ndata: b\ndata: x\n\n'],
    },
    {
      body: 'retry: 1\nretry: 2\ndata: x\n\n',
      offset: 0,
      says: /retry: "1"/,
      beside: ['retry: 1\n\nretry: 2\ndata: x\n\n'],
    },
  ],
  'invalid-utf8': [
    {
      body: 'data: caf\xe9\n\n',
      offset: 9,
      says: /E9 after "data: caf": a character that breaks off/,
      beside: ['data: caf\xc3\xa9\n\n', 'data: \xef\xbf\xbd\n\n'],
    },
    {
      body: 'data: \xed\xa0\x80\n\n',
      offset: 6,
      says: /half of a surrogate pair/,
      beside: ['data: \xed\x9f\xbf\n\n'],
    },
    { body: 'data: \xc0\x80\n\n', offset: 6, says: /more bytes than it needs/, beside: ['data: \0\n\n'] },
    {
      body: 'data: \xf4\x90\x80\x80\n\n',
      offset: 6,
      says: /above U\+10FFFF/,
      beside: ['data: \xf4\x8f\xbf\xbf\n\n'],
    },
    { body: 'data: \x80\n\n', offset: 6, says: /begins no character/, beside: ['data: \xc2\x80\n\n'] },
  ],
  'unfinished-event': [
    {
      body: 'data: a\n\nid: 2\ndata: b\n',
      offset: 9,
      says: /last 14 bytes.* the id "2"/,
      beside: ['data: a\n\nretry: 5\n'],
    },
    {
      body: 'data: a\n\ndata: b\ndata: c',
      offset: 9,
      says: /last 15 bytes/,
      beside: ['data: a\n\n: bye\n', 'data: a\n\n: by'],
    },
  ],
  'unfinished-line': [
    {
      body: 'data: a\n\ndata: b',
      offset: 9,
      says: /"data: b" has no line end/,
      beside: ['data: a\n\ndata: b\n\n'],
    },
    { body: 'data: a\n\nretry: 5', offset: 9, says: /"retry: 5"/, beside: [`${MARK}data: a\n\n`] },
  ],
  'reserved-event-type': [
    {
      body: 'event: error\ndata: x\n\n',
      offset: 0,
      says: /"error"/,
      beside: ['event: failure\ndata: error\n\n'],
    },
    {
      body: 'event:open\ndata: x\n\n',
      offset: 0,
      says: /"open"/,
      beside: ['event: message\ndata: open\n\n'],
    },
  ],
  'event-type-whitespace': [
    { body: 'data: x\nevent:  a\n\n', offset: 8, says: /" a"/, beside: ['event:a b\ndata: x\n\n'] },
  ],
  'empty-event-type': [
    { body: 'event:\ndata: x\n\n', offset: 0, says: /names nothing/, beside: ['event: x\ndata\n\n'] },
  ],
  'id-whitespace': [
    {
      body: 'id:  7\ndata: x\n\n',
      offset: 4,
      says: /" 7"/,
      beside: ['id: 7\ndata: x\n\n', 'id:\ndata: x\n\n', 'id: a b\ndata: x\n\n'],
    },
  ],
  'id-control-character': [
    { body: 'id: a\x07\ndata: x\n\n', offset: 4, says: /control/, beside: ['id: a\xc3\xa9\ndata: \x07\n\n'] },
  ],
};

/** Endings of their own would say it too. */
const UNFINISHED = new Set(['unfinished-event', 'unfinished-line']);

describe('--strict', { concurrency: 4 }, () => {
  test('has a case for every code', () => {
    const codes = STRICT_KINDS.map(({ code }) => code).sort();
    assert.deepEqual([...Object.keys(CASES), 'ignored-charset'].sort(), codes);
  });

  for (const [code, cases] of Object.entries(CASES)) {
    const severity = STRICT_KINDS.find((kind) => kind.code === code)?.severity;
    for (const { body, offset, says, beside } of cases) {
      test(`finds ${code} in ${JSON.stringify(body)}, at byte ${offset}`, async () => {
        const found = await findIn(body, '--strict');
        assert.deepEqual([found.codes, found.offsets], [[code], [offset]]);
        assert.match(found.messages[0] ?? '', says);
        assert.equal(found.code, severity === 'error' ? 12 : 0);
        const [count] = found.findings;
        assert.deepEqual(
          { ...count, message: '' },
          { code, severity, count: 1, message: '', offset, conn: 1 },
        );
      });
      for (const right of beside) {
        test(`finds nothing in ${JSON.stringify(right)}, which is beside ${code}`, async () => {
          const { codes, findings, code: exit } = await findIn(right, '--strict');
          assert.deepEqual({ codes, findings }, { codes: [], findings: [] });
          // An unfinished comment or retry loses nothing, and is an end inside an event all the same.
          assert.equal(
            exit,
            UNFINISHED.has(code) && !right.endsWith('\n\n') && !right.includes('bye') ? 18 : 0,
          );
        });
      }
    }
  }

  test('finds a charset that is ignored, once in a run', async (t) => {
    const typed = async (type: string) => {
      const server = await rawServer(t, async (client) => {
        await client.request();
        await client.write(answer('200 OK', { 'Content-Type': type }, 'retry: 10\ndata: x\n\n'));
        client.finish();
      });
      return find([server.url, '--strict', '--follow', '-n', '2']);
    };
    const wrong = await typed('text/event-stream; charset=iso-8859-1');
    assert.deepEqual([wrong.codes, wrong.code], [['ignored-charset'], 12]);
    assert.match(wrong.messages[0] ?? '', /charset=iso-8859-1/);
    assert.equal(wrong.findings[0]?.count, 2);
    for (const right of [
      'text/event-stream',
      'text/event-stream;charset="UTF-8"',
      'text/event-stream; boundary="a;charset=latin1"; charset=UTF-8',
    ]) {
      const { codes, code } = await typed(right);
      assert.deepEqual({ codes, code }, { codes: [], code: 0 });
    }
  });

  test('says so where a stream is UTF-16', async () => {
    const found = await find(['-', '--strict'], Buffer.from('\ufeffdata: x\n\n', 'utf16le'));
    assert.match(found.messages[0] ?? '', /begins as UTF-16/);
  });

  test('tells a code ten times, and then only counts', async () => {
    const { codes, messages, findings } = await findIn(`${'dta: 1\n'.repeat(2_000)}data: x\n\n`, '--strict');
    assert.equal(codes.length, 10);
    assert.match(messages[9] ?? '', /further ones are only counted$/);
    assert.equal(findings[0]?.count, 2_000);
  });

  test('gives offsets in the decoded body of the connection, and the connection', async (t) => {
    const server = await rawServer(t, async (client) => {
      await client.request();
      const body = client.number === 1 ? 'retry: 10\ndata: 1\n\n' : 'data: 2\n\ndta: 3\n\n';
      await client.write(streamHead.chunked + chunk(body) + LAST_CHUNK);
      client.finish();
    });
    const { findings } = await find([server.url, '--strict', '--retry', '1', '--for', '10s', '-n', '2']);
    assert.deepEqual(
      findings.map(({ code, offset, conn }) => ({ code, offset, conn })),
      [{ code: 'unknown-field', offset: 9, conn: 2 }],
    );
  });

  test('looks at what filters hide, and not behind what we left', async () => {
    const hidden = await findIn(
      'event: a\nevent: b\ndata: x\n\ndata: y\n\n',
      '--strict',
      '--event',
      'message',
    );
    assert.deepEqual([hidden.codes, hidden.code], [['repeated-field'], 12]);
    const left = await findIn('data: 1\n\ndata: 2', '--strict', '-n', '1');
    assert.deepEqual([left.codes, left.code], [[], 0]);
  });
});

describe('the exit code of --strict', { concurrency: 4 }, () => {
  test('beats an end inside an event, without an event, and without a match', async () => {
    const codes = await Promise.all([
      findIn('data: 1\n\ndata: 2', '--strict'),
      findIn('dta: 1\n\n', '--strict'),
      findIn('dta: 1\ndata: x\n\n', '--strict', '--until', 'y'),
    ]);
    assert.deepEqual(
      codes.map(({ code }) => code),
      [12, 12, 12],
    );
    for (const { stderr } of codes) assert.match(stderr, /"code":"STRICT_VIOLATION","exit":12/);
  });

  test('leaves failures of the connection, time limits and other failures theirs', async (t) => {
    const server = await rawServer(t, async (client) => {
      const { target } = await client.request();
      if (target === '/404') {
        await client.write(answer('404 Not Found'));
        return client.finish();
      }
      await client.write(streamHead.chunked + chunk('dta: 1\ndata: x\n\n'));
      await client.left();
    });
    const idle = await find([server.url, '--strict', '--idle-timeout', '300ms']);
    assert.deepEqual([idle.codes, idle.code], [['unknown-field'], 28]);
    assert.equal((await find([server.url, '--strict', '-m', '0.5'])).code, 28);
    const refused = await find([`${server.url}/404`, '--strict']);
    assert.equal(refused.code, 4);
    // Nobody has seen a stream of which there could be none.
    const [summary] = recordsOfType(refused, 'summary');
    assert.equal('findings' in (summary ?? {}), false);
    assert.equal((await find([server.url, '--strict', '-n', '1'])).code, 12);
  });

  test('gives way to a failed expectation, and not to one that holds', async () => {
    const codes = await Promise.all([
      findIn('dta: 1\ndata: x\n\n', '--strict', '--expect', 'count>=2'),
      findIn('dta: 1\ndata: x\n\n', '--strict', '--expect', 'count>=1'),
    ]);
    assert.deepEqual(
      codes.map(({ code }) => code),
      [10, 12],
    );
  });

  test('is not changed by a stream whose type is wrong', async (t) => {
    const server = await rawServer(t, async (client) => {
      await client.request();
      await client.write(`${head('200 OK', { 'Content-Type': 'text/html', 'Content-Length': 5 })}dta:x`);
      client.finish();
    });
    assert.equal((await find([server.url, '--strict'])).code, 11);
  });
});
