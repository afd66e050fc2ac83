import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { parseLine } from '../../../src/commands/command-line.ts';
import type { ListenFlags } from '../../../src/commands/flags/listen-flags.ts';
import { shape } from '../../../src/commands/listen.ts';
import { COMMANDS } from '../../../src/commands/registry.ts';
import { assertUsageError } from './rejection.ts';

const folder = mkdtempSync(join(tmpdir(), 'ssekit-config-'));
after(() => rmSync(folder, { recursive: true }));

async function flags(config: unknown, ...argv: string[]): Promise<ListenFlags> {
  const file = join(folder, 'c.json');
  writeFileSync(file, typeof config === 'string' ? config : JSON.stringify(config));
  const line = await parseLine<ListenFlags>(shape(), ['--config', file, ...argv], COMMANDS);
  return line?.flags ?? assert.fail('help');
}

test('keys are long flag names, at the top or under the name of the command', async () => {
  const parsed = await flags({
    'idle-timeout': '30s',
    insecure: true,
    listen: { format: 'ndjson', 'max-events': 5, until: ['a', 'b'] },
  });
  assert.equal(parsed.idleTimeout, 30_000);
  assert.equal(parsed.insecure, true);
  assert.equal(parsed.format, 'ndjson');
  assert.equal(parsed.maxEvents, 5);
  assert.deepEqual(parsed.until, [/a/, /b/]);
});

test('a flag beats the file', async () => {
  const parsed = await flags(
    { format: 'ndjson', until: 'a', follow: true },
    '--format',
    'raw',
    '--until',
    'b',
  );
  assert.equal(parsed.format, 'raw');
  assert.deepEqual(parsed.until, [/b/]);
  assert.equal(parsed.follow, true);
});

test('the key of a command beats the same key at the top', async () => {
  assert.equal((await flags({ format: 'raw', listen: { format: 'data' } })).format, 'data');
});

test('a header under the name of the command replaces the one of that name at the top', async () => {
  const parsed = await flags({ header: ['X-A: top', 'X-B: top'], listen: { header: 'x-a: own' } });
  assert.deepEqual(parsed.header, [
    { kind: 'set', name: 'X-B', value: 'top' },
    { kind: 'set', name: 'x-a', value: 'own' },
  ]);
});

test('the key of a command beats another at the top that excludes it', async () => {
  assert.equal((await flags({ ipv4: true, listen: { ipv6: true } })).family, '6');
  assert.equal((await flags({ http2: true, listen: { 'http1.1': true } })).http, '1.1');
});

test('a header of the command line replaces the one of that name and keeps the others', async () => {
  const parsed = await flags({ header: ['X-A: file', 'X-B: file'] }, '-H', 'x-a: line');
  assert.deepEqual(parsed.header, [
    { kind: 'set', name: 'X-B', value: 'file' },
    { kind: 'set', name: 'x-a', value: 'line' },
  ]);
});

test('switches and their opposites are true or false', async () => {
  assert.equal((await flags({ 'no-summary': true })).summary, false);
  assert.equal((await flags({ summary: true })).summary, true);
  assert.equal((await flags({ http2: true })).http, '2');
  assert.equal((await flags({ http2: false })).http, undefined);
  assert.equal((await flags({ http2: true }, '--http1.1')).http, '1.1');
});

test('the section of another command is left to that command', async () => {
  assert.equal((await flags({ bench: { connections: 5 } })).maxEvents, undefined);
});

test('an unknown key is named with its file and the nearest flag', () =>
  assertUsageError(
    () => flags({ listen: { 'idle-timout': '3s' } }),
    /c\.json: listen\.idle-timout: no flag has this name\nDid you mean "idle-timeout"\?/,
  ));

/** As a command that has only some of the flags would read it. */
async function flagsOfAnother(config: unknown): Promise<object> {
  const file = join(folder, 'another.json');
  writeFileSync(file, JSON.stringify(config));
  const another = {
    ...shape(),
    name: 'another',
    flags: shape().flags.filter(({ long }) => long !== '--follow'),
  };
  return (await parseLine(another, ['--config', file], COMMANDS))?.flags ?? assert.fail('help');
}

test('a shared key that only other commands have is left to them, one that none has is a mistake', async () => {
  const parsed = await flagsOfAnother({ follow: true, silent: true });
  assert.ok(!('follow' in parsed) && 'silent' in parsed);
  await assertUsageError(
    () => flagsOfAnother({ folow: true }),
    /another\.json: folow: no flag has this name/,
  );
  await assertUsageError(
    () => flagsOfAnother({ another: { follow: true } }),
    /another\.json: another\.follow: no flag has this name/,
  );
});

test('a file that was named may set everything', async () => {
  const parsed = await flags({ proxy: 'proxy:1', insecure: true, header: ['@file'], state: 's' });
  assert.equal(parsed.proxy instanceof URL && parsed.proxy.host, 'proxy:1');
  assert.equal(parsed.insecure, true);
  assert.deepEqual(parsed.header, [{ kind: 'file', path: 'file' }]);
  assert.equal(parsed.state, 's');
});

test('flags of a single run are no defaults', () =>
  assertUsageError(() => flags({ curl: true }), /c\.json: curl: no flag has this name/));

test('a wrong value is named with its file and key', async () => {
  await assertUsageError(() => flags({ 'idle-timeout': 30 }), /c\.json: idle-timeout: "30" needs a unit/);
  await assertUsageError(() => flags({ follow: 'yes' }), /c\.json: follow: .*is not true or false/);
  await assertUsageError(() => flags({ format: ['raw'] }), /c\.json: format: a list is not taken here/);
  await assertUsageError(() => flags({ format: null }), /c\.json: format: "null" is not a text or number/);
  await assertUsageError(() => flags({ listen: 5 }), /c\.json: listen: "5" is not an object/);
});

test('a file that is missing or no JSON is refused', async () => {
  await assertUsageError(() => flags('{'), /c\.json is not JSON/);
  await assertUsageError(() => flags('[]'), /is not an object/);
  await assertUsageError(
    () => parseLine(shape(), ['--config', join(folder, 'none.json')], COMMANDS),
    /--config: can't read .*none\.json: there is no such file/,
  );
});
