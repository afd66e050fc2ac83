import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { monotonicMs } from '../../client/clock.ts';
import type { Measured } from '../../results/check/result.ts';
import { durationText } from '../duration.ts';
import { NothingToMeasure, NotMeasurable } from '../not-measurable.ts';
import { placesOf } from '../observation/places.ts';
import type { OriginStep } from '../origin/script.ts';
import { ONE_EVENT } from '../origin/script.ts';
import { watchVisits } from '../origin/watch-visits.ts';
import { type Judgement, type Probe, probe } from '../probe.ts';
import { type Http2Connection, type Http2Stream, openHttp2 } from '../raw/http2-connection.ts';
import { overHttp2, whyNotHttp2 } from '../reach/http-versions.ts';
import { scripted } from '../ways/scripted.ts';
import type { ProbeContext, Way } from '../ways/way.ts';

/** Streams that were open at once on one connection. */
interface Crowd {
  streams: number;
  /** Those that had an event. */
  served: number;
  /** Those that the origin was asked for. */
  asked: number;
}

interface Http2 {
  /** Streams on a connection that the other side announces; `null`: any number. */
  allowed: number | null;
  few: Crowd;
  /** Absent where not even few were served. */
  many?: Crowd;
  /** How long behind its cancelling the origin heard of a stream whose siblings went on; `null`: never. */
  cancelMs?: number | null;
  /** How long an event took beside a stream that nobody read; `null`: it never came. */
  siblingMs?: number | null;
}

interface Times {
  /** Who has had no event for so long, while nobody else had his first one either, is not served. */
  patienceMs: number;
  /** So long until a stream that nobody reads has filled what there is to fill. */
  stallMs: number;
}

/** Twice what is known to starve, and what no browser's page goes beyond. */
const FEW = 12;
const MANY = 150;
const TIMES: Times = { patienceMs: 5_000, stallMs: 500 };
const COMMENTS_EVERY_MS = 250;
/** What RFC 9113, section 6.5.2, recommends to allow at least. */
const RECOMMENDED = 100;
/** Fewer are taken by the tabs that somebody has open, and what else a page asks for. */
const SCARCE = 16;
const FLOOD_BYTES = 8 * 1024 ** 2;

export const h2: Probe = probe<Http2>({
  id: 'h2',
  title: 'one HTTP/2 connection carries many streams',
  requirement: `${FEW} and ${MANY} streams on one connection, or as many as the proxy announces, all have their events, and it announces ${RECOMMENDED} and more; one is cancelled by itself, and one that nobody reads stops no other.`,
  seconds: 4,
  load: 'heavy',
  whyNot: whyNotHttp2,
  measure: (way, context) => measureHttp2(way, context, TIMES),
  judge: judgeHttp2,
});

export async function measureHttp2(way: Way, context: ProbeContext, times: Times): Promise<Http2> {
  const http2 = await overHttp2(way, context);
  if (http2 === undefined) {
    const whose = way.name === 'direct' ? 'the origin' : 'the proxy';
    throw new NothingToMeasure(whyNotHttp2(way) ?? `${whose} speaks no HTTP/2 here`);
  }
  const open = async <Found>(use: (connection: Http2Connection) => Promise<Found>): Promise<Found> => {
    const connection = await openHttp2(http2.request, MANY, context.signal);
    try {
      return await use(connection);
    } finally {
      connection.close();
    }
  };
  const first = await open(async (connection) => {
    const allowed = connection.allowed ?? Number.POSITIVE_INFINITY;
    const { crowd, last } = await gather(connection, http2, Math.min(FEW, allowed), context, times);
    const cancelMs = crowd.served === crowd.streams ? await cancel(last, context, times) : undefined;
    return { few: crowd, allowed, ...(cancelMs === undefined ? {} : { cancelMs }) };
  });
  const { few, allowed } = first;
  const found: Http2 = { ...first, allowed: allowed < UNLIMITED ? allowed : null };
  if (few.served < few.streams) return found;
  const many = await open((connection) => gather(connection, http2, Math.min(MANY, allowed), context, times));
  // Where there is a place for one alone, a second has to wait, whether or not the first is read.
  if (allowed < 2) return { ...found, many: many.crowd };
  const siblingMs = await open((connection) => besideStalled(connection, http2, context, times));
  return { ...found, many: many.crowd, siblingMs };
}

