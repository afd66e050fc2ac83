import type { Route, RouteMatch, Site } from '../site.ts';
import { routeHandler } from './route-handler.ts';
import type { RouteSource, ScenarioSource } from './source.ts';

export interface ScenarioOptions {
  /** Beats the one of the file. */
  seed?: number;
  /** For a file that says none. Default 0. */
  fallbackSeed?: number;
  /** Parameters of the query mean nothing. Default false. */
  fixed?: boolean;
  /** Wall clock, milliseconds since the epoch. */
  clock?: () => number;
}

/** A scenario ready to be served. */
export interface ScenarioSite extends Site {
  /** What its draws follow from. */
  readonly seed: number;
  /** Names of its routes, in order. */
  readonly routes: readonly string[];
}

/** Turns what was read into routes; the first that fits a request answers it. */
export function scenarioSite(source: ScenarioSource, options: ScenarioOptions = {}): ScenarioSite {
  const seed = options.seed ?? source.seed ?? options.fallbackSeed ?? 0;
  const names = routeNames(source.routes);
  const routes = source.routes.map((route, index) => {
    const name = names[index] ?? route.path.text;
    return { route, served: servedRoute(route, name, source, { ...options, seed }) };
  });
  return {
    seed,
    routes: names,
    find({ method, path, headers }): RouteMatch | undefined {
      for (const { route, served } of routes) {
        if (!takesMethod(route, method)) continue;
        const params = route.path.match(path);
        if (params === undefined) continue;
        const tests = Object.entries(route.match?.headers ?? {});
        const fits = tests.every(([name, test]) => {
          const value = headers[name];
          return value !== undefined && test([value].flat().join(', '));
        });
        if (fits) return { route: served, params };
      }
      return undefined;
    },
  };
}

function servedRoute(
  route: RouteSource,
  name: string,
  { defaults = {} }: ScenarioSource,
  { seed, fixed = false, clock = Date.now }: ScenarioOptions & { seed: number },
): Route {
  const auth = route.auth ?? defaults.auth;
  const limit = route.limit ?? defaults.limit;
  const ttl = auth === 'off' || auth?.ttl === undefined ? {} : { ttlMs: auth.ttl };
  return {
    name,
    handler: routeHandler(route, { name, seed, fixed, defaults, clock }),
    ...(auth === undefined ? {} : auth === 'off' ? { open: true } : { auth: { token: auth.token, ...ttl } }),
    ...(limit === undefined ? {} : { limit: { maxPerUser: limit === 'off' ? Infinity : limit.perUser } }),
  };
}

/** A route for GET answers HEAD as well, as servers do. */
function takesMethod({ method }: RouteSource, asked: string): boolean {
  return method === undefined || method.includes(asked) || (asked === 'HEAD' && method.includes('GET'));
}

/** `GET /orders/:id`; connections are numbered by it, so that no two are the same. */
function routeNames(routes: readonly RouteSource[]): string[] {
  const seen = new Map<string, number>();
  return routes.map(({ method, path }) => {
    const name = method === undefined ? path.text : `${method.join(',')} ${path.text}`;
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name} #${count}`;
  });
}
