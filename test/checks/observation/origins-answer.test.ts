import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { PROBES } from '../../../src/checks/probes/registry.ts';
import { startChecking } from '../checking.ts';

/** Those that ask for one answer at a time: what else there is tells how many of its requests were refused. */
const OF_ONE_ANSWER = [
  'headers-first',
  'threshold',
  'encoding',
  'type-method',
  'retry',
  'bytes',
  'request',
  'response-headers',
  'status',
  'post',
  '1xx',
];

describe('what the origin was not asked for', { concurrency: true }, () => {
  for (const id of OF_ONE_ANSWER) {
    test(`is judged by nobody, and told in the same words: ${id}`, async (t) => {
      const { proxied, context } = await startChecking(t, { answersItself: () => 503 });
      const measuring = PROBES.find((probe) => probe.id === id)?.measure(proxied, context);
      await assert.rejects(Promise.resolve(measuring), {
        why: /^the proxy answered HTTP 503 itself, and did not ask the origin(, nor for each POST with all of its body)?$/,
      });
    });
  }
});
