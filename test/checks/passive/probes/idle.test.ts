import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { idle } from '../../../../src/checks/passive/probes/idle.ts';
import { HEARTBEAT, judge, live, unsaid, verdict } from '../judging.ts';
import { every, seen, stream, way } from '../streams.ts';

describe('idle', () => {
  const cutAfter = (ms: number, how: 'eof' | 'reset' = 'reset') =>
    stream({ eventsMs: [10], endMs: 10 + ms, how });
  const silent = stream({ eventsMs: [10], endMs: 20_000 });

  test('fails a limit that repeats where direct streams outlive it, and goes by a heartbeat that it is told of', () => {
    const long = stream({ eventsMs: [10], endMs: 40_000 });
    for (const limitMs of [10_000, 16_000, 31_000])
      assert.equal(verdict(idle, seen(way(cutAfter(limitMs)), way(long))), 'fail idle.cut');
    const told = (limitMs: number) =>
      idle.judge(seen(way(cutAfter(limitMs)), way(long)), { ...HEARTBEAT, isHeartbeatAssumed: false }).status;
    assert.deepEqual([10_000, 16_000, 31_000].map(told), ['fail', 'warn', 'pass']);
    assert.equal(verdict(idle, seen(way(cutAfter(10_000)), way(cutAfter(10_050)))), 'pass');
    const { evidence } = judge(idle, seen(way(cutAfter(10_000)), way(silent)));
    assert.deepEqual(evidence, [
      { k: 'idleLimitMs', v: 10_000, n: 4, of: 4 },
      { k: 'cutSeenAs', v: 'reset' },
    ]);
  });

  test('fails what is broken off each time, and warns where it may have ended, or has lived on once', () => {
    const broken = judge(idle, seen(way(cutAfter(7_800))));
    assert.equal(broken.status, 'fail');
    assert.match(
      broken.summary,
      /4 streams were cut after 7\.80 s of silence; broken off each time by a proxy or/,
    );
    assert.equal(broken.proxied.longestSilenceMs, 7_800);
    assert.equal(verdict(idle, seen(way(cutAfter(10_000, 'eof')))), 'warn idle.cut');
    assert.equal(verdict(idle, seen(way(cutAfter(10_000), { br: silent }))), 'warn idle.cut');
    assert.equal(verdict(idle, seen(way(cutAfter(10_000), { br: cutAfter(13_000) }))), 'warn idle.cut');
    // Nobody knows how long it is silent directly.
    assert.equal(verdict(idle, seen(way(cutAfter(10_000)), way(live))), 'warn idle.cut');
  });

  test('takes no accident for a limit, and a short silence for no proof', () => {
    unsaid(idle, seen(way(silent, { gzip: cutAfter(5_000) })), /no other as soon/);
    unsaid(idle, seen(way(live)), /no stream was silent for longer than \d.*--silences/);
    assert.match(judge(idle, seen(way(silent))).summary, /no cut in 20\.0 s of silence/);
    const beating = stream({ eventsMs: [10], commentsMs: every(5_000, 3) });
    assert.match(judge(idle, seen(way(beating))).summary, /with a comment every 5\.00 s/);
  });
});
