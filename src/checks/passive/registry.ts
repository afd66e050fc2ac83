import type { PassiveProbe } from './passive-probe.ts';
import { encoding } from './probes/encoding.ts';
import { headersFirst } from './probes/headers-first.ts';
import { idle } from './probes/idle.ts';
import { lifetime } from './probes/lifetime.ts';
import { request } from './probes/request.ts';
import { responseHeaders } from './probes/response-headers.ts';
import { threshold } from './probes/threshold.ts';
import { timing } from './probes/timing.ts';

/**
 * What looking at somebody else's stream tells, in the order in which it is reported. Those that an origin of ours tells more
 * of have the same names there.
 */
export const PASSIVE_PROBES: readonly PassiveProbe[] = [
  timing,
  headersFirst,
  threshold,
  encoding,
  idle,
  lifetime,
  request,
  responseHeaders,
];
