import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import Ajv from 'ajv/dist/2020.js';
import { PAYLOAD_SCHEMAS } from '../../../src/mock/payloads/schemas.ts';
import { parsePreset } from '../../../src/mock/presets/registry.ts';
import { drained, plainOf, streamOf } from './asked.ts';

const KINDS = [
  { name: 'notifications', event: 'notification', intervalMs: 1_000 },
  { name: 'activity', event: 'activity', intervalMs: 500 },
  { name: 'progress', event: 'progress', intervalMs: 250 },
] as const;

const ajv = new Ajv.default();

for (const { name, event, intervalMs } of KINDS) {
  describe(`the preset ${name}`, () => {
    const create = () => parsePreset(name).create({ seed: 7 });

    test('opens with `connected`, without an id and at once', async () => {
      const [first] = drained(await streamOf(create()), 1, 1_700_000_000_000);
      assert.equal(first?.atMs, 0);
      assert.equal(first.event.event, 'connected');
      assert.equal(first.event.id, undefined);
      const data = JSON.parse(first.event.data);
      assert.match(data.clientId, /^client-[0-9a-f]{8}$/);
      assert.equal(data.serverTime, '2023-11-14T22:13:20.000Z');
    });

    test('goes on for ever with payloads of its schema, numbered from 1', async () => {
      const sent = drained(await streamOf(create()), 101, 1_700_000_000_000).slice(1);
      const valid = ajv.compile(PAYLOAD_SCHEMAS[event]);
      assert.equal(sent.length, 100);
      for (const [index, { event: told, atMs, step }] of sent.entries()) {
        assert.equal(told.event, event);
        assert.equal(told.id, String(index + 1));
        assert.equal(step.kind === 'event' && step.n, index + 1);
        assert.equal(atMs, (index + 1) * intervalMs);
        assert.ok(valid(JSON.parse(told.data)), JSON.stringify(valid.errors));
      }
    });

    test('resumes behind the last id with what it would have sent', async () => {
      const all = drained(await streamOf(create()), 21).map((sent) => sent.event);
      const rest = drained(await streamOf(create(), { lastEventId: '12', connection: 2 }), 9);
      assert.deepEqual(
        rest.slice(1).map(({ event: told }) => told.id),
        ['13', '14', '15', '16', '17', '18', '19', '20'],
      );
      const content = (data: string) => ({ ...JSON.parse(data), timestamp: 0 });
      assert.deepEqual(
        rest.slice(1).map(({ event: told }) => content(told.data)),
        all.slice(13).map((told) => content(told.data)),
      );
    });

    test('starts over, and says so, where the last id is none of its own', async () => {
      for (const lastEventId of ['abc', '0', '-1', '01', '9'.repeat(40)]) {
        const answer = await streamOf(create(), { lastEventId });
        assert.equal(answer.lostId, true, lastEventId);
        assert.equal(drained(answer, 2)[1]?.event.id, '1');
      }
      assert.equal((await streamOf(create(), { lastEventId: '3' })).lostId, false);
    });

    test('ends behind --count, and tells who had it all not to come back', async () => {
      const handler = parsePreset(name).create({ shape: { count: 3, interval: 10 } });
      const sent = drained(await streamOf(handler));
      assert.deepEqual(
        sent.map(({ event: told, atMs }) => [told.id, atMs]),
        [
          [undefined, 0],
          ['1', 10],
          ['2', 20],
          ['3', 30],
        ],
      );
      assert.equal((await plainOf(handler, { lastEventId: '3' })).status, 204);
      assert.equal((await streamOf(handler, { lastEventId: '4' })).lostId, true);
    });

    test('lets a query beat the flags, unless they are fixed', async () => {
      const shape = { interval: 10, count: 5 };
      const target = '/?interval=2s&count=1&event=told';
      const asked = drained(await streamOf(parsePreset(name).create({ shape }), { target }));
      assert.deepEqual(
        asked.slice(1).map(({ event: told, atMs }) => [told.event, atMs]),
        [['told', 2_000]],
      );
      const fixed = drained(await streamOf(parsePreset(name).create({ shape, fixed: true }), { target }));
      assert.equal(fixed.length, 6);
    });

    test('gives every connection a client id of its own', async () => {
      const handler = create();
      const ids = new Set<string>();
      for (let count = 0; count < 50; count += 1) {
        const [first] = drained(await streamOf(handler), 1);
        ids.add(JSON.parse(first?.event.data ?? '').clientId);
      }
      assert.equal(ids.size, 50);
    });
  });
}
