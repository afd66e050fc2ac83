import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { startMock } from '../../harness/mock.ts';

const page = readFileSync(new URL('../../../../docs/ci.md', import.meta.url), 'utf8');
const command = fileURLToPath(new URL('../../../../bin/ssekit.js', import.meta.url));

/** Where the recipes run: a folder that has `ssekit` and `npx` as a machine with ssekit has them. */
const folder = mkdtempSync(join(tmpdir(), 'ssekit-ci-'));
after(() => rmSync(folder, { recursive: true }));
writeFileSync(join(folder, 'ssekit'), `#!/bin/sh\nexec "${process.execPath}" "${command}" "$@"\n`, {
  mode: 0o755,
});
writeFileSync(join(folder, 'npx'), '#!/bin/sh\nexec "$@"\n', { mode: 0o755 });

/** The text of a recipe by its heading: the first block of code, in its language. */
function recipe(heading: string): { language: string; code: string } {
  const section = page.split(/^## /m).find((each) => each.startsWith(heading)) ?? '';
  const [, language = '', code = ''] = /^```(\w+)\n([\s\S]*?)^```/m.exec(section) ?? [];
  return { language, code };
}

/** Every command of ssekit in a recipe, as its shell gets it. */
function commandsOf(heading: string): string[] {
  const { language, code } = recipe(heading);
  const lines = language === 'sh' ? [code] : textsIn(parse(code));
  return lines.filter((line) => /\bssekit listen\b/.test(line));
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** Runs a command as written, but for where the server is. */
function runRecipe(line: string, origin: string): Promise<{ code: number; stdout: string; stderr: string }> {
  const text = line.replaceAll('http://localhost:3000/', origin);
  assert.notEqual(text, line, 'the recipe asks the server of the page');
  const env = { PATH: `${folder}:${dirname(process.execPath)}:${process.env.PATH ?? ''}` };
  return new Promise((resolve) => {
    execFile('sh', ['-c', text], { cwd: folder, env, timeout: 60_000 }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

async function onlyCommand(test: TestContext, heading: string, flags: readonly string[]) {
  const [line = '', ...others] = commandsOf(heading);
  assert.equal(others.length, 0, `one command in "${heading}"`);
  const { url } = await startMock(test, ...flags);
  return runRecipe(line, url);
}

const ORDERS = ['--event', 'order', '--data', '{"id":{{n}}}', '--interval', '50ms'];

const RECIPES: [heading: string, good: string[], bad: string[], code: number, said: RegExp][] = [
  [
    'GitHub Actions',
    ORDERS,
    [...ORDERS, '--fault', 'dup@2'],
    10,
    /no duplicates · FAIL · event 3: 2 came before/,
  ],
  ['GitLab CI', ORDERS, [...ORDERS, '--fault', 'stall@2'], 10, /gap<5s · FAIL · nothing for 5000 ms/],
  [
    'A health check in a shell',
    ORDERS,
    ['--fault', 'status=503'],
    1,
    /^orders stream: ssekit: 2 of 2 expectations failed: status==200 \(503\)/,
  ],
  ['Docker Compose', ORDERS, ['--fault', 'truncate@1'], 1, /first-event<5s \(no event came\)/],
  [
    'An LLM endpoint',
    ['--preset', 'openai'],
    ['--preset', 'openai', '--fault', 'no-done'],
    10,
    /data == "\[DONE\]" \(in none of \d+ events/,
  ],
];

describe('the page on CI', () => {
  for (const [heading, good, bad, code, said] of RECIPES) {
    test(`${heading}: passes on a stream that is well`, async (t) => {
      const { code, stdout, stderr } = await onlyCommand(t, heading, good);
      assert.equal(code, 0, stdout + stderr);
    });

    test(`${heading}: fails on one that is not, and says why`, async (t) => {
      const outcome = await onlyCommand(t, heading, bad);
      assert.equal(outcome.code, code, outcome.stdout + outcome.stderr);
      assert.match(outcome.stdout + outcome.stderr, said);
    });
  }

  test('keeps the JUnit report that it promises', async (t) => {
    await onlyCommand(t, 'GitLab CI', ORDERS);
    assert.match(
      readFileSync(join(folder, 'stream.xml'), 'utf8'),
      /<testcase classname="listen" name="first-event&lt;2s"/,
    );
  });

  test('has no recipe that nobody runs', () => {
    const headings = [...page.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading);
    assert.deepEqual(
      headings,
      RECIPES.map(([heading]) => heading),
    );
  });
});
