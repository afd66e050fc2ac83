import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  type AuditedDelivery,
  createDelivery,
  type DeliveryWatch,
} from '../../../src/bench/delivery/delivery.ts';
import { stampText } from '../../../src/bench/delivery/publish/stamp.ts';
import { WallClock } from '../../../src/bench/delivery/wall-clock.ts';
import type { DeliveryOptions, PublishOptions } from '../../../src/bench/options.ts';
import { addDelivery, deliveryFigures } from '../../../src/results/bench/delivery.ts';
import type { SendLog } from '../../../src/results/bench/delivery-owed.ts';
import type { PublishFigures } from '../../../src/results/bench/publish.ts';
import { assertInvalid } from '../../notation/rejection.ts';

/** Of a run in which the n-th is sent at ten times n. */
const END_MS = 1_000;
const EPOCH_MS = 1_700_000_000_000;

function setUp(options: DeliveryOptions) {
  const latencies: number[] = [];
  const censored: number[] = [];
  const clocks = { monotonic: () => 0, wall: () => EPOCH_MS, aheadMs: EPOCH_MS };
  const delivery = createDelivery(
    options,
    { record: (ms) => latencies.push(ms), censor: (ms) => censored.push(ms) },
    () => new WallClock(clocks),
  );
  assert.ok(delivery);
  return { delivery, latencies, censored };
}

const NOWHERE = { record: () => assert.fail(), censor: () => assert.fail() };

function receive(watch: DeliveryWatch, event: { id?: string; data?: string }, at = 0): void {
  const { id, data = '' } = event;
  watch.event({ event: 'message', data, id, lastEventId: id ?? '', bytes: 0, reads: 1 }, at);
}

/** The n-th is sent at ten times n, and takes a millisecond. */
function stamped(watch: DeliveryWatch, n: number): void {
  receive(watch, { data: stampText('r', n, 10 * n) }, 10 * n + 1);
}

/** Published over HTTP, several at a time. */
const publish = (kind: 'http' | 'redis' = 'http'): PublishOptions => ({
  run: 'r',
  target: kind === 'http' ? { kind, url: 'http://h/' } : { kind, url: 'redis://h', channel: 'c' },
  ratePerSecond: 1,
  body: '',
  headers: [],
});

const log = (count: number, failedNumbers: number[] = []): SendLog => ({
  sentMs: Float64Array.from({ length: count }, (_, index) => 10 * (index + 1)),
  failedNumbers,
});

const figures = (more: Partial<PublishFigures> = {}): PublishFigures => ({
  planned: 9,
  published: 9,
  failed: 0,
  late: 0,
  notStarted: 0,
  errors: [],
  ...more,
});

function countsOf(delivery: AuditedDelivery) {
  const { received, missing, duplicated, out_of_order, replayed, unnumbered } = delivery.take();
  return { received, missing, duplicated, out_of_order, replayed, unnumbered };
}

const nothing = { received: 0, missing: 0, duplicated: 0, out_of_order: 0, replayed: 0, unnumbered: 0 };

