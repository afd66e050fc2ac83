import { NotMeasurable } from '../not-measurable.ts';
import { observe } from '../observe.ts';
import { type Judgement, type Probe, probe } from '../probe.ts';
import { scripted } from '../scripted.ts';
import type { ProbeContext, Way } from '../way.ts';

type Method = 'GET' | 'POST';

/** What one request came to that the origin gave no answer to. */
interface Failed {
  /** How often the origin got it. */
  hits: number;
  /** What the client was answered; `null`: nothing. */
  status: number | null;
}

type Retry = Record<Method, Failed>;

const METHODS: readonly Method[] = ['GET', 'POST'];
/** Repetitions come before the proxy gives up. */
const WATCH_MS = 15_000;

export const retry: Probe = probe<Retry>({
  id: 'retry',
  title: 'a request that failed is not repeated by the proxy',
  requirement: 'The origin gets each request once, also where it closes the connection without an answer.',
  seconds: 1,
  load: 'quiet',
  measure: measureRetry,
  judge: judgeRetry,
});

async function measureRetry(way: Way, context: ProbeContext): Promise<Retry> {
  const [GET, POST] = await Promise.all([fail('GET', way, context), fail('POST', way, context)]);
  return { GET, POST };
}

async function fail(method: Method, way: Way, { pool, origin, signal }: ProbeContext): Promise<Failed> {
  const { key, request } = scripted(way, { head: 'never', steps: [{ do: 'end', how: 'fin' }] });
  const { body: _own, ...rest } = request;
  const body = method === 'POST' ? { body: Buffer.from('{"job":"once"}') } : {};
  const { head } = await observe(pool, { ...rest, ...body, method }, { forMs: WATCH_MS, signal });
  const { length: hits } = await origin.visits(key);
  signal.throwIfAborted();
  if (hits === 0) throw new NotMeasurable(`a ${method} did not reach the origin`);
  return { hits, status: head?.status ?? null };
}

function judgeRetry(direct: Retry, proxied: Retry): Judgement {
  const repeated = METHODS.filter((method) => proxied[method].hits > direct[method].hits);
  const figures = { direct: measured(direct), proxied: measured(proxied) };
  const evidence = METHODS.map((method) => ({ k: `${method.toLowerCase()}Hits`, v: proxied[method].hits }));
  if (repeated.length === 0) {
    return {
      ...figures,
      status: 'pass',
      summary: 'a GET and a POST that the origin did not answer reached it once each',
      evidence,
    };
  }
  return {
    ...figures,
    // To ask again is allowed for what has no effect (RFC 9110, section 9.2.2), and still starts a stream twice.
    status: repeated.includes('POST') ? 'fail' : 'warn',
    fault: 'retry.repeated',
    summary: `the origin did not answer, and got ${repeated.map((method) => `the ${method} ${proxied[method].hits} times`).join(', ')}`,
    evidence,
  };
}

function measured({ GET, POST }: Retry) {
  return { getHits: GET.hits, getStatus: GET.status, postHits: POST.hits, postStatus: POST.status };
}
