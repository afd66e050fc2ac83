import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { diagnose } from '../../../src/checks/diagnosis/diagnose.ts';
import { accelBufferingSeen } from '../../../src/checks/passive/accel-buffering.ts';
import type { ProbeResult } from '../../../src/results/check/result.ts';
import { found, passed } from '../diagnosis/measured.ts';
import { every, type Made, seen, stream, way } from './streams.ts';

const headed = (value: string | undefined, made: Made = {}) =>
  way(
    stream({
      eventsMs: every(100, 5),
      headers: value === undefined ? [] : [['x-accel-buffering', value]],
      ...made,
    }),
  );

const evidence = (what: Parameters<typeof accelBufferingSeen>[0], ...results: ProbeResult[]) =>
  accelBufferingSeen(what, results).flatMap((each) => each.evidence.map(({ k, v }) => `${k} ${v}`));

describe('a stream that says X-Accel-Buffering: no by itself', () => {
  test('shows whether it comes through', () => {
    assert.deepEqual(evidence(seen(headed(' NO '), headed('no'))), ['xabRemoved false']);
    assert.deepEqual(evidence(seen(headed(undefined), headed('no'))), ['xabRemoved true']);
    assert.deepEqual(evidence(seen(headed('no'))), ['xabRemoved false']);
    // No head tells of nobody who takes it out.
    assert.deepEqual(evidence(seen(headed(undefined, { headMs: null }), headed('no'))), []);
  });

  test('shows that it does not help where events are held all the same, but for a timer', () => {
    const both = seen(headed('no'), headed('no'));
    const all = ['xabCures false', 'xabRemoved false'];
    assert.deepEqual(evidence(both, found('timing', 'buffer.until-end')), all);
    assert.deepEqual(evidence(both, found('headers-first', 'buffer.headers')), all);
    assert.deepEqual(evidence(both, found('timing', 'buffer.timer'), passed('threshold')), [
      'xabRemoved false',
    ]);
    assert.deepEqual(evidence(both, found('encoding', 'compression.holds-events')), ['xabRemoved false']);
  });

  test('shows nothing where it does not say so', () => {
    for (const value of [undefined, 'yes', ''])
      assert.deepEqual(
        accelBufferingSeen(seen(headed(value), headed(value)), [found('timing', 'buffer.until-end')]),
        [],
      );
  });

  test('is a witness of the diagnosis, and no result', () => {
    const held = [found('timing', 'buffer.until-end')];
    const surroundings = { hops: [], path: { clientHttp: '1.1', originHttp: null } };
    const nginxIn = (results: readonly ProbeResult[]) =>
      results.flatMap(({ causes }) => causes.filter(({ id }) => id === 'nginx.proxy_buffering'));
    assert.equal(nginxIn(diagnose(held, surroundings)).length, 1);
    const witnesses = accelBufferingSeen(seen(headed('no'), headed('no')), held);
    const told = diagnose(held, { ...surroundings, witnesses });
    assert.deepEqual(
      told.map(({ probe }) => probe),
      ['timing'],
    );
    assert.ok(!told.some(({ fixes }) => fixes.some(({ line }) => line === 'X-Accel-Buffering: no')));
  });
});
