import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type AnswerError, AnswerParser, type AnswerSink } from '../../src/client/answer-parser.ts';
import type { ResponseHead } from '../../src/client/exchange.ts';

/** What a parser reported. */
class Reports implements AnswerSink {
  readonly heads: ResponseHead[] = [];
  text = '';
  completed = 0;
  onBody: () => void = () => {};

  answered(head: ResponseHead): void {
    this.heads.push(head);
  }
  body(bytes: Buffer): void {
    this.text += bytes.toString('latin1');
    this.onBody();
  }
  complete(): void {
    this.completed++;
  }
}

/** Parses an answer in pieces of so many bytes. */
function parse(answer: string, pieceBytes: number, method = 'GET') {
  const reports = new Reports();
  const parser = new AnswerParser(method, reports);
  const bytes = Buffer.from(answer, 'latin1');
  let error: AnswerError | undefined;
  for (let at = 0; at < bytes.length && error === undefined; at += pieceBytes) {
    // As the buffer of a socket, which the next read overwrites.
    const piece = Buffer.from(bytes.subarray(at, at + pieceBytes));
    error = parser.push(piece);
    piece.fill(0);
  }
  parser.free();
  return { reports, error };
}

const HEAD =
  'HTTP/1.1 200 Fine by me\r\nX-Name: gr\u00c3\u00bc\u00c3\u009f\r\nx-empty:\r\nX-Latin: \u00e9\r\n';
const CHUNKED = `${HEAD}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;a=b\r\n world\r\n0\r\nX-After: t\r\n\r\nmore`;

