import { monotonicMs } from '../../client/clock.ts';
import type { SseKitError } from '../../client/errors.ts';
import { hostAndPort } from '../../client/host.ts';
import type { StreamRequest } from '../../client/request.ts';
import type { CheckResult, ProbeResult, Skipped } from '../../results/check/result.ts';
import { withVerdict } from '../../results/check/verdict.ts';
import { maskUrl } from '../../results/redaction.ts';
import { ruledOutAmong } from '../between/absence.ts';
import { asTold } from '../between/as-told.ts';
import type { Identified } from '../between/identify.ts';
import { whoAnswers } from '../between/who-answers.ts';
import { cannotRun } from '../cannot-run.ts';
import { attribute } from '../diagnosis/attribute.ts';
import { diagnose, givenAway } from '../diagnosis/diagnose.ts';
import { INTERRUPTED, resultOf, whyNotMeasured } from '../outcome.ts';
import { isSameWay } from '../reach/place-asked.ts';
import type { Check } from '../run-check.ts';
import { accelBufferingSeen } from './accel-buffering.ts';
import { asOneHold } from './one-hold.ts';
import { asMaybeTheOrigins } from './origin-may-do-it.ts';
import { asTheOriginsOwn } from './origins-own.ts';
import type { PassiveProbe, PassiveSeen } from './passive-probe.ts';
import { checkUsable, isRefused } from './usable.ts';
import { CONNECTIONS_A_WAY, watchPassively } from './watch.ts';
import { headOf, whoPassively } from './who-passively.ts';

/** What is to be looked at, and with what. */
export interface PassiveCheck
  extends Pick<
    Check,
    'target' | 'request' | 'pool' | 'proxies' | 'skipped' | 'options' | 'version' | 'signal' | 'onProgress'
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
  if (direct !== undefined && isSameWay(direct, check.request)) throw isBoth(direct);
  const startedAt = new Date().toISOString();
  const startMs = monotonicMs();
  for (const { id } of probes) onProgress({ probe: id, state: 'running' });
  const seen = await watchPassively({
    ...{ proxied: check.request, pool: check.pool, watchMs: check.watchMs, signal },
    ...(direct !== undefined && { direct }),
    ...enoughFor(probes),
    compressed: asksCompressed(check),
  });
  const asked = { proxied: check.request, ...(direct !== undefined && { direct }) };
  const named = isUnanswered(seen) && !signal.aborted ? await nameOf(check, seen) : undefined;
  if (!signal.aborted) checkUsable(seen, asked, named?.guess);
  const { path, hops, chain, absent } = asTold(whoPassively(seen, named), check.proxies);
  const { results, skipped } = judgeAll(check, seen, monotonicMs() - startMs);
  const found = asOneHold(results);
  const surroundings = {
    ...{ hops, absent, path: { clientHttp: path.clientHttp, originHttp: null } },
    witnesses: accelBufferingSeen(seen, found),
  };
  const betrayed = givenAway(found, surroundings);
  const diagnosed = diagnose(found, surroundings, betrayed);
  const told = attribute(
    direct === undefined ? asMaybeTheOrigins(diagnosed) : asTheOriginsOwn(diagnosed),
    chain,
    betrayed,
  );
  return withVerdict({
    schema: 1,
    kind: 'check-proxy',
    tool: { name: 'ssekit', version: check.version },
    target: check.target,
    mode: 'passive',
    startedAt,
    durationMs: monotonicMs() - startMs,
    ...(direct !== undefined && { origin: hostAndPort(direct.url) }),
    path: { ...path, ...told.path, ...ruledOutAmong(absent) },
    results: told.results,
    skipped: [...skipped, ...check.skipped],
    interrupted: signal.aborted,
  });
}

/** Whether streams are asked for with `Accept-Encoding`, too: some probe judges by them, and so many may be open. */
export function asksCompressed({
  probes,
  direct,
  options,
}: Pick<PassiveCheck, 'probes' | 'direct' | 'options'>): boolean {
  const connections = CONNECTIONS_A_WAY * (direct === undefined ? 1 : 2);
  return probes.some(({ compressed }) => compressed) && options.maxConnections >= connections;
}

/** It took the request, and nothing came in all that time. */
function isUnanswered({ proxied }: PassiveSeen): boolean {
  return headOf(proxied) === undefined && !isRefused(proxied.plain);
}

function nameOf({ request, signal }: PassiveCheck, { direct }: PassiveSeen): Promise<Identified> {
  return whoAnswers(request, { origins: direct?.plain.head?.headers ?? [], signal });
}

function isBoth({ url }: StreamRequest): SseKitError {
  return cannotRun('SAME_URL', `the URL to check and --direct are the same: ${maskUrl(url.href)}`, {
    hint: 'The URL is to lead to the proxy, and --direct past it, straight to your application. Without --direct the stream is looked at alone.',
  });
}

/** As long as the one that needs the most; all that time where one of them looks on. */
export function enoughFor(probes: readonly PassiveProbe[]): { enoughMs?: number } {
  const times = probes.flatMap(({ enoughMs }) => enoughMs ?? []);
  return times.length < probes.length ? {} : { enoughMs: Math.max(...times) };
}

function judgeAll(
  { probes, options, signal, onProgress }: PassiveCheck,
  seen: PassiveSeen,
  durationMs: number,
): Pick<CheckResult, 'skipped'> & { results: ProbeResult[] } {
  const results: ProbeResult[] = [];
  const skipped: Skipped[] = [];
  for (const probe of probes) {
    try {
      const { runs, ...judgement } = probe.judge(seen, options);
      results.push(resultOf(probe.id, judgement, { runs, durationMs }));
      onProgress({ probe: probe.id, state: judgement.status });
    } catch (error) {
      const reason = whyNotMeasured(error);
      skipped.push({ probe: probe.id, ...(signal.aborted ? { why: INTERRUPTED } : reason) });
      onProgress({ probe: probe.id, state: 'skipped' });
    }
  }
  return { results, skipped };
}
