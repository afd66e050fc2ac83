import { setMaxListeners } from 'node:events';
import type { TestContext } from 'node:test';
import type { Origin } from '../../../src/checks/origin/visit.ts';
import { PROBES } from '../../../src/checks/probes/registry.ts';
import { runCheck } from '../../../src/checks/run-check.ts';
import type { CheckOptions } from '../../../src/checks/ways/way.ts';
import { createPool } from '../../../src/client/pool.ts';
import type { CheckResult } from '../../../src/results/check/result.ts';
import { requestOf } from '../../client/recorded-attempt.ts';
import type { ProxyProduct } from './proxy-product.ts';
import { startProxy } from './real-proxy.ts';

/** What is asked behind which configuration of a proxy. */
export interface Asked {
  product: ProxyProduct;
  config: string;
  /** Ids of probes. */
  probes: readonly string[];
  options: CheckOptions;
}

/** For a proxy that ends silence after 2 s where it is `impatient`. */
export const HASTY: CheckOptions = {
  heartbeatMs: 15_000,
  silencesMs: [1_000, 3_000],
  maxConnections: 50,
  long: false,
};

/** As the command does it, for an application that is silent for a minute: what the timeouts of proxies are made for. */
export const PATIENT: CheckOptions = { ...HASTY, heartbeatMs: 60_000, silencesMs: [20_000, 35_000, 65_000] };

/** Starts a proxy in front of an origin, and has probes run behind it as check-proxy runs them. */
export async function checked(
  t: TestContext,
  { product, config, probes, options }: Asked,
  origin: Origin,
): Promise<CheckResult> {
  const unknown = probes.filter((id) => !PROBES.some((probe) => probe.id === id));
  if (unknown.length > 0) throw new Error(`there are no probes ${unknown.join(', ')}`);
  const url = await startProxy(t, product, config, origin.url);
  // Every request of every probe listens to it.
  setMaxListeners(0, t.signal);
  const pool = createPool();
  t.after(() => pool.close());
  return runCheck({
    mode: 'own-origin',
    target: url,
    request: requestOf(url, { connection: { http: product.configs[config]?.http ?? 'auto' } }),
    ...{ origin, pool, options },
    probes: PROBES.filter(({ id }) => probes.includes(id)),
    skipped: [],
    version: '0.0.0',
    signal: t.signal,
    onProgress() {},
    onNote() {},
  });
}

/** By probe: `pass`, the fault that it warns of or fails with, or why it was skipped. */
export function findings({ results, skipped }: CheckResult): Record<string, string> {
  return Object.fromEntries([
    ...results.map(({ probe, fault, status }) => [probe, fault ?? status]),
    ...skipped.map(({ probe, why }) => [probe, `skipped: ${why}`]),
  ]);
}
