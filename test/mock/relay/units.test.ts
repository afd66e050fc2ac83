import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type Unit, UnitCutter } from '../../../src/mock/relay/units.ts';

function unitsOf(chunks: readonly string[], cutter = new UnitCutter()): Unit[] {
  return chunks.flatMap((chunk) => cutter.push(Buffer.from(chunk)));
}

const shown = (units: readonly Unit[]) => units.map(({ kind, bytes }) => [kind, bytes.toString()]);

describe('the units of an event stream', () => {
  const cases: [what: string, chunks: string[], units: [Unit['kind'], string][]][] = [
    ['a block with its blank line', ['data: a\n\n'], [['block', 'data: a\n\n']]],
    [
      'two blocks of one read',
      ['id: 1\ndata: a\n\ndata: b\n\n'],
      [
        ['block', 'id: 1\ndata: a\n\n'],
        ['block', 'data: b\n\n'],
      ],
    ],
    ['a block in parts', ['da', 'ta: a\n', '\n'], [['block', 'data: a\n\n']]],
    ['a comment with its blank line', [': ping\n\n'], [['comment', ': ping\n\n']]],
    [
      'a comment without one, at once, and what comes of it later',
      [': ping\n', '\n'],
      [
        ['comment', ': ping\n'],
        ['blank', '\n'],
      ],
    ],
    [
      'a comment in front of a block',
      [': a\n: b\ndata: c\n\n'],
      [
        ['comment', ': a\n'],
        ['comment', ': b\n'],
        ['block', 'data: c\n\n'],
      ],
    ],
    [
      'a comment inside a block, which it belongs to',
      ['data: c\n: x\n', '\n'],
      [['block', 'data: c\n: x\n\n']],
    ],
    ['CRLF', ['data: a\r\n\r\n'], [['block', 'data: a\r\n\r\n']]],
    [
      'CR alone',
      ['data: a\r\rdata: b\r\r'],
      [
        ['block', 'data: a\r\r'],
        ['block', 'data: b\r\r'],
      ],
    ],
    [
      'a CRLF that comes in two parts: the block is complete with its CR',
      ['data: a\r', '\n\r', '\ndata: b\n\n'],
      [
        ['block', 'data: a\r\n\r'],
        ['blank', '\n'],
        ['block', 'data: b\n\n'],
      ],
    ],
    ['a block without data', ['id: 7\n\n'], [['block', 'id: 7\n\n']]],
    ['nothing of a block that is not complete', ['data: a\n'], []],
  ];
  for (const [what, chunks, units] of cases) {
    test(`hold ${what}`, () => assert.deepEqual(shown(unitsOf(chunks)), units));
  }

  test('are together what came, however it is cut; every block ends in a blank line', () => {
    const pieces = fc.array(fc.constantFrom('\n', '\r', '\r\n', ':', 'data: x', 'é', '\ufeff'), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(
        pieces,
        fc.array(fc.nat(60), { maxLength: 8 }),
        fc.integer({ min: 1, max: 40 }),
        (text, cuts, max) => {
          const all = Buffer.from(text.join(''));
          const places = [0, ...cuts.filter((cut) => cut < all.length), all.length].sort((a, b) => a - b);
          const cutter = new UnitCutter(max);
          const units = places
            .slice(1)
            .flatMap((end, index) => cutter.push(all.subarray(places[index], end)));
          const rest = cutter.rest();
          assert.deepEqual(Buffer.concat([...units.map(({ bytes }) => bytes), rest]), all);
          for (const { kind, bytes } of units) {
            if (kind === 'block') assert.match(bytes.toString(), /(\n\n|\r\r|\n\r\n?|\r\r\n)$/);
          }
          assert.ok(rest.length <= max);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('are the same blocks, whole or byte by byte', () => {
    const text = 'data: a\n\n: c\n\nid: 1\r\ndata: b\r\n\r\nretry: 5\rdata: é\r\r';
    const blocks = (units: readonly Unit[]) =>
      units.filter(({ kind }) => kind === 'block').map(({ bytes }) => bytes.toString().trimEnd());
    const bytes = [...Buffer.from(text)].map((byte) => Buffer.from([byte]));
    const cutter = new UnitCutter();
    const byByte = bytes.flatMap((each) => cutter.push(each));
    assert.deepEqual(blocks(byByte), blocks(unitsOf([text])));
    assert.equal(blocks(byByte).length, 3);
  });

  test('of what is too long come in pieces, and the next block is one again', () => {
    const units = unitsOf(['data: 12', '34567890', '12\n\ndata: next\n\n'], new UnitCutter(10));
    assert.deepEqual(shown(units), [
      ['piece', 'data: 1234567890'],
      ['piece', '12\n\n'],
      ['block', 'data: next\n\n'],
    ]);
  });
});
