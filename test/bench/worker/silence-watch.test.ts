import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SilenceWatch } from '../../../src/bench/worker/silence-watch.ts';
import { Measured } from './measured.ts';

/** A connection whose headers came at 100. */
function connection() {
  const measured = new Measured();
  return { measured, watch: new SilenceWatch(measured, 100) };
}

describe('the silences of a connection', () => {
  test('run from its headers, and between any two reads', () => {
    const { measured, watch } = connection();
    for (const at of [150, 250, 251]) watch.read(at);
    assert.deepEqual(measured.of('silence'), [50, 100, 1]);
  });

  test('are not cut by chunks of one read', () => {
    const { measured, watch } = connection();
    assert.deepEqual([watch.read(150), watch.read(150), watch.read(160)], [true, false, true]);
    assert.deepEqual(measured.of('silence'), [50, 10]);
  });

  test('begin with the read that brought the headers, too', () => {
    const { measured, watch } = connection();
    assert.equal(watch.read(100), true);
    assert.deepEqual(measured.of('silence'), [0]);
  });

  test('are cut short by its end, which tells how long nothing had come', () => {
    const { measured, watch } = connection();
    watch.read(150);
    watch.event(150);
    assert.equal(watch.end({ silence: 'censor', gap: 'censor' }, 1_150, 1_150), 1_000);
    assert.deepEqual([measured.cutShort('silence'), measured.cutShort('event_gap')], [[1_000], [1_000]]);
  });
});

test('what is cut short by an end is no longer than there was something to be heard', () => {
  const { measured, watch } = connection();
  watch.read(150);
  watch.event(150);
  assert.equal(watch.end({ silence: 'censor', gap: 'censor' }, 1_150, 900), 1_000);
  assert.deepEqual([measured.cutShort('silence'), measured.cutShort('event_gap')], [[750], [750]]);
});

describe('the gaps between events', () => {
  test('lie between the reads that brought them: one read is one arrival', () => {
    const { measured, watch } = connection();
    watch.read(150);
    assert.deepEqual([watch.event(150), watch.event(150)], [true, false]);
    watch.read(200);
    watch.comment();
    watch.read(350);
    assert.equal(watch.event(350), true);
    assert.deepEqual(measured.of('event_gap'), [200]);
  });

  test('are none before the first event, nor after the last of a connection without one', () => {
    const { measured, watch } = connection();
    watch.read(150);
    watch.comment();
    watch.end({ silence: 'censor', gap: 'censor' }, 500, 500);
    assert.deepEqual([measured.of('event_gap'), measured.cutShort('event_gap')], [[], []]);
  });
});

describe('a keepalive gap', () => {
  test('ends with a read that holds only comments', () => {
    const { measured, watch } = connection();
    watch.read(150);
    watch.event(150);
    watch.read(1_150);
    watch.comment();
    watch.read(3_150);
    watch.comment();
    watch.end({ silence: 'censor', gap: 'censor' }, 3_200, 3_200);
    assert.deepEqual(measured.of('keepalive_gap'), [1_000, 2_000]);
  });

  test('does not end with a comment beside an event, nor with the first read', () => {
    const { measured, watch } = connection();
    watch.read(150);
    watch.comment();
    watch.read(1_150);
    watch.comment();
    watch.event(1_150);
    watch.end({ silence: 'censor', gap: 'censor' }, 1_200, 1_200);
    assert.deepEqual(measured.of('keepalive_gap'), []);
  });
});
