import type { IncomingHttpHeaders } from 'node:http';
import { monotonicMs } from '../client/clock.ts';
import type { Handler, PlainAnswer } from './answer.ts';
import type { MockConfig } from './config.ts';
import { publishHandler } from './publish.ts';
import { RequestError } from './request.ts';
import type { Route } from './site.ts';

const PLAIN_TEXT = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' };

/** What a server answers by itself, before any route: publishing, its figures, its health, its page. */
export class Front {
  readonly #routes: Readonly<Record<string, Route>>;

  constructor(config: MockConfig, own: { metrics(): string; published(): void }) {
    const { hub, maxPublishRate: maxRate } = config;
    const publish = publishHandler({ hub, maxRate, clock: monotonicMs });
    const counted: Handler = async (request) => {
      const answer = await publish(request);
      own.published();
      return answer;
    };
    this.#routes = {
      '/publish': { name: '/publish', own: true, handler: only(['POST'], counted) },
      '/metrics': reading('/metrics', () => ({
        kind: 'plain',
        status: 200,
        headers: { ...PLAIN_TEXT, 'content-type': 'text/plain; version=0.0.4; charset=utf-8' },
        body: own.metrics(),
      })),
      '/healthz': reading('/healthz', () => ({
        kind: 'plain',
        status: 200,
        headers: PLAIN_TEXT,
        body: 'ok\n',
      })),
    };
  }

  /** @returns nothing where the site is to answer */
  find(method: string, path: string, headers: IncomingHttpHeaders): Route | undefined {
    if (path === '/' && (method === 'GET' || method === 'HEAD') && isBrowsing(headers)) return PAGE;
    return Object.hasOwn(this.#routes, path) ? this.#routes[path] : undefined;
  }
}

const PAGE = reading('the page', async () => (await import('./page/page.ts')).pageAnswer());

/** Asks for a page to look at, as browsers do at a new address; their EventSource asks for a stream. */
function isBrowsing({ accept = '' }: IncomingHttpHeaders): boolean {
  return /\btext\/html\b/i.test(accept) && !/\btext\/event-stream\b/i.test(accept);
}

function reading(name: string, answer: () => PlainAnswer | Promise<PlainAnswer>): Route {
  return { name, own: true, open: true, handler: only(['GET', 'HEAD'], answer) };
}

function only(methods: readonly string[], handler: Handler): Handler {
  return (request) => {
    if (methods.includes(request.method)) return handler(request);
    const allow = methods.join(', ');
    throw new RequestError(405, `${request.path} takes ${allow}, not ${request.method}`, { allow });
  };
}
