import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Hub, HubReader, PublishedEvent } from '../../../src/mock/channels/hub.ts';
import { createMemoryHub, type MemoryHubOptions } from '../../../src/mock/channels/memory-hub.ts';
import { RequestError } from '../../../src/mock/request.ts';
import { PacedReader } from './paced-reader.ts';

async function join<R extends HubReader>(
  hub: Hub,
  channels: string[],
  lastEventId: string,
  reader: R,
): Promise<R & { found: boolean; stop(): void }> {
  const position = await hub.locate(channels, lastEventId);
  const following = hub.follow(channels, position, reader);
  return Object.assign(reader, { found: position.found, stop: () => following.stop() });
}

const listener = (hub: Hub, channels: string[] = ['a'], lastEventId = '') =>
  join(hub, channels, lastEventId, new PacedReader());

async function publishAll(hub: Hub, channel: string, ...data: string[]): Promise<void> {
  for (const each of data) await hub.publish([channel], { data: each });
}

const refusal = (status: number, message: RegExp) => (error: unknown) =>
  error instanceof RequestError && error.status === status && message.test(error.message);

describe('publishing', () => {
  it('counts ids from 1 over all channels', async () => {
    const hub = createMemoryHub();
    assert.deepEqual((await hub.publish(['a'], { data: 'x' })).ids, { a: '1' });
    assert.deepEqual((await hub.publish(['b', 'c'], { data: 'x' })).ids, { b: '2', c: '3' });
    assert.deepEqual((await hub.publish(['a'], { data: 'x' })).ids, { a: '4' });
  });

  it('tells how many streams carry one of the channels, each counted once', async () => {
    const hub = createMemoryHub();
    await listener(hub, ['a']);
    await listener(hub, ['a', 'b']);
    await join(hub, ['b'], '', new PacedReader(0));
    assert.equal((await hub.publish(['a'], { data: 'x' })).streams, 2);
    assert.equal((await hub.publish(['a', 'b'], { data: 'x' })).streams, 3);
    assert.equal((await hub.publish(['nobody'], { data: 'x' })).streams, 0);
  });

  it('hands every stream the very same encoded event', async () => {
    const hub = createMemoryHub();
    const [one, two] = [await listener(hub), await listener(hub)];
    await hub.publish(['a'], { event: 'note', data: 'x\ny' });
    assert.equal(one.events[0], two.events[0]);
    assert.equal(String(one.events[0]?.frame.bytes), 'id: 1\nevent: note\ndata: x\ndata: y\n\n');
    assert.equal(String(one.events[0]?.frameWithoutId.bytes), 'event: note\ndata: x\ndata: y\n\n');
    assert.deepEqual(one.events[0]?.eventWithoutId, { event: 'note', data: 'x\ny' });
  });

  it("uses the publisher's own id for all streams", async () => {
    const hub = createMemoryHub();
    const reader = await listener(hub);
    assert.deepEqual((await hub.publish(['a'], { data: 'x', id: 'order-7' })).ids, { a: 'order-7' });
    assert.equal(String(reader.events[0]?.frame.bytes), 'id: order-7\ndata: x\n\n');
    assert.equal(String(reader.events[0]?.frameWithoutId.bytes), 'id: order-7\ndata: x\n\n');
  });

  const refused: readonly [what: string, channels: string[], event: PublishedEvent, message: RegExp][] = [
    [
      'a line ending in the event type',
      ['a'],
      { data: '', event: 'a\nb' },
      /^event: "a\\nb" has a line ending/,
    ],
    ['a line ending in the id', ['a'], { data: '', id: 'a\rb' }, /^id: "a\\rb" has a line ending/],
    ['NUL in the id', ['a'], { data: '', id: 'a\0' }, /^id: .*NUL/],
    ['an empty id', ['a'], { data: '', id: '' }, /^id: an empty one/],
    ['an id that no header brings back', ['a'], { data: '', id: ' ' }, /^id: an empty one/],
    ['an endless id', ['a'], { data: '', id: 'x'.repeat(1_001) }, /^id: 1001 characters/],
    ['one id in several channels', ['a', 'b'], { data: '', id: '7' }, /^id: .* one channel at a time/],
    ['no channel', [], { data: '' }, /no channel/],
  ];
  for (const [what, channels, event, message] of refused) {
    it(`is refused for ${what}, and uses no id up`, async () => {
      const hub = createMemoryHub();
      await assert.rejects(hub.publish(channels, event), refusal(400, message));
      assert.deepEqual((await hub.publish(['a'], { data: 'x' })).ids, { a: '1' });
    });
  }
});

