import { monotonicMs } from '../../client/clock.ts';
import { hostAndPort } from '../../client/host.ts';
import type { StreamRequest } from '../../client/request.ts';
import type { CheckResult, ProbeResult } from '../../results/check/result.ts';
import { attribute } from '../diagnosis/attribute.ts';
import { diagnose } from '../diagnosis/diagnose.ts';
import { INTERRUPTED, resultOf, whyNotMeasured } from '../outcome.ts';
import type { Check } from '../run-check.ts';
import { accelBufferingSeen } from './accel-buffering.ts';
import { asOneHold } from './one-hold.ts';
import { asMaybeTheOrigins } from './origin-may-do-it.ts';
import type { PassiveProbe, PassiveSeen } from './passive-probe.ts';
import { checkUsable } from './usable.ts';
import { watchPassively } from './watch.ts';
import { whoPassively } from './who-passively.ts';

/** What is to be looked at, and with what. */
export interface PassiveCheck
  extends Pick<
    Check,
    'target' | 'request' | 'pool' | 'skipped' | 'options' | 'version' | 'signal' | 'onProgress'
  > {
  /** Along the way without the proxy, where it can be reached. */
  direct?: StreamRequest;
  probes: readonly PassiveProbe[];
  /** How long each stream is looked at. */
  watchMs: number;
}

/**
 * Looks at a stream of somebody else's as any client does, and tells what it shows.
 *
 * @throws SseKitError exit 14 where there is no stream to look at
 */
export async function runPassive(check: PassiveCheck): Promise<CheckResult> {
  const { probes, signal, direct, onProgress } = check;
  const startedAt = new Date().toISOString();
  const startMs = monotonicMs();
  for (const { id } of probes) onProgress({ probe: id, state: 'running' });
  const seen = await watchPassively({
    ...{ proxied: check.request, pool: check.pool, watchMs: check.watchMs, signal },
    ...(direct !== undefined && { direct }),
    compressed: probes.some(({ id }) => id === 'encoding'),
  });
  const asked = { proxied: check.request, ...(direct !== undefined && { direct }) };
  if (!signal.aborted) checkUsable(seen, asked);
  const { path, hops, chain } = whoPassively(seen);
  const { results, skipped } = judgeAll(check, seen, monotonicMs() - startMs);
  const found = asOneHold(results);
  const surroundings = { hops, path: { clientHttp: path.clientHttp, originHttp: null } };
  const diagnosed = diagnose([...found, ...accelBufferingSeen(seen, found)], surroundings).slice(
    0,
    found.length,
  );
  const told = attribute(direct === undefined ? asMaybeTheOrigins(diagnosed) : diagnosed, chain);
  return {
    schema: 1,
    kind: 'check-proxy',
    tool: { name: 'ssekit', version: check.version },
    target: check.target,
    mode: 'passive',
    startedAt,
    durationMs: monotonicMs() - startMs,
    ...(direct !== undefined && { origin: hostAndPort(direct.url) }),
    path: { ...path, ...told.path },
    results: told.results,
    skipped: [...skipped, ...check.skipped],
    interrupted: signal.aborted,
  };
}

function judgeAll(
  { probes, options, signal, onProgress }: PassiveCheck,
  seen: PassiveSeen,
  durationMs: number,
): Pick<CheckResult, 'skipped'> & { results: ProbeResult[] } {
  const results: ProbeResult[] = [];
  const skipped: { probe: string; why: string }[] = [];
  for (const probe of probes) {
    try {
      const { runs, ...judgement } = probe.judge(seen, options);
      results.push(resultOf(probe.id, judgement, { runs, durationMs }));
      onProgress({ probe: probe.id, state: judgement.status });
    } catch (error) {
      const why = whyNotMeasured(error);
      skipped.push({ probe: probe.id, why: signal.aborted ? INTERRUPTED : why });
      onProgress({ probe: probe.id, state: 'skipped' });
    }
  }
  return { results, skipped };
}
