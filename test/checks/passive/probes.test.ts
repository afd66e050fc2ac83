import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { NotMeasurable } from '../../../src/checks/not-measurable.ts';
import type { PassiveProbe, PassiveSeen } from '../../../src/checks/passive/passive-probe.ts';
import { encoding } from '../../../src/checks/passive/probes/encoding.ts';
import { headersFirst } from '../../../src/checks/passive/probes/headers-first.ts';
import { idle } from '../../../src/checks/passive/probes/idle.ts';
import { lifetime } from '../../../src/checks/passive/probes/lifetime.ts';
import { request } from '../../../src/checks/passive/probes/request.ts';
import { responseHeaders } from '../../../src/checks/passive/probes/response-headers.ts';
import { threshold } from '../../../src/checks/passive/probes/threshold.ts';
import { timing } from '../../../src/checks/passive/probes/timing.ts';
import { every, seen, stream, way } from './streams.ts';

const HEARTBEAT = { heartbeatMs: 15_000, isHeartbeatAssumed: true };

const judge = (probe: PassiveProbe, what: PassiveSeen) => probe.judge(what, HEARTBEAT);

const verdict = (probe: PassiveProbe, what: PassiveSeen) => {
  const { status, fault } = judge(probe, what);
  return fault === undefined ? status : `${status} ${fault}`;
};

const unsaid = (probe: PassiveProbe, what: PassiveSeen, why: RegExp) =>
  assert.throws(
    () => judge(probe, what),
    (error) => error instanceof NotMeasurable && why.test(error.why),
  );

/** 40 events, unevenly. */
const SENT = every(100, 40).map((at, index) => at + (index % 3) * 20);
const live = stream({ eventsMs: SENT, endMs: 5_000 });
const until = (times: readonly number[]) => SENT.map((at) => times.find((each) => each >= at) ?? 5_000);

describe('timing', () => {
  const against = (eventsMs: readonly number[], endMs = 5_000) =>
    seen(way(stream({ eventsMs, endMs })), way(live));

  test('passes what comes as it does directly, and a way that is long', () => {
    assert.equal(verdict(timing, against(SENT.map((at) => at + 2))), 'pass');
    assert.equal(verdict(timing, against(SENT.map((at) => at + 300))), 'pass');
  });

  test('finds what is held by size, by time, one behind and until the end', () => {
    const held = (eventsMs: readonly number[]) => verdict(timing, against(eventsMs));
    assert.equal(held(until([700, 1_900, 2_700, 4_100])), 'fail buffer.threshold');
    assert.equal(held(until(every(250, 20))), 'warn buffer.timer');
    assert.equal(held(SENT.map((_, index) => (SENT[index + 1] ?? 4_200) + 1)), 'fail buffer.one-behind');
    assert.equal(held(SENT.map(() => 4_300)), 'fail buffer.until-end');
    assert.equal(held([]), 'fail buffer.until-end');
  });

  test('counts those that a buffer has kept as no earlier than the end', () => {
    const { fault, summary, proxied } = judge(
      timing,
      against(SENT.slice(0, 30).map((at) => (at < 1_500 ? 1_500 : 3_200))),
    );
    assert.equal(fault, 'buffer.threshold');
    assert.match(summary, /^40 events came in 2 pieces, 10 not at all, up to /);
    assert.equal(proxied.events, 30);
  });

  test('believes the better of two measurements', () => {
    const once = way(stream({ eventsMs: until([2_000, 4_200]), endMs: 5_000 }), { again: live });
    assert.equal(verdict(timing, seen(once, way(live))), 'pass');
  });

  test('judges no stream by another one', () => {
    const another = SENT.map((at, index) => at + (index > 20 ? 900 : 0));
    unsaid(timing, against(another, 6_000), /needs the origin/);
    // Sooner than directly: nobody can pass on what was not sent.
    const sooner = SENT.map((at, index) => (index < 20 ? at + 600 : at - (index - 20) * 60));
    unsaid(timing, against(sooner), /needs the origin/);
    const held = stream({ eventsMs: until([2_000, 4_200]), endMs: 5_000 });
    const later = stream({ eventsMs: sooner, endMs: 5_000 });
    unsaid(timing, seen(way(held, { again: later }), way(live)), /needs the origin/);
    const words = stream({ eventsMs: every(90, 20), ids: [], data: (n) => `other ${n}` });
    unsaid(
      timing,
      seen(way({ ...words, events: words.events.map((event) => ({ ...event, id: '' })) }), way(live)),
      /needs the origin/,
    );
  });

  test('without a direct way goes by the times that events carry, from when they were asked for', () => {
    const T0 = Date.UTC(2026, 0, 1);
    const stamped = (arrivals: readonly number[], old = 0) => ({
      ...seen(
        way(
          stream({
            eventsMs: arrivals,
            endMs: 6_000,
            data: (n) => JSON.stringify({ ts: new Date(T0 + 7_000 + (SENT[n] ?? 0) - old).toISOString() }),
          }),
        ),
      ),
      wallAheadMs: T0,
    });
    assert.equal(verdict(timing, stamped(SENT.map((at) => at + 4))), 'pass');
    const held = judge(timing, stamped(until([2_000, 4_200])));
    assert.deepEqual([held.status, held.fault], ['fail', 'buffer.threshold']);
    assert.match(held.summary, /by a proxy or by the origin itself: --direct URL tells which/);
    // A backlog comes all at once, and nobody has held it.
    unsaid(
      timing,
      stamped(
        SENT.map(() => 10),
        3_600_000,
      ),
      /needs --direct URL/,
    );
    unsaid(timing, seen(way(live)), /needs --direct URL/);
  });
});

