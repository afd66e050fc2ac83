import { headerValue } from '../../client/headers.ts';
import type { HeaderPair } from '../../client/records.ts';
import type { StreamRequest } from '../../client/request.ts';
import type { Evidence, Measured } from '../../results/check/result.ts';
import { taggedIn } from '../lateness/lags.ts';
import { NotMeasurable } from '../not-measurable.ts';
import { fateOf, fateText } from '../observation/fate.ts';
import type { Observation } from '../observation/observation.ts';
import { observe, type Watch } from '../observation/observe.ts';
import { ONE_EVENT, type OriginStep, SCRIPT_PARAMETER, UID_HEADER } from '../origin/script.ts';
import type { Visit } from '../origin/visit.ts';
import { type Judgement, type Probe, probe } from '../probe.ts';
import { sleep } from '../sleep.ts';
import { type Scripted, scripted } from '../ways/scripted.ts';
import type { ProbeContext, Way } from '../ways/way.ts';

type Cacheability = 'none' | 'no-cache' | 'public';

/** Of an answer, and who asks for it. */
interface Kind {
  cacheability: Cacheability;
  cookie: boolean;
}

/** What three clients got that asked for the same: two at once, and a third when their streams had ended. */
interface Trio extends Kind {
  /** The second got the stream of the first. */
  shared: boolean;
  /** The third got one of theirs. */
  replayed: boolean;
  /** The second's request reached the origin only when the first's stream had ended, and another one beside it at once. */
  waited: boolean;
  /** A header of the answer by which a cache tells what it did: `X-Cache: BYPASS`. */
  cacheSays?: string;
}

/** Names under which caches do, products by what is usual, and RFC 9211. */
const CACHE_STATUS = /^(x-(proxy-|fastcgi-|nginx-)?cache(-status)?|cache-status|cf-cache-status)$/i;

/** Of the stream that all three ask for. */
interface Pace {
  lifeMs: number;
  /** The second comes so much later than the first: while its stream runs, and has been stored in part. */
  secondAfterMs: number;
}

const PACE: Pace = { lifeMs: 800, secondAfterMs: 300 };
/** Behind the end of a stream: what was held back, or had to wait for another, has come by then. */
const GRACE_MS = 3_000;
/** The second's request may be under way while the first's stream ends. */
const SLACK_MS = 50;
/** Who waits for a stream to end looks from time to time whether it has: nginx each half second. */
const LOOKS_MS = 700;

/** Three streams each: no more connections than before. */
const SURE_AT_ONCE = 2;

const HEADERS: Record<Cacheability, readonly HeaderPair[]> = {
  none: [['Cache-Control', '']],
  'no-cache': [['Cache-Control', 'no-cache']],
  public: [['Cache-Control', 'public, max-age=60']],
};

export const share: Probe = probe<readonly Trio[]>({
  id: 'share',
  title: 'every client gets a stream of its own',
  requirement: 'Two clients that ask for the same URL get two streams, at once, and a third gets a new one.',
  seconds: 3,
  load: 'quiet',
  betweenClocksMs: SLACK_MS,
  connections: 6,
  measure: (way, context) => measureShare(way, context, PACE),
  judge: judgeShare,
});

export async function measureShare(way: Way, context: ProbeContext, pace: Pace): Promise<readonly Trio[]> {
  const trios: Trio[] = [];
  for (const cookie of [false, true]) {
    const each = (['none', 'no-cache', 'public'] as const).map((cacheability) =>
      ask({ cacheability, cookie }, way, context, pace),
    );
    trios.push(...(await Promise.all(each)));
  }
  const sure = new Set<Trio>();
  const waited = trios.filter((trio) => trio.waited);
  while (waited.length > 0) {
    const some = waited.splice(0, SURE_AT_ONCE);
    const wait = await Promise.all(some.map((trio) => waitsForEnd(trio, way, context, pace)));
    for (const [nth, trio] of some.entries()) if (wait[nth]) sure.add(trio);
  }
  return trios.map((trio) => ({ ...trio, waited: sure.has(trio) }));
}

