import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { LineScanner, type StreamLine } from '../../src/sse/line-scanner.ts';

interface Scanned {
  lines: StreamLine[];
  lateLfs: number[];
  rest: string;
}

function scan(chunks: readonly Buffer[], maxLineBytes = 1_000): Scanned {
  const scanned: Scanned = { lines: [], lateLfs: [], rest: '' };
  const scanner = new LineScanner(
    { line: (line) => scanned.lines.push(line), lateLf: (offset) => scanned.lateLfs.push(offset) },
    maxLineBytes,
  );
  chunks.forEach((chunk, index) => {
    scanner.push(chunk, index);
    // Whoever pushes may use the buffer again.
    chunk.fill(0);
  });
  scanned.rest = scanner.rest().bytes.toString();
  return scanned;
}

const brief = ({ lines, rest }: Scanned) => [
  ...lines.map(({ offset, bytes, end }) => `${offset} ${bytes} ${end}`),
  rest,
];

describe('a line scanner', () => {
  test('tells where each line began and how it ended', () => {
    const scanned = scan([Buffer.from('a\nbc\r\n\rd')]);
    assert.deepEqual(brief(scanned), ['0 a lf', '2 bc crlf', '6  cr', 'd']);
    assert.deepEqual(
      scanned.lines.map(({ sizeBytes }) => sizeBytes),
      [2, 4, 1],
    );
  });

  test('ends a line at a CR at once, and tells of the LF that comes later', () => {
    const scanned = scan([Buffer.from('a\r'), Buffer.from('\nb\n')]);
    assert.deepEqual(brief(scanned), ['0 a cr', '3 b lf', '']);
    assert.deepEqual(scanned.lateLfs, [2]);
    assert.deepEqual(
      scanned.lines.map(({ at }) => at),
      [0, 1],
    );
  });

  test('takes one byte order mark off the first line, however it is split', () => {
    const [first, second] = scan([
      Buffer.from([0xef]),
      Buffer.from([0xbb, 0xbf, 0xef, 0xbb, 0xbf]),
      Buffer.from('a\n\ufeffb\n'),
    ]).lines;
    assert.deepEqual([first?.afterMark, first?.bytes.toString(), first?.sizeBytes], [true, '\ufeffa', 8]);
    assert.deepEqual([second?.afterMark, second?.bytes.toString()], [false, '\ufeffb']);
  });

  test('keeps no more of a line than it is asked to', () => {
    const [line] = scan([Buffer.from('123'), Buffer.from('456'), Buffer.from('789\n')], 4).lines;
    assert.equal(line?.bytes.toString(), '1234');
    assert.equal(line?.sizeBytes, 10);
  });

  test('finds the same lines however the body is cut', () => {
    const text = fc
      .array(fc.constantFrom('a', 'data: x', '\n', '\r', '\r\n', '\ufeff', 'é', ''))
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, fc.array(fc.nat(30)), (body, cuts) => {
        const bytes = Buffer.from(body);
        const places = [...new Set([0, ...cuts.filter((cut) => cut < bytes.length), bytes.length])].sort(
          (a, b) => a - b,
        );
        const chunks = places.slice(1).map((end, index) => Buffer.from(bytes.subarray(places[index], end)));
        const whole = scan([Buffer.from(bytes)]);
        const cut = scan(chunks);
        const completed = cut.lines.map((line) => {
          const late = cut.lateLfs.includes(line.offset + line.sizeBytes);
          return late ? { ...line, end: 'crlf' as const, sizeBytes: line.sizeBytes + 1 } : line;
        });
        const facts = (lines: readonly StreamLine[]) =>
          lines.map(({ at: _, bytes: content, ...line }) => ({ ...line, text: content.toString('latin1') }));
        assert.deepEqual(facts(completed), facts(whole.lines));
        assert.equal(cut.rest, whole.rest);
      }),
    );
  });
});
