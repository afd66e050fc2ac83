import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { idle } from '../../../src/checks/probes/idle.ts';
import { optionsOf } from '../../../src/commands/check-proxy/options.ts';

describe('the silences of a run', () => {
  it('are longer ones, too, with --long', () => {
    assert.deepEqual(optionsOf({}).silencesMs, [20_000, 35_000, 65_000]);
    assert.deepEqual(optionsOf({ long: true }).silencesMs, [20_000, 35_000, 65_000, 125_000, 310_000]);
  });

  it('are those that were asked for alone, whatever else is asked for', () => {
    const options = optionsOf({ long: true, silences: [2_000] });
    assert.deepEqual(options.silencesMs, [2_000]);
    assert.equal(idle.secondsWith?.(options), 9);
    assert.ok(typeof idle.connections === 'function');
    assert.equal(idle.connections(options), 6);
  });
});
