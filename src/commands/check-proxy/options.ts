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
    isHeartbeatAssumed: heartbeat === undefined,
    silencesMs: silences ?? (long ? [...SILENCES_MS, ...LONG_SILENCES_MS] : SILENCES_MS),
    maxConnections: maxConnections ?? MOST_CONNECTIONS,
    long,
  };
}

/** Of ten, one is for asking the origin on another machine; no more are of use. */
const SHARE_TO_ASK = 10;
const MOST_TO_ASK = 8;

/** How many connections are for asking an origin on another machine what it saw: they count among those of the run. */
export function connectionsToAsk(flags: CheckProxyFlags): number {
  const { maxConnections } = optionsOf(flags);
  return Math.min(MOST_TO_ASK, Math.max(1, Math.floor(maxConnections / SHARE_TO_ASK)));
}