describe('a stream of a channel', () => {
  it('that asks for nothing gets what is published from now on', async () => {
    const hub = createMemoryHub();
    await publishAll(hub, 'a', 'before');
    const reader = await listener(hub);
    await publishAll(hub, 'a', 'one', 'two');
    await publishAll(hub, 'b', 'elsewhere');
    assert.deepEqual(reader.data, ['one', 'two']);
  });

  it('misses nothing between being located and following', async () => {
    const hub = createMemoryHub();
    const now = await hub.locate(['a'], '');
    await publishAll(hub, 'a', 'between');
    const reader = new PacedReader();
    hub.follow(['a'], now, reader);
    assert.deepEqual(reader.data, ['between']);
  });

  it('gets nothing more when it has stopped', async () => {
    const hub = createMemoryHub();
    const reader = await listener(hub);
    reader.stop();
    reader.stop();
    await publishAll(hub, 'a', 'late');
    assert.deepEqual(reader.data, []);
  });

  it('resumes behind an id', async () => {
    const hub = createMemoryHub();
    await publishAll(hub, 'a', 'one', 'two', 'three');
    const reader = await listener(hub, ['a'], '1');
    assert.equal(reader.found, true);
    await publishAll(hub, 'a', 'four');
    assert.deepEqual(reader.ids, ['2', '3', '4']);
  });

  it('gets everything for the id 0', async () => {
    const hub = createMemoryHub();
    await publishAll(hub, 'a', 'one', 'two');
    assert.deepEqual((await listener(hub, ['a'], '0')).ids, ['1', '2']);
  });

  it('on several channels has their events in the order of publishing', async () => {
    const hub = createMemoryHub();
    for (const channel of ['a', 'b', 'b', 'c', 'a', 'b']) await publishAll(hub, channel, channel);
    const reader = await listener(hub, ['b', 'a', 'b'], '1');
    await publishAll(hub, 'a', 'a');
    assert.deepEqual(reader.ids, ['2', '3', '5', '6', '7']);
    assert.deepEqual(reader.data, ['b', 'b', 'a', 'b', 'a']);
  });

  it("resumes behind a publisher's id, the latest where it was given twice", async () => {
    const hub = createMemoryHub();
    for (const id of ['x', 'y', 'x', 'z']) await hub.publish(['a'], { data: id, id });
    assert.deepEqual((await listener(hub, ['a'], 'y')).ids, ['x', 'z']);
    assert.deepEqual((await listener(hub, ['a'], 'x')).ids, ['z']);
    assert.deepEqual((await listener(hub, ['a', 'b'], 'z')).ids, []);
  });

  it("resumes behind a publisher's id that lost its outer spaces in a header", async () => {
    const hub = createMemoryHub();
    for (const id of [' one ', 'two']) await hub.publish(['a'], { data: '', id });
    assert.deepEqual((await listener(hub, ['a'], 'one')).ids, ['two']);
  });

  it("takes a number for the publisher's id where both are kept and that one is later", async () => {
    const hub = createMemoryHub();
    await publishAll(hub, 'a', 'one', 'two');
    await hub.publish(['a'], { data: 'again one', id: '1' });
    await publishAll(hub, 'a', 'four');
    assert.deepEqual((await listener(hub, ['a'], '1')).ids, ['4']);
    assert.deepEqual((await listener(hub, ['a'], '2')).ids, ['1', '4']);
  });
});

