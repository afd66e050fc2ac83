import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { GapMeter } from '../../src/stats/gap-meter.ts';

/** Arrivals at these times; a pause of ours where two are given. */
function measured(...course: (number | [from: number, to: number])[]): GapMeter {
  const meter = new GapMeter();
  for (const each of course) {
    if (typeof each === 'number') meter.arrival(each);
    else {
      meter.paused();
      meter.resumed(each[1]);
    }
  }
  return meter;
}

describe('gaps between arrivals', () => {
  test('lie between different times of one connection, and are cut by its end', () => {
    const meter = measured(10, 10, 15);
    assert.equal(meter.cut(22), 7);
    meter.arrival(100);
    assert.equal(meter.cut(100), 0);
    assert.equal(meter.cut(200), 0, 'nothing had begun');
    const { count, max, censored, leftOut } = meter.quantiles();
    assert.deepEqual([count, max, censored, leftOut], [1, 5, { count: 2, longest: 7 }, undefined]);
  });

  test('that hold a pause of ours are counted apart', () => {
    const { count, max, leftOut } = measured(0, 5, [6, 5000], 5000.5, 5003).quantiles();
    assert.deepEqual([count, max, leftOut], [2, 5, 1]);
    assert.equal(measured([0, 3], 5, 9).quantiles().leftOut, undefined, 'a pause before anything came');
  });

  test('go on in a pause with what had been read before it, and is decoded later', () => {
    const meter = measured(0);
    meter.paused();
    meter.arrival(4);
    meter.resumed(900);
    meter.arrival(4);
    meter.arrival(901);
    meter.arrival(903);
    const { count, max, leftOut } = meter.quantiles();
    assert.deepEqual([count, max, leftOut], [1, 2, 2]);
  });

  test('that are cut short were as long as we listened after our pause', () => {
    const meter = measured(0, [10, 3000]);
    assert.equal(meter.cut(3400), 400);
    meter.arrival(4000);
    meter.paused();
    assert.equal(meter.cut(9000), 0);
    assert.deepEqual(meter.quantiles().censored, { count: 1, longest: 400 });
    assert.equal(meter.quantiles().leftOut, 1);
    // The pause lasts into the next connection.
    meter.arrival(9100);
    meter.resumed(9500);
    meter.arrival(9501);
    assert.equal(meter.quantiles().leftOut, 2);
  });
});