describe('the parser of an answer', () => {
  for (const pieceBytes of [1, 2, 7, 64, 100_000]) {
    test(`reports the same in pieces of ${pieceBytes} bytes`, () => {
      const { reports, error } = parse(`HTTP/1.1 103 Hints\r\nLink: <a>\r\n\r\n${CHUNKED}`, pieceBytes);
      assert.equal(error, undefined);
      assert.deepEqual(reports.heads, [
        {
          status: 200,
          statusText: 'Fine by me',
          headers: [
            ['X-Name', 'grüß'],
            ['x-empty', ''],
            ['X-Latin', 'é'],
            ['Transfer-Encoding', 'chunked'],
          ],
          http: '1.1',
          framing: 'chunked',
        },
      ]);
      assert.equal(reports.text, 'hello world');
      assert.equal(reports.completed, 1);
    });
  }

  test('takes a body that is longer than what the parser is given at once', () => {
    const body = 'x'.repeat(300_000);
    const { reports } = parse(
      `${HEAD}Content-Length: ${body.length}\r\n\r\n${body}`,
      Number.MAX_SAFE_INTEGER,
    );
    assert.equal(reports.text, body);
    assert.equal(reports.completed, 1);
  });

  test('passes 100 Continue over, and knows HTTP/1.0', () => {
    const { reports } = parse('HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 200 OK\r\n\r\nbody', 5);
    const [head] = reports.heads;
    assert.equal(head?.http, '1.0');
    assert.equal(head?.framing, 'close');
    assert.equal(reports.text, 'body');
    assert.equal(reports.completed, 0);
  });

  // What an interim answer says of its connection and length is of that answer alone (RFC 9110 §15.2).
  const interim = [
    ['that says close', 'HTTP/1.1 103 Hints\r\nConnection: close\r\nLink: <a>\r\n\r\n'],
    ['of HTTP/1.0', 'HTTP/1.0 100 Continue\r\n\r\n'],
    [
      'with a length, that says close',
      'HTTP/1.1 103 Hints\r\nContent-Length: 7\r\nConnection: close\r\n\r\n',
    ],
    ['with a coding', 'HTTP/1.1 103 Hints\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n'],
    ['and another', 'HTTP/1.1 100 Continue\r\nConnection: close\r\n\r\n'.repeat(3)],
    [
      'longer than what the parser is given at once',
      `HTTP/1.1 103 Hints\r\nX: ${'x'.repeat(70_000)}\r\n\r\n`,
    ],
  ] as const;

  for (const [title, before] of interim) {
    test(`passes an interim answer over ${title}`, () => {
      for (const pieceBytes of [1, 13, 100_000]) {
        const counted = parse(`${before}${HEAD}Content-Length: 5\r\n\r\nhello`, pieceBytes);
        assert.equal(counted.error, undefined);
        assert.equal(counted.reports.heads[0]?.framing, 'length');
        assert.equal(counted.reports.text, 'hello');
        assert.equal(counted.reports.completed, 1);
        const chunked = parse(`${before}${CHUNKED}`, pieceBytes);
        assert.equal(chunked.error, undefined);
        assert.equal(chunked.reports.heads.length, 1);
        assert.equal(chunked.reports.text, 'hello world');
      }
    });
  }

  test('expects no body after HEAD', () => {
    const { reports } = parse(`${HEAD}Content-Length: 5\r\n\r\n`, 9, 'HEAD');
    assert.equal(reports.completed, 1);
  });

  const errors = [
    ['another protocol', 'SSH-2.0-OpenSSH\r\n', 'HPE_INVALID_CONSTANT'],
    ['two lengths', `${HEAD}Content-Length: 1\r\nContent-Length: 1\r\n\r\n`, 'HPE_UNEXPECTED_CONTENT_LENGTH'],
    ['a length that is no number', `${HEAD}Content-Length: x\r\n\r\n`, 'HPE_INVALID_CONTENT_LENGTH'],
    ['a chunk without a size', `${HEAD}Transfer-Encoding: chunked\r\n\r\nxyz\r\n`, 'HPE_INVALID_CHUNK_SIZE'],
    ['headers without end', `${HEAD}X-Long: ${'a'.repeat(310_000)}`, 'HEADERS_TOO_LARGE'],
    ['a reason without end', `HTTP/1.1 200 ${'a'.repeat(310_000)}`, 'HEADERS_TOO_LARGE'],
    [
      'lines without end behind the last chunk',
      `${HEAD}Transfer-Encoding: chunked\r\n\r\n0\r\nX-Long: ${'a'.repeat(310_000)}`,
      'HEADERS_TOO_LARGE',
    ],
    ['status 000', 'HTTP/1.1 000 Nothing\r\n\r\n', 'HPE_INVALID_STATUS'],
    ['a switch of protocols to none', 'HTTP/1.1 101 Switching\r\n\r\n', 'HPE_INVALID_STATUS'],
    [
      'a switch of protocols',
      'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
      'HPE_INVALID_STATUS',
    ],
  ] as const;

  for (const [title, answer, code] of errors) {
    test(`refuses ${title}`, () => {
      for (const pieceBytes of [11, 100_000]) {
        const { error } = parse(answer, pieceBytes);
        assert.equal(error?.code, code);
        assert.notEqual(error?.message, '');
      }
    });
  }

  test('stops where it is freed within a report', () => {
    const reports = new Reports();
    const parser = new AnswerParser('GET', reports);
    reports.onBody = () => parser.free();
    assert.equal(parser.push(Buffer.from(CHUNKED, 'latin1')), undefined);
    assert.equal(reports.text, 'hello');
    assert.equal(reports.completed, 0);
    assert.equal(parser.push(Buffer.from('more')), undefined);
  });

  test('goes on with others where a report of one has thrown', () => {
    const reports = new Reports();
    const parser = new AnswerParser('GET', reports);
    reports.onBody = () => {
      throw new Error('a defect');
    };
    assert.throws(() => parser.push(Buffer.from(CHUNKED, 'latin1')), /a defect/);
    parser.free();
    assert.equal(parse(CHUNKED, 3).reports.text, 'hello world');
  });

  test('leaves the memory of one that was freed to the next', () => {
    for (let i = 0; i < 20_000; i++) {
      const parser = new AnswerParser('GET', new Reports());
      parser.push(Buffer.from('HTTP/1.1 200 OK\r\n'));
      parser.free();
      parser.free();
    }
    assert.equal(parse(CHUNKED, 5).reports.text, 'hello world');
  });
});
