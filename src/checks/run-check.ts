import { monotonicMs, wallAheadMs } from '../client/clock.ts';
import { hostAndPort } from '../client/host.ts';
import type { ConnectionPool } from '../client/pool.ts';
import type { StreamRequest } from '../client/request.ts';
import type { CheckResult } from '../results/check/result.ts';
import { clockSeen, limitedByClock } from './clock-limits.ts';
import { attribute } from './diagnosis/attribute.ts';
import { diagnose } from './diagnosis/diagnose.ts';
import type { Origin } from './origin/visit.ts';
import { pathOf } from './path.ts';
import type { Probe } from './probe.ts';
import { checkReachable } from './reachable.ts';
import { type ProbeProgress, runProbes } from './run-probes.ts';
import type { CheckOptions } from './way.ts';
import { waysOf } from './ways.ts';
import { whoIsBetween } from './who-is-between.ts';

/** What is to be checked, and with what. */
export interface Check {
  mode: CheckResult['mode'];
  /** As the result names it: without secrets. */
  target: string;
  /** What every request through the proxy has in common. */
  request: StreamRequest;
  origin: Origin;
  pool: ConnectionPool;
  probes: readonly Probe[];
  /** What was left out before. */
  skipped: CheckResult['skipped'];
  options: CheckOptions;
  /** Of this program. */
  version: string;
  /** Ends the run at once, with what there is. */
  signal: AbortSignal;
  onProgress(progress: ProbeProgress): void;
}

/**
 * Runs the probes along both ways, and tells what they found.
 *
 * @throws SseKitError exit 14 where the origin isn't reached through the proxy
 */
export async function runCheck(check: Check): Promise<CheckResult> {
  const { origin, pool, options, signal } = check;
  const startedAt = new Date().toISOString();
  const startMs = monotonicMs();
  const ways = waysOf(check.request, origin);
  const maxConnections = options.maxConnections - (origin.connections ?? 0);
  const context = { origin, pool, options: { ...options, maxConnections }, signal };
  const path = pathOf(await checkReachable(ways, context));
  const { hops, guess, chain } = await whoIsBetween(ways.direct, ways.proxied, context);
  const { results, skipped } = await runProbes(check.probes, ways, context, check.onProgress);
  const clock = clockSeen(origin, wallAheadMs());
  const { clientHttp, originHttp = null } = path;
  const found = attribute(diagnose(results, { hops, path: { clientHttp, originHttp } }), chain);
  return {
    schema: 1,
    kind: 'check-proxy',
    tool: { name: 'ssekit', version: check.version },
    target: check.target,
    mode: check.mode,
    startedAt,
    durationMs: monotonicMs() - startMs,
    origin: hostAndPort(new URL(origin.url)),
    ...(clock !== undefined && { clock }),
    path: { ...path, ...(guess === undefined ? {} : { guess }), ...found.path },
    results: limitedByClock(found.results, check.probes, clock),
    skipped: [...skipped, ...check.skipped],
    interrupted: signal.aborted,
  };
}
