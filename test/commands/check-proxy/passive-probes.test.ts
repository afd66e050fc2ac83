import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PASSIVE_PROBES } from '../../../src/checks/passive/registry.ts';
import { PROBES } from '../../../src/checks/probes/registry.ts';
import { choosePassive } from '../../../src/commands/check-proxy/passive-probes.ts';
import { chooseProbes } from '../../../src/commands/check-proxy/probes.ts';
import type { CheckProxyFlags } from '../../../src/commands/flags/check-proxy/check-proxy-flags.ts';

const choose = (flags: CheckProxyFlags) =>
  choosePassive({ active: PROBES, passive: PASSIVE_PROBES }, flags, 4);

const ids = (all: readonly { id: string }[]) => all.map(({ id }) => id);

describe('the choice of probes that only look', () => {
  it('tells of each other one that it needs the origin', () => {
    const { probes, skipped } = choose({});
    assert.deepEqual(ids(probes), ids(PASSIVE_PROBES));
    assert.equal(probes.length + skipped.length, new Set([...ids(PROBES), ...ids(PASSIVE_PROBES)]).size);
    assert.deepEqual([...new Set(skipped.map(({ why }) => why))], ['needs the origin: --origin HOST:PORT']);
  });

  it('takes the names of all, so that what proves a fix runs here, too', () => {
    const { probes, skipped } = choose({ only: ['timing', 'xab'] });
    assert.deepEqual(ids(probes), ['timing']);
    assert.deepEqual(skipped, [{ probe: 'xab', why: 'needs the origin: --origin HOST:PORT', leftOut: true }]);
    assert.throws(() => choose({ only: ['xab', 'share'] }), /--only: xab, share: not to be seen by looking/);
    assert.throws(() => choose({ only: ['timming'] }), /there is no probe "timming"/);
    assert.throws(() => choose({ skip: ids(PASSIVE_PROBES) }), /--skip: no probe is left/);
  });

  it('asks for no encodings where there is no room for them', () => {
    const { probes, skipped } = choose({ maxConnections: 2 });
    assert.ok(!ids(probes).includes('encoding'));
    assert.deepEqual(skipped[0], { probe: 'encoding', why: 'needs --max-connections 4', leftOut: true });
  });

  it('has names that runs with the origin know, too', () => {
    for (const id of ids(PASSIVE_PROBES))
      assert.deepEqual(ids(chooseProbes(PROBES, { only: [id] }).probes), [id]);
  });
});
