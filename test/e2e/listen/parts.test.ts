import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { runCommand } from '../harness/command.ts';
import { recordsOfType } from '../harness/records.ts';

const STREAM = 'data: {"t":12345678901234567890}\n\ndata: {"t":1.0}\n\ndata: {"t": {"u": 1e2}}\n\n';

const parts = (...words: string[]) => runCommand(['listen', '-', ...words], { stdin: STREAM });

describe('a part of JSON data is shown as it was written', () => {
  test('by --path', async () => {
    const { stdout } = await parts('--path', 't', '--format', 'data');
    assert.equal(stdout, '12345678901234567890\n1.0\n{"u": 1e2}\n');
  });

  test('by --path in NDJSON', async () => {
    const { stdout } = await parts('--path', 't', '--format', 'ndjson');
    assert.deepEqual(
      recordsOfType({ stdout }, 'event').map(({ data }) => data),
      ['12345678901234567890', '1.0', '{"u": 1e2}'],
    );
    assert.match(stdout, /"json":12345678901234567890,/);
  });

  test('to the command of --exec', async () => {
    const { stderr } = await parts('--path', 't', '--exec', `printf 'got %s\\n' "$(cat)"`);
    assert.match(stderr, /^got 12345678901234567890$/m);
    assert.match(stderr, /^got 1\.0$/m);
  });

  test('by --join', async () => {
    const { stdout } = await parts('--join', 't', '-s');
    assert.equal(stdout, '12345678901234567890' + '1.0' + '{"u": 1e2}');
  });
});
