import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Hub } from '../../../../src/mock/channels/hub.ts';
import { RequestError } from '../../../../src/mock/request.ts';
import { PacedReader } from '../paced-reader.ts';
import { LinkedHubs } from './linked-hubs.ts';

const refusal = (status: number, message: RegExp) => (error: unknown) =>
  error instanceof RequestError && error.status === status && message.test(error.message);

function pair(linked: LinkedHubs): [Hub, Hub] {
  const [one, other] = linked.hubs;
  if (one === undefined || other === undefined) throw new Error('two hubs are wanted');
  return [one, other];
}

async function join(hub: Hub, channels: string[], lastEventId = ''): Promise<PacedReader> {
  const reader = new PacedReader();
  hub.follow(channels, await hub.locate(channels, lastEventId), reader);
  return reader;
}

describe('hubs that share their channels', () => {
  test('answer a publish with the streams of all, when all have it', async () => {
    const linked = new LinkedHubs(2);
    const [one, other] = pair(linked);
    const readers = [await join(one, ['a']), await join(other, ['a', 'b']), await join(other, ['b'])];
    const published = one.publish(['a', 'b'], { data: 'x' });
    let answered = false;
    void published.then(() => {
      answered = true;
    });
    await linked.arrive(0, 'up');
    await linked.arrive(0, 'down');
    await linked.arrive(0, 'up');
    assert.equal(answered, false);
    await linked.settle();
    assert.deepEqual(await published, { ids: { a: '1', b: '2' }, streams: 3 });
    assert.deepEqual(
      readers.map(({ ids }) => ids),
      [['1'], ['1', '2'], ['2']],
    );
  });

  test('have events that are published on two at once in one order', async () => {
    const linked = new LinkedHubs(2);
    const [one, other] = pair(linked);
    const readers = [await join(one, ['a']), await join(other, ['a'])];
    const both = [one.publish(['a'], { data: 'of one' }), other.publish(['a'], { data: 'of the other' })];
    await linked.arrive(1, 'up');
    await linked.settle();
    assert.deepEqual(
      (await Promise.all(both)).map(({ ids }) => ids.a),
      ['2', '1'],
    );
    for (const { data } of readers) assert.deepEqual(data, ['of the other', 'of one']);
  });

  test("carry a publisher's own id", async () => {
    const linked = new LinkedHubs(2);
    const [one, other] = pair(linked);
    const reader = await join(other, ['a']);
    const published = one.publish(['a'], { data: 'x', id: 'order-7' });
    await linked.settle();
    assert.deepEqual((await published).ids, { a: 'order-7' });
    assert.deepEqual(reader.ids, ['order-7']);
  });

  test('let a stream resume where it has never been, from an event that is still on its way there', async () => {
    const linked = new LinkedHubs(2);
    const [one, other] = pair(linked);
    const before = await join(one, ['a']);
    for (const data of ['1', '2', '3']) void one.publish(['a'], { data });
    for (let n = 0; n < 3; n += 1) await linked.arrive(0, 'up');
    for (let n = 0; n < 2; n += 1) await linked.arrive(0, 'down');
    assert.deepEqual(before.ids, ['1', '2']);
    const located = other.locate(['a'], '2');
    await linked.settle();
    const position = await located;
    assert.equal(position.found, true);
    const reader = new PacedReader();
    other.follow(['a'], position, reader);
    assert.deepEqual(reader.ids, ['3']);
  });

  test('know an id that none of them gave', async () => {
    const linked = new LinkedHubs(2);
    const [one] = pair(linked);
    const located = one.locate(['a'], '7');
    await linked.settle();
    assert.equal((await located).found, false);
  });

  test('refuse what can be no event before it goes anywhere', async () => {
    const linked = new LinkedHubs(2);
    const [one, other] = pair(linked);
    await assert.rejects(one.publish(['a'], { data: '', event: 'a\nb' }), refusal(400, /line ending/));
    await assert.rejects(linked.sequencer.publish([], { data: '' }), refusal(400, /no channel/));
    const published = other.publish(['a'], { data: 'x' });
    await linked.settle();
    assert.deepEqual((await published).ids, { a: '1' });
  });

  test('refuse more than they can be given, until they have it', async () => {
    const linked = new LinkedHubs(2, { maxUndelivered: 1_000 });
    const [one] = pair(linked);
    const large = one.publish(['a'], { data: 'x'.repeat(5_000) });
    await linked.arrive(0, 'up');
    const refused = assert.rejects(one.publish(['a'], { data: 'x' }), refusal(503, /faster than/));
    await linked.settle();
    await refused;
    assert.deepEqual((await large).ids, { a: '1' });
    const published = one.publish(['a'], { data: 'x' });
    await linked.settle();
    assert.deepEqual((await published).ids, { a: '2' });
  });

  test('take what the one that orders them publishes itself', async () => {
    const linked = new LinkedHubs(2);
    const [one, other] = pair(linked);
    const readers = [await join(one, ['a']), await join(other, ['a'])];
    const published = linked.sequencer.publish(['a'], { data: 'x' });
    await linked.settle();
    assert.deepEqual(await published, { ids: { a: '1' }, streams: 2 });
    for (const { data } of readers) assert.deepEqual(data, ['x']);
  });

  test('refuse what has no answer yet when they close', async () => {
    const linked = new LinkedHubs(2);
    const [one] = pair(linked);
    const refused = assert.rejects(one.publish(['a'], { data: 'x' }), refusal(503, /the server ends/));
    await one.close();
    await refused;
  });
});
