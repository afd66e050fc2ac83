import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { diskReader } from '../../../src/commands/flags/files.ts';
import { assertUsageError } from './rejection.ts';

test('a file that can not be read is named with its flag and the reason', async () => {
  const files = diskReader({ stdin: Readable.from([]) });
  await assertUsageError(
    () => files.read('/no/such', '--key'),
    /^--key: can't read \/no\/such: there is no such file/,
  );
  await assertUsageError(() => files.read(tmpdir(), '--data'), /it is a directory/);
  await assertUsageError(() => files.read('', '--data'), /the file name is empty/);
});

test('standard input is read whole, and once', async () => {
  const files = diskReader({ stdin: Readable.from([Buffer.from('a'), Buffer.from('b')]) });
  assert.equal((await files.read('-', '--data')).toString(), 'ab');
  await assertUsageError(
    () => files.read('-', '--bearer-file'),
    /--bearer-file: standard input is already read by --data/,
  );
});
