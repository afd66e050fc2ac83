import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePathPattern } from '../../../src/mock/scenario/path-pattern.ts';

const cases: [pattern: string, path: string, params: Record<string, string> | undefined][] = [
  ['/events', '/events', {}],
  ['/events', '/events/', undefined],
  ['/events', '/Events', undefined],
  ['/', '/', {}],
  ['/', '/a', undefined],
  ['/orders/:id', '/orders/7', { id: '7' }],
  ['/orders/:id', '/orders/', undefined],
  ['/orders/:id', '/orders', undefined],
  ['/orders/:id', '/orders/7/items', undefined],
  ['/orders/:id/items', '/orders/größe 1/items', { id: 'größe 1' }],
  ['/:a/:b', '/x/y', { a: 'x', b: 'y' }],
  ['/files/*', '/files/a/b.txt', { '*': 'a/b.txt' }],
  ['/files/*', '/files/', { '*': '' }],
  ['/files/*', '/files', undefined],
  ['/*', '/', { '*': '' }],
  ['/*', '/a/b', { '*': 'a/b' }],
  ['/:tenant/*', '/acme/x/y', { tenant: 'acme', '*': 'x/y' }],
  ['/:__proto__', '/x', { ['__proto__']: 'x' }],
  ['/a.b', '/aXb', undefined],
];
for (const [pattern, path, params] of cases) {
  test(`${pattern} ${params === undefined ? "doesn't take" : 'takes'} ${path}`, () => {
    assert.deepEqual(parsePathPattern(pattern).match(path), params);
  });
}
