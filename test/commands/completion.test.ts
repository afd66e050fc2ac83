import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { PassThrough, Readable } from 'node:stream';
import { before, test } from 'node:test';
import { run } from '../../src/commands/completion.ts';
import { assertUsageError } from './flags/rejection.ts';

async function script(...argv: string[]): Promise<string> {
  const stdout = new PassThrough({ encoding: 'utf8' });
  const code = await run(argv, { stdin: Readable.from([]), stdout, stderr: new PassThrough(), env: {} });
  assert.equal(code, 0);
  return stdout
    .end()
    .toArray()
    .then((chunks) => chunks.join(''));
}

let bash = '';
before(async () => {
  bash = await script('bash');
});

/** What a real bash offers for the last of the words. */
function completions(...words: string[]): string[] {
  const quoted = words.map((word) => `'${word}'`).join(' ');
  const test = `${bash}\nCOMP_WORDS=(${quoted}); COMP_CWORD=${words.length - 1}; _ssekit; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const output = execFileSync('bash', ['--norc', '-c', test], { encoding: 'utf8', cwd: import.meta.dirname });
  return output.split('\n').filter((line) => line !== '');
}

test('bash accepts the script without complaint', () => {
  execFileSync('bash', ['-n'], { input: bash });
});

test('bash completes commands', () => {
  assert.deepEqual(completions('ssekit', 'li'), ['listen']);
  assert.deepEqual(completions('ssekit', 'help', 'comp'), ['completion']);
});

test('bash completes flags', () => {
  assert.deepEqual(completions('ssekit', 'listen', '--fo'), ['--for', '--follow', '--format']);
  assert.deepEqual(completions('ssekit', 'listen', '--data-u'), ['--data-urlencode']);
  assert.deepEqual(completions('ssekit', 'listen', '--he'), ['--header', '--help']);
});

test('bash completes the values that a flag takes', () => {
  assert.deepEqual(completions('ssekit', 'listen', '--format', 'r'), ['raw']);
  assert.deepEqual(completions('ssekit', 'listen', '--color', ''), ['auto', 'always', 'never']);
  assert.deepEqual(completions('ssekit', 'completion', ''), ['bash', 'zsh', 'fish']);
});

test('bash completes files after flags that name one, and nothing after a number', () => {
  assert.deepEqual(completions('ssekit', 'listen', '--state', 'completion.t'), ['completion.test.ts']);
  assert.deepEqual(completions('ssekit', 'listen', '--max-events', ''), []);
});

test('flags that have no effect are not offered', () => {
  for (const flag of ['--no-buffer', '--location']) {
    assert.deepEqual(completions('ssekit', 'listen', flag), [], flag);
  }
});

test('every shell knows every flag', async () => {
  for (const shell of ['bash', 'zsh', 'fish']) {
    const text = await script(shell);
    for (const flag of ['idle-timeout', 'http2-prior-knowledge', 'bearer-env', 'no-summary', 'help']) {
      assert.ok(text.includes(flag), `${shell}: ${flag}`);
    }
  }
});

test('a shell that is missing or unknown is refused with those there are', async () => {
  await assertUsageError(() => script(), /the shell is missing\nWrite one of: bash, zsh, fish/);
  await assertUsageError(() => script('tcsh'), /"tcsh" is not a shell/);
});