describe('an id that is lost', () => {
  const lost = async (lastEventId: string, options: MemoryHubOptions = {}) => {
    const hub = createMemoryHub({ buffer: 3, ...options });
    await publishAll(hub, 'a', 'one', 'two', 'three', 'four', 'five');
    return listener(hub, ['a'], lastEventId);
  };

  it('is one whose next event has left the buffer: what is left comes', async () => {
    const reader = await lost('1');
    assert.equal(reader.found, false);
    assert.deepEqual(reader.ids, ['3', '4', '5']);
  });

  it('is not the one just before the oldest that is kept', async () => {
    const reader = await lost('2');
    assert.equal(reader.found, true);
    assert.deepEqual(reader.ids, ['3', '4', '5']);
  });

  it('is not that of the last event, where nothing is kept', async () => {
    assert.equal((await lost('5', { buffer: 0 })).found, true);
    assert.equal((await lost('4', { buffer: 0 })).found, false);
  });

  for (const id of ['6', '-1', '01', '1.0', '9'.repeat(20), 'abc', 'x'.repeat(10_000)]) {
    it(`is one that was never given: ${id.slice(0, 20)}`, async () => {
      const reader = await lost(id);
      assert.equal(reader.found, false);
      assert.deepEqual(reader.ids, ['3', '4', '5']);
    });
  }

  it("is a publisher's that has left the buffer", async () => {
    const hub = createMemoryHub({ buffer: 1 });
    await hub.publish(['a'], { data: '', id: 'x' });
    assert.equal((await hub.locate(['a'], 'x')).found, true);
    await publishAll(hub, 'a', 'two');
    assert.equal((await hub.locate(['a'], 'x')).found, false);
  });

  it('is one of another channel where this one has lost what followed', async () => {
    const hub = createMemoryHub({ buffer: 1 });
    await publishAll(hub, 'a', 'one', 'two', 'three');
    await publishAll(hub, 'b', 'four');
    assert.equal((await hub.locate(['b'], '1')).found, true);
    assert.equal((await hub.locate(['a', 'b'], '1')).found, false);
    assert.equal((await hub.locate(['a', 'b'], '2')).found, true);
  });

  it('is one that left while the stream was about to follow: the stream ends', async () => {
    const hub = createMemoryHub({ buffer: 2 });
    await publishAll(hub, 'a', 'one', 'two');
    const position = await hub.locate(['a'], '1');
    await publishAll(hub, 'a', 'three', 'four');
    const reader = new PacedReader();
    hub.follow(['a'], position, reader);
    assert.equal(reader.overran, true);
    assert.deepEqual(reader.ids, []);
  });
});

describe('a slow reader', () => {
  it('holds only its place in the buffer, and is live when it has caught up', async () => {
    const hub = createMemoryHub();
    await publishAll(hub, 'a', 'one', 'two', 'three');
    const reader = await join(hub, ['a'], '0', new PacedReader(1));
    assert.deepEqual(reader.data, ['one']);
    await publishAll(hub, 'a', 'four');
    assert.deepEqual(reader.data, ['one']);
    reader.allow(2);
    assert.deepEqual(reader.data, ['one', 'two', 'three']);
    reader.allow(1);
    assert.deepEqual(reader.data, ['one', 'two', 'three', 'four']);
    assert.equal(reader.awaited, false);
    await publishAll(hub, 'a', 'five');
    assert.deepEqual(reader.data.at(-1), 'five');
  });

  it('is told when the buffer has overtaken it, and gets nothing more', async () => {
    const hub = createMemoryHub({ buffer: 2 });
    await publishAll(hub, 'a', 'one', 'two');
    const reader = await join(hub, ['a'], '0', new PacedReader(1));
    await publishAll(hub, 'a', 'three', 'four');
    reader.allow(5);
    assert.equal(reader.overran, true);
    await publishAll(hub, 'a', 'five');
    assert.deepEqual(reader.data, ['one']);
  });

  it('that is told nothing after it left', async () => {
    const hub = createMemoryHub();
    await publishAll(hub, 'a', 'one', 'two');
    const reader = await join(hub, ['a'], '0', new PacedReader(1));
    reader.stop();
    reader.allow(5);
    assert.deepEqual(reader.data, ['one']);
  });

  it('may leave in the middle of what it is handed', async () => {
    const hub = createMemoryHub();
    await publishAll(hub, 'a', 'one', 'two');
    const reader = new PacedReader(0);
    const following = hub.follow(['a'], await hub.locate(['a'], '0'), reader);
    const { take } = reader;
    reader.take = (event) => {
      take.call(reader, event);
      following.stop();
    };
    reader.allow(5);
    assert.deepEqual(reader.data, ['one']);
  });
});