describe('headers-first', () => {
  const ahead = stream({ headMs: 3, eventsMs: every(1_000, 5) });
  const withBody = stream({ headMs: 1_000, eventsMs: every(1_000, 5, 1_001) });

  test('passes a head that comes before a silence', () => {
    assert.equal(verdict(headersFirst, seen(way(ahead))), 'pass');
    assert.equal(verdict(headersFirst, seen(way(ahead), way(ahead))), 'pass');
  });

  test('fails one that waits for the body where it does not directly, and doubts it where nobody knows', () => {
    assert.equal(verdict(headersFirst, seen(way(withBody), way(ahead))), 'fail buffer.headers');
    assert.equal(verdict(headersFirst, seen(way(withBody))), 'warn buffer.headers');
    const none = stream({ headMs: null });
    assert.equal(verdict(headersFirst, seen(way(none), way(ahead))), 'fail buffer.headers');
  });

  test('says nothing where the body begins at once, or as late directly', () => {
    unsaid(headersFirst, seen(way(live)), /too soon to tell/);
    unsaid(headersFirst, seen(way(withBody), way(withBody)), /needs the origin/);
  });
});

describe('threshold', () => {
  const inPieces = (bytes: number, last = 100) =>
    way(
      stream({
        eventsMs: every(20, 400),
        // The first piece has the head beside it.
        reads: every(400, 21).map((at, index) => ({
          at,
          bytes: [bytes - 160][index] ?? (index === 20 ? last : bytes),
        })),
      }),
    );

  test('knows buffers by their sizes, and any size that there is not directly', () => {
    assert.equal(verdict(threshold, seen(inPieces(4_096))), 'fail buffer.threshold');
    assert.equal(verdict(threshold, seen(inPieces(5_000))), 'pass');
    assert.equal(verdict(threshold, seen(inPieces(5_003), way(live))), 'fail buffer.threshold');
    // Of 125 events each, which a timer may let go together.
    assert.equal(verdict(threshold, seen(inPieces(5_000), way(live))), 'pass');
    assert.equal(verdict(threshold, seen(inPieces(4_096), inPieces(4_096))), 'pass');
    assert.deepEqual(judge(threshold, seen(inPieces(16_384))).evidence, [
      { k: 'modalBurstBytes', v: 16_384, n: 19, of: 19 },
    ]);
  });

  test('knows the size of a buffer of which a busy machine reads several at once', () => {
    const reads = [3_936, 8_192, 4_096, 12_288, 8_192, 4_096, 8_192, 12_288, 100];
    const torn = stream({
      eventsMs: every(20, 150),
      reads: reads.map((bytes, index) => ({ at: 400 * (index + 1), bytes })),
    });
    assert.deepEqual(judge(threshold, seen(way(torn), way(live))).evidence, [
      { k: 'modalBurstBytes', v: 4_096, n: 7, of: 7 },
    ]);
  });

  test('lets events have one size, and says nothing of three pieces', () => {
    assert.equal(verdict(threshold, seen(way(live))), 'pass');
    unsaid(threshold, seen(way(stream({ eventsMs: [100, 900] }))), /too little came/);
  });
});

