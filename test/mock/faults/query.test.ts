import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faultsOf } from '../../../src/mock/faults/query.ts';
import { RequestError } from '../../../src/mock/request.ts';

function refused(query: string, pattern: RegExp): void {
  assert.throws(
    () => faultsOf(new URLSearchParams(query)),
    (error: unknown) => {
      assert.ok(error instanceof RequestError);
      assert.equal(error.status, 400);
      assert.match(error.message, pattern);
      return true;
    },
  );
}

test('a query names as many faults as it likes', () => {
  const specs = faultsOf(new URLSearchParams('fault=reset@3&x=1&fault=conn:1:delay=200ms&fault=dup@1%25'));
  assert.deepEqual(
    specs.map(({ text }) => text),
    ['reset@3', 'conn:1:delay=200ms', 'dup@1%'],
  );
});

test('a query may leave its percent sign as it is', () => {
  assert.deepEqual(faultsOf(new URLSearchParams('fault=dup@50%'))[0]?.when, { kind: 'chance', p: 0.5 });
});

test('a query without faults has none', () => {
  assert.deepEqual(faultsOf(new URLSearchParams('interval=1s')), []);
});

test('a wrong fault is a wrong request, by the name of the parameter', () => {
  refused('fault=rest@3', /^\?fault=: "rest" is no kind of fault\. Did you mean reset\?/);
  refused('fault=eof@3&fault=reset@3', /contradicts/);
  refused('fault=', /is no fault/);
});

test('more faults than a request can need are refused', () => {
  refused(
    Array.from({ length: 33 }, (_, index) => `fault=drop@${index + 1}`).join('&'),
    /33 faults are too many.*At most 32/,
  );
});
