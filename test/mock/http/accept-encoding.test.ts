import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ResponseHead } from '../../../src/mock/faults/line.ts';
import { accepts, compressIfAccepted } from '../../../src/mock/http/accept-encoding.ts';
import type { Coding } from '../../../src/mock/wire/codings.ts';

describe('a client accepts a coding', () => {
  const cases: [header: string | undefined, coding: Coding, accepted: boolean][] = [
    [undefined, 'gzip', false],
    ['', 'gzip', false],
    ['gzip', 'gzip', true],
    ['gzip', 'br', false],
    ['gzip, deflate, br, zstd', 'br', true],
    ['GZip', 'gzip', true],
    ['x-gzip', 'gzip', true],
    ['deflate , gzip;q=0.5', 'gzip', true],
    ['gzip;q=0', 'gzip', false],
    ['gzip;q=0.000', 'gzip', false],
    ['gzip; Q=0.001', 'gzip', true],
    ['*', 'br', true],
    ['*;q=0', 'br', false],
    ['*;q=0, br', 'br', true],
    ['*, br;q=0', 'br', false],
    ['identity', 'gzip', false],
    ['identity;q=0.5, gzip;q=0.4', 'gzip', false],
    ['identity;q=0.4, gzip;q=0.5', 'gzip', true],
    ['identity, gzip', 'gzip', true],
    ['identity;q=0', 'gzip', false],
    ['gzip;q=high', 'gzip', false],
    ['gzip;q=2', 'gzip', false],
    [',,gzip,', 'gzip', true],
  ];
  for (const [header, coding, accepted] of cases) {
    test(`${coding} by Accept-Encoding: ${header ?? '(none)'}: ${accepted ? 'yes' : 'no'}`, () => {
      assert.equal(accepts(header, coding), accepted);
    });
  }
});

describe('a head', () => {
  const headOf = (headers: Record<string, string>): ResponseHead => ({ status: 200, headers, delayMs: 0 });

  test('tells its coding, and caches on what it depends', () => {
    const head = headOf({ vary: 'Origin' });
    compressIfAccepted(head, 'br', 'gzip, br');
    assert.deepEqual(head.headers, { vary: 'Origin, Accept-Encoding', 'content-encoding': 'br' });
    assert.deepEqual(head.compression, { encoding: 'br', flushing: 'each write' });
  });

  test('tells caches on what it depends where the client takes it as it is, too', () => {
    const head = headOf({});
    compressIfAccepted(head, 'gzip', undefined);
    assert.deepEqual(head.headers, { vary: 'Accept-Encoding' });
    assert.equal(head.compression, undefined);
  });

  test('of a body that is encoded already stays as it is', () => {
    const head = headOf({ 'content-encoding': 'zstd' });
    compressIfAccepted(head, 'gzip', 'gzip');
    assert.deepEqual(head.headers, { 'content-encoding': 'zstd' });
    assert.equal(head.compression, undefined);
  });
});
