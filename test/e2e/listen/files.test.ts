import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const command = fileURLToPath(new URL('../../../bin/ssekit.js', import.meta.url));
const STREAM = 'id: 1\ndata: x\n\n';

const folder = mkdtempSync(join(tmpdir(), 'ssekit-files-'));
after(() => rmSync(folder, { recursive: true }));
writeFileSync(join(folder, 'in.txt'), STREAM);
symlinkSync('in.txt', join(folder, 'link'));
symlinkSync('.', join(folder, 'sub'));

/** A line of a shell, in which `ssekit` is the built command, in the folder of these tests. */
function shell(line: string): Promise<{ code: number; stdout: string; stderr: string }> {
  const words = ['-c', `ssekit() { "$NODE" "$COMMAND" "$@"; }; ${line}`];
  const env = { PATH: process.env.PATH ?? '', NODE: process.execPath, COMMAND: command };
  return new Promise((resolve) => {
    execFile('sh', words, { cwd: folder, env, timeout: 20_000 }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? -1), stdout, stderr });
    });
  });
}

/** Two ways to one file, and what the message names. */
const SHARED: readonly (readonly [line: string, flag: string, other: string])[] = [
  ['ssekit listen - --record p --junit p < in.txt', '--junit p', '--record'],
  ['ssekit listen - --record p --junit sub/p < in.txt', '--junit sub/p', '--record'],
  ['ssekit listen - --record p --state ./p < in.txt', '--state ./p', '--record'],
  ['ssekit listen --from in.txt --record in.txt', '--record in.txt', '--from'],
  ['ssekit listen --from in.txt --junit link', '--junit link', '--from'],
  ['ssekit listen --from link --state in.txt', '--state in.txt', '--from'],
  ['ssekit listen - --record in.txt < in.txt', '--record in.txt', 'standard input'],
  ['ssekit listen --from - --junit in.txt < in.txt', '--junit in.txt', 'standard input'],
  ['ssekit listen --from in.txt --record /dev/stdout > out', '--record /dev/stdout', 'standard output'],
  ['ssekit listen --from in.txt --junit out > out', '--junit out', 'standard output'],
];

describe('the files of a run', () => {
  for (const [line, flag, other] of SHARED) {
    test(`are not written over: ${line}`, async () => {
      const { code, stderr } = await shell(line);
      assert.equal(code, 2, stderr);
      assert.ok(stderr.startsWith(`ssekit: ${flag}: this is the file `), stderr);
      assert.match(stderr, new RegExp(` ${other}\\b`));
      assert.equal(readFileSync(join(folder, 'in.txt'), 'utf8'), STREAM);
      assert.ok(!readdirSync(folder).includes('p'));
    });
  }

  test('may all be the device that keeps nothing, or a pipe', async () => {
    const { code, stdout, stderr } = await shell(
      'ssekit listen --from in.txt -s --record /dev/stdout --junit /dev/null | cat; ' +
        'ssekit listen --from in.txt -s --record /dev/null --junit /dev/null > /dev/null',
    );
    assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
    assert.match(stdout, /"type":"event"/);
  });

  for (const flag of ['--record', '--junit', '--state']) {
    test(`have a name: ${flag} -`, async () => {
      const { code, stderr } = await shell(`ssekit listen - ${flag} - < in.txt`);
      assert.equal(code, 2);
      assert.match(stderr, new RegExp(`^ssekit: ${flag}: "-" is no file.*\\n.*\\./-`));
      assert.ok(!readdirSync(folder).includes('-'));
    });
  }

  test('are named once', async () => {
    for (const flag of ['--record', '--junit', '--state', '--from', '--diff', '--exec']) {
      const { code, stderr } = await shell(`ssekit listen ${flag} in.txt ${flag} b`);
      assert.equal(code, 2);
      assert.match(stderr, new RegExp(`^ssekit: ${flag}: it is given twice: "in.txt" and "b"`));
    }
  });
});
