import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ErrorCounts } from '../../../src/results/bench/error-counts.ts';

const status = (line: string, exitCode: number) => ({ code: 'HTTP_STATUS', message: line, exitCode });

describe('the counts of errors', () => {
  test('keep statuses apart, whose exit codes differ, and not what servers say beside them', () => {
    const counts = new ErrorCounts();
    counts.add(status('HTTP 404 Not Found', 4));
    for (const reason of ['a', 'b', 'c']) counts.add(status(`HTTP 503 ${reason}`, 5));
    assert.deepEqual(counts.list, [
      { code: 'HTTP_STATUS', count: 3, sample: 'HTTP 503 a', varies: true, exit: 5 },
      { code: 'HTTP_STATUS', count: 1, sample: 'HTTP 404 Not Found', exit: 4 },
    ]);
  });

  test('of one code are one, whatever address they name', () => {
    const counts = new ErrorCounts();
    for (const port of [1, 2])
      counts.add({ code: 'ECONNREFUSED', message: `refused by h:${port}`, exitCode: 7 });
    const refused = { code: 'ECONNREFUSED', count: 2, sample: 'refused by h:1', exit: 7 };
    assert.deepEqual(counts.list, [{ ...refused, varies: true }]);
  });

  test('tell whether all said the same, of several windows and processes, too', () => {
    const [same, other] = [new ErrorCounts(), new ErrorCounts()];
    const reset = (events: number) => ({ code: 'E', message: `reset after ${events} events`, exitCode: 56 });
    for (const counts of [same, same, other]) counts.add(reset(3));
    assert.deepEqual(same.list, [{ code: 'E', count: 2, sample: 'reset after 3 events', exit: 56 }]);
    other.add(reset(4));
    for (const each of other.list) same.merge(each);
    assert.deepEqual(
      same.list.map(({ count, varies }) => [count, varies]),
      [[4, true]],
    );
  });

  test('of very many kinds are bounded', () => {
    const counts = new ErrorCounts();
    for (let i = 0; i < 500; i += 1) counts.merge({ code: `E${i}`, count: 2, sample: '', exit: 1 });
    const { list } = counts;
    assert.equal(list.length, 51);
    assert.deepEqual([list[0]?.code, list[0]?.count], ['OTHER', 900]);
  });
});
