import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { SseKitError } from '../../src/client/errors.ts';
import { readStateFile, StateFile } from '../../src/listen/state-file.ts';
import { until } from '../e2e/harness/until.ts';

/** Keeps long ids, each of one number over and over, as fast as it can, until it is killed. */
const WRITER = `
  import { StateFile } from ${JSON.stringify(new URL('../../src/listen/state-file.ts', import.meta.url).href)};
  for (let number = 100 + Math.floor(Math.random() * 500); ; number = number === 999 ? 100 : number + 1) {
    const state = new StateFile(process.argv[1], (error) => { throw error; });
    state.update(Array(1000).fill(number).join('-'));
    await state.close();
  }
`;

function pathIn(t: TestContext): { folder: string; path: string } {
  const folder = mkdtempSync(join(tmpdir(), 'ssekit-state-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return { folder, path: join(folder, 'state') };
}

function opened(path: string): { state: StateFile; errors: SseKitError[] } {
  const errors: SseKitError[] = [];
  return { state: new StateFile(path, (error) => errors.push(error)), errors };
}

describe('the state file', () => {
  test('that does not exist yet holds no id', (t) => {
    assert.equal(readStateFile(pathIn(t).path), '');
  });

  test('gives back the id that was kept, whatever its characters', async (t) => {
    for (const id of ['7', 'größe …', ' spaces ', '1-0', '🌍']) {
      const { path } = pathIn(t);
      const { state, errors } = opened(path);
      state.update(id);
      await state.close();
      assert.equal(readStateFile(path), id);
      assert.deepEqual(errors, []);
    }
  });

  test('written by hand may end in CRLF', (t) => {
    const { path } = pathIn(t);
    writeFileSync(path, '12\r\n');
    assert.equal(readStateFile(path), '12');
  });

  for (const [title, content] of [
    ['several lines', 'one\ntwo\n'],
    ['a NUL', 'a\0b'],
    ['more than an id can be long', 'x'.repeat(70_000)],
  ] as const) {
    test(`with ${title} is some other file, and refused`, (t) => {
      const { path } = pathIn(t);
      writeFileSync(path, content);
      assert.throws(
        () => readStateFile(path),
        (error) => error instanceof SseKitError && error.code === 'STATE_INVALID' && error.exitCode === 2,
      );
    });
  }

  test('that is a folder is refused', (t) => {
    const { folder } = pathIn(t);
    assert.throws(
      () => readStateFile(folder),
      (error) => error instanceof SseKitError && error.code === 'STATE_UNREADABLE' && error.exitCode === 2,
    );
  });

  test('is written by itself while ids come, not only at the end', async (t) => {
    const { path } = pathIn(t);
    const { state } = opened(path);
    state.update('1');
    await until(() => readStateFile(path) === '1');
    state.update('2');
    await until(() => readStateFile(path) === '2');
    await state.close();
  });

  test('holds the last of many ids, and leaves nothing beside it', async (t) => {
    const { folder, path } = pathIn(t);
    const { state } = opened(path);
    for (let id = 1; id <= 10_000; id++) state.update(String(id));
    await state.close();
    assert.equal(readStateFile(path), '10000');
    assert.deepEqual(readdirSync(folder), ['state']);
  });

  test('may be closed while a write is under way, also twice', async (t) => {
    for (let round = 0; round < 20; round++) {
      const { path } = pathIn(t);
      const { state, errors } = opened(path);
      state.update('1');
      const closing = [state.close(), state.close()];
      state.update('2');
      await Promise.all([...closing, state.close(), state.close()]);
      assert.deepEqual(errors, []);
      assert.equal(readStateFile(path), '2');
    }
  });

  test('that can not be written is told once, with what to look for', async (t) => {
    const { folder } = pathIn(t);
    const { state, errors } = opened(join(folder, 'missing', 'state'));
    state.update('1');
    await state.close();
    state.update('2');
    await state.close();
    assert.deepEqual(
      errors.map(({ code, exitCode }) => ({ code, exitCode })),
      [{ code: 'STATE_UNWRITABLE', exitCode: 23 }],
    );
  });

  test('behind a link is the one that is written, and the link stays', async (t) => {
    const { folder, path } = pathIn(t);
    mkdirSync(join(folder, 'real'));
    symlinkSync(join('real', 'target'), join(folder, 'link'));
    symlinkSync('link', path);
    for (const id of ['1', '2']) {
      const { state, errors } = opened(path);
      state.update(id);
      await state.close();
      assert.deepEqual(errors, []);
      assert.ok(lstatSync(path).isSymbolicLink() && lstatSync(join(folder, 'link')).isSymbolicLink());
      assert.equal(readStateFile(path), id);
      assert.equal(readFileSync(join(folder, 'real', 'target'), 'utf8'), `${id}\n`);
    }
    assert.deepEqual(readdirSync(join(folder, 'real')), ['target']);
  });

  test('keeps its permissions, those that the umask would take and those given while it runs', async (t) => {
    const { path } = pathIn(t);
    writeFileSync(path, '1\n');
    const { state } = opened(path);
    for (const [id, mode] of [
      ['2', 0o600],
      ['3', 0o666],
    ] as const) {
      chmodSync(path, mode);
      state.update(id);
      await until(() => readStateFile(path) === id);
      assert.equal(statSync(path).mode & 0o777, mode);
    }
    await state.close();
  });

  test('is written though a process that was killed left its own beside it, whatever that is', async (t) => {
    const { folder, path } = pathIn(t);
    const beside = `${path}.${process.pid}.tmp`;
    writeFileSync(join(folder, 'other'), 'untouched');
    for (const leave of [
      () => writeFileSync(beside, 'x'.repeat(100), { mode: 0o400 }),
      () => symlinkSync('other', beside),
    ]) {
      leave();
      const { state, errors } = opened(path);
      state.update('1');
      await state.close();
      assert.deepEqual(errors, []);
      assert.equal(readFileSync(path, 'utf8'), '1\n');
      assert.deepEqual(readdirSync(folder), ['other', 'state']);
      assert.equal(readFileSync(join(folder, 'other'), 'utf8'), 'untouched');
    }
  });

  test('that can not be written leaves nothing beside it', async (t) => {
    const { folder, path } = pathIn(t);
    const { state, errors } = opened(path);
    mkdirSync(path);
    state.update('1');
    await state.close();
    assert.equal(errors[0]?.code, 'STATE_UNWRITABLE');
    assert.deepEqual(readdirSync(folder), ['state']);
  });

  test('that is a device is refused before it would be replaced by a file', () => {
    assert.throws(
      () => readStateFile('/dev/null'),
      (error) =>
        error instanceof SseKitError && error.exitCode === 2 && /no ordinary file/.test(error.message),
    );
  });

  test('in a folder that does not exist is refused at once', (t) => {
    assert.throws(
      () => readStateFile(join(pathIn(t).folder, 'missing', 'state')),
      (error) => error instanceof SseKitError && error.code === 'STATE_UNWRITABLE' && error.exitCode === 23,
    );
  });

  const root = process.getuid?.() === 0;
  test('that is write-protected is refused at once', {
    skip: root && 'everything is permitted to root',
  }, (t) => {
    const { folder, path } = pathIn(t);
    writeFileSync(path, '1\n', { mode: 0o444 });
    const refused = (error: unknown) => error instanceof SseKitError && error.exitCode === 23;
    assert.throws(() => readStateFile(path), refused);
    chmodSync(path, 0o644);
    chmodSync(folder, 0o555);
    assert.throws(() => readStateFile(path), refused);
    chmodSync(folder, 0o755);
  });

  test('is whole, an id that was kept, whenever the process is killed', async (t) => {
    const { path } = pathIn(t);
    for (let round = 0; round < 8; round++) {
      const child = spawn(
        process.execPath,
        ['--import', 'tsx', '--input-type=module', '--eval', WRITER, path],
        { stdio: 'ignore' },
      );
      t.after(() => child.kill('SIGKILL'));
      const before = readStateFile(path);
      await until(() => readStateFile(path) !== before);
      // At any moment of a write, which takes well under a millisecond.
      const moment = performance.now() + Math.random() * 20;
      while (performance.now() < moment) assert.match(readFileSync(path, 'latin1'), /^(\d{3})(-\1){999}\n$/);
      child.kill('SIGKILL');
      await once(child, 'exit');
      assert.match(readFileSync(path, 'latin1'), /^(\d{3})(-\1){999}\n$/);
    }
  });
});
