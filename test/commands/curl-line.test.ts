import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { parseLine } from '../../src/commands/command-line.ts';
import { curlLine } from '../../src/commands/curl-line.ts';
import type { ListenFlags } from '../../src/commands/flags/listen-flags.ts';
import { buildRequest } from '../../src/commands/flags/request.ts';
import { shape } from '../../src/commands/listen.ts';
import { parseTarget } from '../../src/commands/target.ts';
import { shellWords } from './shell-words.ts';

const FILES: Record<string, Buffer> = { bin: Buffer.from([0, 0xff, 0x41, 0x27, 0x5c, 0x25, 0x0a]) };

async function read(argv: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const line = await parseLine<ListenFlags>(shape(), argv, {});
  assert.ok(line);
  const target = parseTarget(line.words.at(-1) ?? '');
  assert.ok(target.kind === 'http');
  const files = { read: async (path: string) => FILES[path] ?? assert.fail(`read ${path}`) };
  return { flags: line.flags, built: await buildRequest(target, line.flags, { env, files }) };
}

async function print(argv: readonly string[], { mask = false, env = {} } = {}): Promise<string> {
  const { flags, built } = await read(argv, env);
  return curlLine(built.request, {
    lastEventId: flags.lastEventId ?? built.lastEventId,
    flags,
    include: flags.include ?? false,
    maxTimeMs: flags.maxTime ?? 0,
    mask,
  });
}

test('the printed line, pasted into a shell, asks for the same request', async () => {
  const argv = [
    ['-H', 'X-Quote: it\'s $HOME `id` "x" \\'],
    ['-H', 'X-Empty;'],
    ['-H', 'Host: other.example'],
    ['-A', ''],
    ['-X', 'PUT'],
    ['--data-raw', "@it's\nü"],
    ['-u', 'me:pass'],
    ['-b', 'a=1'],
    ['--compressed'],
    ['--max-redirs', '-1'],
    ['--http2'],
    ['-4'],
    ['--resolve', 'host:443:127.0.0.1,[::1]'],
    ['--connect-to', 'host:443:[::1]:8443'],
    ['--connect-timeout', '1.5'],
    ['-k'],
    ['--last-event-id', "7'; rm -rf ~"],
  ].flat();
  const original = (await read([...argv, "https://host/a?b=1&c='"])).built;
  const words = shellWords(await print([...argv, "https://host/a?b=1&c='"]));
  assert.equal(words[0], 'curl');
  // The URL stands behind -N.
  const again = (await read([...words.slice(3), words[2] ?? ''])).built;
  assert.deepEqual(again.request, original.request);
  assert.equal(again.lastEventId, "7'; rm -rf ~");
});

test('a proxy of the environment is written into the line, its port too', async () => {
  const line = await print(['http://host/'], { env: { HTTP_PROXY: 'http://u:p@proxy:80' } });
  assert.match(line, /-x http:\/\/u:p@proxy:80$/);
  assert.doesNotMatch(await print(['http://host/'], { env: { HTTP_PROXY: 'p', NO_PROXY: 'host' } }), /-x/);
});

test('a body of bytes is printed through a pipe', async () => {
  const line = await print(['--data-binary', '@bin', 'http://host/']);
  const command = /^(printf '[^']*') \| curl .* --data-binary @-/.exec(line)?.[1] ?? assert.fail(line);
  assert.deepEqual(execFileSync('sh', ['-c', command]), FILES.bin);
});

test('--mask hides credentials in headers, URL, proxy and certificate', async () => {
  const argv = [
    ['-u', 'me:hunter2'],
    ['-b', 'sid=hunter2'],
    ['-H', 'X-Api-Key: hunter2'],
    ['-x', 'http://u:hunter2@proxy:1'],
    ['http://host/?token=hunter2&room=1'],
  ].flat();
  assert.match(await print(argv), /hunter2/);
  const masked = await print(argv, { mask: true });
  assert.doesNotMatch(masked, /hunter2|aHVudGVyMg|bWU6/);
  assert.match(masked, /room=1/);
});

test('--mask hides credentials in a body, and the whole body where nobody can tell', async () => {
  const json = ['--json', '{"user":"me","password":"hunter2"}', 'http://host/'];
  assert.match(await print(json, { mask: true }), /--data-binary '\{"user":"me","password":"•••"\}'/);
  const form = ['-d', 'user=me', '-d', 'password=hunter2', 'http://host/'];
  assert.match(await print(form, { mask: true }), /--data-binary 'user=me&password=•••'/);
  for (const body of ['hunter2', '@bin']) {
    const line = await print(['--data-binary', body, 'http://host/'], { mask: true });
    assert.match(line, /^curl .* --data-binary '•••'/);
  }
});

test('removed defaults are removed from curl too', async () => {
  const line = await print([
    '-H',
    'Accept:',
    '-H',
    'User-Agent:',
    '-H',
    'Content-Type:',
    '-d',
    'x',
    'http://host/',
  ]);
  for (const name of ['Accept', 'User-Agent', 'Content-Type'])
    assert.match(line, new RegExp(`-H '?${name}:'?( |$)`));
});

test('brackets in a URL are no patterns of curl', async () => {
  assert.match(await print(['http://host/?ids[]=1']), / -g /);
  assert.doesNotMatch(await print(['http://[::1]/x']), / -g /);
});
