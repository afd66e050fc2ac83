import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { needsWhen } from '../../../src/mock/faults/kind.ts';
import { FAULT_KINDS } from '../../../src/mock/faults/kinds.ts';
import { parseFault, parseFaults, parseStrike } from '../../../src/mock/faults/parse.ts';
import { assertInvalid } from '../../notation/rejection.ts';

function parsed(text: string) {
  const { text: _, ...spec } = parseFault(text);
  return spec;
}

describe('a fault', () => {
  test('is a kind, a value and a place', () => {
    assert.deepEqual(parsed('reset@3'), { kind: 'reset', when: { kind: 'event', n: 3 } });
    assert.deepEqual(parsed('delay=200ms'), { kind: 'delay', value: 200 });
    assert.deepEqual(parsed('retry=1.5s@every:10'), {
      kind: 'retry',
      value: 1500,
      when: { kind: 'every', n: 10 },
    });
  });

  test('happens at an event, a byte, a time, each so many events, or by chance', () => {
    const when = (text: string) => parseFault(`reset@${text}`).when;
    assert.deepEqual(when('4096b'), { kind: 'byte', offset: 4096 });
    assert.deepEqual(when('0b'), { kind: 'byte', offset: 0 });
    assert.deepEqual(when('64KB'), { kind: 'byte', offset: 65_536 });
    assert.deepEqual(when('1MiB'), { kind: 'byte', offset: 1024 ** 2 });
    assert.deepEqual(when('2s'), { kind: 'time', ms: 2000 });
    assert.deepEqual(when('1.5m'), { kind: 'time', ms: 90_000 });
    assert.deepEqual(when('every:10'), { kind: 'every', n: 10 });
    assert.deepEqual(when('1%'), { kind: 'chance', p: 0.01 });
    assert.deepEqual(when('0.5%'), { kind: 'chance', p: 0.005 });
  });

  test('may be for one connection, in front or behind the @', () => {
    assert.equal(parseFault('conn:2:reset@3').connection, 2);
    assert.deepEqual(parsed('reset@conn:2:3'), parsed('conn:2:reset@3'));
    assert.deepEqual(parsed('status=503@conn:1'), parsed('conn:1:status=503'));
  });

  test('remembers how it was written', () => {
    assert.equal(parseFault(' conn:1:reset@3 ').text, 'conn:1:reset@3');
  });

  test('of an unknown kind is refused with the nearest one', () => {
    assertInvalid(() => parseFault('rest@3'), /"rest" is no kind of fault\nDid you mean reset\?/);
    assertInvalid(() => parseFault('RESET@3'), /Did you mean reset\?/);
    assertInvalid(() => parseFault('explode@3'), /The kinds are status, wrong-type, .*, slow\./);
  });

  test('in the notation of other tools is refused with ours', () => {
    assertInvalid(() => parseFault('reset:3'), /Write reset@3/);
    assertInvalid(() => parseFault('drop=3'), /drop takes no VALUE.*\nWrite drop@3\./);
  });

  test('with a value that it lacks, does not take or can not use is refused', () => {
    assertInvalid(() => parseFault('delay@3'), /"delay@3" needs a VALUE: delay=D\nWrite delay=200ms@3\./);
    assertInvalid(() => parseFault('delay='), /needs a VALUE/);
    assertInvalid(() => parseFault('freeze=2s'), /"freeze=2s" needs a WHEN/);
    assertInvalid(() => parseFault('eof=now@3'), /eof takes no VALUE.*\nWrite eof@3\./);
    assertInvalid(() => parseFault('gzip=9'), /gzip takes no VALUE/);
    assertInvalid(() => parseFault('delay=fast'), /the VALUE of delay: "fast" is not a duration/);
    assertInvalid(() => parseFault('delay=5'), /the VALUE of delay: "5" needs a unit/);
    assertInvalid(() => parseFault('freeze=2m@3'), /too long: at most 1m/);
    assertInvalid(() => parseFault('status=99'), /the VALUE of status: "99" is too small: at least 200/);
    assertInvalid(() => parseFault('status=600'), /no status of an answer\nWrite one from 200 to 599/);
    assertInvalid(() => parseFault('split=utf16'), /no place to split at\nWrite utf8, crlf, or bytes:N/);
    assertInvalid(() => parseFault('split=bytes:0'), /too small: at least 1/);
    assertInvalid(() => parseFault('wrong-type=html'), /no media type/);
    assertInvalid(() => parseFault('wrong-type=text/html\r\nx: y'), /no media type/);
    assertInvalid(() => parseFault('oversize=1GB@3'), /too large: at most 64MB/);
    assertInvalid(() => parseFault('slow=1KB'), /not a rate of bytes/);
    assertInvalid(() => parseFault('buffer=0'), /too small/);
  });

  test('without the place that it needs is refused with all that there are', () => {
    assertInvalid(
      () => parseFault('reset'),
      /"reset" needs a WHEN\nWrite reset@3 for event 3; else, in place of 3, a byte \(4096b, 64KB\), a time \(2s\), every:10 or a probability \(1%\)\./,
    );
    assertInvalid(() => parseFault('conn:1:drop'), /"conn:1:drop" needs a WHEN/);
    assertInvalid(() => parseFault('reset@'), /nothing behind @/);
  });

  test('at a place that means nothing is refused', () => {
    assertInvalid(
      () => parseFault('reset@soon'),
      /the WHEN of reset: "soon" is no WHEN\nWrite an event \(3\)/,
    );
    assertInvalid(
      () => parseFault('reset@0'),
      /"0" is no event\nEvents count from 1; before the first byte is 0b/,
    );
    assertInvalid(() => parseFault('reset@-1'), /too small/);
    assertInvalid(() => parseFault('reset@101%'), /at most 100%/);
    assertInvalid(() => parseFault('reset@every:0'), /too small/);
    assertInvalid(() => parseFault('reset@every:2s'), /every: takes a number of events/);
    assertInvalid(() => parseFault('reset@3,5'), /more than one WHEN\nGive the fault once for each/);
  });

  test('at a place that makes no sense for its kind is refused with those that do', () => {
    assertInvalid(
      () => parseFault('status=503@3'),
      /status takes no event: the headers have gone before any event\nWrite status=503, conn:2:status=503 .*, or status=503@10%/,
    );
    assertInvalid(() => parseFault('late-headers=2s@1s'), /late-headers takes no time/);
    assertInvalid(
      () => parseFault('slow=1KB/s@every:2'),
      /it lasts from where it begins\nWrite slow=1KB\/s, or/,
    );
  });

  test('of a connection that can not be is refused', () => {
    assertInvalid(() => parseFault('conn:0:reset@3'), /the connection behind conn:: "0" is too small/);
    assertInvalid(() => parseFault('conn::reset@3'), /names no connection/);
    assertInvalid(() => parseFault('conn:1:reset@conn:2:3'), /names a connection twice/);
  });

  test('of no words is refused', () => {
    for (const text of ['', ' ']) assertInvalid(() => parseFault(text), /is no fault\nWrite KIND/);
    assertInvalid(() => parseFault('@3'), /names no kind of fault/);
  });

  test('of every kind parses in the example that its messages give', () => {
    for (const kind of FAULT_KINDS) {
      const { name, value } = kind;
      const text = `${name}${value === undefined ? '' : `=${value.example}`}${needsWhen(kind) ? '@3' : ''}`;
      assert.equal(parseFault(text).kind, name);
    }
  });
});

