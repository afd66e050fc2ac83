import assert from 'node:assert/strict';
import { test } from 'node:test';
import { programOf } from '../../src/commands/program.ts';

test('commands begin with npx where that runs the program', () => {
  assert.equal(programOf({ npm_command: 'exec', npm_lifecycle_event: 'npx' }), 'npx ssekit');
  assert.equal(programOf({ npm_command: 'run-script', npm_lifecycle_event: 'start' }), 'ssekit');
  assert.equal(programOf({}), 'ssekit');
});
