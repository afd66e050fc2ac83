import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { createDelivery, type DeliveryWatch } from '../../../src/bench/delivery/delivery.ts';
import { stampText } from '../../../src/bench/delivery/publish/stamp.ts';
import type { DeliveryOptions } from '../../../src/bench/options.ts';
import { addDelivery, type DeliverySnapshot, deliveryFigures } from '../../../src/results/bench/delivery.ts';

/** An event each 10 ms; an end owes nothing of the 50 ms before it, as the run lasts a second. */
const INTERVAL_MS = 10;
const DURATION_MS = 1_000;
const GRACE_MS = 50;
const BEGAN_AT = 5_000;

const OPTIONS: DeliveryOptions = {
  publish: {
    run: 'r',
    target: { kind: 'redis', url: 'redis://h', channel: 'c' },
    ratePerSecond: 1_000 / INTERVAL_MS,
    body: '',
    headers: [],
  },
};

/** To the microsecond, as stamps are. */
const sentAt = (n: number, lateMs = 0) =>
  Math.round((BEGAN_AT + (n - 1) * INTERVAL_MS + lateMs) * 1_000) / 1_000;

/** One process of a run, and a stream of it that is told what comes. */
function setUp(options = OPTIONS) {
  const censored: number[] = [];
  const delivery = createDelivery(options, { record: () => {}, censor: (ms) => censored.push(ms) });
  assert.ok(delivery);
  delivery.begin(BEGAN_AT, DURATION_MS);
  const connect = (stream: number, openedAt = BEGAN_AT - 1, slow = false) => {
    const watch = delivery.watch(stream, openedAt - 1, slow);
    watch.opened(openedAt);
    return watch;
  };
  return { delivery, connect, censored };
}

function receive(watch: DeliveryWatch, n: number, { sent = sentAt(n), id = '' } = {}): void {
  const data = stampText('r', n, sent);
  watch.event({ event: 'message', data, id, lastEventId: id, bytes: 0, reads: 1 }, sent + 1);
}

function figures(seen: DeliverySnapshot, count: number, failedNumbers: number[] = [], late: number[] = []) {
  const sentMs = Float64Array.from({ length: count }, (_, index) => sentAt(index + 1, late[index]));
  const published = count - failedNumbers.length;
  const { length: failed } = failedNumbers;
  const publish = { planned: count, published, failed, late: 0, notStarted: 0, errors: [] };
  return deliveryFigures(seen, { figures: publish, log: { sentMs, failedNumbers } });
}

