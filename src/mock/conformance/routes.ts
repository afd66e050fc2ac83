import type { Answer, PlainAnswer } from '../answer.ts';
import { type MockRequest, RequestError } from '../request.ts';
import type { Route, Site } from '../site.ts';
import { answerAct, FRESH_CONNECTION } from './answer-act.ts';
import { browserPage } from './browser-page.ts';
import type { ObservedRequest } from './observed.ts';
import { parseReport } from './report-body.ts';
import { type Admission, type Briefing, type ConformanceSuite, SuiteInUse } from './suite.ts';

/** What browsers and crawlers ask for by themselves: no client of a stream. */
const NOT_OURS = /^\/(favicon\.ico$|robots\.txt$|apple-touch-icon|\.well-known\/)/;

export interface ConformanceSiteOptions {
  suite: ConformanceSuite;
  /** Monotonic milliseconds. */
  now(): number;
}

/**
 * Everything that the conformance suite serves: the adapter's part below `/check`, and every other path to a client
 * without one.
 */
export function conformanceSite(options: ConformanceSiteOptions): Site {
  const routes = new Routes(options);
  const own = (name: string, handler: Route['handler']) => ({
    route: { name, handler, open: true },
    params: {},
  });
  const next = own('/check/next', (request) => routes.next(request));
  const report = own('/check/report', () => routes.report());
  const browser = own('/check/browser', () => browserPage());
  const health = own('/healthz', () => ({ kind: 'plain', status: 200, body: 'ok\n' }));
  const ofCase = own('/check/:case', (request) => routes.ofCase(request));
  const walk = own('*', (request) => routes.walk(request));
  return {
    alone: true,
    find({ path, headers }) {
      if (path === '/check/next') return next;
      if (path === '/healthz') return health;
      if (path === '/check/report') return report;
      if (path === '/check/browser' || path === '/check' || path === '/check/') return browser;
      if (path.startsWith('/check/')) return ofCase;
      const page = path === '/' && /\btext\/html\b/.test(headers.accept ?? '');
      return page ? browser : walk;
    },
  };
}

class Routes {
  readonly #suite: ConformanceSuite;
  readonly #now: () => number;

  constructor({ suite, now }: ConformanceSiteOptions) {
    this.#suite = suite;
    this.#now = now;
  }

  /** Answers when the case before is over: with the next one, or 204 where there is none. */
  async next(request: MockRequest): Promise<Answer> {
    allow(request, 'GET');
    const name = request.query.get('name') ?? '';
    const pending = inUse(() => this.#suite.next(name.slice(0, LONGEST_NAME)));
    let left = false;
    request.onLeave(() => {
      left = true;
      this.#suite.withdraw(pending);
    });
    const briefing = await refused(pending);
    // Whoever asked is gone: the case would be nobody's.
    if (left || briefing === undefined) return { kind: 'plain', status: 204, headers: NO_STORE };
    return json(this.#describe(briefing, request));
  }

  /** Answers when the suite is over. */
  async report(): Promise<Answer> {
    return json(await this.#suite.over);
  }

  async ofCase(request: MockRequest): Promise<Answer> {
    const [, , caseId = '', what = ''] = request.path.split('/');
    if (!this.#suite.hasCase(caseId) || !['stream', 'seen'].includes(what)) {
      throw new RequestError(404, `there is no ${request.path}: ask /check/next for a case`);
    }
    if (what === 'stream') return this.#stream(caseId, request);
    allow(request, 'POST');
    const { event, n } = parseReport(await request.body());
    return json({ over: this.#suite.report(caseId, event, n) });
  }

  walk(request: MockRequest): Answer {
    if (NOT_OURS.test(request.path)) throw new RequestError(404, `there is no ${request.path}`);
    return this.#stream(undefined, request);
  }

  #stream(caseId: string | undefined, request: MockRequest): Answer {
    if (request.method === 'HEAD') {
      return { kind: 'plain', status: 200, headers: { 'content-type': 'text/event-stream' } };
    }
    const admission = inUse(() => this.#suite.admit(caseId, observe(request, this.#now())));
    return admission.kind === 'stop' ? STOP : this.#perform(admission, request, caseId !== undefined);
  }

  #perform(admission: Extract<Admission, { kind: 'act' }>, request: MockRequest, reports: boolean): Answer {
    const { act, run, request: observed } = admission;
    return answerAct(act, {
      path: request.path,
      reports,
      over: run.signal,
      onEnd: () => run.answered(observed, this.#now()),
    });
  }

  #describe({ conformanceCase, number, of, judged }: Briefing, request: MockRequest) {
    const { id, eventTypes = [], requirements } = conformanceCase;
    const base = `${request.secure ? 'https' : 'http'}://${request.headers.host ?? 'localhost'}/check/${id}`;
    return {
      case: id,
      title: requirements.map(({ text }) => text).join('; '),
      url: `${base}/stream`,
      seen: `${base}/seen`,
      events: ['message', ...eventTypes],
      number,
      of,
      judged,
    };
  }
}

const LONGEST_NAME = 200;

const NO_STORE = { 'cache-control': 'no-store', ...FRESH_CONNECTION };

const STOP: PlainAnswer = { kind: 'plain', status: 204, headers: NO_STORE };

function observe(request: MockRequest, atMs: number): ObservedRequest {
  const { headers, method, target } = request;
  const id = headers['last-event-id'];
  return {
    atMs,
    method,
    target,
    accept: headers.accept,
    cacheControl: headers['cache-control'],
    // `node:http` reads headers as Latin-1: a byte a character.
    lastEventId: id === undefined ? undefined : Buffer.from(String(id), 'latin1'),
    userAgent: headers['user-agent'],
  };
}

function json(value: unknown): PlainAnswer {
  return {
    kind: 'plain',
    status: 200,
    headers: { ...NO_STORE, 'content-type': 'application/json' },
    body: `${JSON.stringify(value)}\n`,
  };
}

function allow({ method, path }: MockRequest, allowed: string): void {
  if (method === allowed) return;
  throw new RequestError(405, `${path} takes ${allowed}, not ${method}`, { allow: allowed });
}

/** @throws RequestError 409 */
function inUse<T>(use: () => T): T {
  try {
    return use();
  } catch (error) {
    throw asConflict(error);
  }
}

async function refused<T>(promise: Promise<T>): Promise<T> {
  try {
    return await promise;
  } catch (error) {
    throw asConflict(error);
  }
}

function asConflict(error: unknown): unknown {
  return error instanceof SuiteInUse ? new RequestError(409, error.message) : error;
}