async function ask(
  { cacheability, cookie }: Kind,
  way: Way,
  { pool, origin, signal }: ProbeContext,
  { lifeMs, secondAfterMs }: Pace,
): Promise<Trio> {
  const steps: OriginStep[] = [ONE_EVENT, { do: 'wait', ms: lifeMs }, ONE_EVENT];
  const asked = scripted(way, { headers: HEADERS[cacheability], steps });
  const get = (name: string, until?: Watch['until']) =>
    observe(pool, requestBy(name, cookie, asked), {
      forMs: lifeMs * 2 + GRACE_MS,
      signal,
      ...(until === undefined ? {} : { until }),
    });
  const [first, second] = await Promise.all([
    get('first'),
    after(secondAfterMs, signal, () => get('second')),
  ]);
  const third = await get('third', ({ events }) => events.length > 0);
  const [one, two, three] = [first, second, third].map(uidOf);
  signal.throwIfAborted();
  const visits = await origin.visits(asked.key);
  if (one === undefined) throw new NotMeasurable(`the first of three clients got no stream${refusal(first)}`);
  // Who is refused shares nothing, and waits for nobody.
  for (const [which, seen] of [['second', second] as const, ['third', third] as const]) {
    if (isRefused(seen))
      throw new NotMeasurable(`the ${which} of three clients got no stream${refusal(seen)}`);
  }
  const firstEndMs = visits.find(({ uid }) => uid === one)?.end?.atMs ?? Number.POSITIVE_INFINITY;
  const ofSecond = ({ uid }: Visit) => (two === undefined ? uid !== one && uid !== three : uid === two);
  const secondAtMs = visits.find(ofSecond)?.atMs ?? Number.POSITIVE_INFINITY;
  const secondSentMs = (second.sentAt ?? second.startedAt) + origin.clock.aheadMs;
  return {
    cacheability,
    cookie,
    shared: two === one,
    replayed: three !== undefined && (three === one || three === two),
    waited: two !== one && secondSentMs + SLACK_MS < firstEndMs && secondAtMs >= firstEndMs,
    ...cacheStatusIn(first),
  };
}

/**
 * A second client waits for whatever makes requests wait: a limit on how often one asks, or on how many run. It waits for the
 * first one's stream where that lives longer, too, and somebody who asks for something else a moment later does not.
 */
async function waitsForEnd(
  { cacheability, cookie }: Kind,
  way: Way,
  { pool, origin, signal }: ProbeContext,
  { lifeMs, secondAfterMs }: Pace,
): Promise<boolean> {
  const longMs = 2 * lifeMs;
  const headers = HEADERS[cacheability];
  const asked = scripted(way, { headers, steps: [ONE_EVENT, { do: 'wait', ms: longMs }, ONE_EVENT] });
  const other = scripted(way, { headers, steps: [ONE_EVENT] });
  const get = (name: string, what: Scripted, until: Watch['until'] = ({ events }) => events.length > 0) =>
    observe(pool, requestBy(name, cookie, what), { forMs: longMs + GRACE_MS, until, signal });
  const [first] = await Promise.all([
    get('first', asked, () => false),
    after(secondAfterMs, signal, () => get('second', asked)),
    after(secondAfterMs + SLACK_MS, signal, () => get('other', other)),
  ]);
  signal.throwIfAborted();
  const visits = await origin.visits(asked.key);
  const [control] = await origin.visits(other.key);
  const endMs = visits.find(({ uid }) => uid === uidOf(first))?.end?.atMs;
  const secondAtMs = visits.find(({ uid }) => uid !== uidOf(first))?.atMs;
  if (endMs === undefined || secondAtMs === undefined || control === undefined) return false;
  return control.atMs < endMs - SLACK_MS && secondAtMs >= endMs && secondAtMs < endMs + LOOKS_MS;
}

async function after<Result>(ms: number, signal: AbortSignal, act: () => Promise<Result>): Promise<Result> {
  // Whoever interrupts ends the wait, and what comes next sees it.
  await sleep(ms, signal);
  return act();
}

function cacheStatusIn({ head }: Observation): Pick<Trio, 'cacheSays'> {
  const found = head?.headers.find(([name]) => CACHE_STATUS.test(name));
  return found === undefined ? {} : { cacheSays: `${found[0]}: ${found[1]}` };
}