describe('what streams are owed at their end', () => {
  test('is all that was published behind their last event, whoever else got it', () => {
    const { delivery, connect } = setUp();
    const [whole, stopped, mute] = [connect(0), connect(1), connect(2)];
    for (let n = 1; n <= 90; n += 1) receive(whole, n);
    for (let n = 1; n <= 30; n += 1) receive(stopped, n);
    for (const watch of [whole, stopped, mute]) watch.leftOpen(BEGAN_AT + DURATION_MS);
    const { received, missing, rate, unreached, partial, examples, notes } = figures(delivery.take(), 90);
    assert.deepEqual(
      { received, missing, unreached, partial },
      { received: 120, missing: 60, unreached: 1, partial: 60 },
    );
    assert.equal(rate, 120 / 180);
    assert.deepEqual(examples, [
      'stream 2: none of 90 published events',
      'published 31-90: on some streams, and missing on others',
      'stream 1: 31-90 missing after 30',
    ]);
    assert.match(notes.join(), /^60 of the missing are behind the last one of their stream/);
  });

  test('is known although no stream of any process got it', () => {
    const { delivery, connect } = setUp();
    const watch = connect(0);
    for (const n of [1, 2, 3]) receive(watch, n);
    watch.leftOpen(BEGAN_AT + DURATION_MS);
    const { missing, partial, examples } = figures(delivery.take(), 90, [10, 90]);
    assert.deepEqual([missing, partial], [85, 0]);
    assert.deepEqual(examples, ['stream 0: 4-9 missing after 3', 'stream 0: 11-89 missing after 3']);
  });

  test('leaves out what may still have been on its way, or is sent behind the end', () => {
    const { delivery, connect } = setUp();
    for (const [stream, endedAt] of [
      [0, sentAt(10) + GRACE_MS - 1],
      [1, sentAt(10) + GRACE_MS],
    ] as const) {
      const watch = connect(stream);
      receive(watch, 9);
      watch.ended(endedAt);
      connect(stream + 10, sentAt(9) + 1).ended(endedAt);
    }
    const { missing, unreached, examples } = figures(delivery.take(), 90);
    assert.deepEqual([missing, unreached], [1, 1]);
    assert.deepEqual(examples, [
      'stream 11: none of the one published event',
      'stream 1: 10 missing after 9',
    ]);
  });

  test('is nothing where none was accepted, nothing was sent, or the reader is slow on purpose', () => {
    const { delivery, connect } = setUp();
    delivery.watch(0, BEGAN_AT).leftOpen(BEGAN_AT + DURATION_MS);
    const slow = connect(1, BEGAN_AT - 1, true);
    receive(slow, 1);
    slow.leftOpen(BEGAN_AT + DURATION_MS);
    connect(2, sentAt(90) + 1).leftOpen(BEGAN_AT + DURATION_MS);
    const { missing, unreached } = figures(delivery.take(), 90);
    assert.deepEqual([missing, unreached], [0, 0]);
    connect(3).leftOpen(BEGAN_AT + DURATION_MS);
    assert.equal(figures(delivery.take(), 3, [1, 2, 3]).unreached, 0);
  });

  test('leaves out what may be late behind a higher one', () => {
    const { delivery, connect } = setUp();
    for (const [stream, endedAt] of [
      [0, sentAt(5) + GRACE_MS - 1],
      [1, sentAt(5) + GRACE_MS],
    ] as const) {
      const watch = connect(stream);
      for (const n of [1, 2, 3, 5]) receive(watch, n);
      watch.ended(endedAt);
    }
    const { missing, partial, examples } = figures(delivery.take(), 90);
    assert.deepEqual([missing, partial], [1, 0]);
    assert.deepEqual(examples, ['stream 1: 4 missing after 3']);
  });

  test('includes what was sent in an outage, unless it is replayed', () => {
    const { delivery, connect } = setUp();
    for (const [stream, back] of [
      [0, [6, 7, 8]],
      [1, [8]],
      [2, []],
    ] as const) {
      const watch = connect(stream);
      receive(watch, 5);
      watch.interrupted();
      for (const n of back) receive(watch, n);
      watch.leftOpen(BEGAN_AT + DURATION_MS);
    }
    const { received, missing, partial } = figures(delivery.take(), 8);
    assert.deepEqual([received, missing, partial], [7, 5, 3]);
  });

  test('beside an audit of ids is what was published after the last of them', () => {
    const { delivery, connect } = setUp({ ...OPTIONS, sequence: { kind: 'id' } });
    const watch = connect(0);
    receive(watch, 1, { id: '1' });
    receive(watch, 2, { id: '2' });
    // 3 to 5 are missing by their ids; this is no event of ours.
    watch.event({ event: 'message', data: '', id: '6', lastEventId: '6', bytes: 0, reads: 1 }, sentAt(5) + 1);
    watch.leftOpen(BEGAN_AT + DURATION_MS);
    const { missing, partial } = figures(delivery.take(), 10);
    assert.equal(missing, 3 + 5);
    assert.equal(partial, undefined);
  });

  test('is the same as a list of all that each stream should have had says', () => {
    const COUNT = 30;
    const stream = fc.record({
      process: fc.constantFrom(0, 1),
      openedAt: fc.integer({ min: -20, max: 320 }),
      livesFor: fc.integer({ min: 1, max: 500 }),
      drops: fc.array(fc.boolean(), { minLength: COUNT, maxLength: COUNT }),
      stopsAt: fc.integer({ min: 1, max: COUNT + 1 }),
    });
    fc.assert(
      fc.property(
        fc.array(stream, { minLength: 1, maxLength: 8 }),
        fc.array(fc.integer({ min: 0, max: 40_000 }), { minLength: COUNT, maxLength: COUNT }),
        fc.uniqueArray(fc.integer({ min: 1, max: COUNT }), { maxLength: 6 }),
        (streams, lateness, failed) => {
          // Ascending, and no two at the same microsecond.
          let last = 0;
          const late = lateness.map((us, index) => {
            last = Math.max(last + 0.001, index * INTERVAL_MS + us / 1_000);
            return last - index * INTERVAL_MS;
          });
          const sent = late.map((ms, index) => sentAt(index + 1, ms));
          const processes = [setUp(), setUp()];
          let [missing, unreached] = [0, 0];
          const missedBySome = new Set<number>();
          const gotBySome = new Set<number>();
          const known = [new Set<number>(), new Set<number>()] as const;
          for (const [index, { process, drops, stopsAt, ...times }] of streams.entries()) {
            const openedAt = BEGAN_AT + times.openedAt;
            const endedAt = openedAt + times.livesFor;
            const numbers = sent.map((_, at) => at + 1).filter((n) => !failed.includes(n));
            const comes = numbers.filter((n) => {
              const at = sent[n - 1] as number;
              return at > openedAt && at + 1 < endedAt && n < stopsAt && !drops[n - 1];
            });
            const watch = processes[process]?.connect(index, openedAt) ?? assert.fail();
            for (const n of comes) known[process].add(n);
            for (const n of comes) receive(watch, n, { sent: sent[n - 1] as number });
            watch.ended(endedAt);
            const [first, highest] = [comes[0], comes.at(-1)];
            const owedUntil = Math.floor(endedAt - GRACE_MS);
            if (first === undefined || highest === undefined) {
              const some = numbers.some(
                (n) => (sent[n - 1] ?? 0) > openedAt && (sent[n - 1] ?? 0) <= owedUntil,
              );
              if (some) unreached += 1;
              continue;
            }
            const firstAt = (sent[first - 1] as number) + 1;
            const missed = numbers.filter((n) => {
              const at = sent[n - 1] as number;
              if (comes.includes(n) || n < first) return false;
              // What was sent before the first had come may have been on its way past it.
              if (n > highest) return at <= owedUntil && at > firstAt;
              // It, or a later one, is known to have been sent early enough.
              const inTime = [...known[process]].some(
                (other) => other >= n && other <= highest && (sent[other - 1] as number) <= owedUntil,
              );
              if (!inTime) return false;
              const base = comes.find((each) => (sent[each - 1] as number) >= firstAt);
              const before = comes.filter((each) => (sent[each - 1] as number) < firstAt);
              return base !== undefined && n > Math.max(...before) && (n > base || sentAt(n) > firstAt);
            });
            missing += missed.length;
            for (const n of missed) missedBySome.add(n);
            for (const n of comes) gotBySome.add(n);
          }
          const [one, other] = processes.map(({ delivery }) => delivery.take());
          assert.ok(one && other);
          const found = figures(addDelivery(one, other), COUNT, failed, late);
          const partial = [...missedBySome].filter((n) => gotBySome.has(n)).length;
          assert.deepEqual(
            { missing: found.missing, unreached: found.unreached, partial: found.partial },
            { missing, unreached, partial },
          );
        },
      ),
    );
  });
});
