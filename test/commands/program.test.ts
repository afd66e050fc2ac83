import assert from 'node:assert/strict';
import { test } from 'node:test';
import { programOf } from '../../src/commands/program.ts';

test('commands begin with npx where that runs the program', () => {
  const byNpx = { npm_command: 'exec', npm_lifecycle_event: 'npx' };
  for (const npm_lifecycle_script of ["'ssekit'", 'ssekit check-proxy :8080'])
    assert.equal(programOf({ ...byNpx, npm_lifecycle_script }), 'npx ssekit');
  // It runs another program, which runs this one.
  assert.equal(programOf({ ...byNpx, npm_lifecycle_script: "'node'" }), 'ssekit');
  assert.equal(programOf(byNpx), 'ssekit');
  assert.equal(programOf({ npm_command: 'run-script', npm_lifecycle_event: 'start' }), 'ssekit');
  assert.equal(programOf({}), 'ssekit');
});
