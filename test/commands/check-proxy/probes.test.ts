import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Probe } from '../../../src/checks/probe.ts';
import { chooseProbes, withoutWaiting } from '../../../src/commands/check-proxy/probes.ts';
import type { CheckProxyFlags } from '../../../src/commands/flags/check-proxy/check-proxy-flags.ts';

const named = (id: string, more: Partial<Probe> = {}): Probe => ({
  ...{ id, title: id, requirement: id, seconds: 1, load: 'quiet' as const },
  measure: async () => ({}),
  judge: () => ({ status: 'pass', summary: '', direct: {}, proxied: {}, evidence: [] }),
  ...more,
});

const minute = named('slow', { load: 'waits', seconds: 72 });

const ALL = [named('timing'), named('idle'), named('lifetime', { long: true })];

const chosen = (flags: CheckProxyFlags) => chooseProbes(ALL, flags).probes.map(({ id }) => id);

describe('the choice of probes', () => {
  it('is without those that wait for a minute for the demo, unless they are asked for', () => {
    const all = { probes: [named('timing'), minute], skipped: [] };
    const { probes, skipped } = withoutWaiting(all, {});
    assert.deepEqual(
      [probes.length, skipped],
      [1, [{ probe: 'slow', why: 'takes a minute: --only slow runs it', leftOut: true }]],
    );
    for (const asked of [{ only: ['slow'] }, { long: true }, { silences: [2_000] }])
      assert.deepEqual(withoutWaiting(all, asked), all);
  });

  it('leaves those out that take minutes, and says so', () => {
    const { probes, skipped } = chooseProbes(ALL, {});
    assert.deepEqual(
      probes.map(({ id }) => id),
      ['timing', 'idle'],
    );
    assert.deepEqual(skipped, [{ probe: 'lifetime', why: 'needs --long', leftOut: true }]);
  });

  it('has them where they are asked for', () => {
    assert.deepEqual(chosen({ long: true }), ['timing', 'idle', 'lifetime']);
    assert.deepEqual(chosen({ only: ['lifetime'] }), ['lifetime']);
  });

  it('keeps the order of the probes', () => {
    assert.deepEqual(chosen({ only: ['idle', 'timing'] }), ['timing', 'idle']);
    assert.deepEqual(chosen({ skip: ['timing'] }), ['idle']);
  });

  it('refuses names that no probe has, and a run without any', () => {
    assert.throws(() => chosen({ only: ['timming'] }), /--only: there is no probe "timming"/);
    assert.throws(
      () => chosen({ skip: ['x'] }),
      (error: Error & { hint: string }) => error.hint === 'There are timing, idle, lifetime.',
    );
    assert.throws(() => chosen({ only: ['idle'], skip: ['idle'] }), /no probe is left/);
  });
});
