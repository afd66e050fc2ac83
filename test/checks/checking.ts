import { setMaxListeners } from 'node:events';
import type { TestContext } from 'node:test';
import { startOrigin } from '../../src/checks/origin/own-origin.ts';
import type { CheckOptions, ProbeContext, Way } from '../../src/checks/ways/way.ts';
import { createPool } from '../../src/client/pool.ts';
import { requestOf } from '../client/recorded-attempt.ts';
import { type FaultyProxy, type ProxyFaults, startFaultyProxy } from './faulty-proxy.ts';

/** An origin, a faulty proxy in front of it, the two ways there and what a probe may use; all end with the test. */
export interface Checking {
  context: ProbeContext;
  proxy: FaultyProxy;
  direct: Way;
  proxied: Way;
}

export async function startChecking(
  test: TestContext,
  faults: ProxyFaults = {},
  options: Partial<CheckOptions> = {},
): Promise<Checking> {
  const origin = await startOrigin({ host: '127.0.0.1', port: 0 });
  test.after(() => origin.close());
  const proxy = await startFaultyProxy(test, origin.url, faults);
  const pool = createPool();
  test.after(() => pool.close());
  const { signal } = new AbortController();
  // Probes wait for many things at a time.
  setMaxListeners(0, signal);
  return {
    proxy,
    direct: { name: 'direct', request: requestOf(origin.url), sign: origin.sign },
    proxied: { name: 'proxied', request: requestOf(proxy.url), sign: origin.sign },
    context: {
      origin,
      pool,
      signal,
      options: {
        heartbeatMs: 15_000,
        isHeartbeatAssumed: true,
        silencesMs: [20_000, 35_000, 65_000],
        maxConnections: 50,
        long: false,
        ...options,
      },
    },
  };
}
