import type { Check } from '../../checks/run-check.ts';
import type { CheckProxyFlags } from '../flags/check-proxy/check-proxy-flags.ts';

const HEARTBEAT_MS = 15_000;
const SILENCES_MS = [20_000, 35_000, 65_000];
const LONG_SILENCES_MS = [125_000, 310_000];
const MOST_CONNECTIONS = 50;

/** What a run was asked for, with defaults for what nobody said. */
export function optionsOf({
  heartbeat,
  silences,
  maxConnections,
  long = false,
}: CheckProxyFlags): Check['options'] {
  return {
    heartbeatMs: heartbeat ?? HEARTBEAT_MS,
    silencesMs: silences ?? (long ? [...SILENCES_MS, ...LONG_SILENCES_MS] : SILENCES_MS),
    maxConnections: maxConnections ?? MOST_CONNECTIONS,
    long,
  };
}
