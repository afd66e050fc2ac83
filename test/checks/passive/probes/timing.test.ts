import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { timing } from '../../../../src/checks/passive/probes/timing.ts';
import { judge, live, SENT, unsaid, until, verdict } from '../judging.ts';
import { every, seen, stream, way } from '../streams.ts';

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

  test('does not tell for certain how what does not come in all that time is held', () => {
    const { summary } = judge(timing, against([]));
    assert.match(
      summary,
      /^of 40 events none came in 5.00 s, held for the end of the answer or for a buffer/,
    );
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
    // No look is longer than a stream that is always cut.
    const cut = stream({ eventsMs: every(4_000, 2), endMs: 8_100, how: 'truncated' });
    unsaid(timing, seen(way(cut), way(cut)), /along both ways: needs the origin: --origin HOST:PORT$/);
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
