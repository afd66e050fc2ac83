import assert from 'node:assert/strict';
import { setMaxListeners } from 'node:events';
import { after, before, describe, type TestContext, test } from 'node:test';
import { startOrigin } from '../../src/checks/origin/own-origin.ts';
import type { Origin } from '../../src/checks/origin/visit.ts';
import type { Judgement, Probe } from '../../src/checks/probe.ts';
import { PROBES } from '../../src/checks/probes/registry.ts';
import type { ProbeContext } from '../../src/checks/way.ts';
import { createPool } from '../../src/client/pool.ts';
import { requestOf } from '../../test/client/recorded-attempt.ts';
import { products } from '../../test/real/proxies/products.ts';
import type { ProxyProduct } from '../../test/real/proxies/proxy-product.ts';
import { missingProxy, startProxy } from '../../test/real/proxies/real-proxy.ts';
import { VERDICTS } from '../../test/real/proxies/verdicts.ts';

/** Of how many probes at once: they wait most of the time. */
const PROXIES_AT_ONCE = 4;

describe('what is found', { concurrency: PROXIES_AT_ONCE }, () => {
  let origin: Origin;
  before(async () => {
    origin = await startOrigin({ host: '127.0.0.1', port: 0 });
  });
  after(() => origin.close());

  for (const product of products) {
    const skip = missingProxy(product);
    for (const [config, { faults, passes }] of Object.entries(VERDICTS[product.name] ?? {})) {
      test(`behind ${product.name}, ${config}`, { skip }, async (t) => {
        const expected = { ...faults, ...Object.fromEntries(passes.map((id) => [id, 'pass'])) };
        const found = await findings(t, product, config, expected, origin);
        const names = found.map(({ id, judgement }) => [id, nameOf(judgement)]);
        const told = found.map(({ judgement }) => judgement.summary).join('\n');
        assert.deepEqual(Object.fromEntries(names), expected, told);
      });
    }
  }
});

async function findings(
  t: TestContext,
  product: ProxyProduct,
  config: string,
  expected: Readonly<Record<string, string>>,
  origin: Origin,
): Promise<{ id: string; judgement: Judgement }[]> {
  const url = await startProxy(t, product, config, origin.url);
  // Every request of every probe listens to it.
  setMaxListeners(0, t.signal);
  const pool = createPool();
  t.after(() => pool.close());
  const context: ProbeContext = {
    origin,
    pool,
    signal: t.signal,
    options: { heartbeatMs: 15_000, silencesMs: SILENCES_MS, maxConnections: 50, long: false },
  };
  return Promise.all(
    Object.entries(expected).map(async ([id, name]) => {
      const probe = probeOf(id);
      const judgement = await judged(probe, url, context);
      // Measured once more where it isn't as it should be, as the command does: the machine may have been busy.
      return { id, judgement: nameOf(judgement) === name ? judgement : await judged(probe, url, context) };
    }),
  );
}

/** A proxy that is `impatient` ends silence after 2 s. */
const SILENCES_MS = [1_000, 4_000];

async function judged(probe: Probe, url: string, context: ProbeContext): Promise<Judgement> {
  const [direct, proxied] = await Promise.all([
    probe.measure({ name: 'direct', request: requestOf(context.origin.url) }, context),
    probe.measure({ name: 'proxied', request: requestOf(url) }, context),
  ]);
  return probe.judge(direct, proxied, context);
}

function nameOf({ fault, status }: Judgement): string {
  return fault ?? status;
}

function probeOf(id: string): Probe {
  const found = PROBES.find((probe) => probe.id === id);
  if (found === undefined) throw new Error(`no probe is called ${id}`);
  return found;
}
