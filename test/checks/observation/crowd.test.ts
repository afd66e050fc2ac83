import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Crowd } from '../../../src/checks/observation/crowd.ts';
import { fateOf } from '../../../src/checks/observation/fate.ts';
import { until } from '../../e2e/harness/until.ts';
import { startChecking } from '../checking.ts';

const LIFE_MS = 20_000;
const PATIENT_MS = 10_000;
const HASTY_MS = 200;

describe('a crowd of streams', { concurrency: true }, () => {
  test('is open together, each with its event, until all are left', async (t) => {
    const { context, proxied } = await startChecking(t);
    const crowd = new Crowd(proxied, context, LIFE_MS);
    assert.deepEqual(await joins(crowd, 5, PATIENT_MS), [true, true, true, true, true]);
    assert.equal(crowd.open, 5);
    assert.equal(await crowd.running(), 5);
    const targets = (await crowd.visits()).map(({ request }) => request.target);
    assert.equal(new Set(targets).size, 5, 'another URL for each');
    const all = await crowd.leave();
    assert.deepEqual(
      all.map(({ events }) => events.length),
      [1, 1, 1, 1, 1],
    );
    assert.equal(crowd.open, 0);
    assert.equal(context.pool.size, 0);
  });

  test('knows who waits, and sees him come when another has gone', async (t) => {
    const { context, proxied, proxy } = await startChecking(t, { maxConnections: 2 });
    const crowd = new Crowd(proxied, context, LIFE_MS);
    assert.deepEqual(await joins(crowd, 2, PATIENT_MS), [true, true]);
    assert.equal(await crowd.join(HASTY_MS), false);
    assert.deepEqual([crowd.open, crowd.waiting, crowd.refused], [2, 1, 0]);
    assert.equal(await crowd.running(), 2);
    proxy.faults = { maxConnections: 3 };
    // Who comes next has a place; who has waited is asked again only when one leaves.
    assert.equal(await crowd.join(PATIENT_MS), true);
    assert.deepEqual([crowd.open, crowd.waiting], [3, 1]);
    const all = await crowd.leave();
    assert.equal(
      all.map(fateOf).every((fate) => fate === 'waits'),
      true,
      'we left them all',
    );
  });

  test('keeps no place that a proxy asks for when its life is over', async (t) => {
    const { context, proxied } = await startChecking(t);
    const crowd = new Crowd(proxied, context, 400);
    await crowd.join(PATIENT_MS);
    await until(() => crowd.open === 0, 'the first to have lived');
    await crowd.join(PATIENT_MS);
    await crowd.gone();
    const second = async () => (await crowd.visits())[1];
    await until(async () => (await second())?.end !== undefined, 'the second to have lived');
    const late = await second();
    assert.equal(late?.end?.by, 'script');
    assert.ok((late?.end?.atMs ?? Number.NaN) - (late?.atMs ?? 0) < 200, 'it waited no more');
    await crowd.leave();
  });

  test('says at once who is refused', async (t) => {
    const { context, proxied } = await startChecking(t, { maxConnections: 2, refusesBeyond: 503 });
    const crowd = new Crowd(proxied, context, LIFE_MS);
    await joins(crowd, 2, PATIENT_MS);
    assert.equal(await crowd.join(PATIENT_MS), false);
    assert.deepEqual([crowd.open, crowd.waiting, crowd.refused], [2, 0, 1]);
    assert.equal((await crowd.leave()).map(fateOf).at(-1), 'status 503');
  });

  test('counts those that run though their events are held back', async (t) => {
    const { context, proxied } = await startChecking(t, { bufferUntilEnd: true });
    const crowd = new Crowd(proxied, context, LIFE_MS);
    assert.deepEqual(await joins(crowd, 3, HASTY_MS), [false, false, false]);
    await until(
      async () => (await crowd.running()) === 3,
      () => 'the origin to be asked for all',
    );
    assert.deepEqual([crowd.open, crowd.waiting], [0, 3]);
    await crowd.leave();
  });

  test('is gone when its places are free, where nobody tells the origin who has left', async (t) => {
    const { context, proxied } = await startChecking(t, { ignoreClientGone: 'always' });
    const crowd = new Crowd(proxied, context, 2_000);
    await joins(crowd, 3, PATIENT_MS);
    await crowd.leave();
    assert.equal(await crowd.running(), 3);
    await crowd.gone();
    assert.equal(await crowd.running(), 0);
  });

  test('counts nobody as open who was cut', async (t) => {
    const { context, proxied } = await startChecking(t, { lifetimeMs: 2_000 });
    const crowd = new Crowd(proxied, context, LIFE_MS);
    await joins(crowd, 3, PATIENT_MS);
    await until(
      () => crowd.open === 0,
      () => `${crowd.open} are open`,
    );
    assert.deepEqual([crowd.waiting, crowd.refused], [0, 0]);
    await crowd.leave();
  });
});

function joins(crowd: Crowd, count: number, patienceMs: number): Promise<boolean[]> {
  return Promise.all(Array.from({ length: count }, () => crowd.join(patienceMs)));
}
