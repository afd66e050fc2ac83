import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { startMock } from '../../harness/mock.ts';
import { recordsOfType } from '../../harness/records.ts';
import { find } from './found.ts';

describe('findings in a replay', () => {
  test('are those of the run, at its times, whether it looked for them or not', async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'ssekit-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const { url } = await startMock(t, '--interval', '20ms', '--fault', 'bad-utf8@2', '--fault', 'null-id@3');
    const file = join(folder, 'run.ndjson');
    const flags = ['--strict', '--lint'];
    const words = [url, '-n', '5', '--record', file];
    const run = await find([...words, ...flags]);
    const replay = await find(['--from', file, ...flags]);
    const told = (found: typeof run) => recordsOfType(found, 'warn');
    assert.ok(run.codes.includes('invalid-utf8') && run.codes.includes('nul-in-id'));
    assert.deepEqual(told(replay), told(run));
    assert.deepEqual(replay.findings, run.findings);
    assert.deepEqual([run.code, replay.code], [12, 12]);

    const second = join(folder, 'second.ndjson');
    await find([url, '-n', '5', '--record', second]);
    assert.deepEqual((await find(['--from', second, ...flags])).codes, run.codes);
    assert.deepEqual((await find(['--from', file])).codes, []);
  });

  test('can not be asked for with requests', async () => {
    const { code, stderr } = await find(['--from', 'run.ndjson', '--lint-requests']);
    assert.equal(code, 2);
    assert.match(stderr, /--lint-requests: it concerns a connection/);
  });
});