/** What RFC 9113 calls no limit, and Node the largest number. */
const UNLIMITED = 2 ** 31 - 1;

/** A stream, and where the origin's log has it. */
interface Started {
  stream: Http2Stream;
  key: string;
}

/** Starts so many at once, and waits while they have their first events. The last one has a key of its own. */
async function gather(
  connection: Http2Connection,
  way: Way,
  count: number,
  { origin, signal }: ProbeContext,
  { patienceMs }: Times,
): Promise<{ crowd: Crowd; last: Started }> {
  const steps: OriginStep[] = [
    ONE_EVENT,
    { do: 'comments', everyMs: COMMENTS_EVERY_MS, forMs: 4 * patienceMs },
  ];
  const key = randomUUID();
  const last = scripted(way, { steps });
  const streams = Array.from({ length: count - 1 }, () =>
    connection.start(scripted(way, { steps }, key).request),
  );
  const lastStream = connection.start(last.request);
  streams.push(lastStream);
  const seen = async () => ({
    streams: count,
    served: streams.filter(({ status, firstByteAt }) => status === 200 && firstByteAt !== undefined).length,
    asked: (await origin.visits(key)).length + (await origin.visits(last.key)).length,
  });
  const answered = () => streams.filter(({ firstByteAt }) => firstByteAt !== undefined).length;
  await waitWhileMore(answered, count, patienceMs, signal);
  const crowd = await seen();
  throwWhereRefused(streams);
  // Who waits for others to end goes on to; who has his turn beside them had to wait for something else.
  const endMs = monotonicMs() + patienceMs;
  for (const places = placesOf(crowd); places < count && monotonicMs() < endMs; ) {
    await delay(LOOK_EVERY_MS * 10, undefined, { signal });
    if (placesOf(await seen()) > places) {
      throw new NotMeasurable(
        `of ${count} streams on one connection ${count - places} had to wait, and then came through beside those that ran: it is not their number that is limited`,
      );
    }
  }
  return { crowd, last: { stream: lastStream, key: last.key } };
}

/** @throws NotMeasurable where one was answered by somebody else than the origin: on any connection it may have been */
function throwWhereRefused(streams: readonly Http2Stream[]): void {
  const refused = streams.filter(({ status = 200 }) => status !== 200);
  const [first] = refused;
  if (first !== undefined) {
    const which = streams.length === 1 ? 'a stream' : `${refused.length} of ${streams.length} streams`;
    throw new NotMeasurable(
      `${which} on one connection had no answer of the origin's, but HTTP ${first.status}`,
    );
  }
}

/** Leaves one, while the origin writes and its siblings go on. */
async function cancel(
  { stream, key }: Started,
  { origin, signal }: ProbeContext,
  { patienceMs }: Times,
): Promise<number | null> {
  const leftAt = monotonicMs();
  stream.cancel();
  const [visit] = await watchVisits(origin, key, {
    forMs: patienceMs,
    until: (visits) => visits.every(({ end }) => end !== undefined),
    signal,
  });
  if (visit?.end?.by !== 'left') return null;
  return Math.max(0, visit.end.atMs - origin.clock.aheadMs - leftAt);
}

async function besideStalled(
  connection: Http2Connection,
  way: Way,
  { origin, signal }: ProbeContext,
  { patienceMs, stallMs }: Times,
): Promise<number | null> {
  const stalled = scripted(way, { steps: [{ do: 'flood', mostBytes: FLOOD_BYTES }] });
  connection.start(stalled.request, 'none');
  await watchVisits(origin, stalled.key, { forMs: patienceMs, until: (all) => all.length > 0, signal });
  await delay(stallMs, undefined, { signal });
  const sibling = connection.start(
    scripted(way, { steps: [ONE_EVENT, { do: 'wait', ms: patienceMs }] }).request,
  );
  await waitUntil(() => sibling.firstByteAt !== undefined, patienceMs, signal);
  throwWhereRefused([sibling]);
  return sibling.firstByteAt === undefined ? null : sibling.firstByteAt - sibling.startedAt;
}

