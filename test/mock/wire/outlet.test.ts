import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { Lateness } from '../../../src/mock/lateness.ts';
import { Timetable } from '../../../src/mock/timetable.ts';
import { Frame } from '../../../src/mock/wire/frame.ts';
import type { Op } from '../../../src/mock/wire/op.ts';
import { Outlet } from '../../../src/mock/wire/outlet.ts';
import type { Wire } from '../../../src/mock/wire/wire.ts';

/** A wire whose reader takes what it is told to. */
class PacedWire implements Wire {
  onClose: (() => void) | undefined;
  closed = false;
  sentBytes = 0;
  heldBytes = 0;
  /** What was written, and how it ended. */
  readonly told: string[] = [];
  #drained: (() => void)[] = [];
  readonly #takesAll: boolean;

  constructor(reader: 'takes all' | 'takes when told') {
    this.#takesAll = reader === 'takes all';
  }

  write(frame: Frame): void {
    this.told.push(frame.bytes.toString());
    this.sentBytes += frame.byteLength;
    if (!this.#takesAll) this.heldBytes += frame.byteLength;
  }
  onceDrained(callback: () => void): void {
    if (this.heldBytes === 0) callback();
    else this.#drained.push(callback);
  }
  take(bytes = this.heldBytes): void {
    this.heldBytes -= bytes;
    if (this.heldBytes === 0) for (const callback of this.#drained.splice(0)) callback();
  }
  end(): void {
    this.told.push('end');
  }
  cut(): void {
    this.told.push('cut');
  }
  reset(): void {
    this.told.push('reset');
  }
}

const MAX_STALLED_BYTES = 100;

/** An outlet whose clock is the test's. */
function outletOf(test: TestContext, reader: 'takes all' | 'takes when told' = 'takes all') {
  test.mock.timers.enable({ apis: ['setTimeout'] });
  let nowMs = 0;
  const wire = new PacedWire(reader);
  const told: string[] = [];
  const environment = {
    timetable: new Timetable(() => nowMs),
    lateness: new Lateness(),
    maxStalledBytes: MAX_STALLED_BYTES,
    freeze: (ms: number) => void wire.told.push(`freeze ${ms}`),
    warn: () => {},
  };
  const outlet = new Outlet(wire, environment, {
    outletFree: () => void told.push('free'),
    outletStalled: () => void told.push('stalled'),
    outletOver: (end) => void told.push(`over: ${end}`),
  });
  const pass = async (ms: number) => {
    nowMs += ms;
    test.mock.timers.tick(ms);
    await setImmediate();
  };
  return { outlet, wire, told, pass };
}

const write = (text: string): Op => ({ kind: 'write', frame: new Frame(text) });

describe('operations', () => {
  test('that come behind a wait wait for it, and those that come meanwhile behind them', async (t) => {
    const { outlet, wire, told, pass } = outletOf(t);
    outlet.perform([write('a'), { kind: 'wait', ms: 20 }, write('b')]);
    outlet.write(new Frame('c'));
    assert.deepEqual([wire.told, outlet.waiting], [['a'], true]);
    await pass(19);
    assert.deepEqual(wire.told, ['a']);
    await pass(1);
    assert.deepEqual([wire.told, outlet.waiting, told], [['a', 'b', 'c'], false, ['free']]);
  });

  test('that wait for a time which has passed wait no more', async (t) => {
    const { outlet, wire, pass } = outletOf(t);
    await pass(50);
    outlet.perform([{ kind: 'until', atMs: 50 }, write('a'), { kind: 'until', atMs: 60 }, write('b')]);
    assert.deepEqual(wire.told, ['a']);
    await pass(10);
    assert.deepEqual(wire.told, ['a', 'b']);
  });

  test('that wait for the reader go on when it has taken everything', async (t) => {
    const { outlet, wire, pass } = outletOf(t, 'takes when told');
    outlet.perform([write('ab'), { kind: 'drain' }, write('c'), { kind: 'end' }]);
    await pass(5);
    wire.take(1);
    assert.deepEqual(wire.told, ['ab']);
    wire.take();
    assert.deepEqual(wire.told, ['ab', 'c', 'end']);
  });

  test('that end the stream forget what waits, and are not woken by it', async (t) => {
    const { outlet, wire, told, pass } = outletOf(t);
    outlet.perform([write('a'), { kind: 'wait', ms: 10 }, write('b')]);
    outlet.overtake([{ kind: 'wait', ms: 20 }, { kind: 'reset' }]);
    await pass(15);
    assert.deepEqual(wire.told, ['a']);
    await pass(5);
    assert.deepEqual([wire.told, told], [['a', 'reset'], ['over: reset']]);
  });

  test('that let everything stand still overtake what waits, and leave it as it was', async (t) => {
    const { outlet, wire, pass } = outletOf(t);
    outlet.perform([{ kind: 'wait', ms: 10 }, write('a')]);
    outlet.overtake([{ kind: 'freeze', ms: 500 }]);
    assert.deepEqual(wire.told, ['freeze 500']);
    await pass(10);
    assert.deepEqual(wire.told, ['freeze 500', 'a']);
  });

  test('come to nothing behind a stall', (t) => {
    const { outlet, wire, told } = outletOf(t);
    outlet.perform([write('a'), { kind: 'stall' }, write('b')]);
    outlet.write(new Frame('c'));
    assert.deepEqual([wire.told, told], [['a'], ['stalled']]);
  });
});

describe('a reader', () => {
  const part = 'x'.repeat(64);

  test('that takes an event of more than the limit in parts gets it whole', async (t) => {
    const { outlet, wire, pass } = outletOf(t, 'takes when told');
    outlet.perform([
      write(part),
      { kind: 'drain' },
      write(part),
      { kind: 'drain' },
      write(part),
      { kind: 'end' },
    ]);
    for (let taken = 0; taken < 3; taken += 1) {
      await pass(1);
      wire.take();
    }
    assert.deepEqual(wire.told, [part, part, part, 'end']);
  });

  test('that has so much to take yet when more comes, and takes nothing for a second, is dropped', async (t) => {
    const { outlet, wire, told, pass } = outletOf(t, 'takes when told');
    outlet.perform([write(part), { kind: 'drain' }, write(part)]);
    await pass(999);
    outlet.perform([write('more')]);
    assert.deepEqual(told, []);
    await pass(1);
    outlet.perform([write('yet more')]);
    assert.deepEqual([wire.told, told], [[part, 'reset'], ['over: stalled']]);
  });

  test('that has so much to take yet when more comes, and takes some of it, gets all', async (t) => {
    const { outlet, wire, told, pass } = outletOf(t, 'takes when told');
    outlet.perform([write(part), { kind: 'drain' }, write(part), { kind: 'drain' }, write(part)]);
    for (let taken = 0; taken < 3; taken += 1) {
      await pass(800);
      wire.take(10);
      outlet.perform([write('more')]);
    }
    while (wire.heldBytes > 0) {
      wire.take();
      await pass(1);
    }
    assert.deepEqual([wire.told, told], [[part, part, part, 'more', 'more', 'more'], ['free']]);
  });

  for (const [what, op, how, end] of [
    ['dropped when an event comes', write('more'), 'reset', 'over: stalled'],
    ['not dropped for an ending', { kind: 'end' }, 'end', 'over: eof'],
  ] as const) {
    test(`that holds more than the limit is ${what}`, (t) => {
      const { outlet, wire, told } = outletOf(t, 'takes when told');
      for (const text of [part, part]) outlet.write(new Frame(text));
      outlet.perform([op]);
      assert.deepEqual([wire.told, told], [[part, part, how], [end]]);
    });
  }

  test('is not blamed for what waits for its time', async (t) => {
    const { outlet, wire, told, pass } = outletOf(t);
    outlet.perform([write('a'), { kind: 'wait', ms: 5_000 }, write(part), write(part)]);
    await pass(2_000);
    outlet.perform([write('b'), { kind: 'end' }]);
    await pass(3_000);
    assert.deepEqual([wire.told, told], [['a', part, part, 'b', 'end'], ['over: eof']]);
  });

  test('takes what has waited at its own pace', async (t) => {
    const { outlet, wire, told, pass } = outletOf(t, 'takes when told');
    const much = 'x'.repeat(65 * 1024);
    outlet.perform([{ kind: 'wait', ms: 10 }, write(much), write(much), write('end')]);
    await pass(10);
    assert.deepEqual(wire.told, [much]);
    wire.take();
    await pass(1);
    assert.deepEqual(wire.told, [much, much]);
    wire.take();
    await pass(1);
    assert.deepEqual([wire.told, told], [[much, much, 'end'], ['free']]);
  });

  test('that is waited for hears of it when nothing waits any more', async (t) => {
    const { outlet, told, pass } = outletOf(t);
    outlet.perform([{ kind: 'wait', ms: 10 }, write('a')]);
    outlet.onceReady(() => told.push('ready'));
    assert.deepEqual(told, []);
    await pass(10);
    assert.deepEqual(told, ['free', 'ready']);
  });

  test('that is waited for and takes nothing for 30 s is dropped, one that takes a little is not', async (t) => {
    const { outlet, wire, told, pass } = outletOf(t, 'takes when told');
    outlet.perform([write(part), { kind: 'drain' }, write('more')]);
    await pass(1);
    await pass(29_000);
    wire.take(1);
    await pass(1_001);
    assert.deepEqual(told, []);
    await pass(30_000);
    assert.deepEqual([wire.told, told], [[part, 'reset'], ['over: stalled']]);
  });
});

describe('what is held back', () => {
  const MB = 1024 ** 2;
  const large = new Frame('x'.repeat(40 * MB));

  test('is 64 MB and one event: with more the stream is dropped, and no reader is blamed', (t) => {
    const { outlet, wire, told } = outletOf(t);
    outlet.perform([write('a'), { kind: 'wait', ms: 60_000 }]);
    for (let count = 0; count < 2; count += 1) outlet.perform([{ kind: 'write', frame: large }]);
    assert.deepEqual(told, []);
    outlet.perform([write('more')]);
    assert.deepEqual([wire.told, told], [['a', 'reset'], ['over: overfull']]);
  });

  test('counts what carries it', (t) => {
    const { outlet, told } = outletOf(t);
    const waits = Array.from({ length: 300_000 }, (): Op => ({ kind: 'wait', ms: 60_000 }));
    outlet.perform(waits);
    outlet.perform([write('more')]);
    assert.deepEqual(told, ['over: overfull']);
  });
});

test('an event of more than a reader may hold leaves in parts, each when the one before was taken', async (t) => {
  const { outlet, wire, told, pass } = outletOf(t, 'takes when told');
  const text = Array.from({ length: 20_000 }, (_, n) => String(n)).join(' ');
  outlet.write(new Frame(text));
  assert.equal(wire.heldBytes, 64 * 1024);
  while (wire.heldBytes > 0) {
    assert.ok(wire.heldBytes <= 64 * 1024);
    wire.take();
    await pass(1);
  }
  assert.deepEqual([wire.told.join('') === text, told], [true, ['free']]);
});
