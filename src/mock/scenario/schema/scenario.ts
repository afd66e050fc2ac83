import * as v from 'valibot';
import type { DefaultsSource } from '../source.ts';
import { heartbeat, lineEnd, pacing, retry } from './answer.ts';
import { mapping } from './mapping.ts';
import { auth, limit } from './route.ts';
import { count, described, faults, responseHeaders, type ValueSchema } from './value.ts';

const MOST_ROUTES = 500;

const defaults = mapping('the defaults', {
  ...pacing,
  heartbeat: v.exactOptional(heartbeat),
  retry: v.exactOptional(retry),
  lineEnd: v.exactOptional(lineEnd),
  headers: v.exactOptional(responseHeaders({})),
  faults: v.exactOptional(faults),
  auth: v.exactOptional(auth),
  limit: v.exactOptional(limit),
});

/** A whole file, but for the insides of its routes. */
export const scenarioSchema: ValueSchema<ScenarioShell> = mapping('a scenario', {
  seed: v.exactOptional(count(0)),
  defaults: v.exactOptional(defaults),
  routes: v.pipe(
    v.array(v.unknown(), ({ input }) => `expected a list of routes, found ${described(input)}`),
    v.minLength(1, 'a scenario has at least one route'),
    v.maxLength(MOST_ROUTES, ({ input }) => `${input.length} routes are too many: at most ${MOST_ROUTES}`),
  ),
});

export interface ScenarioShell {
  seed?: number;
  defaults?: DefaultsSource;
  routes: unknown[];
}