/** For twice as long at most. */
async function waitWhileMore(
  answered: () => number,
  all: number,
  patienceMs: number,
  signal: AbortSignal,
): Promise<void> {
  const endMs = monotonicMs() + 2 * patienceMs;
  for (let before = -1; answered() > before && answered() < all; ) {
    before = answered();
    await waitUntil(() => answered() > before, Math.min(patienceMs, endMs - monotonicMs()), signal);
  }
}

async function waitUntil(isSo: () => boolean, forMs: number, signal: AbortSignal): Promise<void> {
  const endMs = monotonicMs() + forMs;
  while (!isSo() && monotonicMs() < endMs) await delay(LOOK_EVERY_MS, undefined, { signal });
}

/** Times come from the streams themselves. */
const LOOK_EVERY_MS = 10;

function judgeHttp2(direct: Http2, proxied: Http2): Judgement {
  const crowd = starving(proxied.few, direct.few) ?? starving(proxied.many, direct.many);
  const figures = {
    direct: measured(direct),
    proxied: measured(proxied),
    evidence:
      crowd === undefined
        ? []
        : [{ k: 'plateau', v: placesOf(crowd), n: placesOf(crowd), of: crowd.streams }],
  };
  if (crowd !== undefined) {
    return {
      ...figures,
      status: 'fail',
      fault: 'h2.stream-limit',
      summary: `${placesOf(crowd)} of ${crowd.streams} streams on one connection were served; the proxy announces ${proxied.allowed ?? 'no limit'}`,
    };
  }
  if (proxied.siblingMs === null && direct.siblingMs !== null) {
    return {
      ...figures,
      status: 'fail',
      fault: 'h2.stalled-sibling',
      summary: 'a stream that nobody reads kept the events of another one on the same connection back',
    };
  }
  if (proxied.cancelMs === null && direct.cancelMs !== null) {
    return {
      ...figures,
      status: 'fail',
      fault: 'client-gone.unnoticed',
      summary:
        'the origin was not told that a stream was cancelled, though it went on writing; the other streams of the connection lived on',
    };
  }
  const few = fewAllowed(direct, proxied);
  if (few !== undefined) return { ...figures, ...few };
  const { streams, served } = proxied.many ?? proxied.few;
  const became = served > 0 ? 'were served' : 'reached the origin';
  const told =
    typeof proxied.cancelMs === 'number'
      ? `; a cancelled one ended in ${durationText(proxied.cancelMs)}`
      : '';
  return { ...figures, status: 'pass', summary: `${streams} streams on one connection ${became}${told}` };
}

/** @returns nothing where the proxy allows as many as it should, or as are allowed without it */
function fewAllowed(
  direct: Http2,
  proxied: Http2,
): Pick<Judgement, 'status' | 'fault' | 'summary' | 'onlyIf' | 'evidence'> | undefined {
  const { allowed } = proxied;
  if (allowed === null || allowed >= Math.min(RECOMMENDED, direct.allowed ?? RECOMMENDED)) return undefined;
  return {
    status: 'warn',
    fault: 'h2.few-streams',
    summary: `the proxy allows ${allowed} ${allowed === 1 ? 'stream' : 'streams'} at once on one connection (RFC 9113 recommends ${RECOMMENDED} and more): what a browser asks for beyond them, from whichever tab, waits until another one ends`,
    ...(allowed >= SCARCE && {
      onlyIf: `only if a client has more than ${allowed} requests open at once, the streams of all tabs of a browser among them`,
    }),
    evidence: [{ k: 'allowedStreams', v: allowed }],
  };
}

/** @returns the crowd of the proxy's, where fewer were served than there are and than directly */
function starving(proxied: Crowd | undefined, direct: Crowd | undefined): Crowd | undefined {
  if (proxied === undefined) return undefined;
  const mostDirect = direct === undefined ? proxied.streams : placesOf(direct);
  return placesOf(proxied) < Math.min(proxied.streams, mostDirect) ? proxied : undefined;
}

function measured({ allowed, few, many, cancelMs, siblingMs }: Http2): Measured {
  return {
    allowedStreams: allowed,
    streams: (many ?? few).streams,
    served: (many ?? few).served,
    reachedOrigin: (many ?? few).asked,
    ...(cancelMs === undefined ? {} : { cancelMs }),
    ...(siblingMs === undefined ? {} : { siblingMs }),
  };
}
