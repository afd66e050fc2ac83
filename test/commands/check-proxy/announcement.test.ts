import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Origin } from '../../../src/checks/origin/visit.ts';
import { PROBES } from '../../../src/checks/probes/registry.ts';
import { announcement } from '../../../src/commands/check-proxy/announcement.ts';

const OPTIONS = { heartbeatMs: 15_000, silencesMs: [20_000, 310_000], maxConnections: 50, long: true };

function announced(...ids: string[]): string {
  const probes = PROBES.filter(({ id }) => ids.includes(id));
  const origin = { url: 'http://127.0.0.1:9000/' } as Origin;
  return announcement({ target: 'http://localhost/', origin, probes, options: OPTIONS }, undefined);
}

test('says how long a run takes, and how long where what fails is measured again, unless nobody waits for it', () => {
  const run = 'checking http://localhost/ against the origin at 127.0.0.1:9000:';
  assert.equal(announced('bytes').trim(), `${run} 1 probe, about 1 s, at most 50 connections at once`);
  assert.equal(
    announced('bytes', 'timing').trim(),
    `${run} 2 probes, about 2 s (what fails is measured again: up to 16 s), at most 50 connections at once`,
  );
  assert.equal(
    announced('bytes', 'timing', 'idle', 'lifetime').trim(),
    `${run} 4 probes, about 16m 07s (what fails is measured again: up to 32m 14s), at most 50 connections at once`,
  );
});
