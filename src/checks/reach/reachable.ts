import { monotonicMs } from '../../client/clock.ts';
import type { SseKitError } from '../../client/errors.ts';
import { hostAndPort } from '../../client/host.ts';
import type { StreamRequest } from '../../client/request.ts';
import { cannotRun } from '../cannot-run.ts';
import type { Observation } from '../observation/observation.ts';
import { observe } from '../observation/observe.ts';
import type { Origin, Stray, Visit } from '../origin/visit.ts';
import { sleep } from '../sleep.ts';
import { scripted } from '../ways/scripted.ts';
import type { ProbeContext, Way } from '../ways/way.ts';
import { answerText } from './answer-text.ts';
import { astrayIn, cameSince } from './astray.ts';
import { inTheWay } from './in-the-way.ts';
import { comesOverOwnSocket } from './own-socket.ts';
import { isThroughAnother, leadsStraightTo, placeAsked, placeConnected } from './place-asked.ts';

/** The answer is short, and whole at once: who has none by then has lost it. */
const WATCH_MS = 10_000;
/** Enough for the first line of a page. */
const KEPT_BYTES = 2_048;

/** Who takes its upstream for dead looks again now and then: what an origin that has only just begun is answered meanwhile. */
const BAD_GATEWAY = [502, 503, 504];
const REVIVAL_MS = 10_000;
const LOOK_EVERY_MS = 500;

/** A forward proxy answers CONNECT so: who is behind it has heard of nothing. */
const TUNNEL_REFUSED = new Set(['PROXY_AUTH_REQUIRED', 'PROXY_REFUSED', 'PROXY_HUNG_UP', 'PROXY_NOT_HTTP']);

/** A request, from the client's side and from the origin's. */
export interface Asked {
  seen: Observation;
  /** What the origin saw of it. */
  visits: readonly Visit[];
  /** What else came to the origin meanwhile. */
  strays: readonly Stray[];
}

/** For a proxy that says that it does not reach the origin. */
export interface Patience {
  /** Milliseconds for which it is asked again. */
  revivalMs?: number;
  /** Told at once, and once, that it will be: a sentence without a full stop. */
  onWait?(note: string): void;
}

/**
 * Makes sure, before anything is measured, that a request reaches the origin along both ways, and that its answer comes back.
 *
 * @returns what became of the one through the proxy; nothing where the run was interrupted
 * @throws SseKitError exit 14 where one doesn't: what was seen, and what to change
 */
export async function checkReachable(
  { direct, proxied }: { direct: Way; proxied: Way },
  context: ProbeContext,
  patience: Patience = {},
): Promise<Asked | undefined> {
  const origin = new URL(context.origin.url);
  if (leadsStraightTo(origin, proxied.request)) {
    throw context.origin.remote === true ? isBoth(origin) : isOrigin(proxied.request, origin);
  }
  const straight = await ask(direct, context);
  if (context.signal.aborted) return undefined;
  if (straight.visits.length === 0 || straight.seen.head === undefined) {
    const cause = straight.seen.end?.info.error;
    throw cannotRun(
      'ORIGIN_UNREACHABLE',
      `the origin at ${hostAndPort(direct.request.url)} can't be reached from here${because(cause)}`,
      { hint: 'Without a direct way there is nothing to compare the proxy with.', cause },
    );
  }
  const through = await askUntilAlive(proxied, context, patience);
  if (context.signal.aborted) return undefined;
  const error =
    astrayOf(through, proxied.request, origin) ??
    faultOf(through, proxied.request, adviceFor(context.origin));
  if (error !== undefined) throw error;
  if (await comesOverOwnSocket(proxied, context)) throw isOrigin(proxied.request, origin);
  return through;
}

function isOrigin(request: StreamRequest, origin: URL): SseKitError {
  return cannotRun(
    'SAME_URL',
    `${placeConnected(request)} is the origin itself, and not a proxy in front of it`,
    {
      hint: `Give the URL of the proxy; it has to forward to ${hostAndPort(origin)}, where the origin listens.`,
    },
  );
}

/** Which of the two was given for the other, an address does not tell. */
function isBoth(origin: URL): SseKitError {
  return cannotRun('SAME_URL', `the URL to check and --remote-origin are both ${hostAndPort(origin)}`, {
    hint: 'The URL is to lead to the proxy, and --remote-origin past it, straight to where ssekit serve-mock --probe listens.',
  });
}

/** The first answer that doesn't say that the origin is dead; else the last one within the time. Whoever else answers is asked twice. */
async function askUntilAlive(
  way: Way,
  context: ProbeContext,
  { revivalMs = REVIVAL_MS, onWait }: Patience,
): Promise<Asked> {
  const endMs = monotonicMs() + revivalMs;
  let isWaiting = false;
  const { host } = new URL(context.origin.url);
  for (let times = 1; ; times += 1) {
    const asked = await ask(way, context);
    const { status } = asked.seen.head ?? {};
    const isTold =
      asked.visits.length > 0 || astrayIn(asked.strays, host) !== undefined || status === undefined;
    if (isTold || context.signal.aborted) return asked;
    // One of several behind the proxy may be the origin: how often it is asked, a probe tells.
    if (!BAD_GATEWAY.includes(status) && times > 1) return asked;
    if (monotonicMs() >= endMs) return asked;
    if (!BAD_GATEWAY.includes(status)) continue;
    if (!isWaiting) onWait?.(waitText(way.request, asked, revivalMs));
    isWaiting = true;
    // What ends the wait is looked at behind it.
    await sleep(LOOK_EVERY_MS, context.signal);
  }
}

