import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { runCommand, tail } from '../../harness/command.ts';
import { rawServer } from '../../harness/raw-server.ts';
import { answer } from '../../harness/wire.ts';
import { listenToMock } from './mock-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'ssekit-junit-'));
after(() => rmSync(folder, { recursive: true }));

/** Test cases of a file: name and what is inside. */
function cases(path: string): { name: string; outcome: string }[] {
  const xml = readFileSync(path, 'utf8');
  return [...xml.matchAll(/<testcase[^>]* name="([^"]*)"[^>]*>\s*<(failure|skipped|system-out)/g)].map(
    ([, name = '', outcome = '']) => ({ name, outcome }),
  );
}

describe('--junit', () => {
  const mock = listenToMock();

  test('has a test case for the run and one for each rule, also where the run fails', async () => {
    const path = join(folder, 'result.xml');
    writeFileSync(path, 'of an earlier run');
    const { code } = await mock.expect(
      'interval=20ms&count=5&fault=truncate@3&token=secret',
      ['ends clean', 'count>=1', 'data.n=="&<\\""'],
      '--junit',
      path,
    );
    assert.equal(code, 10);
    assert.deepEqual(cases(path), [
      { name: 'the run ends as it should', outcome: 'failure' },
      { name: 'ends clean', outcome: 'failure' },
      { name: 'count&gt;=1', outcome: 'system-out' },
      { name: 'data.n==&quot;&amp;&lt;\\&quot;&quot;', outcome: 'failure' },
    ]);
    const xml = readFileSync(path, 'utf8');
    assert.match(
      xml,
      /<testsuite name="ssekit listen http:[^"]*token=•••" tests="4" failures="3" errors="0" skipped="0" timestamp="20\d\d-/,
    );
    assert.match(xml, /exit 18\); truncated after 2 events"/);
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.endsWith('.tmp')),
      [],
    );
  });

  test('tells how a run ended that nothing was expected of', async () => {
    const path = join(folder, 'alone.xml');
    assert.equal((await mock.expect('interval=20ms&count=5', [], '--junit', path)).code, 0);
    assert.deepEqual(cases(path), [{ name: 'the run ends as it should', outcome: 'system-out' }]);
    assert.match(readFileSync(path, 'utf8'), /<system-out>eof after 5 events</);
    assert.equal((await tail('http://127.0.0.1:9/', '--junit', path)).code, 7);
    assert.match(
      readFileSync(path, 'utf8'),
      /<failure message="connection refused by 127.0.0.1:9 \(exit 7\)/,
    );
  });

  test('has a suite of the findings where they were looked for', async () => {
    const path = join(folder, 'findings.xml');
    await mock.expect('interval=20ms&count=5&fault=null-id@2', [], '--strict', '--junit', path);
    const xml = readFileSync(path, 'utf8');
    assert.match(xml, /<testsuite name="findings in http:[^"]*" tests="[1-9]/);
    assert.match(
      xml,
      /<testcase classname="findings" name="[\w-]+" time="0.000">\s*<failure message="error, 1×: /,
    );
  });

  test('keeps the permissions of a file that it replaces', async () => {
    const path = join(folder, 'secret.xml');
    writeFileSync(path, '', { mode: 0o600 });
    await runCommand(['listen', '-', '-s', '--junit', path], { stdin: 'data: x\n\n' });
    assert.match(readFileSync(path, 'utf8'), /<testcase/);
    assert.equal(statSync(path).mode & 0o777, 0o600);
  });

  test('writes in place where nothing can stand beside the file', async () => {
    const path = join(folder, `${'n'.repeat(250)}.xml`);
    writeFileSync(path, 'of an earlier run, and longer than nothing');
    const inode = statSync(path).ino;
    const { code } = await runCommand(['listen', '-', '-s', '--junit', path], { stdin: 'data: x\n\n' });
    assert.equal(code, 0);
    assert.match(readFileSync(path, 'utf8'), /^<\?xml.*<\/testsuites>\n$/s);
    assert.equal(statSync(path).ino, inode);
  });

  test('refuses a file that can not be written before it asks a server', async (t) => {
    const server = await rawServer(t, (client) => client.left());
    for (const path of [folder, join(folder, 'none', 'a.xml')]) {
      const { code, stderr } = await tail(server.url, '--junit', path);
      assert.equal(code, 23);
      assert.match(stderr, /--junit .*: (it is a folder|ENOENT)/);
    }
    assert.equal(server.connections, 0);
  });

  test('exits 23 where it can not be written in the end, whatever else was wrong', async (t) => {
    const gone = join(folder, 'gone');
    mkdirSync(gone);
    const server = await rawServer(t, async (client) => {
      await client.request();
      rmSync(gone, { recursive: true });
      await client.write(answer('200 OK', { 'Content-Type': 'text/event-stream' }, 'data: a\n\n'));
      client.finish();
    });
    const { code, stderr } = await tail(
      server.url,
      '--expect',
      'count==2',
      '--junit',
      join(gone, 'a.xml'),
      '-s',
    );
    assert.equal(code, 23);
    assert.match(stderr, /count==2 \(1 event\)/);
    assert.match(stderr, /--junit .*ENOENT/);
    assert.equal(existsSync(gone), false);
  });
});
