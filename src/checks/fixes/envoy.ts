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
      fixes: [
        {
          where: 'Envoy: the route action',
          line: 'timeout: 0s',
          basis: 'documented',
          source: 'https://www.envoyproxy.io/docs/envoy/latest/faq/configuration/timeouts',
          caution: 'then stream_idle_timeout alone ends what hangs',
        },
      ],
    },
    {
      id: 'envoy.stream-idle-timeout',
      faults: ['idle.cut'],
      what: 'stream_idle_timeout is 5 minutes, as it is unless it is set',
      signs: [sign.silenceCutAfter(300, 4)],
      fixes: [
        {
          where: 'Envoy: the route action',
          line: 'idle_timeout: 3600s',
          basis: 'documented',
          source: 'https://www.envoyproxy.io/docs/envoy/latest/faq/configuration/timeouts',
        },
      ],
    },
    {
      id: 'envoy.retry-policy',
      faults: ['retry.repeated'],
      what: 'the retry_on of a retry policy names what an origin that does not answer looks like: reset or 5xx',
      // num_retries is 1 unless it is set, attempts of Istio are 2.
      signs: [{ probe: 'retry', figure: 'getHits', is: [2, 3], times: 2, otherwise: 0.5 }],
      fixes: [
        {
          where: 'Envoy: the route action',
          line: '# take retry_policy out   (without retry_on nothing is repeated)',
          basis: 'documented',
          source: 'https://www.envoyproxy.io/docs/envoy/latest/api-v3/config/route/v3/route_components.proto',
        },
        {
          where: 'Istio: http of the VirtualService',
          line: 'retries: { attempts: 0 }',
          basis: 'documented',
          source: 'https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRetry',
        },
      ],
    },
    {
      id: 'envoy.buffer-filter',
      faults: ['buffer.request-body'],
      what: 'the buffer filter takes in the whole request first',
      weight: 0.4,
      fixes: [
        {
          where: 'Envoy: the route, typed_per_filter_config',
          line: 'envoy.filters.http.buffer: { "@type": type.googleapis.com/envoy.extensions.filters.http.buffer.v3.BufferPerRoute, disabled: true }',
          basis: 'documented',
          source:
            'https://www.envoyproxy.io/docs/envoy/latest/api-v3/extensions/filters/http/buffer/v3/buffer.proto',
        },
      ],
    },
    {
      id: 'envoy.compressor',
      faults: ['compression.holds-events'],
      what: 'content_type of the compressor filter names text/event-stream (it does not unless it is set)',
      weight: 0.4,
      signs: [sign.onlyWhenCompressed(3, 0.2), sign.xabCures(0)],
      fixes: [
        {
          where: 'Envoy: the compressor filter',
          line: 'response_direction_config: { common_config: { content_type: [text/html, text/css, application/javascript, application/json] } }',
          basis: 'documented',
          source:
            'https://www.envoyproxy.io/docs/envoy/latest/api-v3/extensions/filters/http/compressor/v3/compressor.proto',
        },
      ],
    },
  ],
};