function waitText(request: StreamRequest, { seen }: Asked, revivalMs: number): string {
  const answered = `${placeAsked(request)} answers ${answerText(seen)}`;
  return `${answered}, and may take the origin for dead: it is asked again for ${revivalMs / 1_000} s`;
}

async function ask(way: Way, { pool, origin, signal }: ProbeContext): Promise<Asked> {
  const before = await origin.strays();
  const { key, request } = scripted(way, { steps: [{ do: 'echo' }] });
  // A redirect leads away from what is to be looked at: it is told, and not followed.
  const seen = await observe(
    pool,
    { ...request, maxRedirects: 0 },
    { forMs: WATCH_MS, signal, keepBytes: KEPT_BYTES },
  );
  const visits = await origin.visits(key);
  return { seen, visits, strays: visits.length > 0 ? [] : cameSince(before, await origin.strays()) };
}

/** @returns nothing where the origin was not asked, or as the client asked */
function astrayOf({ visits, strays }: Asked, request: StreamRequest, { host }: URL): SseKitError | undefined {
  const astray = visits.length > 0 ? undefined : astrayIn(strays, host);
  return (
    astray &&
    cannotRun('PROXY_CHANGES_REQUEST', `${placeAsked(request)} ${astray.what}`, { hint: astray.hint })
  );
}

/** @returns nothing where the answer is the origin's */
function faultOf(asked: Asked, request: StreamRequest, { forward, lead }: Advice): SseKitError | undefined {
  const { head } = asked.seen;
  const reached = asked.visits.length > 0;
  if (head === undefined) return unanswered(asked, request, forward);
  if (head.status === 200 && reached) return undefined;
  const answered = `${placeAsked(request)} answers ${answerText(asked.seen)}`;
  const obstacle = inTheWay(head, request.headers);
  if (obstacle !== undefined) {
    const { kind, what, hint } = obstacle;
    const code = kind === 'redirect' ? 'PROXY_REDIRECTS' : 'PROXY_AUTH';
    const more = kind === 'redirect' ? ', or have the proxy forward this one' : '';
    const either =
      kind === 'credentials' && isThroughAnother(request)
        ? '; for the proxy of -x itself, in its URL: -x http://USER:PASSWORD@HOST:PORT'
        : '';
    return cannotRun(code, `${answered}: ${what}`, { hint: `${hint}${more}${either}.` });
  }
  if (reached) {
    return cannotRun('PROXY_ANSWERS_ITSELF', `the origin was asked, and answered; ${answered} instead`, {
      hint: 'The log of the proxy says what it does not like about the answer.',
    });
  }
  if (head.status === 502 || head.status === 504) {
    return cannotRun('PROXY_BAD_GATEWAY', `${answered}: it does not reach what it forwards to`, {
      hint: `${forward} ${lead}`,
    });
  }
  return cannotRun('PROXY_ELSEWHERE', `${answered}, and has not asked the origin`, {
    hint:
      head.status === 503
        ? `It may take the origin for dead. ${forward} ${lead} Its health checks get 200, whatever their path: where they come too seldom, or want more, leave them out while this runs.`
        : forward,
  });
}

function unanswered({ seen, visits }: Asked, request: StreamRequest, forward: string): SseKitError {
  const asked = placeAsked(request);
  const { info } = seen.end ?? {};
  const cause = info?.error;
  if (visits.length > 0) {
    return cannotRun(
      'PROXY_SILENT',
      `${asked} forwards to the origin, and no answer comes back${because(cause)}`,
      { hint: 'The log of the proxy may say why.', cause },
    );
  }
  if (cause?.exitCode === 35 || cause?.exitCode === 60)
    return cannotRun('PROXY_TLS', `TLS to ${request.url.host} failed: ${cause.message}`, {
      hint: cause.hint,
      cause,
    });
  if (cause !== undefined && TUNNEL_REFUSED.has(cause.code))
    return cannotRun('PROXY_TUNNEL', cause.message, { hint: cause.hint, cause });
  if (info?.reason === 'connect_error') {
    return cannotRun(
      'PROXY_UNREACHABLE',
      `there is no proxy to be reached at ${placeConnected(request)}${because(cause)}`,
      {
        hint: isThroughAnother(request)
          ? 'Is it running, and is -x (or HTTP_PROXY and its like) right?'
          : `Is it running, and is the URL right? ${forward}`,
        cause,
      },
    );
  }
  const what = cause === undefined ? `no answer came within ${WATCH_MS / 1_000} s` : cause.message;
  return cannotRun('PROXY_SILENT', `${asked} accepts a request and has not asked the origin: ${what}`, {
    hint: forward,
    cause,
  });
}

/** What to change on a proxy that doesn't reach the origin, a sentence each. */
interface Advice {
  forward: string;
  /** Where the two are not on one machine. */
  lead: string;
}

function adviceFor({ url, remote }: Origin): Advice {
  if (remote === true) {
    return {
      forward: 'Have the proxy forward it to where ssekit serve-mock --probe listens.',
      lead: 'It needs an address that leads there, and serve-mock a --host that it can reach.',
    };
  }
  return {
    forward: `Have the proxy forward it to ${hostAndPort(new URL(url))}, where the origin listens while this runs.`,
    lead: 'A container or another machine needs an address that leads here, and --origin one that it can reach.',
  };
}

function because(cause: SseKitError | undefined): string {
  return cause === undefined ? '' : `: ${cause.message}`;
}
