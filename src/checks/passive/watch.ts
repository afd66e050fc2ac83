import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { wallMsAt } from '../../client/clock.ts';
import type { ConnectionPool } from '../../client/pool.ts';
import type { StreamRequest } from '../../client/request.ts';
import { allEnded } from '../observation/all-ended.ts';
import type { Observation } from '../observation/observation.ts';
import { observe } from '../observation/observe.ts';
import type { PassiveSeen } from './passive-probe.ts';
import type { WaySeen } from './stream-seen.ts';
import { isRefused, isStream, saysStream } from './usable.ts';

/** Of one stream: somebody pays for what we look at. */
export const MOST_BYTES_A_STREAM = 600_000;
/** Of an answer that is no stream, so much is shown. */
const KEPT_BYTES = 2_048;
/** An endpoint that refuses the first request within this time is not asked again. */
const REFUSED_BY_MS = 1_500;
/** Two streams at a time along a way, twice. */
export const REQUESTS_A_WAY = 4;
export const CONNECTIONS_A_WAY = 2;

export interface PassivePlan {
  proxied: StreamRequest;
  direct?: StreamRequest;
  pool: ConnectionPool;
  /** How long each stream is looked at. */
  watchMs: number;
  /** A stream is left with the first bytes of its body, or so long behind its head; absent: it is looked at all that time. */
  enoughMs?: number;
  /** Streams with `Accept-Encoding`, too. */
  compressed: boolean;
  signal: AbortSignal;
}

/** The requests of a run: at most four along a way, two at a time, and no more than the first where that is refused. */
export async function watchPassively(plan: PassivePlan): Promise<PassiveSeen> {
  const refused = new AbortController();
  const signal = AbortSignal.any([plan.signal, refused.signal]);
  // Every request under way listens for it; more than ten are no leak.
  setMaxListeners(0, signal);
  let [isOneRefused, hasKnocked] = [false, false];
  const knock = (request: StreamRequest): Knock => {
    let opened = () => {};
    const open = new Promise<void>((resolve) => {
      opened = resolve;
    });
    const seen = observeOne(plan, request, {}, signal, opened);
    const over = seen.then((all) => {
      isOneRefused ||= isRefused(all);
      // What one way refuses, nobody needs to wait for along the other, but for what it says at once.
      if (isOneRefused && hasKnocked) refused.abort();
    });
    return { seen, answered: Promise.race([open, over]) };
  };
  const through = knock(plan.proxied);
  const straight = plan.direct && knock(plan.direct);
  const answered = allEnded([through.answered, straight?.answered]);
  await Promise.race([answered, delay(REFUSED_BY_MS, undefined, { ref: false })]);
  hasKnocked = true;
  if (isOneRefused) refused.abort();

  const packed = (request: StreamRequest | undefined) =>
    plan.compressed && request !== undefined && !signal.aborted
      ? observeOne(plan, request, { coding: 'gzip' }, signal)
      : undefined;
  const [one, oneDirect, gzip, gzipDirect] = await allEnded([
    through.seen,
    straight?.seen,
    packed(plan.proxied),
    packed(plan.direct),
  ]);
  const proxied = wayOf(one, gzip);
  const direct = oneDirect && wayOf(oneDirect, gzipDirect);
  const worthMore = direct === undefined ? isStream(one) : isStream(direct.plain);
  if (signal.aborted || !worthMore) return seenOf(proxied, direct);

  const [more, moreDirect] = await allEnded([
    lookAgain(plan, plan.proxied, proxied),
    direct && plan.direct && lookAgain(plan, plan.direct, direct),
  ]);
  return seenOf(more, moreDirect);
}

/** The first request along a way. */
interface Knock {
  seen: Promise<Observation>;
  /** It is known whether there is a stream. */
  answered: Promise<void>;
}

interface Changes {
  coding?: 'gzip' | 'br';
  lastEventId?: string;
}

async function lookAgain(plan: PassivePlan, request: StreamRequest, seen: WaySeen): Promise<WaySeen> {
  const resumedFrom = idToResumeFrom(seen.plain);
  const [again, br] = await allEnded([
    observeOne(plan, request, resumedFrom === undefined ? {} : { lastEventId: resumedFrom }, plan.signal),
    plan.compressed ? observeOne(plan, request, { coding: 'br' }, plan.signal) : undefined,
  ]);
  return {
    ...seen,
    again,
    ...(br !== undefined && { br }),
    ...(resumedFrom !== undefined && { resumedFrom }),
  };
}

/** Of an event with others behind it: they are what a server that resumes sends first. */
function idToResumeFrom({ events }: Pick<Observation, 'events'>): string | undefined {
  const ids = [...new Set(events.map(({ id }) => id))].filter((id) => id !== '');
  return ids[Math.floor((ids.length - 1) / 2)];
}

function observeOne(
  { pool, watchMs, enoughMs }: PassivePlan,
  request: StreamRequest,
  { coding, lastEventId }: Changes,
  signal: AbortSignal,
  opened?: () => void,
): Promise<Observation> {
  const headers = request.headers.filter(([name]) => name.toLowerCase() !== 'accept-encoding');
  if (coding !== undefined) headers.push(['Accept-Encoding', coding]);
  let [counted, bytes] = [0, 0];
  const enough = new AbortController();
  let leaving: NodeJS.Timeout | undefined;
  const seen = observe(
    pool,
    { ...request, headers },
    {
      forMs: watchMs,
      keepBytes: KEPT_BYTES,
      until: ({ head, reads }) => {
        if (head !== undefined && saysStream(head)) {
          opened?.();
          if (enoughMs !== undefined) leaving ??= setTimeout(() => enough.abort(), enoughMs);
        }
        for (; counted < reads.length; counted++) bytes += reads[counted]?.bytes ?? 0;
        return bytes >= MOST_BYTES_A_STREAM || (leaving !== undefined && bytes > 0);
      },
      signal: AbortSignal.any([signal, enough.signal]),
      ...(lastEventId !== undefined && { lastEventId }),
    },
  );
  return seen.finally(() => clearTimeout(leaving));
}

function wayOf(plain: Observation, gzip: Observation | undefined): WaySeen {
  return { plain, ...(gzip !== undefined && { gzip }) };
}

function seenOf(proxied: WaySeen, direct: WaySeen | undefined): PassiveSeen {
  return {
    proxied,
    ...(direct !== undefined && { direct }),
    wallAheadMs: wallMsAt(0),
  };
}
