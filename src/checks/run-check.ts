import { monotonicMs, wallAheadMs } from '../client/clock.ts';
import { hostAndPort } from '../client/host.ts';
import type { ConnectionPool } from '../client/pool.ts';
import type { StreamRequest } from '../client/request.ts';
import type { CheckResult } from '../results/check/result.ts';
import { withVerdict } from '../results/check/verdict.ts';
import { ruledOutAmong } from './between/absence.ts';
import { asTold } from './between/as-told.ts';
import { pathOf } from './between/path.ts';
import { whoIsBetween } from './between/who-is-between.ts';
import { clockSeen, limitedByClock } from './clock-limits.ts';
import { attribute } from './diagnosis/attribute.ts';
import { diagnose, givenAway } from './diagnosis/diagnose.ts';
import type { Origin } from './origin/visit.ts';
import type { Probe } from './probe.ts';
import { checkReachable } from './reach/reachable.ts';
import { type ProbeProgress, runProbes } from './run-probes.ts';
import type { CheckOptions } from './ways/way.ts';
import { waysOf } from './ways/ways.ts';

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
  /** Who is in between, from the client to the origin, where that was said. */
  proxies?: readonly string[];
  /** What was left out before. */
  skipped: CheckResult['skipped'];
  options: CheckOptions;
  /** Of this program. */
  version: string;
  /** Ends the run at once, with what there is. */
  signal: AbortSignal;
  onProgress(progress: ProbeProgress): void;
  /** Told what nobody sees, and waits for: a sentence without a full stop. */
  onNote(note: string): void;
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
  const path = pathOf(await checkReachable(ways, context, { onWait: check.onNote }), check.request.headers);
  const seen = await whoIsBetween(ways.direct, ways.proxied, context);
  const { hops, chain, absent } = asTold(seen, check.proxies);
  const { results, skipped } = await runProbes(check.probes, ways, context, check.onProgress);
  const clock = clockSeen(origin, wallAheadMs());
  const { clientHttp, originHttp = null } = path;
  const surroundings = { hops, absent, path: { clientHttp, originHttp } };
  const betrayed = givenAway(results, surroundings);
  const found = attribute(diagnose(results, surroundings, betrayed), chain, betrayed);
  return withVerdict({
    schema: 1,
    kind: 'check-proxy',
    tool: { name: 'ssekit', version: check.version },
    target: check.target,
    mode: check.mode,
    startedAt,
    durationMs: monotonicMs() - startMs,
    origin: hostAndPort(new URL(origin.url)),
    ...(clock !== undefined && { clock }),
    path: { ...path, ...found.path, ...ruledOutAmong(absent) },
    results: limitedByClock(found.results, check.probes, clock),
    skipped: [...skipped, ...check.skipped],
    interrupted: signal.aborted,
  });
}
