import { monotonicMs } from '../../client/clock.ts';
import { NotMeasurable } from '../not-measurable.ts';
import { observe } from '../observation/observe.ts';
import { wasAsked } from '../observation/origins-answer.ts';
import { ONE_EVENT } from '../origin/script.ts';
import { sleep } from '../sleep.ts';
import { scripted } from '../ways/scripted.ts';
import type { ProbeContext, Way } from '../ways/way.ts';

/** By these a proxy says that it asks nobody: another answer is no word on whether the origin lives. */
const BAD_GATEWAY: readonly number[] = [502, 503, 504];
/** Longer than nginx leaves a server alone, unless it is told otherwise: `fail_timeout`, 10 s, by a clock of whole seconds. */
const REVIVAL_MS = 12_500;
const LOOK_EVERY_MS = 500;
const WATCH_MS = 3_000;

/** What a proxy that counts failures calls it. */
const SETTINGS = 'nginx: max_fails, fail_timeout; Caddy: max_fails, fail_duration';

/** For how long a proxy took the origin for dead, and what it answered meanwhile. */
export interface Death {
  status: number;
  /** Absent: it was not asked again while that was looked at. */
  forMs?: number;
}

/**
 * Waits until a proxy asks the origin again, which has failed on purpose.
 *
 * @param forMs 0: looks once
 * @returns nothing where the origin is asked at once
 */
export async function revival(
  way: Way,
  context: ProbeContext,
  forMs: number = REVIVAL_MS,
): Promise<Death | undefined> {
  const startMs = monotonicMs();
  let status: number | undefined;
  for (;;) {
    const answered = await answeredItself(way, context);
    const tookMs = monotonicMs() - startMs;
    if (answered === undefined) return status === undefined ? undefined : { status, forMs: tookMs };
    status = answered;
    if (tookMs >= forMs) return { status };
    // What ends the wait is looked at behind it.
    await sleep(LOOK_EVERY_MS, context.signal);
  }
}

/**
 * Waits in the same way, ahead of a probe that needs an origin which is asked.
 *
 * @throws NotMeasurable where it isn't asked by then
 */
export async function makeSureItLives(way: Way, context: ProbeContext): Promise<void> {
  const death = await revival(way, context);
  if (death === undefined || death.forMs !== undefined) return;
  throw new NotMeasurable(
    `the proxy answered HTTP ${death.status} itself for ${REVIVAL_MS / 1_000} s: it may have taken the origin for dead, as this check has it fail on purpose (${SETTINGS})`,
  );
}

/** A phrase, behind failures that the check had the origin show. */
export function deathText({ status, forMs }: Death): string {
  const long = forMs === undefined ? '' : ` for ${Math.round(forMs / 100) / 10} s`;
  return `the proxy took the origin for dead after that, and answered HTTP ${status} itself${long} (${SETTINGS})`;
}

/** @returns with what, where it says that it asks nobody */
async function answeredItself(way: Way, { pool, origin, signal }: ProbeContext): Promise<number | undefined> {
  signal.throwIfAborted();
  const { key, request } = scripted(way, { steps: [ONE_EVENT] });
  const { head } = await observe(
    pool,
    { ...request, maxRedirects: 0 },
    { forMs: WATCH_MS, until: ({ events }) => events.length > 0, signal },
  );
  if (head === undefined || !BAD_GATEWAY.includes(head.status)) return undefined;
  return (await wasAsked(origin, key)) ? undefined : head.status;
}