describe('faults together', () => {
  test('may be the same, or of one kind at several places', () => {
    assert.equal(
      parseFaults(['drop@3', 'drop@3', 'drop@5', 'dup@4', 'conn:2:status=500', 'status=503']).length,
      6,
    );
    assert.equal(parseFaults(['split=utf8', 'split=bytes:7', 'split=crlf']).length, 3);
  });

  test('that are drawn go side by side', () => {
    assert.equal(parseFaults(['drop@1%', 'dup@1%', 'status=500@1%', 'status=503@1%']).length, 4);
  });

  test('that can not both be done are refused', () => {
    const refused = (...texts: string[]) => assertInvalid(() => parseFaults(texts), /contradicts/);
    assertInvalid(
      () => parseFaults(['eof@3', 'reset@3']),
      /"reset@3" contradicts "eof@3"\nGive one of them another WHEN, or a connection of its own/,
    );
    refused('status=503', 'status=500');
    refused('drop@3', 'dup@3');
    refused('cr', 'split=crlf');
    refused('conn:1:delay=1s@3', 'delay=2s@conn:1:3');
  });
});

describe('a fault that a schedule strikes with', () => {
  test('needs no place', () => {
    assert.deepEqual(parseStrike('reset'), { kind: 'reset', text: 'reset' });
    assert.equal(parseStrike('conn:1:freeze=2s').value, 2000);
  });

  test('is refused with a place, and where it concerns the head', () => {
    assertInvalid(() => parseStrike('conn:1:delay=2s@3'), /has a WHEN.*\nWrite conn:1:delay=2s\./);
    assertInvalid(() => parseStrike('status=503'), /the headers have gone/);
  });
});
