import type { Product } from './cause-kind.ts';
import * as sign from './signs.ts';

/** Traefik. From its documentation. */
export const traefik: Product = {
  id: 'traefik',
  name: 'Traefik',
  commonness: 5,
  causes: [
    {
      id: 'traefik.compress',
      faults: ['compression.holds-events'],
      what: 'since version 3 the compress middleware compresses event streams, too, unless it is told not to',
      signs: [sign.onlyWhenCompressed(4, 0.2), sign.xabCures(0.05)],
      fixes: [
        {
          from: '3.0.0',
          where: 'traefik compress middleware',
          line: 'excludedContentTypes: [text/event-stream]',
          basis: 'documented',
          source: 'https://doc.traefik.io/traefik/middlewares/http/compress/#excludedcontenttypes',
        },
      ],
    },
    {
      id: 'traefik.flush-interval',
      faults: ['buffer.timer', 'special-case.type-or-method'],
      what: 'an answer that is not taken for a stream is flushed every 100 ms',
      weight: 0.3,
      signs: [sign.batchesEvery({ from: 80, to: 130 }, 10)],
      fixes: [
        {
          where: 'traefik service, loadBalancer',
          line: 'responseForwarding: { flushInterval: 1ms }',
          basis: 'documented',
          source:
            'https://doc.traefik.io/traefik/reference/routing-configuration/http/load-balancing/service',
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
      signs: [sign.xabCures(0), sign.burstsOf(4096, 0)],
      fixes: [
        {
          where: 'traefik router',
          line: '# take the buffering middleware off this router',
          basis: 'documented',
          source: 'https://doc.traefik.io/traefik/middlewares/http/buffering/',
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
          source: 'https://doc.traefik.io/traefik/middlewares/http/retry/',
        },
      ],
    },
  ],
};
