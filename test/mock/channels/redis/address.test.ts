import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseRedisUrl } from '../../../../src/mock/channels/redis/address.ts';
import { InvalidValue } from '../../../../src/notation/invalid-value.ts';

describe('the URL of a Redis', () => {
  it('has the usual port and database unless it says otherwise', () => {
    assert.deepEqual(parseRedisUrl('redis://cache.example'), {
      host: 'cache.example',
      port: 6379,
      tls: false,
      username: undefined,
      password: undefined,
      db: 0,
      shown: 'redis://cache.example',
    });
  });

  it('may have user, password, port, database and TLS, and shows no password', () => {
    assert.deepEqual(parseRedisUrl('rediss://app:p%40ss%3Aw@[::1]:6380/3'), {
      host: '::1',
      port: 6380,
      tls: true,
      username: 'app',
      password: 'p@ss:w',
      db: 3,
      shown: 'rediss://app:•••@[::1]:6380/3',
    });
    const { username, password } = parseRedisUrl('redis://:100%@localhost/');
    assert.deepEqual([username, password], [undefined, '100%']);
  });

  const wrong: readonly [url: string, message: RegExp][] = [
    ['localhost:6379', /^"localhost:6379" is no URL of a Redis$/],
    ['http://localhost', /is no URL of a Redis$/],
    ['redis', /is no URL of a Redis$/],
    ['redis://', /names no host$/],
    ['redis://:secret@', /^"redis:\/\/:•••@" (names no host|is no URL of a Redis)$/],
    ['redis://localhost/one', /must end in the number of a database, or in nothing$/],
    ['redis://:secret@localhost/1/2', /^"redis:\/\/:•••@localhost\/1\/2" must end/],
    ['redis://localhost?family=6', /has a query/],
  ];
  for (const [url, message] of wrong) {
    it(`is not ${url}`, () => {
      assert.throws(
        () => parseRedisUrl(url),
        (error) =>
          error instanceof InvalidValue &&
          message.test(error.message) &&
          /rediss:\/\//.test(error.hint ?? ''),
      );
    });
  }
});
