import type { Product } from './cause-kind.ts';
import * as sign from './signs.ts';

/** Squid: 5.7 was watched, as a forward proxy and as an accelerator. */
export const squid: Product = {
  id: 'squid',
  name: 'Squid',
  place: 'squid.conf',
  reload: 'squid -k reconfigure',
  commonness: 2,
  causes: [
    {
      id: 'squid.cache',
      faults: ['cache.shared', 'cache.shared-when-public', 'cache.waits-for-first'],
      what: 'streams that may be cached are stored and replayed',
      signs: [sign.sharesUnmarked(0.1)],
      fixes: [
        {
          line: 'acl sse req_header Accept -i text/event-stream\ncache deny sse',
          basis: 'measured',
          source: 'https://www.squid-cache.org/Doc/config/cache/',
        },
        { where: 'origin', line: 'Cache-Control: no-store', basis: 'measured' },
      ],
    },
    {
      id: 'squid.accel-login',
      faults: ['request.header-lost'],
      what: 'an accelerator keeps Authorization to itself unless it is told to pass it on',
      weight: 3,
      signs: [
        { probe: 'request', figure: 'headerLost', is: 'Authorization', times: 10, otherwise: 0 },
        // Nothing else is lost by it.
        {
          probe: 'request',
          figure: 'headerLost',
          is: ['Last-Event-ID', 'Cookie', 'X-Ssekit-Check'],
          times: 0,
        },
      ],
      fixes: [
        {
          line: 'cache_peer HOST parent PORT 0 no-query originserver login=PASSTHRU',
          basis: 'measured',
          source: 'https://www.squid-cache.org/Doc/config/cache_peer/',
          caution: 'leave the line that is there as it is, and add login=PASSTHRU to its end',
        },
      ],
    },
    {
      id: 'squid.request_header_access',
      faults: ['request.header-lost'],
      what: 'request_header_access denies the header',
      weight: 0.5,
      fixes: [
        {
          line: '# remove: request_header_access NAME deny all, of whichever header is lost',
          basis: 'measured',
          source: 'https://www.squid-cache.org/Doc/config/request_header_access/',
        },
      ],
    },
    {
      id: 'squid.read_timeout',
      faults: ['idle.cut', 'idle.cut-before-headers'],
      what: 'read_timeout ends silence: 15 minutes unless it is set',
      weight: 0.3,
      fixes: [
        {
          line: 'read_timeout 24 hours',
          basis: 'measured',
          source: 'https://www.squid-cache.org/Doc/config/read_timeout/',
        },
      ],
    },
    {
      id: 'squid.client_lifetime',
      faults: ['lifetime.cut'],
      what: 'client_lifetime ends every connection of a client that is as old: a day, unless it is set',
      fixes: [
        {
          line: 'client_lifetime 1 day',
          basis: 'measured',
          source: 'https://www.squid-cache.org/Doc/config/client_lifetime/',
          caution: 'clients that are gone, and that nobody noticed, keep their connections for as long',
        },
      ],
    },
    {
      id: 'squid.delay_pools',
      faults: ['rate.limit', 'buffer.timer', 'buffer.headers'],
      what: 'delay_pools let out so many bytes a second: what is over them waits, and so does the head of a new stream',
      weight: 0.5,
      signs: [
        { ...sign.besides('rate.limit', 3, 0), of: ['buffer.timer', 'buffer.headers'] },
        sign.lengthGiven(0.05),
      ],
      fixes: [
        {
          line: 'acl sse req_header Accept -i text/event-stream\ndelay_access 1 deny sse',
          basis: 'measured',
          source: 'https://www.squid-cache.org/Doc/config/delay_access/',
          addsUp: true,
          caution:
            'above the other lines of delay_access 1, and again for each pool (delay_access 2 deny sse)',
        },
      ],
    },
  ],
};
