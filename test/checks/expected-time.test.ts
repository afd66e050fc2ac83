import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expectedMs, failingMs, mostMs } from '../../src/checks/expected-time.ts';
import { PROBES } from '../../src/checks/probes/registry.ts';

const OPTIONS = {
  heartbeatMs: 15_000,
  silencesMs: [20_000, 35_000, 65_000],
  maxConnections: 50,
  long: false,
};
const LONG = { ...OPTIONS, silencesMs: [...OPTIONS.silencesMs, 125_000, 310_000], long: true };
const named = (...ids: string[]) => PROBES.filter(({ id }) => ids.includes(id));

test('quiet probes run beside each other, heavy ones alone', () => {
  const one = named('timing').map((probe) => ({ ...probe, seconds: 3 }));
  const probes = Array.from({ length: 5 }, () => one).flat();
  assert.equal(expectedMs(probes, OPTIONS), 6_000);
  assert.equal(expectedMs([...probes, ...named('slow-client')], OPTIONS), 10_000);
});

test('probes in which the origin fails run behind all others, one by one', () => {
  const alone = expectedMs(named('idle'), OPTIONS);
  assert.equal(expectedMs(named('idle', 'truncation', 'retry'), OPTIONS), alone + 2_000);
});

test('the time that a run takes counts the silences that it is asked for, and --long', () => {
  assert.equal(expectedMs(named('idle', 'lifetime', 'bytes'), OPTIONS), 82_000);
  assert.equal(expectedMs(named('idle'), { ...OPTIONS, silencesMs: [40_000, 90_000] }), 97_000);
  assert.equal(expectedMs(named('idle'), LONG), 317_000);
  assert.equal(expectedMs(named('idle', 'lifetime'), LONG), 967_000);
});

test('where everything fails, each is measured twice, and what lets go of what is held is looked for', () => {
  assert.equal(mostMs(named('bytes', 'timing', 'truncation'), OPTIONS), 34_000);
  assert.equal(mostMs(named('timing'), OPTIONS), 16_000);
  assert.equal(mostMs(named('bytes'), OPTIONS), 2_000);
  assert.equal(mostMs(named('idle', 'lifetime'), LONG), 2 * 967_000);
  const [timing, lifetime] = [named('timing')[0], named('lifetime')[0]];
  assert.ok(timing && lifetime);
  assert.deepEqual([failingMs(timing, OPTIONS), failingMs(lifetime, LONG)], [8_000, 967_000]);
});
