import assert from 'node:assert/strict';
import { test } from 'node:test';
import { timelineLines } from '../../../src/report/check/timeline.ts';

const ROOM = 60;
const came = { arrivalsMs: [0, 500, 1_000] };

test('events are drawn when they came, and no event where none came', () => {
  const [direct, proxied] = timelineLines(came, { arrivalsMs: [] }, ROOM);
  assert.match(direct ?? '', /^direct {2}\|·+\|·+\|$/);
  assert.match(proxied ?? '', /^proxied ·+$/);
});

test('nothing is drawn where nobody waited for events, or none came along any way', () => {
  assert.deepEqual(timelineLines(came, {}, ROOM), []);
  assert.deepEqual(timelineLines({ arrivalsMs: [] }, { arrivalsMs: [] }, ROOM), []);
  assert.deepEqual(timelineLines(came, came, 10), []);
});
