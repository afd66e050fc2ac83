import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HiddenByFault, NotMeasurable } from '../../../../src/checks/not-measurable.ts';
import { encoding } from '../../../../src/checks/passive/probes/encoding.ts';
import { idle } from '../../../../src/checks/passive/probes/idle.ts';
import { lifetime } from '../../../../src/checks/passive/probes/lifetime.ts';
import { responseHeaders } from '../../../../src/checks/passive/probes/response-headers.ts';
import { threshold } from '../../../../src/checks/passive/probes/threshold.ts';
import { judge, live } from '../judging.ts';
import { seen, stream, way } from '../streams.ts';

test('what a fault hides is told as hidden, and what would be seen if more came is not', () => {
  const none = seen(way(stream({ headMs: null })), way(live));
  for (const probe of [encoding, idle, lifetime, responseHeaders, threshold])
    assert.throws(() => judge(probe, none), HiddenByFault, probe.id);
  const two = seen(way(stream({ eventsMs: [10, 900] })), way(stream({ eventsMs: [10, 900] })));
  for (const probe of [threshold, lifetime])
    assert.throws(
      () => judge(probe, two),
      (error) => error instanceof NotMeasurable && !(error instanceof HiddenByFault),
    );
});
