import type { Product } from './cause-kind.ts';
import * as sign from './signs.ts';

/** Envoy, and the meshes and gateways that are made of it. From its documentation. */
export const envoy: Product = {
  id: 'envoy',
  name: 'Envoy',
  commonness: 5,
  causes: [
    {
      id: 'envoy.route-timeout',
      faults: ['lifetime.cut', 'idle.cut-before-headers'],
      what: 'the timeout of a route is for the whole answer, and 15 s unless it is set',
      weight: 2,
      signs: [sign.cutAtAge(15, 15), sign.statusForNoHead(504, 2)],
      fixes: [{ where: 'envoy route', line: 'timeout: 0s', basis: 'documented' }],
    },
    {
      id: 'envoy.stream-idle-timeout',
      faults: ['idle.cut'],
      what: 'stream_idle_timeout is 5 minutes, as it is unless it is set',
      signs: [sign.silenceCutAfter(300, 4)],
      fixes: [{ where: 'envoy route', line: 'idle_timeout: 3600s', basis: 'documented' }],
    },
    {
      id: 'envoy.retry-policy',
      faults: ['retry.repeated'],
      what: 'a retry policy, which meshes set by themselves, repeats requests',
      fixes: [{ where: 'envoy route', line: 'retry_policy: { num_retries: 0 }', basis: 'documented' }],
    },
    {
      id: 'envoy.buffer-filter',
      faults: ['buffer.request-body'],
      what: 'the buffer filter takes in the whole request first',
      weight: 0.4,
      fixes: [
        {
          where: 'envoy route, typed_per_filter_config',
          line: 'envoy.filters.http.buffer: { "@type": type.googleapis.com/envoy.extensions.filters.http.buffer.v3.BufferPerRoute, disabled: true }',
          basis: 'documented',
        },
      ],
    },
    {
      id: 'envoy.compressor',
      faults: ['compression.holds-events'],
      what: 'the compressor filter takes text/event-stream',
      weight: 0.4,
      signs: [sign.onlyWhenCompressed(3, 0.2), sign.xabCures(0)],
      fixes: [
        {
          where: 'envoy compressor filter',
          line: 'content_type: [text/html, text/css, application/javascript, application/json]',
          basis: 'documented',
        },
      ],
    },
  ],
};
