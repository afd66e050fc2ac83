import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { shapeParsers } from '../../../src/mock/overrides.ts';
import { tickData } from '../../../src/mock/ticker.ts';

test('every kind of fault bears the largest event there is, in less than a gigabyte', () => {
  const script = fileURLToPath(new URL('largest-event.ts', import.meta.url));
  const most = execFileSync(process.execPath, ['--import', 'tsx', script], {
    encoding: 'utf8',
    timeout: 120_000,
    env: { ...process.env, NODE_TEST_CONTEXT: undefined, NODE_V8_COVERAGE: undefined },
  });
  assert.match(most, /^\d+\n$/);
  assert.ok(Number(most) < 1_024, `${most.trim()} MB at most`);
});

test('an event larger than is supported is refused, with the limit', () => {
  assert.throws(() => shapeParsers.size('65MB'), /"65MB" is too large: at most 64MB/);
  const bytes = shapeParsers.size('64MB');
  assert.equal(tickData(bytes)(1, 0).length, bytes);
});
