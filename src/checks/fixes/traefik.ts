import type { Product } from './cause-kind.ts';
import { HEAD_AT_ONCE } from './origin-lines.ts';
import * as sign from './signs.ts';

/** Traefik. From its documentation, its history and its source. */
export const traefik: Product = {
  id: 'traefik',
  name: 'Traefik',
  commonness: 5,
  causes: [
    {
      id: 'traefik.compress',
      faults: ['compression.holds-events', 'buffer.headers'],
      what: 'the compress middleware waits for 1024 bytes from 3.0.0 to 3.3.4, and its head for the first bytes of the body in any version, whatever it compresses',
      signs: [sign.onlyWhenCompressed(4, 0.2), sign.xabCures(0.05)],
      fixes: [
        {
          faults: ['compression.holds-events'],
          from: '2.1.0',
          where: 'traefik compress middleware',
          line: 'excludedContentTypes: [text/event-stream]',
          basis: 'documented',
          source:
            'https://doc.traefik.io/traefik/reference/routing-configuration/http/middlewares/compress/#opt-excludedContentTypes',
          caution: 'it does not go together with includedContentTypes, which must not name text/event-stream',
        },
        {
          faults: ['compression.holds-events'],
          from: '3.0.0',
          below: '3.3.5',
          line: 'upgrade to Traefik 3.3.5 or later',
          basis: 'documented',
          source: 'https://github.com/traefik/traefik/pull/11583',
        },
        {
          faults: ['buffer.headers'],
          where: 'origin',
          line: HEAD_AT_ONCE,
          basis: 'documented',
          source:
            'https://github.com/traefik/traefik/blob/master/pkg/middlewares/compress/compression_handler.go',
        },
      ],
    },
    {
      id: 'traefik.flush-interval',
      faults: ['buffer.timer'],
      what: 'an answer with a Content-Length that is no event stream is flushed every 100 ms',
      weight: 0.3,
      signs: [
        sign.batchesEvery({ from: 80, to: 130 }, 10),
        sign.headLate({ to: 150 }, 1, 0.02),
        sign.timerUnder(300),
      ],
      fixes: [
        {
          where: 'traefik service, loadBalancer',
          line: 'responseForwarding: { flushInterval: -1ms }',
          basis: 'documented',
          source:
            'https://doc.traefik.io/traefik/reference/routing-configuration/http/load-balancing/service/#opt-responseForwarding-FlushInterval',
        },
        {
          where: 'origin',
          line: 'Content-Type: text/event-stream',
          basis: 'documented',
          source: 'https://pkg.go.dev/net/http/httputil#ReverseProxy',
        },
      ],
    },
    {
      id: 'traefik.buffering',
      faults: ['buffer.until-end', 'buffer.request-body', 'buffer.headers'],
      what: 'the buffering middleware takes in requests and answers whole',
      weight: 0.3,
      signs: [
        sign.xabCures(0),
        sign.burstsOf(4096, 0),
        { ...sign.chunkedPostAnswered({ from: 500 }, 0.02), of: 'buffer.request-body' },
      ],
      fixes: [
        {
          where: 'traefik router',
          line: '# take the buffering middleware off this router   (or, where the version knows them: disableResponseBuffer: true, disableRequestBuffer: true)',
          basis: 'documented',
          source:
            'https://doc.traefik.io/traefik/reference/routing-configuration/http/middlewares/buffering/#streaming',
        },
      ],
    },
    {
      id: 'traefik.fast-proxy',
      faults: ['truncation.masked'],
      what: 'the experimental fast proxy writes an error into an answer that broke off, and ends it as any other',
      weight: 0.1,
      signs: [sign.appended('Internal Server Error', 300)],
      fixes: [
        {
          where: 'traefik static configuration',
          line: '# remove: experimental: { fastProxy: … }',
          restart: true,
          basis: 'documented',
          source: 'https://github.com/traefik/traefik/issues/13568',
        },
      ],
    },
    {
      id: 'traefik.retry',
      faults: ['retry.repeated'],
      what: 'the retry middleware repeats requests that got no answer',
      fixes: [
        {
          where: 'traefik router',
          line: '# take the retry middleware off this router',
          basis: 'documented',
          source: 'https://doc.traefik.io/traefik/reference/routing-configuration/http/middlewares/retry/',
        },
      ],
    },
  ],
};
