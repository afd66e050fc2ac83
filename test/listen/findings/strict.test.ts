import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { createDecoder } from '../../../src/sse/decoder.ts';
import { WatchedRun } from './finding-case.ts';

const MARK = '\ufeff';

/** Lines that mean something to a browser, and lines that nearly do. */
const line = fc.constantFrom(
  'data: x',
  'data',
  'dta: x',
  'id: 1',
  'id: 2',
  'id: a\0',
  'event: a',
  'event: error',
  'event:',
  'retry: 5',
  'retry: x',
  ': comment',
  '',
  '',
  ' ',
  'DATA: x',
  `${MARK}data: y`,
  'text',
);
const body = fc
  .tuple(
    fc.boolean(),
    fc.array(fc.tuple(line, fc.constantFrom('\n', '\r\n', '\r'))),
    fc.constantFrom('', 'data: end'),
  )
  .map(([marked, lines, rest]) => Buffer.from(`${marked ? MARK : ''}${lines.flat().join('')}${rest}`));

function findingsOf(chunks: readonly Buffer[]) {
  const run = new WatchedRun({ strict: true });
  chunks.forEach((chunk, index) => {
    run.read(chunk, index);
  });
  return run.close(1_000).warnings;
}

describe('strict findings', () => {
  test('are the same however the stream is cut into reads', () => {
    fc.assert(
      fc.property(body, fc.array(fc.nat(120)), (bytes, cuts) => {
        const places = [...new Set([0, ...cuts.filter((cut) => cut < bytes.length), bytes.length])];
        places.sort((a, b) => a - b);
        const chunks = places.slice(1).map((end, index) => bytes.subarray(places[index], end));
        assert.deepEqual(findingsOf(chunks), findingsOf([bytes]));
      }),
    );
  });

  test('stand where a comment in the place of the line changes nothing that a browser would see', () => {
    const ignored = new Set([
      'unknown-field',
      'field-case',
      'whitespace-line',
      'stray-bom',
      'line-without-colon',
      'bad-retry',
      'nul-in-id',
    ]);
    fc.assert(
      fc.property(body, (bytes) => {
        const kept: Buffer[] = [];
        let from = 0;
        for (const { code, offset } of findingsOf([bytes]).filter((each) => ignored.has(each.code))) {
          const start = code === 'nul-in-id' ? bytes.lastIndexOf('id:', offset) : (offset ?? 0);
          kept.push(bytes.subarray(from, start));
          // A comment, so that what ends the line ends no other.
          kept.push(Buffer.from(':'));
          from = endOfLine(bytes, start);
        }
        kept.push(bytes.subarray(from));
        // More of a kind than are told are not taken away, which changes nothing either.
        assert.deepEqual(seenIn(Buffer.concat(kept)), seenIn(bytes));
      }),
    );
  });
});

function endOfLine(bytes: Buffer, start: number): number {
  let end = start;
  while (bytes[end] !== 0x0a && bytes[end] !== 0x0d) end += 1;
  return end;
}

/** What a browser makes of a stream. */
function seenIn(bytes: Buffer) {
  const seen: unknown[] = [];
  const decoder = createDecoder({
    event: ({ event, data, lastEventId }) => void seen.push({ event, data, lastEventId }),
    comment: () => {},
    retry: (ms) => void seen.push(ms),
  });
  decoder.push(bytes, 0);
  return [...seen, decoder.lastEventId];
}
