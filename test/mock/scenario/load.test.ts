import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { SseKitError } from '../../../src/client/errors.ts';
import { loadScenario } from '../../../src/mock/scenario/load.ts';

const folder = mkdtempSync(join(tmpdir(), 'ssekit-scenario-'));
after(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function failure(path: string): Promise<SseKitError> {
  try {
    await loadScenario(path);
  } catch (error) {
    assert.ok(error instanceof SseKitError, String(error));
    return error;
  }
  return assert.fail('it was loaded');
}

describe('a scenario file', () => {
  test('is loaded, with a byte order mark and Windows line ends too', async () => {
    const path = file('fine.yaml', '\ufeffseed: 5\r\nroutes:\r\n  - path: /a\r\n    stream: [b]\r\n');
    const { seed, routes } = await loadScenario(path);
    assert.deepEqual({ seed, routes }, { seed: 5, routes: ['/a'] });
  });

  test('is refused with all of its problems, each with file, line and column', async () => {
    const path = file('wrong.yaml', 'sed: 5\nroutes:\n  - path: a\n    stream: [{slep: 1s}]\n');
    const { code, exitCode, message } = await failure(path);
    assert.deepEqual({ code, exitCode }, { code: 'SCENARIO', exitCode: 2 });
    assert.deepEqual(message.split('\n'), [
      `${path}:1:1: unknown key "sed" in a scenario. Did you mean seed?`,
      `${path}:3:11: path: "a" is no path. It begins with a slash: /events`,
      `${path}:4:15: unknown step "slep". Did you mean sleep?`,
    ]);
  });

  test('is refused where it is none, or no text, or larger than it should be', async () => {
    const pipe = join(folder, 'pipe.yaml');
    execFileSync('mkfifo', [pipe]);
    const cases: [path: string, message: RegExp][] = [
      [join(folder, 'gone.yaml'), /gone\.yaml: can't be read: there is no such file$/],
      [folder, /^[^:]*: can't be read: it is a folder$/],
      [file('bytes.yaml', new Uint8Array([0xff, 0xfe, 0x00])), /is not UTF-8 text$/],
      [file('large.yaml', `# ${'x'.repeat(300_000)}`), /more than 256 KB/],
      ['/dev/zero', /^\/dev\/zero: can't be read: it is no ordinary file$/],
      [pipe, /^[^:]*pipe\.yaml: can't be read: it is no ordinary file$/],
    ];
    for (const [path, message] of cases) {
      const error = await failure(path);
      assert.equal(error.exitCode, 2);
      assert.match(error.message, message);
    }
  });

  test('may be a link', async () => {
    file('target.yaml', 'routes: [{path: /a, status: 204}]');
    symlinkSync('target.yaml', join(folder, 'link.yaml'));
    assert.deepEqual((await loadScenario(join(folder, 'link.yaml'))).routes, ['/a']);
  });
});