describe('delivery', () => {
  test('is not watched where nobody asked', () => {
    assert.equal(createDelivery({}, NOWHERE), undefined);
    assertInvalid(() => createDelivery({ sentAtPath: 'a[' }, NOWHERE), /position 2/);
  });

  test('is told in changes from window to window, which may take back what was missing', () => {
    const { delivery } = setUp({ sequence: { kind: 'id' } });
    const watch = delivery.watch(0, 0);
    const take = () => countsOf(delivery);
    for (const id of ['1', '2', '5']) receive(watch, { id });
    assert.deepEqual(take(), { ...nothing, received: 3, missing: 2 });
    receive(watch, { id: '4' });
    receive(watch, { id: '4' });
    receive(watch, {});
    receive(watch, { id: '1700000000000-0' });
    assert.deepEqual(take(), {
      received: 1,
      missing: -1,
      duplicated: 1,
      out_of_order: 1,
      replayed: 0,
      unnumbered: 2,
    });
    assert.deepEqual(take(), nothing);
  });

  test('is audited by the numbers that a path names', () => {
    const { delivery } = setUp({ sequence: { kind: 'path', path: 'a.n' } });
    const watch = delivery.watch(0, 0);
    for (const n of [1, '2', 4, 1.5, -1, null]) receive(watch, { data: JSON.stringify({ a: { n } }) });
    receive(watch, { data: 'no JSON' });
    assert.deepEqual(countsOf(delivery), { ...nothing, received: 3, missing: 1, unnumbered: 4 });
  });

  test('of a stream that was cut and replayed is told from a repetition', () => {
    const { delivery } = setUp({ sequence: { kind: 'id' } });
    const watch = delivery.watch(3, 0);
    for (const id of ['1', '2', '3']) receive(watch, { id });
    watch.interrupted();
    for (const id of ['2', '3', '4', '6']) receive(watch, { id });
    watch.ended(END_MS);
    assert.deepEqual(deliveryFigures(delivery.take()), {
      received: 5,
      missing: 1,
      duplicated: 0,
      out_of_order: 0,
      replayed: 2,
      rate: 5 / 6,
      unnumbered: 0,
      examples: ['stream 3: 5 missing after 4', 'stream 3: 2-3 replayed after a reconnect, of up to 3'],
      notes: ['what should have come after the last event of a stream is not known, nor counted as missing'],
    });
  });

  test('takes as long as the stamps of the publisher say, found in whatever text', () => {
    const { delivery, latencies } = setUp({ publish: publish() });
    const watch = delivery.watch(0, 10);
    receive(watch, { data: `{"a":"${stampText('r', 1, 20)}"}` }, 22.5);
    receive(watch, { data: `${stampText('r', 2, 30)} ${stampText('r', 4, 31)}` }, 33);
    receive(watch, { data: 'something else' }, 34);
    assert.deepEqual(latencies, [2.5, 3, 2]);
    const { received, missing, marked } = delivery.take();
    assert.deepEqual({ received, missing, marked }, { received: 3, missing: 1, marked: 3 });
  });

  test('of what was sent before the stream began has no latency', () => {
    const { delivery, latencies } = setUp({ publish: publish() });
    receive(delivery.watch(0, 100), { data: stampText('r', 1, 99) }, 150);
    assert.deepEqual(latencies, []);
    assert.match(deliveryFigures(delivery.take()).notes.join(), /^1 event had been sent before the stream/);
  });

  test('that is behind the others when the time is over is cut short, not forgotten', () => {
    const { delivery, censored } = setUp({ publish: publish() });
    const [first, second, third] = [0, 1, 2].map((stream) => delivery.watch(stream, 0));
    assert.ok(first && second && third);
    for (const n of [1, 2, 3]) receive(first, { data: stampText('r', n, 10 * n) }, 10 * n + 1);
    receive(second, { data: stampText('r', 1, 10) }, 11);
    for (const watch of [first, second, third]) watch.leftOpen(100);
    assert.deepEqual(censored, [80, 70]);
  });

  test('over HTTP is not blamed for its order, over one connection to Redis it is', () => {
    for (const [kind, outOfOrder] of [
      ['http', 0],
      ['redis', 1],
    ] as const) {
      const { delivery } = setUp({ publish: publish(kind) });
      const watch = delivery.watch(0, 0);
      for (const n of [1, 3, 2]) receive(watch, { data: stampText('r', n, 5) }, 6);
      const { out_of_order, missing, evidence } = delivery.take();
      assert.deepEqual([out_of_order, missing, evidence.length], [outOfOrder, 0, outOfOrder]);
    }
  });

  test('misses none of those that were under way when the stream came', () => {
    const { delivery } = setUp({ publish: publish() });
    const watch = delivery.watch(0, 0);
    // 6 and 8 had gone by before; what is sent when the first one is there is waited for.
    for (const n of [7, 5, 9]) receive(watch, { data: stampText('r', n, n) }, 20);
    stamped(watch, 10);
    assert.equal(delivery.take().missing, 0);
    stamped(watch, 12);
    assert.equal(delivery.take().missing, 1);
  });

  test('does not miss what could not be published', () => {
    const { delivery } = setUp({ publish: publish() });
    const streams = [0, 1].map((stream) => delivery.watch(stream, 0));
    for (const watch of streams) for (const n of [1, 2, 6]) stamped(watch, n);
    const first = delivery.take();
    for (const watch of streams.slice(1)) stamped(watch, 5);
    const total = addDelivery(first, delivery.take());
    assert.equal(total.missing, 5);
    const { missing, rate } = deliveryFigures(total, { figures: figures(), log: log(6, [3, 4, 9]) });
    assert.equal(missing, 1);
    assert.equal(rate, 7 / 8);
  });

  test('shows of what is missing only what was published', () => {
    const { delivery } = setUp({ publish: publish() });
    const watch = delivery.watch(0, 0);
    for (const n of [1, 2, 4, 10, 11]) stamped(watch, n);
    watch.ended(END_MS);
    const { examples, missing, notes } = deliveryFigures(delivery.take(), {
      figures: figures(),
      log: log(11, [7, 3, 9]),
    });
    assert.deepEqual(examples, ['stream 0: 5-6 missing after 4', 'stream 0: 8 missing after 4']);
    assert.equal(missing, 3);
    assert.deepEqual(notes, []);
  });

  test('takes as long as events say themselves', () => {
    const { delivery, latencies } = setUp({ sentAtPath: 'at' });
    const watch = delivery.watch(0, 0);
    receive(watch, { data: JSON.stringify({ at: EPOCH_MS + 100 }) }, 105);
    receive(watch, { data: JSON.stringify({ at: (EPOCH_MS + 200) / 1e3 }) }, 207);
    receive(watch, { data: JSON.stringify({ at: EPOCH_MS - 50 }) }, 208);
    receive(watch, { data: '{}' }, 208);
    delivery.finish();
    assert.deepEqual(latencies.map(Math.round), [5, 7]);
    const { notes, clock } = deliveryFigures(delivery.take());
    assert.equal(clock?.smallestMs, 5);
    assert.match(notes[0] ?? '', /^1 event told no time/);
    assert.match(notes[1] ?? '', /^1 event had been sent before .* or the sender's clock is behind: no/);
    assert.match(notes[2] ?? '', /taken for the same as this machine's; as the fastest event took 5 ms/);
  });
});

describe('the delivery of a run', () => {
  const take = (delivery: AuditedDelivery) => delivery.take();

  test('is the sum of what processes saw, examples of each kind among them', () => {
    const parts = [0, 1, 2].map((process) => {
      const { delivery } = setUp({ sequence: { kind: 'id' } });
      for (let stream = 0; stream < 4; stream += 1) {
        const watch = delivery.watch(process * 10 + stream, 0);
        for (const id of ['1', '1', '3', '2', '5', '7']) receive(watch, { id });
        watch.ended(END_MS);
      }
      return take(delivery);
    });
    const [first, ...others] = parts;
    assert.ok(first);
    const { examples, received, missing, duplicated, out_of_order } = deliveryFigures(
      others.reduce(addDelivery, first),
    );
    assert.deepEqual([received, missing, duplicated, out_of_order], [60, 24, 12, 12]);
    assert.deepEqual(examples.slice(0, 4), [
      'stream 0: 4 missing after 3',
      'stream 0: 6 missing after 5',
      'stream 1: 4 missing after 3',
      'stream 0: 1 again after 1',
    ]);
    assert.equal(examples.length, 9);
  });

  test('says so where numbers do not count, or nothing published ever came', () => {
    const { delivery } = setUp({ sequence: { kind: 'id' } });
    const watch = delivery.watch(0, 0);
    for (const id of ['10', '20', '30', '40']) receive(watch, { id });
    assert.match(deliveryFigures(take(delivery)).notes.join(), /do not go up by one/);
    const empty = take(setUp({ publish: publish() }).delivery);
    assert.equal(deliveryFigures(empty).rate, null);
    const { notes } = deliveryFigures(empty, { figures: figures(), log: log(9) });
    assert.match(notes.join(), /none of the published events came on any stream/);
  });

  test('tells how far clocks stood apart, and how well that is known', () => {
    const clock = (smallestMs: number, addedMs: number) => ({
      ...take(setUp({ sequence: { kind: 'id' } }).delivery),
      clock: { smallestMs, addedMs: [addedMs, addedMs] as const, steppedMs: 0 },
    });
    const both = addDelivery(clock(-12, 10), clock(-11, 11));
    assert.deepEqual(both.clock, { smallestMs: -12, addedMs: [10, 11], steppedMs: 0 });
    assert.match(deliveryFigures(both).notes.join(), /ahead by at least 12 ms: .* known to 2 ms$/);
  });
});
