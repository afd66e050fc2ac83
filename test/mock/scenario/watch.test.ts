import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { watchScenario } from '../../../src/mock/scenario/watch.ts';
import { until } from '../../e2e/harness/until.ts';

const folder = mkdtempSync(join(tmpdir(), 'ssekit-watch-'));
after(() => rmSync(folder, { recursive: true }));

const scenario = (path: string) => `routes: [{path: ${path}, stream: [a]}]\n`;

/** What a watcher told, as routes of new sites and messages of errors. */
async function watched(
  name: string,
  scene: (path: string, told: string[]) => Promise<void>,
): Promise<string[]> {
  const path = join(folder, name);
  writeFileSync(path, scenario('/one'));
  const told: string[] = [];
  const watcher = watchScenario(path, {
    onSite: ({ routes }) => told.push(routes.join()),
    onError: ({ message }) => told.push(message),
  });
  try {
    // Its first look has to see the file as it is.
    await until(() => watcher.ready);
    await scene(path, told);
  } finally {
    watcher.close();
  }
  return told;
}

describe('a scenario file that is watched', () => {
  test('is taken up again when it is written', async () => {
    const told = await watched('written.yaml', async (path, so) => {
      writeFileSync(path, scenario('/two'));
      await until(() => so.length === 1);
      writeFileSync(path, scenario('/three'));
      await until(() => so.length === 2);
    });
    assert.deepEqual(told, ['/two', '/three']);
  });

  test('is taken up when another file takes its place, as editors save', async () => {
    const told = await watched('renamed.yaml', async (path, so) => {
      for (const route of ['/two', '/three']) {
        writeFileSync(`${path}~`, scenario(route));
        renameSync(`${path}~`, path);
        await until(() => so.at(-1) === route);
      }
    });
    assert.deepEqual(told, ['/two', '/three']);
  });

  test('is taken up when the link is turned to another file', async () => {
    const told = await watched('target.yaml', async () => {});
    assert.equal(told.length, 0);
    writeFileSync(join(folder, 'a.yaml'), scenario('/a'));
    writeFileSync(join(folder, 'b.yaml'), scenario('/b'));
    const link = join(folder, 'link.yaml');
    symlinkSync('a.yaml', link);
    const watcher = watchScenario(link, {
      onSite: ({ routes }) => told.push(routes.join()),
      onError: ({ message }) => assert.fail(message),
    });
    await until(() => watcher.ready);
    symlinkSync('b.yaml', `${link}~`);
    renameSync(`${link}~`, link);
    await until(() => told.length === 1);
    watcher.close();
    assert.deepEqual(told, ['/b']);
  });

  test('tells the problems of a wrong version, and takes up the next right one', async () => {
    const told = await watched('wrong.yaml', async (path, so) => {
      writeFileSync(path, 'routes: [{path: two}]\n');
      await until(() => so.length === 1);
      writeFileSync(path, scenario('/three'));
      await until(() => so.length === 2);
    });
    assert.match(told[0] ?? '', /wrong\.yaml:1:17: path: "two" is no path/);
    assert.equal(told[1], '/three');
  });

  test('tells when it has gone, and takes it up when it is back', async () => {
    const told = await watched('gone.yaml', async (path, so) => {
      unlinkSync(path);
      await until(() => so.length === 1);
      writeFileSync(path, scenario('/back'));
      await until(() => so.length === 2);
    });
    assert.match(told[0] ?? '', /there is no such file/);
    assert.equal(told[1], '/back');
  });

  test('tells that a pipe has taken its place, and takes up the file that comes after', async () => {
    const told = await watched('piped.yaml', async (path, so) => {
      execFileSync('mkfifo', [`${path}~`]);
      renameSync(`${path}~`, path);
      await until(() => so.length === 1);
      writeFileSync(`${path}~`, scenario('/two'));
      renameSync(`${path}~`, path);
      await until(() => so.length === 2);
    });
    assert.match(told[0] ?? '', /piped\.yaml: can't be read: it is no ordinary file$/);
    assert.equal(told[1], '/two');
  });

  test('is watched on where something goes wrong with a new version that nobody thought of', async () => {
    const path = join(folder, 'surprise.yaml');
    writeFileSync(path, scenario('/one'));
    const told: string[] = [];
    const watcher = watchScenario(path, {
      onSite({ routes }) {
        if (routes.includes('/two')) throw new TypeError('of all things');
        told.push(routes.join());
      },
      onError: ({ exitCode, message }) => told.push(`${exitCode} ${message}`),
    });
    try {
      await until(() => watcher.ready);
      writeFileSync(path, scenario('/two'));
      await until(() => told.length === 1);
      writeFileSync(path, scenario('/three'));
      await until(() => told.length === 2);
    } finally {
      watcher.close();
    }
    assert.deepEqual(told, [`2 ${path}: can't be taken up: of all things`, '/three']);
  });
});
