import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { growDescriptorTable } from '../../../src/bench/worker/descriptor-table.ts';

/** Open files that the kernel has room for before it must make more. */
function tableSize(): number {
  return Number(/^FDSize:\s+(\d+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]);
}

function openFiles(): number {
  return readdirSync('/proc/self/fd').length;
}

describe('the table of open files', { skip: process.platform !== 'linux' && 'Linux has /proc' }, () => {
  test('has room for the streams of a worker before the first is opened, and nothing is left open', () => {
    const streams = 2 * tableSize();
    const before = openFiles();
    growDescriptorTable(streams);
    assert.ok(tableSize() > streams, `${tableSize()} is too small for ${streams}`);
    assert.equal(openFiles(), before);
  });
});