describe('readers that come and go while an event is handed out', () => {
  it('get it once', async () => {
    const hub = createMemoryHub();
    const now = await hub.locate(['a'], '');
    const late = new PacedReader();
    const first = new PacedReader();
    const second = new PacedReader();
    const { take } = first;
    first.take = (event) => {
      take.call(first, event);
      leaving.stop();
      hub.follow(['a'], now, late);
    };
    hub.follow(['a'], now, first);
    const leaving = hub.follow(['a'], now, second);
    await publishAll(hub, 'a', 'one');
    assert.deepEqual([first.data, second.data, late.data], [['one'], [], ['one']]);
  });
});

describe('the memory of channels', () => {
  it('is bounded in bytes per channel', async () => {
    const hub = createMemoryHub({ maxChannelBytes: 3_000 });
    for (let count = 0; count < 10; count += 1) await publishAll(hub, 'a', 'x'.repeat(900));
    assert.deepEqual((await listener(hub, ['a'], 'lost')).ids, ['8', '9', '10']);
  });

  it('hands an event that is larger than the memory to those who are there', async () => {
    const hub = createMemoryHub({ maxChannelBytes: 100 });
    const reader = await listener(hub);
    await publishAll(hub, 'a', 'x'.repeat(1_000));
    assert.equal(reader.events.length, 1);
    assert.equal((await hub.locate(['a'], '0')).found, false);
  });

  it('is bounded in bytes for all channels: the quietest gives up first', async () => {
    const hub = createMemoryHub({ maxBytes: 3_000 });
    for (const channel of ['quiet', 'busy', 'busy', 'busy']) await publishAll(hub, channel, 'x'.repeat(900));
    assert.equal((await hub.locate(['quiet'], '0')).found, false);
    assert.deepEqual((await listener(hub, ['quiet'], 'lost')).ids, []);
    assert.deepEqual((await listener(hub, ['busy'], '0')).ids, ['2', '3', '4']);
  });

  it('forgets a channel that nobody carries and that holds nothing', async () => {
    const hub = createMemoryHub({ maxChannels: 2 });
    for (let count = 0; count < 10; count += 1) (await listener(hub, [`c${count}`])).stop();
    const [one, two] = [await listener(hub, ['x']), await listener(hub, ['y'])];
    await assert.rejects(hub.locate(['z'], ''), refusal(429, /no room for another channel.* 2 that can be/));
    await assert.rejects(hub.publish(['z'], { data: '' }), refusal(429, /no room/));
    await publishAll(hub, 'x', 'still fine');
    assert.deepEqual([one.data, two.data], [['still fine'], []]);
  });

  it('gives up the quietest channel that nobody carries, and knows that its events are lost', async () => {
    const hub = createMemoryHub({ maxChannels: 3 });
    const reader = await listener(hub, ['carried']);
    for (const channel of ['carried', 'quiet', 'busy', 'quieter', 'carried'])
      await publishAll(hub, channel, '');
    assert.equal((await hub.locate(['quiet'], '1')).found, false);
    assert.equal((await hub.locate(['quieter'], '2')).found, true);
    assert.equal((await hub.locate(['carried'], '0')).found, true);
    assert.deepEqual(reader.ids, ['1', '5']);
  });

  it('is empty when the hub has closed', async () => {
    const hub = createMemoryHub();
    const reader = await listener(hub);
    await publishAll(hub, 'a', 'one');
    await hub.close();
    assert.deepEqual((await listener(hub, ['a'], '0')).ids, []);
    reader.stop();
  });
});
