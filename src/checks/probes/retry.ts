import type { Evidence, Measured } from '../../results/check/result.ts';
import { tenthsOf } from '../duration.ts';
import { observe } from '../observation/observe.ts';
import { visitsOf } from '../observation/origins-answer.ts';
import { type Judgement, type Probe, probe } from '../probe.ts';
import { type Death, deathText, revival } from '../reach/revival.ts';
import { scripted } from '../ways/scripted.ts';
import type { ProbeContext, Way } from '../ways/way.ts';

type Method = 'GET' | 'POST';

/** What one request came to that the origin gave no answer to. */
interface Failed {
  /** How often the origin got it. */
  hits: number;
  /** The hits that were repeated had each come on a connection that had served before; false where none was repeated. */
  onReused: boolean;
  /** What the client was answered; `null`: nothing. */
  status: number | null;
}

interface Retry {
  GET: Failed;
  /** Absent where the proxy asked the origin no more by then. */
  POST?: Failed;
  /** The proxy took the origin for dead by these failures. */
  death?: Death;
}

const METHODS: readonly Method[] = ['GET', 'POST'];
/** Repetitions come before the proxy gives up. */
const WATCH_MS = 15_000;

export const retry: Probe = probe<Retry>({
  id: 'retry',
  title: 'a request that failed is not repeated by the proxy',
  requirement:
    'The origin gets each request once, also where it closes the connection without an answer; a GET may be repeated where that connection had served before, which the origin may just have closed.',
  seconds: 1,
  load: 'quiet',
  originFails: 'without an answer',
  measure: measureRetry,
  judge: judgeRetry,
});

/** One after the other: what the first does to the proxy is not to be what the second comes to. */
async function measureRetry(way: Way, context: ProbeContext): Promise<Retry> {
  const GET = await fail('GET', way, context);
  const first = await revival(way, context);
  if (first !== undefined && first.forMs === undefined) return { GET, death: first };
  const POST = await fail('POST', way, context);
  const death = first ?? (await revival(way, context, 0));
  return { GET, POST, ...(death !== undefined && { death }) };
}

async function fail(method: Method, way: Way, { pool, origin, signal }: ProbeContext): Promise<Failed> {
  const { key, request } = scripted(way, { head: 'never', steps: [{ do: 'end', how: 'fin' }] });
  const { body: _own, ...rest } = request;
  const body = method === 'POST' ? { body: Buffer.from('{"job":"once"}') } : {};
  const { head } = await observe(pool, { ...rest, ...body, method }, { forMs: WATCH_MS, signal });
  signal.throwIfAborted();
  const visits = await visitsOf(origin, key, head?.status);
  const hits = visits.length;
  const repeated = visits.slice(0, -1);
  const onReused = repeated.length > 0 && repeated.every(({ nth }) => nth > 1);
  return { hits, onReused, status: head?.status ?? null };
}

function judgeRetry(direct: Retry, proxied: Retry): Judgement {
  const repeated = METHODS.filter((method) => hitsOf(proxied, method) > hitsOf(direct, method));
  const figures = { direct: measured(direct), proxied: measured(proxied) };
  const evidence: Evidence[] = METHODS.flatMap((method) => {
    const v = proxied[method]?.hits;
    return v === undefined ? [] : [{ k: `${method.toLowerCase()}Hits`, v }];
  });
  const besides = proxied.death === undefined ? '' : `; ${deathText(proxied.death)}`;
  if (repeated.length === 0) {
    return {
      ...figures,
      status: 'pass',
      ...onlyIfItMayCost(proxied),
      summary: `${onceText(proxied)}${besides}`,
      evidence,
    };
  }
  const times = repeated.map((method) => `the ${method} ${hitsOf(proxied, method)} times`).join(', ');
  evidence.push({ k: 'repeatedOnReused', v: repeated.every((method) => proxied[method]?.onReused) });
  if (isExcused(repeated, proxied)) {
    return {
      ...figures,
      status: 'pass',
      ...onlyIfItMayCost(proxied),
      summary: `the origin got ${times}, as may be: the connection had served before, and could have been closed before the request came (RFC 9112, section 9.3.1)${besides}`,
      evidence,
    };
  }
  return {
    ...figures,
    // What has no effect may be repeated (RFC 9110, section 9.2.2), and still starts a stream twice.
    status: repeated.includes('POST') ? 'fail' : 'warn',
    fault: 'retry.repeated',
    summary: `the origin did not answer, and got ${times}${besides}`,
    evidence,
  };
}

/**
 * A connection that was kept open may be closed at any time: who then repeats what has no effect mends what it can't have
 * known. A POST may have had its effect all the same.
 */
function isExcused(repeated: readonly Method[], { GET }: Retry): boolean {
  return !repeated.includes('POST') && GET.onReused;
}

/** What a limit on failures does is meant, and an outage for who did not know of it. */
function onlyIfItMayCost({ death }: Retry): Pick<Judgement, 'onlyIf'> {
  if (death === undefined) return {};
  return { onlyIf: `only if a request that gets no answer may cost as much: ${deathText(death)}` };
}

function onceText({ POST }: Retry): string {
  return POST === undefined
    ? 'a GET that the origin did not answer reached it once'
    : 'a GET and a POST that the origin did not answer reached it once each';
}

function hitsOf(retry: Retry, method: Method): number {
  return retry[method]?.hits ?? 0;
}

function measured({ GET, POST, death }: Retry): Measured {
  return {
    getHits: GET.hits,
    getStatus: GET.status,
    ...(POST !== undefined && { postHits: POST.hits, postStatus: POST.status }),
    ...(death !== undefined && { deadStatus: death.status, deadMs: tenthsOf(death.forMs ?? null) }),
  };
}
