import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { byteLines } from '../../src/recording/byte-lines.ts';

async function* each(blocks: readonly Buffer[]): AsyncGenerator<Buffer> {
  yield* blocks;
}

async function linesOf(blocks: readonly Buffer[], maxBytes = 1000) {
  const found = [];
  const limits = { maxBytes, tooLong: (number: number) => new RangeError(`line ${number} is too long`) };
  for await (const line of byteLines(each(blocks), limits)) found.push(line);
  return found;
}

describe('the lines of a file', () => {
  test('are the same however its bytes are cut, with their numbers and places', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('a', 'é', '\n', '\r', '"'), { maxLength: 40 }),
        fc.array(fc.nat(40), { maxLength: 6 }),
        async (letters, cuts) => {
          const all = Buffer.from(letters.join(''));
          const places = [...new Set([0, ...cuts.map((cut) => Math.min(cut, all.length)), all.length])].sort(
            (a, b) => a - b,
          );
          const blocks = places.slice(1).map((end, index) => all.subarray(places[index], end));
          const expected = all.toString().split('\n');
          if (expected.at(-1) === '') expected.pop();

          const lines = await linesOf(blocks);
          assert.deepEqual(
            lines.map(({ bytes }) => bytes.toString()),
            expected,
          );
          for (const [index, { number, offset, bytes, whole }] of lines.entries()) {
            assert.equal(number, index + 1);
            assert.deepEqual(all.subarray(offset, offset + bytes.length), bytes);
            assert.equal(whole, all[offset + bytes.length] === 0x0a);
          }
        },
      ),
    );
  });

  test('are refused by their number as soon as they outgrow the limit, ended or not', async () => {
    await assert.rejects(
      linesOf([Buffer.from('ok\n'), Buffer.from('12345'), Buffer.from('678\n')], 7),
      /line 2/,
    );
    let given = 0;
    const endless = async function* () {
      for (;;) {
        given += 1;
        yield Buffer.alloc(100, 'x');
      }
    };
    const limits = { maxBytes: 1000, tooLong: () => new RangeError('too long') };
    await assert.rejects(byteLines(endless(), limits).next(), /too long/);
    assert.equal(given, 11);
  });

  test('that are too long can be left out, in memory that they do not fill', async () => {
    const left: number[] = [];
    const limits = {
      maxBytes: 3,
      tooLong: (number: number) => {
        left.push(number);
        return 'leave out' as const;
      },
    };
    const blocks = ['12', '34', '56\nabc\n1234\n\nxy', 'zz'].map((text) => Buffer.from(text));
    const found = [];
    for await (const { bytes, number, offset } of byteLines(each(blocks), limits)) {
      found.push([bytes.toString(), number, offset]);
    }
    assert.deepEqual(found, [
      ['abc', 2, 7],
      ['', 4, 16],
    ]);
    assert.deepEqual(left, [1, 3, 5]);
  });

  test('are given as they come, not when the next block does', async () => {
    let asked = 0;
    const blocks = async function* () {
      asked += 1;
      yield Buffer.from('one\ntwo\n');
      asked += 1;
      yield Buffer.from('three\n');
    };
    const lines = byteLines(blocks(), { maxBytes: 10, tooLong: () => new RangeError() });
    await lines.next();
    await lines.next();
    assert.equal(asked, 1);
  });
});
