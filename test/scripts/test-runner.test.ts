import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const green = "import { test } from 'node:test'; test('adds up', () => {});";

describe('npm test', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(root, 'test/scripts/files-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
    env = process.env;
  });

  let env = process.env;
  function npmTest(files: Record<string, string>, ...args: string[]) {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const command = ['--import', 'tsx', 'scripts/test.ts', '--dir', folder, ...args];
    const { status, stdout, stderr } = spawnSync(process.execPath, command, {
      cwd: root,
      encoding: 'utf8',
      env,
    });
    return { status, stdout, stderr };
  }

  test("passes when every file ran a test, and closes with Node's own count", () => {
    const { status, stdout, stderr } = npmTest({ 'a.test.ts': green, 'b.test.ts': green, 'c.ts': 'throw 1' });
    assert.equal(stderr, '');
    assert.equal(status, 0);
    assert.match(stdout, /adds up/);
    assert.match(stdout, /tests 2\n/);
    assert.match(stdout, /pass 2\n/);
  });

  test('runs only the files whose path contains an argument', () => {
    const { stdout } = npmTest(
      { 'a.test.ts': green, 'b.test.ts': green, 'c.test.ts': green },
      'b.te',
      'c.te',
    );
    assert.match(stdout, /tests 2\n/);
  });

  test('runs on another Node what lies on Node itself', () => {
    const files = { 'cli.test.ts': green, 'b.test.ts': green };
    assert.match(npmTest(files, '--another-node').stdout, /tests 1\n/);
    assert.match(npmTest(files).stdout, /tests 2\n/);
  });

  test('draws the same cases for properties where a seed is given, and others where none is', () => {
    const drawing = [
      "import { test } from 'node:test'; import fc from 'fast-check';",
      "test('draws', () => { console.log('drawn ' + JSON.stringify(fc.sample(fc.nat(), 20))); });",
    ].join('\n');
    const drawn = (SSEKIT_PROPERTY_SEED?: string) => {
      env = { ...process.env, SSEKIT_PROPERTY_SEED };
      const { stdout } = npmTest({ 'a.test.ts': drawing });
      return /drawn .*/.exec(stdout)?.[0] ?? assert.fail(stdout);
    };
    assert.equal(drawn('7'), drawn('7'));
    assert.notEqual(drawn('7'), drawn('8'));
    assert.notEqual(drawn(), drawn());
  });

  test('fails when nothing matches', () => {
    const { status, stderr } = npmTest({ 'a.test.ts': green }, 'other');
    assert.equal(status, 1);
    assert.match(stderr, /no test file in .* matches other/);
  });

  test('fails when a test fails', () => {
    const red = "import { test } from 'node:test'; test('is red', () => { throw new Error('no'); });";
    const { status, stderr } = npmTest({ 'a.test.ts': green, 'b.test.ts': red });
    assert.equal(status, 1);
    assert.match(stderr, /1 failed/);
  });

  test('fails when a file cannot be loaded', () => {
    assert.equal(npmTest({ 'a.test.ts': green, 'b.test.ts': "import './missing.ts';" }).status, 1);
  });

  test('fails when a listed file registers no test, though Node calls that a pass', () => {
    const { status, stdout, stderr } = npmTest({ 'a.test.ts': green, 'b.test.ts': 'export {};' });
    assert.match(stdout, /fail 0\n/);
    assert.equal(status, 1);
    assert.match(stderr, /b\.test\.ts ran no test/);
  });

  test('counts tests that a listed file imports as its own', () => {
    const { status, stderr } = npmTest({ 'a.test.ts': "import './cases.ts';", 'cases.ts': green });
    assert.deepEqual({ status, stderr }, { status: 0, stderr: '' });
  });

  test('fails when a file exits before its tests', () => {
    const { status, stderr } = npmTest({ 'a.test.ts': green, 'b.test.ts': `process.exit(0); ${green}` });
    assert.equal(status, 1);
    assert.match(stderr, /b\.test\.ts ran no test/);
  });

  test('fails when every test was skipped', () => {
    const skipped = "import { test } from 'node:test'; test('later', { skip: 'no runtime' }, () => {});";
    const { status, stderr } = npmTest({ 'a.test.ts': skipped });
    assert.equal(status, 1);
    assert.match(stderr, /no test was executed/);
  });

  test('ends a file that hangs', () => {
    const hangs =
      "import { test } from 'node:test'; test('hangs', () => new Promise(() => setInterval(() => {}, 1e3)));";
    const { status, stderr } = npmTest({ 'a.test.ts': hangs, 'b.test.ts': green }, '--timeout', '3');
    assert.equal(status, 1);
    assert.match(stderr, /\d failed/);
  });
});
