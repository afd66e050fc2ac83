import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { line, recordingFile } from '../../recording/recording-files.ts';
import { type Outcome, runCli } from '../harness/cli.ts';
import { rawServer } from '../harness/raw-server.ts';
import { chunk, LAST_CHUNK, streamHead } from '../harness/wire.ts';

/** A folder with a config file that nobody named. */
function folderWith(t: TestContext, config: unknown): string {
  const folder = mkdtempSync(join(tmpdir(), 'ssekit-config-'));
  t.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(
    join(folder, 'ssekit.config.json'),
    typeof config === 'string' ? config : JSON.stringify(config),
  );
  return folder;
}

const notes = ({ stderr }: Outcome): string[] =>
  stderr.split('\n').filter((line) => line.startsWith('note: '));

async function streamServer(t: TestContext) {
  return rawServer(t, async (client) => {
    await client.request();
    await client.write(`${streamHead.chunked}${chunk('data: x\n\n')}${LAST_CHUNK}`);
    client.finish();
  });
}

describe('a config file in the working directory', { concurrency: 2 }, () => {
  test('sets defaults, and one note says which, on standard error', async (t) => {
    const cwd = folderWith(t, { header: ['X-Team: a'], listen: { format: 'data' } });
    const server = await streamServer(t);
    const outcome = await runCli(['listen', server.url], { cwd });
    assert.equal(outcome.stdout, 'x\n');
    assert.equal(server.requests[0]?.header('x-team'), 'a');
    assert.deepEqual(notes(outcome), [
      'note: ssekit.config.json, found in this directory, sets format, header',
    ]);
  });

  test('gives way to a flag of the command line that contradicts it', async (t) => {
    const cwd = folderWith(t, { listen: { wire: true, event: 'message', format: 'raw' } });
    const sent = { cwd, stdin: 'data: {"a":1}\n\n' };
    const joined = await runCli(['listen', '-', '-s', '--join', 'a'], sent);
    assert.deepEqual([joined.code, joined.stdout], [0, '1']);
    const recording = recordingFile(t, [line.open(), line.event('{"a":1}'), line.close('eof')]);
    const again = await runCli(['listen', '--from', recording, '-s', '--join', 'a'], { cwd });
    assert.deepEqual([again.code, again.stdout], [0, '1'], again.stderr);
    const compared = await runCli(['listen', '--from', recording, '--diff', recording], { cwd });
    assert.match(compared.stdout, /^the same 1 event;/);
    const raw = await runCli(['listen', '-', '-s', '--format', 'raw'], sent);
    assert.deepEqual([raw.code, raw.stdout], [0, sent.stdin]);
  });

  test('may not send the request elsewhere, trust more, show secrets or touch files, and the note says so', async (t) => {
    const guarded = {
      proxy: 'http://127.0.0.1:9',
      noproxy: 'a',
      'connect-to': '::127.0.0.1:9',
      resolve: '*:*:127.0.0.9',
      'unix-socket': '/nowhere',
      insecure: true,
      cacert: '/nowhere',
      cert: '/nowhere',
      key: '/nowhere',
      'show-secrets': true,
      state: 'state.txt',
      'bearer-file': '/etc/hostname',
      'bearer-env': 'HOME',
      data: '@/etc/hostname',
      'data-binary': '@/etc/hostname',
      'data-urlencode': 'a@/etc/hostname',
      json: '@/etc/hostname',
    };
    const cwd = folderWith(t, { ...guarded, header: ['@/etc/hostname', 'X-Team: a'] });
    const server = await streamServer(t);
    const outcome = await runCli(['listen', server.url], { cwd });
    assert.equal(outcome.code, 0, outcome.stderr);
    assert.equal(server.requests[0]?.method, 'GET');
    assert.equal(server.requests[0]?.header('x-team'), 'a');
    assert.equal(server.requests[0]?.header('authorization'), undefined);
    const names = [...Object.keys(guarded), 'header'].join(', ');
    assert.deepEqual(notes(outcome), [
      `note: ssekit.config.json, found in this directory, sets header; it may not set ${names} unless named: --config ssekit.config.json`,
    ]);
  });

  test('may set all of it where it is named, and needs no note then', async (t) => {
    const cwd = folderWith(t, { 'connect-to': '::127.0.0.1:9' });
    const outcome = await runCli(['listen', 'http://127.0.0.1:1/', '--config', 'ssekit.config.json'], {
      cwd,
    });
    assert.match(outcome.stderr, /refused by 127\.0\.0\.1:9/);
    assert.deepEqual(notes(outcome), []);
  });

  test('that changes nothing is not mentioned', async (t) => {
    const server = await streamServer(t);
    for (const config of [{}, { format: 'data' }, { bench: { connections: 5 } }]) {
      const cwd = folderWith(t, config);
      const outcome = await runCli(['listen', server.url, '--format', 'ndjson'], { cwd });
      assert.deepEqual(notes(outcome), []);
    }
  });

  test('is not mentioned with -s, and can not ask for that itself', async (t) => {
    const server = await streamServer(t);
    const cwd = folderWith(t, { silent: true, insecure: true });
    assert.equal((await runCli(['listen', server.url, '-s'], { cwd })).stderr, '');
    const outcome = await runCli(['listen', server.url], { cwd });
    assert.deepEqual(notes(outcome), [
      'note: ssekit.config.json, found in this directory, sets silent; it may not set insecure unless named: --config ssekit.config.json',
    ]);
  });

  test('is no concern of completion, help and version', async (t) => {
    for (const config of [{ 'idle-timeout': '30s' }, { wrong: 1 }, '{']) {
      const cwd = folderWith(t, config);
      for (const words of [['completion', 'bash'], ['help', 'listen'], ['listen', '--help'], ['--version']]) {
        const { code, stderr } = await runCli(words, { cwd });
        assert.deepEqual({ code, stderr }, { code: 0, stderr: '' }, words.join(' '));
      }
    }
  });

  test('that can not be read is named as what it is', async (t) => {
    const cwd = folderWith(t, '{');
    const { code, stderr } = await runCli(['listen', 'demo:'], { cwd });
    assert.equal(code, 2);
    assert.match(stderr, /^ssekit: ssekit\.config\.json is not JSON/);
  });
});