describe('encoding', () => {
  const coded = (eventsMs: readonly number[], applied: string) =>
    stream({ eventsMs, endMs: 5_000, encoding: applied });

  test('finds a compressor that holds events', () => {
    const held = way(live, { gzip: coded([], 'gzip'), br: coded(SENT, 'br') });
    const { status, fault, evidence, summary } = judge(encoding, seen(held));
    assert.deepEqual([status, fault], ['fail', 'compression.holds-events']);
    assert.match(summary, /^with Accept-Encoding gzip no event came; without it 40 came meanwhile/);
    assert.deepEqual(evidence[1], { k: 'stalledEncodings', v: 'gzip' });
    assert.equal(verdict(encoding, seen(held, held)), 'pass');
    assert.equal(verdict(encoding, seen(held, way(live))), 'fail compression.holds-events');
  });

  test('passes one that does not, and a stream that nobody compresses', () => {
    assert.equal(verdict(encoding, seen(way(live, { gzip: coded(SENT, 'gzip') }))), 'pass');
    assert.match(judge(encoding, seen(way(live))).summary, /nobody compresses/);
  });

  test('says nothing of a stream that did not come', () => {
    // nginx as it comes, in front of what is silent for 20 s, compressing or not.
    const none = seen(way(stream({ headMs: null })), way(live));
    for (const probe of [encoding, idle, lifetime, responseHeaders]) {
      unsaid(probe, none, /^no head of a stream came$/);
    }
  });
});

describe('idle', () => {
  const cutAfter = (ms: number, how: 'eof' | 'reset' = 'reset') =>
    stream({ eventsMs: [10], endMs: 10 + ms, how });
  const silent = stream({ eventsMs: [10], endMs: 20_000 });

  test('judges a limit that repeats by the heartbeat, where direct streams outlive it', () => {
    assert.equal(verdict(idle, seen(way(cutAfter(10_000)), way(silent))), 'fail idle.cut');
    assert.equal(verdict(idle, seen(way(cutAfter(16_000)), way(silent))), 'warn idle.cut');
    assert.equal(verdict(idle, seen(way(cutAfter(31_000)), way(silent))), 'pass');
    assert.equal(verdict(idle, seen(way(cutAfter(10_000)), way(cutAfter(10_050)))), 'pass');
    assert.equal(verdict(idle, seen(way(cutAfter(10_000, 'eof')))), 'warn idle.cut');
    const { evidence } = judge(idle, seen(way(cutAfter(10_000)), way(silent)));
    assert.deepEqual(evidence, [
      { k: 'idleLimitMs', v: 10_000, n: 4, of: 4 },
      { k: 'cutSeenAs', v: 'reset' },
    ]);
  });

  test('takes no accident for a limit, and a short silence for no proof', () => {
    unsaid(idle, seen(way(silent, { gzip: cutAfter(5_000) })), /no other as soon/);
    unsaid(idle, seen(way(live)), /no stream was silent for longer than \d.*--silences/);
    assert.match(judge(idle, seen(way(silent))).summary, /no cut in 20\.0 s of silence/);
    const beating = stream({ eventsMs: [10], commentsMs: every(5_000, 3) });
    assert.match(judge(idle, seen(way(beating))).summary, /with a comment every 5\.00 s/);
  });
});

