import type { IncomingHttpHeaders } from 'node:http';
import type { Handler } from './answer.ts';
import type { AuthRule } from './auth.ts';
import type { FaultSpec } from './faults/spec.ts';
import type { LimitRule } from './limits.ts';

/** What a server serves. It can be replaced while streams run: they end as they began. */
export interface Site {
  /** It answers every request itself: the server adds no publishing, figures or page of its own. */
  readonly alone?: boolean;
  /** The first route that fits. */
  find(head: RequestHead): RouteMatch | undefined;
}

interface RequestHead {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
}

export interface RouteMatch {
  route: Route;
  params: Readonly<Record<string, string>>;
}

export interface Route {
  /** What connections are numbered by, and what logs call it: `GET /orders/:id`. */
  name: string;
  handler: Handler;
  faults?: readonly FaultSpec[];
  /** Replaces the server's. */
  auth?: AuthRule;
  limit?: LimitRule;
  /** The server's own: faults leave it alone. */
  own?: boolean;
  /** Whoever asks gets it, whatever the server's own rule. */
  open?: boolean;
}

/** Every request gets the same handler. */
export function oneRoute(handler: Handler): Site {
  const match: RouteMatch = { route: { name: '*', handler }, params: {} };
  return { find: () => match };
}

/** Every request gets the same handler, and connections are counted by path: what else a page asks for is no stream. */
export function routePerPath(handler: Handler): Site {
  return { find: ({ path }) => ({ route: { name: path, handler }, params: {} }) };
}
