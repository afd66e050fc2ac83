import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allEnded } from '../../../src/checks/observation/all-ended.ts';

test('a failure is told when all have ended', async () => {
  const told: string[] = [];
  const slow = new Promise<void>((resolve) => setImmediate(resolve)).then(() => told.push('slow'));
  await assert.rejects(allEnded([Promise.reject(new Error('at once')), slow]), { message: 'at once' });
  assert.deepEqual(told, ['slow']);
});