describe('lifetime', () => {
  const busy = (endMs: number, how: 'eof' | 'reset' | 'client') =>
    stream({ eventsMs: every(100, endMs / 100 - 1), endMs, how });

  test('finds an age at which streams are cut though events flow', () => {
    assert.equal(
      verdict(lifetime, seen(way(busy(15_000, 'reset')), way(busy(20_000, 'client')))),
      'fail lifetime.cut',
    );
    assert.equal(
      verdict(lifetime, seen(way(busy(15_000, 'eof')), way(busy(20_000, 'client')))),
      'fail lifetime.cut',
    );
    assert.equal(verdict(lifetime, seen(way(busy(15_000, 'reset')))), 'warn lifetime.cut');
    assert.equal(verdict(lifetime, seen(way(busy(15_000, 'reset')), way(busy(15_000, 'reset')))), 'pass');
  });

  test('lets a stream end', () => {
    unsaid(lifetime, seen(way(busy(15_000, 'eof'))), /--long/);
    unsaid(
      lifetime,
      seen(way(busy(15_000, 'eof')), way(busy(15_000, 'eof'))),
      /needs the origin|lives longer/,
    );
    unsaid(lifetime, seen(way(busy(20_000, 'client'))), /no stream was cut in the 20\.0 s/);
  });
});

describe('request', () => {
  const ids = (...values: string[]) => stream({ eventsMs: every(100, values.length), ids: values });
  const first = ids('1', '2', '3', '4', '5');
  const from = (again: ReturnType<typeof stream>) => way(first, { again, resumedFrom: '3' });

  test('tells by the direct way whether Last-Event-ID is lost', () => {
    const [resumed, over, live] = [from(ids('4', '5')), from(ids('1', '2')), from(ids('9'))];
    assert.equal(verdict(request, seen(resumed)), 'pass');
    assert.equal(verdict(request, seen(over, resumed)), 'fail request.header-lost');
    assert.equal(verdict(request, seen(live, resumed)), 'fail request.header-lost');
    assert.equal(verdict(request, seen(from(ids()), resumed)), 'fail request.header-lost');
    unsaid(request, seen(over), /starts over.*needs --direct URL/);
    unsaid(request, seen(over, over), /does not resume/);
    unsaid(request, seen(way(first)), /no events with ids/);
  });
});

describe('response-headers', () => {
  const headed = (...headers: [string, string][]) => way(stream({ headers }));

  test('passes the head of a stream', () => {
    assert.equal(verdict(responseHeaders, seen(way(live))), 'pass');
    assert.match(
      judge(responseHeaders, seen(headed(['cache-control', 'no-store']))).summary,
      /though without no-transform and X-Accel-Buffering/,
    );
  });

  test('warns where others may store, compress or collect it', () => {
    const wrong = (what: PassiveSeen) => judge(responseHeaders, what).summary;
    assert.equal(verdict(responseHeaders, seen(headed())), 'warn headers.not-of-a-stream');
    assert.match(
      wrong(seen(headed(['Cache-Control', 'public, max-age=60']))),
      /"public, max-age=60": a cache/,
    );
    assert.match(wrong(seen(headed(), way(live))), /no Cache-Control, and "no-cache, no-transform" directly/);
    assert.match(wrong(seen(way(stream({ framing: 'length' })))), /Content-Length/);
    assert.match(wrong(seen(way(stream({ encoding: 'br' })))), /encoded with br, which nobody asked for/);
    const packed = way(stream({ headers: [['Cache-Control', 'no-cache']] }), {
      gzip: stream({ encoding: 'gzip' }),
    });
    assert.match(wrong(seen(packed)), /compressed \(gzip\).* no no-transform/);
  });
});
