import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VisitLog } from '../../../src/checks/origin/visit-log.ts';

const request = { method: 'GET', target: '/', httpVersion: '1.1', headers: [] } as const;

function visited(log: VisitLog, key: string, times: number): void {
  for (let n = 0; n < times; n += 1) log.arrived({ uid: String(n), key, request, connection: 1, nth: 1 });
}

test('of one measurement the first 10,000 visits are remembered', () => {
  const log = new VisitLog(() => 0);
  visited(log, 'storm', 10_100);
  assert.equal(log.of('storm').length, 10_000);
  assert.equal(log.of('storm')[0]?.uid, '0');
  visited(log, 'next', 1);
  assert.equal(log.of('next').length, 1);
});

test('of many measurements the oldest are forgotten, and the log goes on', () => {
  const log = new VisitLog(() => 0);
  for (let n = 0; n < 500; n += 1) visited(log, `key ${n}`, 100);
  const known = Array.from({ length: 500 }, (_, n) => log.of(`key ${n}`).length);
  assert.equal(
    known.reduce((sum, each) => sum + each, 0),
    20_000,
  );
  assert.equal(known[299], 0);
  assert.ok(known.slice(300).every((each) => each === 100));
});
