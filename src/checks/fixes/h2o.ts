import type { Product } from './cause-kind.ts';
import { HEAD_AT_ONCE, HEARTBEAT, LAST_EVENT } from './origin-lines.ts';
import * as sign from './signs.ts';

/** h2o: 2.2.5 was watched. */
export const h2o: Product = {
  id: 'h2o',
  name: 'h2o',
  place: 'h2o.conf',
  reload: 'systemctl reload h2o',
  commonness: 1,
  causes: [
    {
      id: 'h2o.late-head',
      faults: ['buffer.headers'],
      what: 'the head waits for the first bytes of the body',
      signs: [sign.xabCures(0)],
      fixes: [
        {
          where: 'origin',
          line: HEAD_AT_ONCE,
          basis: 'measured',
        },
      ],
    },
    {
      id: 'h2o.read-ahead',
      faults: ['buffer.unbounded'],
      what: 'the origin is read as fast as it sends, whatever the client reads (seen with 2.2.5)',
      fixes: [
        {
          line: '# nothing in 2.2.5 mends it: have the origin wait for what the client confirms, by requests of its own',
          basis: 'measured',
        },
      ],
    },
    {
      id: 'h2o.request-body',
      faults: ['buffer.request-body'],
      what: 'the origin is asked when the whole body is there (seen with 2.2.5)',
      fixes: [
        {
          line: '# nothing in 2.2.5 mends it: send what is large first, and ask for the stream by another request',
          basis: 'measured',
        },
      ],
    },
    {
      id: 'h2o.proxy.header.unset',
      faults: ['request.header-lost'],
      what: 'proxy.header.unset takes the header out',
      fixes: [
        {
          line: '# remove: proxy.header.unset: NAME, of whichever header is lost',
          basis: 'measured',
          source: 'https://h2o.examp1e.net/configure/proxy_directives.html#proxy.header.unset',
        },
      ],
    },
    {
      id: 'h2o.proxy-timeout-io',
      faults: ['idle.cut', 'idle.cut-before-headers'],
      what: 'proxy.timeout.io is 30 s, as it is unless it is set',
      signs: [sign.silenceCutAfter(30, 6), sign.statusForNoHead(502, 4)],
      fixes: [
        {
          line: 'proxy.timeout.io: 3600000',
          basis: 'measured',
          source: 'https://h2o.examp1e.net/configure/proxy_directives.html#proxy.timeout.io',
        },
      ],
    },
    {
      id: 'h2o.end',
      faults: ['truncation.masked'],
      what: 'an answer whose connection ends without its last chunk is taken for whole',
      signs: [sign.originHttp('1.0', 0.1), sign.masks('http1Reset', 0.3)],
      fixes: [
        {
          where: 'origin',
          line: LAST_EVENT,
          basis: 'documented',
          source: 'https://www.rfc-editor.org/rfc/rfc9112#section-8',
        },
      ],
    },
    {
      id: 'h2o.client-watch',
      faults: ['client-gone.on-next-write'],
      what: 'a client that leaves is noticed only when something is written to it',
      fixes: [
        {
          where: 'origin',
          line: HEARTBEAT,
          basis: 'measured',
        },
      ],
    },
  ],
};