/** It was answered, and with no stream; or its connection was closed. */
function isRefused(seen: Observation): boolean {
  return uidOf(seen) === undefined && (seen.head !== undefined || fateOf(seen) !== 'waits');
}

function refusal(seen: Observation): string {
  return `: ${fateText(seen.head === undefined ? fateOf(seen) : `status ${seen.head.status}`)}`;
}

/** With a cookie each has its own, as users do that are logged in. */
function requestBy(name: string, cookie: boolean, { request }: Scripted): StreamRequest {
  if (!cookie) return request;
  const others = request.headers.filter(([each]) => each.toLowerCase() !== 'cookie');
  const own = request.headers.filter(([each]) => each.toLowerCase() === 'cookie').map(([, value]) => value);
  return { ...request, headers: [...others, ['Cookie', [...own, `ssekit_client=${name}`].join('; ')]] };
}

/** Which of the origin's answers it got, by its events, else by its head. */
function uidOf({ events, head }: Observation): string | undefined {
  for (const { data } of events) {
    const uid = taggedIn(data)?.uid;
    if (uid !== undefined) return uid;
  }
  return headerValue(head?.headers ?? [], UID_HEADER.toLowerCase());
}

function judgeShare(direct: readonly Trio[], proxied: readonly Trio[]): Judgement {
  const figures = { direct: measured(direct), proxied: measured(proxied) };
  const copied = proxied.filter(({ shared, replayed }) => shared || replayed);
  const waited = proxied.filter((trio) => trio.waited);
  if (copied.length > 0) {
    const isAllowed = copied.every(({ cacheability }) => cacheability === 'public');
    const to = [
      ...(copied.some(({ shared }) => shared) ? ['a second client at the same time'] : []),
      ...(copied.some(({ replayed }) => replayed) ? ['a third one later'] : []),
    ];
    return {
      ...figures,
      status: isAllowed ? 'warn' : 'fail',
      fault: isAllowed ? 'cache.shared-when-public' : 'cache.shared',
      summary: `the stream of one client was given to ${to.join(' and to ')}: ${listed(copied)}`,
      evidence: [
        { k: 'shared', v: copied.some(({ shared }) => shared) },
        { k: 'replayed', v: copied.some(({ replayed }) => replayed) },
        ...casesOf('copied', copied),
      ],
    };
  }
  if (waited.length > 0 && !direct.some((trio) => trio.waited)) {
    return {
      ...figures,
      status: 'fail',
      fault: 'cache.waits-for-first',
      summary: `a second client's request reached the origin only when the stream of the first had ended: ${listed(waited)}`,
      evidence: casesOf('waited', waited),
    };
  }
  return {
    ...figures,
    status: 'pass',
    ...onlyIfSoWithoutQuery(proxied),
    summary: 'three clients got three streams, whatever Cache-Control says, with cookies and without',
    evidence: [],
  };
}

/** Where there is a cache, it may leave out what has a query, and each of our requests has one. */
function onlyIfSoWithoutQuery(proxied: readonly Trio[]): Pick<Judgement, 'onlyIf'> {
  const says = proxied.find(({ cacheSays }) => cacheSays !== undefined)?.cacheSays;
  if (says === undefined) return {};
  return {
    onlyIf: `only if no rule of the cache (${says}) leaves out what has a query: each request of this check has one (?${SCRIPT_PARAMETER}=…), those of your clients may have none`,
  };
}

function listed(trios: readonly Trio[]): string {
  return trios.map(nameOf).join('; ');
}

function nameOf({ cacheability, cookie }: Trio): string {
  const control = cacheability === 'none' ? 'no Cache-Control' : `Cache-Control: ${cacheability}`;
  return `${control}, ${cookie ? 'cookies' : 'no cookie'}`;
}

function casesOf(k: string, trios: readonly Trio[]): Evidence[] {
  return trios.map((trio) => ({ k, v: nameOf(trio) }));
}

function measured(trios: readonly Trio[]): Measured {
  return {
    streams: trios.length * 3,
    shared: trios.filter(({ shared }) => shared).length,
    replayed: trios.filter(({ replayed }) => replayed).length,
    waited: trios.filter(({ waited }) => waited).length,
  };
}
