import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { PRESETS, parsePreset } from '../../../src/mock/presets/registry.ts';
import { InvalidValue } from '../../../src/notation/invalid-value.ts';
import { drained, jsonOf, streamOf } from './asked.ts';

describe('the preset quiet', () => {
  test('sends nothing by itself, and stays open for what is published, with ids of its channels', async () => {
    const answer = await streamOf(parsePreset('quiet').create({}));
    assert.deepEqual(drained(answer), []);
    assert.equal(answer.hold, true);
    assert.equal(answer.ids, 'channel');
  });
});

describe('the preset burst', () => {
  const handler = parsePreset('burst').create({});

  test('sends 10,000 events without a pause', async () => {
    const sent = drained(await streamOf(handler), 20_000);
    assert.equal(sent.length, 10_000);
    assert.ok(sent.every(({ atMs }) => atMs === 0));
    assert.equal(sent.at(-1)?.event.id, '10000');
  });

  test('sends as many and as large ones as it is asked for', async () => {
    const sent = drained(await streamOf(handler, { target: '/?count=3&size=1KB&event=load' }));
    assert.deepEqual(
      sent.map(({ event }) => [event.event, event.data.length]),
      [
        ['load', 1024],
        ['load', 1024],
        ['load', 1024],
      ],
    );
    assert.deepEqual(
      jsonOf(sent).map(({ n }) => n),
      [1, 2, 3],
    );
  });
});

describe('the list of presets', () => {
  test('has a name and a line for each, and no name twice', () => {
    assert.equal(new Set(PRESETS.map(({ name }) => name)).size, PRESETS.length);
    for (const { summary } of PRESETS) assert.match(summary, /^[^\n]{10,80}$/);
  });

  test('names what there is where a name is wrong', () => {
    assert.throws(
      () => parsePreset('notification'),
      (error) => error instanceof InvalidValue && /quiet/.test(error.hint ?? ''),
    );
  });
});
