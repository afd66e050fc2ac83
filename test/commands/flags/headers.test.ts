import assert from 'node:assert/strict';
import { test } from 'node:test';
import { filterAcceptEncoding } from '../../../src/commands/flags/accept-encoding.ts';
import { parseCookie } from '../../../src/commands/flags/cookie.ts';
import { mergeHeaders, parseHeader, readHeaderFiles } from '../../../src/commands/flags/headers.ts';
import { assertInvalid } from '../../notation/rejection.ts';
import { assertUsageError } from './rejection.ts';

const DEFAULTS = [
  ['Accept', 'text/event-stream'],
  ['User-Agent', 'ssekit/1'],
] as const;

const merged = (...lines: string[]) => mergeHeaders(DEFAULTS, lines.map(parseHeader));

test('a header is a name, a colon and a value without the space around it', () => {
  assert.deepEqual(parseHeader('X-Name:  a: b '), { kind: 'set', name: 'X-Name', value: 'a: b' });
});

test('a name with a colon and no value removes the header', () => {
  assert.deepEqual(parseHeader('Accept:'), { kind: 'remove', name: 'Accept' });
  assert.deepEqual(merged('user-agent:').headers, [DEFAULTS[0]]);
});

test('a name with a semicolon sends the header empty', () => {
  assert.deepEqual(parseHeader('X-Empty;'), { kind: 'set', name: 'X-Empty', value: '' });
  assert.deepEqual(merged('Accept;').headers, [DEFAULTS[1], ['Accept', '']]);
});

test('a header of the user replaces the default of that name, whatever the case', () => {
  assert.deepEqual(merged('accept: */*').headers, [DEFAULTS[1], ['accept', '*/*']]);
});

test('a header given twice is sent twice', () => {
  assert.deepEqual(merged('X: 1', 'X: 2').headers.slice(2), [
    ['X', '1'],
    ['X', '2'],
  ]);
});

test('headers of the connection that a line was copied from are left out with a note', () => {
  const names = [
    'Connection',
    'keep-alive',
    'Transfer-Encoding',
    'Upgrade',
    'Expect',
    'Content-Length',
    ':authority',
  ];
  for (const name of names) {
    const { headers, notes } = merged(`${name}: x`);
    assert.deepEqual(headers, DEFAULTS, name);
    assert.match(notes.join(), new RegExp(`${name} is left out`));
  }
});

test('a host header is kept: it chooses among the sites of a server', () => {
  assert.deepEqual(merged('Host: example.com').headers.at(-1), ['Host', 'example.com']);
});

test('a value that would end the line is refused', () => {
  assertInvalid(() => parseHeader('X: a\r\nY: b'), /the value of X contains a line break/);
  assertInvalid(() => parseHeader('X: a\0'), /control character/);
});

test('what is no header is refused with the forms there are', () => {
  assertInvalid(() => parseHeader('text/plain'), /is not a header\nWrite 'Name: value'/);
  assertInvalid(() => parseHeader('My Name: x'), /"My Name" is not a header name/);
});

test('a file gives a header a line, in the place of the flag', async () => {
  const files = { read: async () => Buffer.from('A: 1\r\n\nB;\n') };
  const edits = await readHeaderFiles([parseHeader('@h.txt'), parseHeader('C: 3')], files);
  assert.deepEqual(edits, [
    { kind: 'set', name: 'A', value: '1' },
    { kind: 'set', name: 'B', value: '' },
    { kind: 'set', name: 'C', value: '3' },
  ]);
});

test('a wrong line of a header file is reported with the file', async () => {
  const files = { read: async () => Buffer.from('nonsense\n') };
  await assertUsageError(
    () => readHeaderFiles([parseHeader('@h.txt')], files),
    /--header @h.txt, line 1: not a header/,
  );
});

test('encodings that can not be decoded are taken out of a pasted header, with a note', () => {
  const filter = (value: string) =>
    filterAcceptEncoding([['accept-encoding', value]], ['gzip', 'deflate', 'br']);
  assert.deepEqual(filter('gzip, deflate, br, zstd').headers, [['accept-encoding', 'gzip, deflate, br']]);
  assert.match(filter('gzip, zstd').notes.join(), /zstd is left out/);
  assert.deepEqual(filter('gzip;q=0.5, identity').headers, [['accept-encoding', 'gzip;q=0.5, identity']]);
  assert.deepEqual(filter('zstd').headers, []);
  assert.deepEqual(filter('gzip').notes, []);
});

test('a cookie is text with an equals sign; anything else would be a file', () => {
  assert.equal(parseCookie('a=1; b=2'), 'a=1; b=2');
  assertInvalid(() => parseCookie('cookies.txt'), /would be a cookie file.*not read/);
});
