import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { SseKitError } from '../../src/client/errors.ts';
import { OutputFiles } from '../../src/commands/output-files.ts';
import type { FormEnding } from '../../src/report/bench/forms/registry.ts';
import { until } from '../e2e/harness/until.ts';
import { aLiveWindow } from '../report/bench/live.ts';
import { aResult } from '../report/bench/results.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ssekit-output-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const output = (name: string) => ({
  path: join(folder, name),
  ending: /\.\w+$/.exec(name)?.[0] as FormEnding,
});

const content = (name: string) => readFileSync(join(folder, name), 'utf8');

const isUnwritable = (names: readonly string[]) => (error: unknown) => {
  assert.ok(error instanceof SseKitError);
  assert.equal(error.exitCode, 23);
  for (const name of names)
    assert.ok(error.message.includes(`--output ${join(folder, name)}`), error.message);
  return true;
};

describe('the files of a run', () => {
  it('that need its end are not touched before it', async () => {
    writeFileSync(join(folder, 'run.json'), 'of an earlier run');
    const files = await OutputFiles.open([output('run.json')], 'live');
    files.window(aLiveWindow());
    assert.equal(content('run.json'), 'of an earlier run');
    await files.finish(aResult());
    assert.equal(JSON.parse(content('run.json')).kind, 'bench');
    assert.deepEqual(readdirSync(folder), ['run.json']);
  });

  it('that grow with it hold each window at once, in whole lines', async () => {
    const files = await OutputFiles.open([output('run.ndjson')], 'live');
    files.window(aLiveWindow());
    await until(() => content('run.ndjson').includes('"type":"window"'), 'the window in the file');
    for (const line of content('run.ndjson').trimEnd().split('\n')) JSON.parse(line);
    files.window(aLiveWindow());
    await files.finish(aResult());
    const types = content('run.ndjson')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).type);
    assert.deepEqual(types, ['start', 'window', 'window', 'summary']);
  });

  it('that grow are whole even when no window came', async () => {
    const files = await OutputFiles.open([output('run.ndjson'), output('run.hgrm')], 'live');
    await files.finish(aResult());
    assert.match(content('run.ndjson'), /^\{"type":"start".*\n\{"type":"summary".*\n$/);
    assert.match(content('run.hgrm'), /^#\[Histogram log format version 1\.3\]\n/);
  });

  it('of a run that is over are written from its result', async () => {
    const files = await OutputFiles.open([output('run.hgrm')], 'over');
    await files.finish(aResult());
    assert.match(content('run.hgrm'), /^Tag=event_gap,0\.000,10\.000,1200\.000,HISTFA/m);
  });

  it('are refused before the run where one can not be written', async () => {
    await assert.rejects(
      OutputFiles.open([output('run.json'), output('missing/run.csv')], 'live'),
      isUnwritable(['missing/run.csv']),
    );
    assert.deepEqual(readdirSync(folder), []);
  });

  it('are written although others fail, which are all named', async () => {
    symlinkSync('/dev/full', join(folder, 'full.csv'));
    symlinkSync('/dev/full', join(folder, 'full.ndjson'));
    const outputs = ['full.csv', 'full.ndjson', 'run.prom', 'run.hgrm'].map(output);
    const files = await OutputFiles.open(outputs, 'live');
    files.window(aLiveWindow());
    await assert.rejects(files.finish(aResult()), isUnwritable(['full.csv', 'full.ndjson']));
    assert.match(content('run.prom'), /^ssekit_bench_valid 1$/m);
    assert.match(content('run.hgrm'), /^Tag=event_gap,3\.000,/m);
  });
});
