import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { WatchedRun } from './finding-case.ts';

/** Nearly as much as is looked into. */
const LONG = 250_000;

/** What takes for ever where an expression tries each of many ways: the test then never ends. */
const SLOW: Record<string, string> = {
  'line ends': 'data:\n'.repeat(LONG / 6),
  'escaped line ends': `data: ${'\\n'.repeat(LONG / 2)}\n`,
  'spaces behind a line end': `data: \\n${' '.repeat(LONG)}\n`,
  commas: `data: {"${','.repeat(LONG)}\n`,
  quotes: `data: {"a": ${'"\\'.repeat(LONG / 2)}\n`,
  digits: `data: {"a": ${'9'.repeat(LONG)}}\n`,
  stacks: `data: ${'at a.b('.repeat(LONG / 8)}\n`,
  paths: `data: ${' /home/'.repeat(LONG / 7)}\n`,
  'uncaught errors': `data: ${'Uncaught Error'.repeat(LONG / 14)}\n`,
  fields: `data: id: ${'x\ndata: '.repeat(LONG / 8)}\n`,
};

describe('data made to be slow to look through', () => {
  for (const [what, lines] of Object.entries(SLOW)) {
    test(`is not: ${what}`, () => {
      const run = new WatchedRun({ strict: true, lint: true }).open({}, 1).read(`${lines}\n`, 2).close(3);
      assert.ok(run.codes.length > 0);
    });
  }

  test('tells an integer beyond every double', () => {
    const run = new WatchedRun({ lint: true }).read(`data: {"a": ${'9'.repeat(400)}}\n\n`, 2);
    const [warning] = run.warnings;
    assert.equal(warning?.code, 'unsafe-integer');
    assert.match(warning?.message ?? '', /^event 1: "9{59}…" becomes Infinity$/);
  });

  test('is counted, however much of it there is', async () => {
    const bytes = Buffer.alloc(400_000, Buffer.from([0x61, 0xff]));
    const run = new WatchedRun({ strict: true }).read(
      Buffer.concat([Buffer.from('data: '), bytes, Buffer.from('\n\n')]),
      1,
    );
    run.close(2);
    const [count] = await run.counts();
    assert.deepEqual([count?.code, count?.count, run.warnings.length], ['invalid-utf8', 200_000, 10]);
  });

  test('takes no memory by long names of types', async () => {
    const run = new WatchedRun({ lint: true }).read('id: 1\ndata: x\n\n', 1);
    for (let n = 0; n < 3; n++) run.read(`event: ${'x'.repeat(10_000)}${n}\ndata: x\n\n`, 2);
    run.close(3);
    assert.equal(
      (await run.counts()).some(({ code }) => code === 'type-without-ids'),
      false,
    );
  });
});
