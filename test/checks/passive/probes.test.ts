import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { HiddenByFault, NotMeasurable } from '../../../src/checks/not-measurable.ts';
import type {
  PassiveJudgement,
  PassiveProbe,
  PassiveSeen,
} from '../../../src/checks/passive/passive-probe.ts';
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
    // They are drawn nowhere.
    assert.equal((proxied.arrivalsMs as number[]).length, 30);
    assert.deepEqual(judge(timing, against([])).proxied.arrivalsMs, []);
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

  test('passes nobody by a few events, and says what would show more', () => {
    const few = (count: number) => {
      const slow = stream({ eventsMs: every(4_000, count), endMs: 24_000 });
      return seen(way(slow), way(slow));
    };
    for (const count of [0, 1, 2, 3, 4])
      unsaid(
        timing,
        few(count),
        /^of the same events fewer than 5 came one by one along both ways: needs the origin: .*, or --silences 65s to look on for longer$/,
      );
    assert.equal(verdict(timing, few(5)), 'pass');
    // A busy machine takes in all of them in a few reads.
    const jerky = stream({ eventsMs: SENT.map((at) => Math.ceil(at / 1_200) * 1_200), endMs: 6_000 });
    unsaid(timing, seen(way(jerky), way(jerky)), /^of the same events fewer than 5 came one by one/);
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

  test('claims no lateness that it can not know, and none that the direct way does not bear out', () => {
    const T0 = Date.UTC(2026, 0, 1);
    const even = every(500, 12);
    // A stream of its own for each: no event is the same.
    const told = (whose: string, eventsMs: readonly number[], headMs = 2) =>
      stream({
        ...{ eventsMs, headMs, endMs: 7_000, ids: eventsMs.map(() => '') },
        data: (n) => JSON.stringify({ whose, t: T0 + (even[n] ?? 0) }),
      });
    const one = (whose: string, eventsMs: readonly number[], headMs?: number) =>
      way(told(whose, eventsMs, headMs));
    const look = (proxied: ReturnType<typeof one>, direct?: ReturnType<typeof one>) => {
      const { status, fault, summary } = judge(timing, { ...seen(proxied, direct), wallAheadMs: T0 });
      return `${status} ${fault ?? ''} ${summary}`;
    };
    const direct = one('a', even);
    const late = even.map((at) => at + 1_500);
    const behind = even.slice(1).map((at) => at + 1);
    assert.match(look(one('b', behind)), /^pass .* no more than 1 ms later than the soonest, by the times/);
    assert.match(look(one('b', late)), /^pass .* no more than 1 ms later than the soonest, by the times/);
    assert.match(
      look(one('b', even), direct),
      /^pass .* no more than 1 ms later than directly, by the times/,
    );
    assert.match(look(one('b', behind), direct), /^fail buffer\.one-behind .* 501 ms later than directly/);
    assert.match(
      look(one('b', late), direct),
      /^warn buffer\.timer each of 12 .* 1\.50 s later.* clocks differ$/,
    );
    // The same event both ways has one time in it.
    assert.match(look(one('a', late), direct), /^fail buffer\.timer each of 12 .* they are held for a time$/);
    assert.match(
      look(one('b', late, 1_800), direct),
      /^pass .* each 1\.50 s later than directly, and three in four no more than 1 ms later than that/,
    );
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

  test('passes one that comes at once with the body, with a direct way and without', () => {
    const atOnce = stream({ headMs: 205, eventsMs: every(1_000, 5, 206) });
    const alone = judge(headersFirst, seen(way(atOnce)));
    assert.equal(alone.status, 'pass');
    assert.match(alone.summary, /at once, 205 ms after the request, with the first bytes .*: nothing waits$/);
    assert.equal(verdict(headersFirst, seen(way(atOnce), way(live))), 'pass');
    // One limit for both.
    const late = stream({ headMs: 260, eventsMs: every(1_000, 5, 261) });
    assert.equal(verdict(headersFirst, seen(way(late))), 'warn buffer.headers');
    const soon = stream({ headMs: 2, eventsMs: every(1_000, 5, 3) });
    assert.equal(verdict(headersFirst, seen(way(late), way(soon))), 'fail buffer.headers');
  });

  test('passes one that comes no later than directly, and says where the application is late', () => {
    const alike = judge(headersFirst, seen(way(withBody), way(withBody)));
    assert.equal(alike.status, 'pass');
    assert.match(alike.summary, /no later than directly, 1\.00 s .*: the application sends it no sooner$/);
  });

  test('takes many events that come with the end for an answer that was held, maybe', () => {
    const whole = (events: number, how: 'eof' | 'client' = 'eof', endMs = 3_010) =>
      stream({ headMs: 3_000, eventsMs: Array(events).fill(3_001), endMs, how });
    const { status, fault, summary } = judge(headersFirst, seen(way(whole(41))));
    assert.deepEqual([status, fault], ['warn', 'buffer.until-end']);
    assert.match(
      summary,
      /^all of the answer came at once, 41 events and the end, 3\.00 s after the request/,
    );
    for (const other of [whole(4), whole(41, 'client'), whole(41, 'eof', 4_000)])
      assert.equal(verdict(headersFirst, seen(way(other))), 'warn buffer.headers');
    assert.equal(verdict(headersFirst, seen(way(whole(41)), way(ahead))), 'fail buffer.headers');
  });

  test('takes no long way for a head that is held', () => {
    const far = stream({ headMs: 400, eventsMs: [401] });
    const end = { at: 900, info: { ...far.end?.info, marks: { dns: -310, tcp: -10 } } };
    const away = { ...far, startedAt: -320, end } as typeof far;
    assert.equal(verdict(headersFirst, seen(way(away))), 'pass');
    assert.equal(verdict(headersFirst, seen(way(far))), 'warn buffer.headers');
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

  test('takes pieces of several whole events for what an application may write, where nothing tells', () => {
    const eights = (firstBytes: number) =>
      way(
        stream({
          eventsMs: every(500, 21).flatMap((at) => Array.from({ length: 8 }, () => at)),
          data: (index) => `${index}`.padStart(500, 'x'),
          reads: every(500, 21).map((at, index) => ({ at, bytes: index === 0 ? firstBytes : 4_096 })),
        }),
      );
    unsaid(threshold, seen(eights(4_096)), /^events came 4096 bytes at a time, 8 whole ones of 512 bytes: /);
    // The head has taken room in the first buffer.
    assert.equal(verdict(threshold, seen(eights(3_936))), 'fail buffer.threshold');
    assert.equal(verdict(threshold, seen(eights(4_096), eights(4_096))), 'pass');
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

  test('finds a compressor that keeps the end of each event until the next', () => {
    const sent = SENT.map((at) => at * 3);
    const next = sent.map((_at, index) => (sent[index + 1] ?? 15_000) + 2);
    const bare = stream({ eventsMs: sent, endMs: 15_000 });
    const held = way(bare, { gzip: stream({ eventsMs: next, endMs: 15_000, encoding: 'gzip' }) });
    const { fault, evidence, summary, proxied } = judge(encoding, seen(held));
    assert.equal(fault, 'compression.holds-events');
    assert.match(summary, /^with Accept-Encoding gzip each event comes when the next one is sent, up to/);
    assert.ok(evidence.some(({ k }) => k === 'comesWithTheNext'));
    assert.ok(Number(proxied.gzipLaterMs) > 250, String(proxied.gzipLaterMs));
  });

  test('passes one that does not, and a stream that nobody compresses', () => {
    assert.equal(verdict(encoding, seen(way(live, { gzip: coded(SENT, 'gzip') }))), 'pass');
    assert.match(judge(encoding, seen(way(live))).summary, /nobody compresses/);
  });

  test('passes no compressor of which it has seen too little', () => {
    const few = way(live, { gzip: coded(SENT, 'gzip'), br: coded(SENT.slice(0, 2), 'br') });
    unsaid(
      encoding,
      seen(few),
      /^of the same events fewer than 5 came one by one with compression and without/,
    );
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
    assert.equal(verdict(lifetime, seen(way(busy(15_000, 'reset')))), 'fail lifetime.cut');
    const once = { br: busy(20_000, 'client') };
    assert.equal(verdict(lifetime, seen(way(busy(15_000, 'reset'), once))), 'warn lifetime.cut');
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

  test('fails where Access-Control-Allow-Origin is there twice, and not directly', () => {
    const kept: [string, string] = ['Cache-Control', 'no-store'];
    const cors: [string, string] = ['Access-Control-Allow-Origin', '*'];
    const lines = headed(kept, cors, cors);
    const inOne = headed(kept, ['access-control-allow-origin', 'https://a.example, *']);
    for (const twice of [lines, inOne]) {
      assert.equal(verdict(responseHeaders, seen(twice)), 'fail headers.cors-twice');
      assert.equal(verdict(responseHeaders, seen(twice, headed(kept, cors))), 'fail headers.cors-twice');
      assert.equal(verdict(responseHeaders, seen(twice, twice)), 'pass');
    }
    assert.match(
      judge(responseHeaders, seen(lines)).summary,
      /twice, .*: by a proxy or by the origin itself/,
    );
    assert.match(
      judge(responseHeaders, seen(headed(cors, cors))).summary,
      /twice, .*; there is no Cache-Control/,
    );
    assert.equal(verdict(responseHeaders, seen(headed(kept, cors))), 'pass');
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
    const bareOf = ({ evidence, summary }: PassiveJudgement) =>
      [evidence.some(({ k }) => k === 'sameDirectly'), /the application sends it so/.test(summary)].join();
    assert.equal(bareOf(judge(responseHeaders, seen(headed(), headed()))), 'true,true');
    assert.equal(bareOf(judge(responseHeaders, seen(headed(), way(live)))), 'false,false');
    assert.equal(bareOf(judge(responseHeaders, seen(headed()))), 'false,false');
    // Who is not forbidden it directly, either, does nothing wrong by it.
    const bare = headed(['Cache-Control', 'no-cache']);
    assert.equal(verdict(responseHeaders, seen(packed, bare)), 'pass');
    assert.match(wrong(seen(packed, way(live))), /compressed \(gzip\).* no no-transform/);
    assert.deepEqual(judge(responseHeaders, seen(packed)).proxied.encodingWhereAccepted, 'gzip');
  });

  test('looks whether it is still compressed where no-transform forbids it, and by whom', () => {
    const [bare, gzipped] = [stream(), stream({ encoding: 'gzip' })];
    const packed = way(bare, { gzip: gzipped });
    assert.equal(verdict(responseHeaders, seen(packed, way(bare))), 'warn headers.not-of-a-stream');
    const { evidence, summary } = judge(responseHeaders, seen(packed, way(bare)));
    assert.match(
      summary,
      /compressed \(gzip\).*though Cache-Control says no-transform, and directly it is not/,
    );
    assert.deepEqual(
      evidence.map(({ k, v }) => `${k} ${v}`),
      ['allows compression', 'noTransformIgnored true'],
    );
    assert.equal(verdict(responseHeaders, seen(packed, packed)), 'pass');
    const alone = judge(responseHeaders, seen(packed));
    assert.equal(alone.status, 'pass');
    assert.match(
      alone.onlyIf ?? '',
      /only if the application itself compresses.*gzip in spite of no-transform/,
    );
  });

  test('lets the origin compress by itself, with no-transform or without', () => {
    const headers = [['Cache-Control', 'no-cache']] as const;
    const own = way(stream({ headers }), { gzip: stream({ headers, encoding: 'gzip' }) });
    assert.equal(verdict(responseHeaders, seen(own, own)), 'pass');
  });

  test('misses X-Accel-Buffering only where somebody may heed it', () => {
    const missing = (server: string) =>
      judge(responseHeaders, seen(headed(['Server', server]))).evidence.find(({ k }) => k === 'missing')?.v;
    assert.equal(missing('nginx/1.22.1'), 'no-transform, X-Accel-Buffering');
    assert.equal(missing('Apache/2.4.71 (Debian)'), 'no-transform');
  });
});
