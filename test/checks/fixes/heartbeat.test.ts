import assert from 'node:assert/strict';
import { test } from 'node:test';
import { heartbeatFlag, heartbeatFor, heartbeatLine } from '../../../src/checks/fixes/heartbeat.ts';

test('a heartbeat comes twice in the silence that is cut, as often as people write', () => {
  const limits = [300_000, 60_012, 29_990, 20_004, 5_001, 2_003, 900, 150];
  assert.deepEqual(limits.map(heartbeatFor), [15_000, 15_000, 15_000, 10_000, 2_000, 1_000, 400, 100]);
});

test('its line tells how often, and why', () => {
  assert.match(
    heartbeatLine(),
    /^send a comment every 15 s, which clients pass over {3}\(Node: res\.write\('/,
  );
  assert.match(
    heartbeatLine(5_001),
    /^send a comment every 2 s, as a stream that is silent for 5\.00 s is cut {3}\(Node: /,
  );
  assert.equal(heartbeatFlag(5_001), '--heartbeat 2s');
  assert.equal(heartbeatFlag(900), '--heartbeat 400ms');
});
