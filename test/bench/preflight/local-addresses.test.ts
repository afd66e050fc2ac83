import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseLocalAddresses } from '../../../src/bench/preflight/local-addresses.ts';
import { InvalidValue } from '../../../src/notation/invalid-value.ts';

describe('a list of source addresses', () => {
  const read: [text: string, addresses: string[]][] = [
    ['10.0.0.5', ['10.0.0.5']],
    ['10.0.0.5, 10.0.0.9', ['10.0.0.5', '10.0.0.9']],
    ['10.0.0.254-10.0.1.1', ['10.0.0.254', '10.0.0.255', '10.0.1.0', '10.0.1.1']],
    ['192.168.0.1 - 192.168.0.2', ['192.168.0.1', '192.168.0.2']],
    ['10.0.0.5-10.0.0.5', ['10.0.0.5']],
    ['::1,[2001:db8::2],fe80::1%eth0', ['::1', '2001:db8::2', 'fe80::1%eth0']],
    ['10.0.0.2,10.0.0.1-10.0.0.3', ['10.0.0.2', '10.0.0.1', '10.0.0.3']],
  ];
  for (const [text, addresses] of read) {
    test(`${text} is ${addresses.join(' ')}`, () => assert.deepEqual(parseLocalAddresses(text), addresses));
  }

  test('may have 65,536 addresses, and no more', () => {
    assert.equal(parseLocalAddresses('10.0.0.0-10.0.255.255').length, 65_536);
    assert.throws(() => parseLocalAddresses('10.0.0.0-10.1.0.0'), /more than 65,536/);
    assert.throws(() => parseLocalAddresses('10.0.0.0-10.0.255.255,10.2.0.0'), /more than 65,536/);
    assert.throws(() => parseLocalAddresses('1.0.0.0-223.255.255.255'), /more than 65,536/);
  });

  const refused: [text: string, message: RegExp][] = [
    ['', /lacks an address/],
    ['10.0.0.1,,10.0.0.2', /lacks an address/],
    ['eth0', /"eth0" is not an IP address/],
    ['10.0.0.256', /"10\.0\.0\.256" is not an IP address/],
    ['10.0.0.1-20', /"20" is not an IP address/],
    ['10.0.0.1-10.0.0.2-10.0.0.3', /is not an IP address/],
    ['10.0.0.9-10.0.0.1', /ends before it begins/],
    ['::1-::5', /only IPv4 has ranges/],
    ['10.0.0.0/24', /is not an IP address/],
    ['0.0.0.0', /any address/],
    ['224.0.0.1', /no address of one machine/],
    ['223.0.0.1-224.0.0.1', /no address of one machine/],
  ];
  for (const [text, message] of refused) {
    test(`${JSON.stringify(text)} is refused`, () => {
      assert.throws(
        () => parseLocalAddresses(text),
        (error) => error instanceof InvalidValue && message.test(error.message),
      );
    });
  }
});
